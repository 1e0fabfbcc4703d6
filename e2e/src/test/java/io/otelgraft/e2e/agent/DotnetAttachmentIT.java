package io.otelgraft.e2e.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.InjectedPods;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.kubelet.KubeletStandIn;
import io.otelgraft.e2e.kubelet.RunningContainer;
import io.otelgraft.e2e.kubelet.RunningPod;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real CoreCLR 8 that is started with what was injected loads a profiler and runs a startup hook.
 * Both stand in for OpenTelemetry's agent, in the layouts of its images; no telemetry comes of
 * them.
 */
class DotnetAttachmentIT {

  private static final Images IMAGES = new Images(Path.of("images"), System.out::println);

  private static KubeletStandIn kubelet;

  @BeforeAll
  static void images() {
    String machine = System.getProperty("os.arch");
    assumeTrue(
        machine.equals("amd64"),
        "could not run here: there is a CoreCLR for amd64, not " + machine);
    kubelet =
        KubeletStandIn.builder()
            .image("example.com/agent:1.16.0", IMAGES.dotnetAgentStandIn())
            .image("example.com/agent:1.15.0", IMAGES.dotnetAgentStandInBefore116())
            .image("example.com/app:1", IMAGES.dotnetApp())
            .build();
  }

  private static final String DATADOG =
      """
      {name: CORECLR_ENABLE_PROFILING, value: "1"},
      {name: CORECLR_PROFILER, value: "{846F5F1C-F9AE-4B07-969E-05C26BC060D8}"},
      {name: CORECLR_PROFILER_PATH, value: /opt/datadog/Datadog.Trace.ClrProfiler.Native.so}\
      """;

  private static ObjectNode injected(String tag, String variables) {
    return injected(tag, variables, "false");
  }

  private static ObjectNode injected(String tag, String variables, String insists) {
    return InjectedPods.of(
        Manifests.object(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: cart
              namespace: shop
              annotations:
                instrumentation.opentelemetry.io/inject-dotnet: "true"
                instrumentation.opentelemetry.io/beside-other-agents: "%s"
            spec:
              containers:
                - name: app
                  image: example.com/app:1
                  env: [%s]
            """
                .formatted(insists, variables)),
        Manifests.object(
            """
            apiVersion: opentelemetry.io/v1alpha1
            kind: Instrumentation
            metadata:
              name: instrumentation
              namespace: shop
            spec:
              dotnet:
                image: example.com/agent:%s
            """
                .formatted(tag)));
  }

  private static String output(ObjectNode pod) {
    try (RunningPod running = kubelet.run(pod)) {
      RunningContainer app = running.container("app");
      int code = app.awaitExit(Duration.ofSeconds(60));
      assertThat(code).as(app.log()).isZero();
      return app.log();
    }
  }

  @ParameterizedTest(name = "from an image {0}")
  @ValueSource(strings = {"1.15.0", "1.16.0"})
  void profiler_and_startup_hook_run_before_the_application(String tag) {
    assertThat(output(injected(tag, "")).lines())
        .containsExactly(
            "stand-in for the profiler: asked for class 918728DD-259F-4A6A",
            "stand-in for the profiler: initialized",
            "stand-in for the startup hook: ran from /otel-auto-instrumentation",
            "main ran as cart");
  }

  @Test
  void the_variables_of_NET_Framework_choose_no_profiler() {
    String framework =
        """
        {name: COR_ENABLE_PROFILING, value: "1"},
        {name: COR_PROFILER, value: "{BD1A650D-AC5D-4896-B64F-D6FA25D6B26A}"}\
        """;
    assertThat(output(injected("1.16.0", framework)))
        .contains("stand-in for the profiler: asked for class 918728DD-259F-4A6A");
  }

  @Test
  void where_the_pod_switches_the_profiler_off_the_startup_hook_still_runs() {
    String off = "{name: DOTNET_EnableDiagnostics, value: \"0\"}";
    assertThat(output(injected("1.16.0", off)).lines())
        .containsExactly(
            "stand-in for the startup hook: ran from /otel-auto-instrumentation",
            "main ran as cart");
  }

  @Test
  void another_agents_profiler_is_left_alone() {
    assertThat(output(injected("1.16.0", DATADOG)).lines())
        .containsExactly(
            "stand-in for the profiler: asked for class 846F5F1C-F9AE-4B07",
            "stand-in for the profiler: initialized",
            "main ran as ");
  }

  @Test
  void beside_another_agents_profiler_the_startup_hook_runs_where_the_pod_insists() {
    assertThat(output(injected("1.16.0", DATADOG, "true")).lines())
        .containsExactly(
            "stand-in for the profiler: asked for class 846F5F1C-F9AE-4B07",
            "stand-in for the profiler: initialized",
            "stand-in for the startup hook: ran from /otel-auto-instrumentation",
            "main ran as cart");
  }
}
