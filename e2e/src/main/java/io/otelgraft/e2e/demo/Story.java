package io.otelgraft.e2e.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Greeter;
import io.otelgraft.e2e.apiserver.Answer.Admitted;
import io.otelgraft.e2e.apiserver.Answer.Rejected;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the demonstration shows, step by step. Each step holds what it shows against what it claims:
 * where that does not agree, the story ends with a {@link DemoFailure}.
 */
final class Story {

  private final Checkout checkout;
  private final Stage stage;
  private final List<Application> chain;
  private final List<Application> alone;
  private final Screen screen;
  private final Blocks blocks;
  private final Map<Application, Greeter> greeters = new LinkedHashMap<>();

  /**
   * A story.
   *
   * @param chain the applications that run, each of which asks the next
   * @param alone applications that are asked by themselves
   */
  Story(
      Checkout checkout,
      Stage stage,
      List<Application> chain,
      List<Application> alone,
      Screen screen) {
    this.checkout = checkout;
    this.stage = stage;
    this.chain = chain;
    this.alone = alone;
    this.screen = screen;
    this.blocks = new Blocks(screen);
  }

  /** Tells all of it. */
  Told tell() throws IOException, InterruptedException {
    Admissions admissions = new Admissions(checkout, stage, screen, blocks);
    Traces traces = new Traces(stage, chain, screen, blocks);
    try (ExecutorService starting = Executors.newVirtualThreadPerTaskExecutor()) {
      List<JsonNode> explained = stage.explain(chain.stream().map(stage::deployment).toList());
      List<ObjectNode> pods = new ArrayList<>();
      Map<Application, Future<Greeter>> started = new LinkedHashMap<>();
      for (Application application : chain) {
        ObjectNode pod = admissions.admission(application, explained.get(pods.size()));
        pods.add(pod);
        started.put(application, starting.submit(() -> stage.run(application, pod)));
      }
      // The agents take seconds to start, which is time for what needs none.
      Rejected typo = admissions.typo();
      Rejected unknown = admissions.unknownLanguage();
      Admitted dropped = admissions.droppedIn();
      Optional<ObjectNode> grpcPod = Optional.empty();
      if (chain.contains(Application.FLASK)) {
        grpcPod = Optional.of(admissions.agentWithGrpc());
      }

      screen.heading(
          "One trace through "
              + String.join(", ", chain.stream().map(Application::title).toList()));
      screen.progress("waiting until the pods run, their agents in them");
      for (Application application : chain) {
        greeters.put(application, get(started.get(application)));
      }
      Map<Application, Greeter> crossed = Map.copyOf(greeters);
      Optional<Future<Greeter>> grpc =
          grpcPod.map(pod -> {
            stage.listen(Application.FLASK);
            return starting.submit(() -> stage.run(Application.FLASK, pod));
          });
      Requests requests = traces.ask(crossed);
      Optional<Requests> toGrpc = Optional.empty();
      if (grpc.isPresent()) {
        // Flask's agent sends every five seconds: those of both are awaited at the same time.
        greeters.put(Application.FLASK, get(grpc.get()));
        toGrpc = Optional.of(traces.requests(greeters.get(Application.FLASK)));
        toGrpc.get().send();
      }
      Trace trace = traces.crossing(requests, crossed);
      Optional<Trace> overGrpc = Optional.empty();
      if (toGrpc.isPresent()) {
        overGrpc = Optional.of(traces.overGrpc(toGrpc.get()));
      }
      List<Trace> others = new ArrayList<>();
      for (Application application : alone) {
        ObjectNode pod = admissions.webServer(application);
        Greeter greeter = stage.run(application, pod);
        greeters.put(application, greeter);
        others.add(traces.ofWebServer(greeter));
      }
      return new Told(pods, trace, overGrpc, others, typo, unknown, dropped);
    }
  }

  private static Greeter get(Future<Greeter> starting) throws InterruptedException {
    try {
      return starting.get();
    } catch (ExecutionException e) {
      throw new DemoFailure("a pod did not start: " + e.getCause().getMessage(), e.getCause());
    }
  }

  /** The applications that run. */
  Map<Application, Greeter> greeters() {
    return greeters;
  }
}
