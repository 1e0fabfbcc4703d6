package io.otelgraft.e2e.cluster;

import static io.otelgraft.e2e.cluster.Shop.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.images.ContainerImages;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an Instrumentation says of telemetry holds in the cluster: where it goes, and how much. */
@ExtendWith(ClusterExtension.class)
final class TelemetryClusterIT {

  @RegisterExtension static final GraftInstallation GRAFT = GraftInstallation.with();

  private static ObjectNode named(Shop shop, String name, String... propagators) {
    ObjectNode instrumentation = shop.instrumentation();
    instrumentation.withObject("/metadata").put("name", name);
    instrumentation.withObject("/spec").remove("propagators");
    for (String propagator : propagators) {
      instrumentation.withObject("/spec").withArray("propagators").add(propagator);
    }
    return instrumentation;
  }

  private static ObjectNode by(ObjectNode greeter, String language, String instrumentation) {
    greeter
        .withObject("/spec/template/metadata/annotations")
        .put("instrumentation.opentelemetry.io/inject-" + language, instrumentation);
    return greeter;
  }

  /** The first asks the second one with b3's headers, that asks the third with W3C's. */
  @Test
  void services_that_speak_b3_and_W3C_are_in_one_trace(
      Cluster cluster, ContainerImages images, Namespace namespace) {
    Shop shop = Shop.open(cluster, images, namespace);
    ObjectNode b3 = named(shop, "b3", "b3");
    b3.withObject("/spec/python").put("image", cluster.load(images.pythonAgent()));
    ObjectNode both = named(shop, "both", "b3", "tracecontext");
    both.withObject("/spec/java").put("image", cluster.load(images.javaAgent()));
    ObjectNode w3c = named(shop, "w3c", "tracecontext");
    w3c.withObject("/spec/nodejs").put("image", cluster.load(images.nodejsAgent()));
    List.of(b3, both, w3c).forEach(each -> namespace.apply(each.toString()));

    shop.deploy(by(shop.greeter("nodejs", images.expressApp()), "nodejs", "w3c"));
    ObjectNode java = by(shop.greeter("java", images.javaApp()), "java", "both");
    Manifests.addVariable(java, "NEXT", shop.serve("greeter-nodejs"));
    shop.deploy(java);
    ObjectNode python = by(shop.greeter("python", images.flaskApp()), "python", "b3");
    Manifests.addVariable(python, "NEXT", shop.serve("greeter-java"));
    shop.deploy(python);

    List<ReceivedSpan> trace =
        shop.collector()
            .telemetry()
            .spans()
            .await("no trace of all three", TelemetryClusterIT::traceOfThree, SOON);
    assertThat(trace)
        .extracting(ReceivedSpan::service)
        .containsExactlyInAnyOrder("greeter-python", "greeter-java", "greeter-nodejs");
  }

  private static Optional<List<ReceivedSpan>> traceOfThree(List<ReceivedSpan> spans) {
    List<ReceivedSpan> servers =
        spans.stream().filter(span -> span.span().getKind() == SpanKind.SPAN_KIND_SERVER).toList();
    return servers.stream()
        .filter(span -> span.service().equals("greeter-python"))
        .map(first ->
            servers.stream().filter(span -> span.traceId().equals(first.traceId())).toList())
        .filter(trace -> trace.size() == 3)
        .findFirst();
  }

  @Test
  void a_sampler_that_is_off_keeps_spans_from_being_reported(
      Cluster cluster, ContainerImages images, Namespace namespace) {
    Shop shop = Shop.open(cluster, images, namespace);
    ObjectNode off = named(shop, "off", "tracecontext");
    off.withObject("/spec/sampler").put("type", "always_off");
    ObjectNode on = named(shop, "on", "tracecontext");
    on.withObject("/spec/sampler").put("type", "always_on");
    for (ObjectNode each : List.of(off, on)) {
      each.withObject("/spec/nodejs").put("image", cluster.load(images.nodejsAgent()));
      namespace.apply(each.toString());
    }
    ObjectNode silent = by(shop.greeter("nodejs", images.expressApp()), "nodejs", "off");
    silent.withObject("/metadata").put("name", "silent");
    shop.deploy(silent, "app=greeter-nodejs");

    // It is ready, so it has answered requests; it ends, so it would have reported them.
    namespace.kubectl("delete", "deployment", "silent", "--wait=true");
    shop.deploy(by(shop.greeter("nodejs", images.expressApp()), "nodejs", "on"));
    shop.serverSpan("greeter-nodejs");
    assertThat(shop.collector().telemetry().spans().all())
        .extracting(span -> span.resource().get("service.name"))
        .containsOnly("greeter-nodejs");
  }

  @Test
  void telemetry_goes_over_TLS_with_the_certificates_of_a_Secret(
      Cluster cluster, ContainerImages images, Namespace namespace) {
    Certificate certificate =
        Certificate.of("collector." + namespace.name() + ".svc.cluster.local");
    namespace.apply(certificate.secret("telemetry"));
    Shop shop =
        Shop.open(
            cluster,
            namespace,
            Collector.startWithTls(cluster, images, namespace, "telemetry", SOON));
    ObjectNode instrumentation = shop.instrumentation();
    ObjectNode exporter = instrumentation.withObject("/spec/exporter");
    exporter.put("endpoint", shop.endpoint().replace("http:", "https:"));
    exporter
        .putObject("tls")
        .put("secretName", "telemetry")
        .put("ca_file", "ca.crt")
        .put("cert_file", "tls.crt")
        .put("key_file", "tls.key");
    instrumentation.withObject("/spec/java").put("image", cluster.load(images.javaAgent()));
    namespace.apply(instrumentation.toString());

    JsonNode pod = shop.deploy(shop.greeter("java", images.javaApp()));

    assertThat(shop.serverSpan("greeter-java").resource()).containsAllEntriesOf(shop.identity(pod));
  }

  @Test
  void telemetry_goes_to_the_Collector_of_the_pod_s_own_node(
      Cluster cluster, ContainerImages images, Namespace namespace) {
    Shop shop =
        Shop.open(cluster, namespace, Collector.startOnNodes(cluster, images, namespace, SOON));
    ObjectNode instrumentation = shop.instrumentation();
    instrumentation.withObject("/spec/exporter").put("endpoint", "http://$(OTEL_NODE_IP):4317");
    instrumentation.withObject("/spec/nodejs").put("image", cluster.load(images.nodejsAgent()));
    namespace.apply(instrumentation.toString());

    shop.deploy(shop.greeter("nodejs", images.expressApp()));

    assertThat(shop.serverSpan("greeter-nodejs").resource())
        .containsEntry("k8s.deployment.name", "greeter-nodejs");
  }
}
