package io.otelgraft.lang.java;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JvmOptionTest {

  /** As the guides of their vendors have them, for each part of a file's name that is known. */
  private static final List<String> TRACERS =
      List.of(
          "-javaagent:/otel-auto-instrumentation-java/javaagent.jar",
          "-javaagent:/app/opentelemetry-javaagent-2.30.0.jar",
          "-javaagent:/app/splunk-otel-javaagent.jar",
          "-javaagent:/app/aws-opentelemetry-agent.jar",
          "-javaagent:/newrelic/newrelic.jar",
          "-javaagent:/dd/dd-java-agent.jar=debug=true",
          "-javaagent:/dd/dd-trace-java.jar",
          "-javaagent:/opt/appdynamics/javaagent.jar=uniqueID=1",
          "-javaagent:/opt/agents/appdynamics-agent.jar",
          "-javaagent:/apm/elastic-apm-agent-1.55.0.jar",
          "-javaagent:/skywalking/agent/skywalking-agent.jar=agent.service_name=a",
          "-javaagent:/opt/glowroot/glowroot.jar",
          "-javaagent:/pinpoint-agent/pinpoint-bootstrap.jar",
          "-javaagent:C:\\apm\\applicationinsights-agent-3.7.jar",
          "-agentpath:/opt/dynatrace/oneagent/agent/lib64/liboneagentloader.so",
          "-agentpath:/opt/agent/libdynatrace.so",
          "-javaagent:/opt/instana/instana-standalone-agent.jar",
          "-javaagent:/opt/solarwinds/solarwinds-apm-agent.jar",
          "-javaagent:/opt/scouter/scouter.agent.jar",
          "-javaagent:/opt/inspectit/inspectit-ocelot-agent.jar",
          "-javaagent:/opt/signalfx-tracing.jar",
          "-javaagent:/opt/contrast/contrast-agent.jar",
          "-javaagent:/opt/hypertrace-agent-all.jar",
          "-javaagent:/opt/kanela-agent.jar",
          "-javaagent:/opt/atatus-java-agent.jar",
          "-javaagent:/opt/whatap/whatap.agent-2.2.jar",
          "-javaagent:/opt/jennifer/jennifer.jar",
          "-javaagent:/opt/lumigo-agent.jar",
          "-javaagent:/opt/sentry-agent.jar");

  static List<String> tracers() {
    return TRACERS;
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void agents_that_trace_are_recognised(String option) {
    assertThat(options(option)).singleElement().matches(JvmOption::loadsTracer);
  }

  @Test
  void each_part_of_a_name_has_a_case() {
    assertThat(JvmOption.TRACERS)
        .allSatisfy(name ->
            assertThat(TRACERS)
                .as(name)
                .anyMatch(option -> option.substring(option.lastIndexOf('/') + 1).contains(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-javaagent:/jmx/jmx_prometheus_javaagent-1.5.0.jar=8080:/etc/jmx/config.yaml",
        "-javaagent:/jacoco/jacocoagent.jar=output=tcpserver",
        "-javaagent:/opt/otel/jmx_prometheus_javaagent.jar=9404:/opt/newrelic.yaml",
        "-agentpath:/opt/async-profiler/lib/libasyncProfiler.so=start",
      })
  void agents_for_something_else_may_stay(String option) {
    assertThat(options(option))
        .singleElement()
        .matches(JvmOption::loadsAgent)
        .matches(agent -> !agent.loadsTracer());
  }

  @Test
  void an_agent_is_found_in_a_shell_script() {
    assertThat(
            options(
                "export JAVA_OPTS='-Xmx1g -javaagent:/dd/dd-java-agent.jar'; exec java"
                    + " -javaagent:/jmx.jar=80;exec java -jar app.jar"))
        .extracting(JvmOption::text)
        .containsExactly("-javaagent:/dd/dd-java-agent.jar", "-javaagent:/jmx.jar=80");
  }

  @Test
  void other_options_are_no_agents() {
    assertThat(options("-Xmx1g -Dnewrelic.config.file=/x -jar /app/opentelemetry.jar")).isEmpty();
  }

  @Test
  void the_last_property_for_extensions_counts() {
    assertThat(
            JvmOption.extensionsOf(
                "-Dotel.javaagent.extensions=/a -Xmx1g -Dotel.javaagent.extensions=/b,/c"))
        .contains("/b,/c");
    assertThat(JvmOption.extensionsOf("-Xmx1g -javaagent:/a.jar")).isEmpty();
  }

  private static List<JvmOption> options(String text) {
    List<JvmOption> found = new ArrayList<>();
    JvmOption.collect("JAVA_TOOL_OPTIONS", text, found);
    return found;
  }
}
