package io.otelgraft.e2e.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.Greeter;
import io.otelgraft.e2e.demo.Agent.StandIn;
import io.otelgraft.e2e.demo.Told.Alone;
import io.otelgraft.e2e.otlp.OtlpProtocol;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The steps of the story in which applications are asked, and report it. */
final class Traces {

  /** What each stand-in for an agent says with whatever it writes to the application's log. */
  private static final String STAND_IN = "stand-in for ";

  private final Stage stage;
  private final Screen screen;
  private final Blocks blocks;

  Traces(Stage stage, Screen screen, Blocks blocks) {
    this.stage = stage;
    this.screen = screen;
    this.blocks = blocks;
  }

  /** Asks the first application, which asks the others, once they listen. */
  Requests ask(Chain chain) throws InterruptedException {
    // The last one first, as it is asked by those before it.
    for (Greeter greeter : chain.greeters().sequencedValues().reversed()) {
      if (!greeter.equals(chain.first())) {
        greeter.greet("nobody");
      }
    }
    Requests requests = requests(chain);
    String greeting = requests.send();
    screen.line(screen.dim("GET " + chain.first().url() + "/hello/you"));
    greeting.lines().forEach(screen::line);
    DemoFailure.unless(
        greeting.lines().count() == chain.greeters().size(), "not all have greeted: " + greeting);
    return requests;
  }

  /** Requests to the first application, none of which is sent yet. */
  Requests requests(Chain chain) {
    return new Requests(stage.collector().spans(), chain);
  }

  /** The trace of a request that crossed all applications. */
  Trace crossing(Requests requests) throws InterruptedException {
    Trace trace = requests.awaitTrace();
    screen.line(requests.account());
    blocks.trace(trace);
    Chain chain = requests.chain();
    chain
        .reporting()
        .forEach(application -> identify(trace, application, chain.greeters().get(application)));
    if (chain.isSampled()) {
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
    identify(trace, Application.FLASK, requests.chain().first());
    sentOver(OtlpProtocol.GRPC, trace);
    return trace;
  }

  /** What an application that asks nobody answers, and what is seen of its agent. */
  Alone alone(Application application, Greeter greeter) throws InterruptedException {
    screen.line("");
    Requests requests = ask(Chain.of(application, greeter));
    List<String> loaded = List.of();
    List<String> said = List.of();
    Optional<Trace> trace = Optional.empty();
    Optional<StandIn> standIn = application.standIn();
    if (standIn.isPresent()) {
      loaded = loaded(standIn.get(), greeter);
      said = said(greeter);
      blocks.standIn(loaded, said);
    }
    if (standIn.isEmpty() || standIn.get().reports()) {
      screen.line("");
      trace = Optional.of(crossing(requests));
    }
    return new Alone(greeter, loaded, said, trace);
  }

  /** The files that are to be loaded with a stand-in, where the process has them. */
  private static List<String> loaded(StandIn standIn, Greeter greeter) {
    List<String> files = greeter.app().loadedFiles();
    return standIn.loaded().stream()
        .map(name ->
            files.stream()
                .filter(file -> file.endsWith("/" + name))
                .findFirst()
                .orElseThrow(
                    () -> new DemoFailure("%s has not loaded %s".formatted(greeter.name(), name))))
        .toList();
  }

  private static List<String> said(Greeter greeter) {
    List<String> said =
        greeter
            .app()
            .log()
            .lines()
            .filter(line -> line.contains(STAND_IN))
            .map(line -> line.substring(line.indexOf(STAND_IN)))
            .distinct()
            .toList();
    DemoFailure.unless(
        !said.isEmpty(), "the log of %s does not name a stand-in".formatted(greeter.name()));
    return said;
  }

  private static void sentOver(OtlpProtocol protocol, Trace trace) {
    OtlpProtocol used = trace.root().orElseThrow().protocol();
    DemoFailure.unless(
        used == protocol, "Flask's spans came over %s, not %s".formatted(used, protocol));
  }

  /** Holds the resource of an application's spans against what Kubernetes knows about its pod. */
  private static void identify(Trace trace, Application application, Greeter greeter) {
    JsonNode pod = greeter.pod().pod();
    String deployment = greeter.deployment();
    Map<String, String> expected =
        Map.of(
            "service.name",
            deployment,
            "k8s.deployment.name",
            deployment,
            "k8s.pod.name",
            greeter.name(),
            "k8s.namespace.name",
            pod.at("/metadata/namespace").asText(),
            "k8s.container.name",
            "app",
            "telemetry.sdk.language",
            application.sdk());
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
