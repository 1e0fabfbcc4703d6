package io.otelgraft.lang.nodejs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PreloadTest {

  /** As the guides of their vendors have them, for each part of a name that is known. */
  private static final List<String> TRACERS =
      List.of(
          "--require dd-trace/init",
          "--require=dd-trace/init",
          "-r newrelic",
          "--import dd-trace/initialize.mjs",
          "--import=@sentry/node/preload",
          "--require \"elastic-apm-node/start.js\"",
          "--import @elastic/opentelemetry-node",
          "--require @opentelemetry/auto-instrumentations-node/register",
          "--import=@opentelemetry/auto-instrumentations-node/register",
          "--max-old-space-size=512 --require @opentelemetry/auto-instrumentations-node/register",
          "--experimental-loader=@opentelemetry/instrumentation/hook.mjs",
          "--require /otel-auto-instrumentation-nodejs/autoinstrumentation.js",
          "--require /app/node_modules/@splunk/otel/instrument",
          "node -r @instana/collector/src/immediate server.js",
          "exec node --loader newrelic/esm-loader.mjs -r newrelic app.js",
          "--require @dynatrace/oneagent",
          "--require /opt/appdynamics/nodejs/start.js",
          "--require skywalking-backend-js",
          "--require applicationinsights",
          "--import @appsignal/nodejs",
          "--require @google-cloud/trace-agent",
          "--require solarwinds-apm",
          "--require @lumigo/opentelemetry",
          "--import @contrast/agent",
          "-r @honeycombio/opentelemetry-node",
          "--require atatus-nodejs",
          "-r autodynatrace");

  static List<String> tracers() {
    return TRACERS;
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void modules_that_trace_are_recognised(String options) {
    assertThat(Preload.in("NODE_OPTIONS", options)).isNotEmpty().allMatch(Preload::isTracer);
  }

  @Test
  void each_part_of_a_name_has_a_case() {
    assertThat(Preload.TRACERS)
        .allSatisfy(
            name -> assertThat(TRACERS).as(name).anyMatch(options -> options.contains(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--require ts-node/register",
        "--import=tsx",
        "-r dotenv/config -r ./tracing.js",
      })
  void modules_for_something_else_may_stay(String options) {
    assertThat(Preload.in("NODE_OPTIONS", options)).isNotEmpty().noneMatch(Preload::isTracer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--max-old-space-size=512",
        "node /app/newrelic/report.js",
        "node app.js --requires newrelic",
        "node --require",
      })
  void what_is_no_preload_is_not_taken_for_one(String options) {
    assertThat(Preload.in("command", options)).isEmpty();
  }

  @Test
  void it_says_where_it_was_found() {
    assertThat(Preload.in("NODE_OPTIONS", "-r newrelic"))
        .singleElement()
        .hasToString("newrelic in NODE_OPTIONS");
  }
}
