package io.otelgraft.e2e.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.Greeter;
import io.otelgraft.e2e.otlp.OtlpProtocol;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The steps of the story in which applications are asked, and report it. */
final class Traces {

  /** The SDKs send at least every five seconds. */
  private static final Duration ARRIVAL = Duration.ofSeconds(30);

  private final Stage stage;
  private final List<Application> chain;
  private final Screen screen;
  private final Blocks blocks;

  Traces(Stage stage, List<Application> chain, Screen screen, Blocks blocks) {
    this.stage = stage;
    this.chain = chain;
    this.screen = screen;
    this.blocks = blocks;
  }

  /** Asks the first application, which asks the others, once they listen. */
  Requests ask(Map<Application, Greeter> greeters) throws InterruptedException {
    // The last one first, as it is asked by those before it.
    for (Application application : chain.reversed()) {
      if (!application.equals(Application.FLASK)) {
        greeters.get(application).greet("nobody");
      }
    }
    Requests requests = requests(greeters.get(chain.getFirst()));
    String greeting = requests.send();
    screen.line(screen.dim("GET " + requests.to().url() + "/hello/you"));
    greeting.lines().forEach(screen::line);
    DemoFailure.unless(
        greeting.lines().count() == chain.size(), "not all have greeted: " + greeting);
    return requests;
  }

  /** Requests to an application, none of which is sent yet. */
  Requests requests(Greeter first) {
    boolean isSampled = chain.contains(Application.FLASK);
    return new Requests(stage.collector().spans(), first, chain.size(), isSampled);
  }

  /** The trace of a request that crossed all applications. */
  Trace crossing(Requests requests, Map<Application, Greeter> greeters)
      throws InterruptedException {
    Trace trace = requests.awaitTrace();
    screen.line(requests.account());
    blocks.trace(trace);
    greeters.forEach((application, greeter) -> identify(trace, application, greeter));
    if (chain.contains(Application.FLASK)) {
      sentOver(OtlpProtocol.HTTP_PROTOBUF, trace);
    }
    return trace;
  }

  /** The trace of a request to the Flask example with the agent that speaks gRPC. */
  Trace overGrpc(Requests requests) throws InterruptedException {
    screen.heading("The Flask example over gRPC");
    Trace trace = requests.awaitTrace();
    screen.line(requests.account());
    blocks.services(trace);
    identify(trace, Application.FLASK, requests.to());
    sentOver(OtlpProtocol.GRPC, trace);
    return trace;
  }

  /** The trace of a request to a web server that asks nobody. */
  Trace ofWebServer(Greeter greeter) throws InterruptedException {
    String greeting = greeter.greet("you");
    screen.line("");
    screen.line(screen.dim("GET " + greeter.url() + "/hello/you"));
    greeting.lines().forEach(screen::line);
    String pod = greeter.pod().pod().at("/metadata/name").asText();
    ReceivedSpan span =
        stage
            .collector()
            .spans()
            .await(one -> pod.equals(one.resource().get("service.instance.id")), ARRIVAL);
    Trace trace = new Trace(span.traceId(), List.of(span));
    blocks.trace(trace);
    String deployment = span.resource().get("k8s.deployment.name");
    DemoFailure.unless(
        span.service().equals(deployment),
        "the web server calls itself %s, not %s".formatted(span.service(), deployment));
    DemoFailure.unless(
        greeter.app().log().contains("stand-in"),
        "the web server does not say that its module is a stand-in: " + greeter.app().log());
    return trace;
  }

  private static void sentOver(OtlpProtocol protocol, Trace trace) {
    OtlpProtocol used = trace.root().orElseThrow().protocol();
    DemoFailure.unless(
        used == protocol, "Flask's spans came over %s, not %s".formatted(used, protocol));
  }

  /** Holds the resource of an application's spans against what Kubernetes knows about its pod. */
  private static void identify(Trace trace, Application application, Greeter greeter) {
    JsonNode pod = greeter.pod().pod();
    String owner = pod.at("/metadata/ownerReferences/0/name").asText();
    String deployment = owner.substring(0, owner.lastIndexOf('-'));
    Map<String, String> expected =
        Map.of(
            "service.name",
            deployment,
            "k8s.deployment.name",
            deployment,
            "k8s.pod.name",
            pod.at("/metadata/name").asText(),
            "k8s.namespace.name",
            pod.at("/metadata/namespace").asText(),
            "k8s.container.name",
            "app",
            "telemetry.sdk.language",
            application.language());
    ReceivedSpan server =
        trace.spans().stream()
            .filter(span -> span.service().equals(deployment))
            .filter(span -> span.span().getKind() == SpanKind.SPAN_KIND_SERVER)
            .findFirst()
            .orElseThrow(() -> new DemoFailure("no server span of " + deployment));
    expected.forEach((attribute, value) ->
        DemoFailure.unless(
            value.equals(server.resource().get(attribute)),
            "%s of %s is %s, not %s"
                .formatted(attribute, deployment, server.resource().get(attribute), value)));
  }
}
