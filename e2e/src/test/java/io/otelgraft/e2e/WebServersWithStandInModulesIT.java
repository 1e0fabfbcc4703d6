package io.otelgraft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.kubelet.KubeletStandIn;
import io.otelgraft.e2e.kubelet.RunningPod;
import io.otelgraft.e2e.otlp.OtlpEndpoint;
import io.otelgraft.e2e.otlp.OtlpProtocol;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Real Apache HTTPD and real nginx, started by nothing but what Graft injected. The agent's modules
 * are stand-ins over the OpenTelemetry SDK for Rust, which take the directives that Graft writes:
 * the modules themselves come from no package registry.
 */
class WebServersWithStandInModulesIT {
  private static final Duration ARRIVAL = Duration.ofSeconds(30);
  private static final String COLLECTOR = "otel-collector.observability.svc.cluster.local";
  private static final String AGENT =
      "ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-apache-httpd:1.0.4";
  private static final Images IMAGES = new Images(Path.of("images"), System.out::println);

  private final ObjectNode instrumentation = manifest("instrumentation");
  private final int port = Greeter.freePort();
  private final List<RunningPod> running = new ArrayList<>();

  private OtlpEndpoint collector;
  private KubeletStandIn.Builder kubelet;

  @BeforeEach
  void a_node_with_a_collector() throws IOException {
    collector = OtlpEndpoint.startOnStandardPorts();
    kubelet =
        KubeletStandIn.builder()
            .host(COLLECTOR, collector.ip())
            .image(AGENT, IMAGES.standInForWebServerAgent())
            .image("example.com/greeter-httpd:1.2", IMAGES.httpdApp())
            .image("example.com/greeter-nginx:1.2", IMAGES.nginxApp());
  }

  @AfterEach
  void stop() {
    running.forEach(RunningPod::close);
    collector.close();
  }

  private static ObjectNode manifest(String name) {
    return Manifests.object(Path.of("manifests", name + ".yaml"));
  }

  private Greeter start(ObjectNode workload, int listens) {
    RunningPod pod = kubelet.build().run(InjectedPods.of(workload, instrumentation));
    running.add(pod);
    return new Greeter(pod, listens);
  }

  private ObjectNode httpd() {
    ObjectNode deployment = manifest("greeter-httpd");
    Manifests.addVariable(deployment, "PORT", Integer.toString(port));
    return deployment;
  }

  /** A Deployment of nginx, which listens where a ConfigMap says. */
  private ObjectNode nginx(int listens) {
    String servers = Manifests.text(Path.of("manifests", "servers.yaml"));
    kubelet.object(Manifests.object(servers.replace("8080", Integer.toString(listens))));
    return manifest("greeter-nginx");
  }

  private ReceivedSpan serverSpan(Greeter greeter, String service) {
    try {
      return collector
          .spans()
          .await(
              span ->
                  span.service().equals(service)
                      && span.span().getKind() == SpanKind.SPAN_KIND_SERVER,
              ARRIVAL);
    } catch (IllegalStateException e) {
      throw new AssertionError(e.getMessage() + "\nthe server wrote:\n" + greeter.app().log(), e);
    }
  }

  private static void assertReported(ReceivedSpan span, Greeter greeter) {
    assertThat(span.protocol()).isEqualTo(OtlpProtocol.GRPC);
    assertThat(span.attributes()).containsEntry("url.path", "/hello/you");
    assertThat(span.resource())
        .containsEntry("service.namespace", "shop")
        .containsEntry("service.instance.id", greeter.pod().pod().at("/metadata/name").asText())
        .containsEntry("k8s.container.name", greeter.app().name());
    assertThat(greeter.app().log())
        .contains("stand-in for the agent's module: sends to http://" + COLLECTOR + ":4317");
  }

  @Test
  void Apache_HTTPD_reports_a_request_through_a_stand_in_module() throws Exception {
    Greeter greeter = start(httpd(), port);
    assertThat(greeter.greet("you")).isEqualTo("Apache HTTPD greets you\n");
    assertReported(serverSpan(greeter, "greeter-httpd"), greeter);
  }

  @Test
  void nginx_reports_a_request_through_a_stand_in_module() throws Exception {
    Greeter greeter = start(nginx(port), port);
    assertThat(greeter.greet("you")).isEqualTo("nginx greets you\n");
    assertReported(serverSpan(greeter, "greeter-nginx"), greeter);
  }

  @Test
  void a_service_name_that_would_break_out_of_the_configuration_stays_a_name() throws Exception {
    String name = "store\"; load_module /evil.so;\\ # ${HOME} 'x'";
    ObjectNode apache = httpd();
    int another = Greeter.freePort();
    ObjectNode nginx = nginx(another);
    for (ObjectNode deployment : List.of(apache, nginx)) {
      deployment
          .withObject("/spec/template/metadata/annotations")
          .put("resource.opentelemetry.io/service.name", name);
    }
    Greeter first = start(apache, port);
    first.greet("you");
    // Apache HTTPD has no way to write the one character.
    serverSpan(first, name.replace("${", "{"));
    Greeter second = start(nginx, another);
    second.greet("you");
    serverSpan(second, name);
  }

  @Test
  void both_servers_report_from_one_pod_with_a_configuration_that_is_mounted_read_only()
      throws Exception {
    int another = Greeter.freePort();
    ObjectNode pod = httpd();
    ObjectNode template = (ObjectNode) pod.at("/spec/template");
    ObjectNode proxy = (ObjectNode) nginx(another).at("/spec/template/spec/containers/0");
    template
        .withObject("/metadata/annotations")
        .put("instrumentation.opentelemetry.io/inject-nginx", "true")
        .put("instrumentation.opentelemetry.io/apache-httpd-container-names", "app")
        .put("instrumentation.opentelemetry.io/inject-nginx-container-names", "proxy");
    template.withArray("/spec/containers").add(proxy.put("name", "proxy"));
    ObjectNode volumes =
        Manifests.object(
            """
            list:
              - {name: servers, configMap: {name: servers}}
              - {name: main, configMap: {name: main}}
            """);
    template.withObject("/spec").set("volumes", volumes.get("list"));
    ((ObjectNode) template.at("/spec/containers/0"))
        .set(
            "volumeMounts",
            Manifests.object(
                    """
                    list:
                      - {name: main, mountPath: /usr/local/apache2/conf/httpd.conf, subPath: httpd.conf, readOnly: true}
                    """)
                .get("list"));
    ObjectNode main =
        Manifests.object("{kind: ConfigMap, metadata: {name: main, namespace: shop}}");
    main.putObject("data")
        .put("httpd.conf", Manifests.text(Path.of("images", "app-httpd", "httpd.conf")));
    kubelet.object(main);

    Greeter apache = start(pod, port);
    Greeter nginx = new Greeter(apache.pod(), another);
    assertThat(apache.greet("you")).isEqualTo("Apache HTTPD greets you\n");
    assertThat(nginx.greet("you")).isEqualTo("nginx greets you\n");

    assertThat(
            List.of(
                collector.spans().await(span -> isOf(span, "app"), ARRIVAL).service(),
                collector.spans().await(span -> isOf(span, "proxy"), ARRIVAL).service()))
        .containsOnly("greeter-httpd");
  }

  private static boolean isOf(ReceivedSpan span, String container) {
    return container.equals(span.resource().get("k8s.container.name"));
  }
}
