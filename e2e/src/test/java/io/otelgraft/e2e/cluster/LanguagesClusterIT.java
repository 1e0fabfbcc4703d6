package io.otelgraft.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A Deployment of each language, annotated and nothing else: its agent runs in it, and the
 * Collector gets spans that say where they come from.
 */
final class LanguagesClusterIT extends ShopTests {

  /** Go is off unless an administrator allows it. */
  @RegisterExtension
  static final GraftInstallation GRAFT =
      GraftInstallation.with("--set=settings.enabled-languages={go}");

  @Test
  void the_Java_agent_reports_the_requests_of_a_Deployment() {
    shop.instrument("java", images.javaAgent());
    JsonNode pod = shop.deploy(shop.greeter("java", images.javaApp()));

    ReceivedSpan span = shop.serverSpan("greeter-java");
    assertThat(span.resource())
        .containsAllEntriesOf(shop.identity(pod))
        .containsEntry("telemetry.sdk.language", "java");
    assertThat(span.attributes()).containsEntry("url.path", "/hello/you");
    assertThat(shop.log(pod, "app"))
        .as("the application's own options")
        .contains("-Xmx64m -XX:TieredStopAtLevel=1");
  }

  @Test
  void the_Python_agent_reports_the_requests_of_a_Deployment() {
    shop.instrument("python", images.pythonAgent());
    JsonNode pod = shop.deploy(shop.greeter("python", images.flaskApp()));

    ReceivedSpan span = shop.serverSpan("greeter-python");
    assertThat(span.resource())
        .containsAllEntriesOf(shop.identity(pod))
        .containsEntry("telemetry.sdk.language", "python");
    assertThat(span.attributes()).containsEntry("http.route", "/hello/<name>");
  }

  @Test
  void the_Nodejs_agent_reports_the_requests_of_a_Deployment() {
    shop.instrument("nodejs", images.nodejsAgent());
    JsonNode pod = shop.deploy(shop.greeter("nodejs", images.expressApp()));

    ReceivedSpan span = shop.serverSpan("greeter-nodejs");
    Map<String, String> identity = new HashMap<>(shop.identity(pod));
    // The last of the agent's detectors that the specification lists, serviceinstance, makes one of
    // its own.
    identity.remove("service.instance.id");
    assertThat(span.resource())
        .containsAllEntriesOf(identity)
        .containsEntry("telemetry.sdk.language", "nodejs")
        .containsKey("service.instance.id");
    assertThat(span.attributes()).containsEntry("http.route", "/hello/:name");
  }

  /** Its agent is a sidecar that observes the process from outside, through eBPF. */
  @Test
  void the_Go_agent_reports_the_requests_of_a_Deployment() {
    shop.instrumentGo(images.goAgent());
    JsonNode pod = shop.deploy(shop.greeter("go", images.goApp()));

    ReceivedSpan span = shop.serverSpan("greeter-go");
    Map<String, String> identity = new HashMap<>(shop.identity(pod));
    identity.remove("service.instance.id");
    assertThat(span.resource())
        .containsAllEntriesOf(identity)
        .containsEntry("team", "greeters")
        .containsEntry("telemetry.sdk.language", "go");
    assertThat(span.attributes()).containsEntry("url.path", "/hello/you");
  }

  /**
   * Its agent comes from no package registry. What a real CoreCLR loads in its place says that it
   * runs, and reports nothing.
   */
  @Test
  void a_stand_in_for_the_NET_agent_is_loaded_into_a_Deployment() {
    assumeTrue(
        System.getProperty("os.arch").equals("amd64"),
        "could not run here: there is a CoreCLR for amd64 only");
    ObjectNode instrumentation = shop.instrumentation();
    // The image's tag, which is no version, does not tell.
    instrumentation
        .withObject("/spec/dotnet")
        .put("image", cluster.load(images.dotnetAgentStandIn()))
        .put("imageLayout", "neutral");
    shop.namespace().apply(instrumentation.toString());
    JsonNode pod = shop.deploy(shop.greeter("dotnet", images.dotnetApp()));

    assertThat(shop.log(pod, "app").lines())
        .startsWith(
            "stand-in for the profiler: asked for class 918728DD-259F-4A6A",
            "stand-in for the profiler: initialized",
            "stand-in for the startup hook: ran from /otel-auto-instrumentation",
            "main ran as greeter-dotnet");
  }

  /** The module comes from no package registry; the stand-in takes its directives and reports. */
  @Test
  void a_stand_in_for_the_Apache_HTTPD_module_reports_the_requests_of_a_Deployment() {
    shop.instrument("apacheHttpd", images.standInForWebServerAgent());
    JsonNode pod = shop.deploy(shop.greeter("httpd", images.httpdApp()));

    ReceivedSpan span = shop.serverSpan("greeter-httpd");
    Map<String, String> identity = new HashMap<>(shop.identity(pod));
    // As the module of the agent has it.
    identity.put("service.instance.id", identity.get("k8s.pod.name"));
    assertThat(span.resource()).containsAllEntriesOf(identity);
    assertThat(span.attributes()).containsEntry("url.path", "/hello/you");
  }

  /** OpenTelemetry's SDK is part of the application: it gets configuration, and no agent. */
  @Test
  void an_application_with_an_SDK_of_its_own_reports_as_whom_Graft_says() {
    shop.namespace().apply(shop.instrumentation().toString());
    JsonNode pod = shop.deploy(shop.greeter("sdk", images.pythonAppWithSdk()));

    assertThat(pod.path("spec").path("initContainers")).isEmpty();
    ReceivedSpan span = shop.serverSpan("greeter-sdk");
    assertThat(span.resource())
        .containsAllEntriesOf(shop.identity(pod))
        .containsEntry("telemetry.sdk.language", "python");
  }
}
