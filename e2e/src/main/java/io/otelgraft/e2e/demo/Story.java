package io.otelgraft.e2e.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Greeter;
import io.otelgraft.e2e.apiserver.Answer.Admitted;
import io.otelgraft.e2e.apiserver.Answer.Rejected;
import io.otelgraft.e2e.demo.Stage.Started;
import io.otelgraft.e2e.demo.Told.Alone;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * What the demonstration shows, step by step. Each step holds what it shows against what it claims:
 * where that does not agree, the story ends with a {@link DemoFailure}.
 */
final class Story {

  private final Stage stage;
  private final List<Application> chain;
  private final List<Application> alone;
  private final Screen screen;
  private final Admissions admissions;
  private final Traces traces;

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
    this.stage = stage;
    this.chain = chain;
    this.alone = alone;
    this.screen = screen;
    Blocks blocks = new Blocks(screen);
    this.admissions = new Admissions(checkout, stage, screen, blocks);
    this.traces = new Traces(stage, screen, blocks);
  }

  /** A pod that was created, and is being started. */
  private record Start(Admission admission, Future<Started> started) {
    Application application() {
      return admission.application();
    }
  }

  /** Tells all of it. */
  Told tell() throws IOException, InterruptedException {
    try (ExecutorService starting = Executors.newVirtualThreadPerTaskExecutor()) {
      // The agents take seconds to start, which is time for all that needs none.
      List<Start> starts = start(chain, starting);
      Map<Application, JsonNode> explained = stage.explain();
      for (Start start : starts) {
        admissions.show(start.admission(), explained.get(start.application()));
      }
      Rejected typo = admissions.typo();
      Rejected unknown = admissions.unknownLanguage();
      Admitted dropped = admissions.droppedIn();
      Optional<ObjectNode> grpcPod = Optional.empty();
      if (chain.contains(Application.FLASK)) {
        grpcPod = Optional.of(admissions.agentWithGrpc());
      }

      Chain running = running(starts);
      Optional<Future<Started>> grpc =
          grpcPod.map(pod -> {
            stage.listen(Application.FLASK);
            return starting.submit(() -> stage.run(Application.FLASK, pod));
          });
      // While spans are awaited, those that are asked by themselves start.
      List<Start> others = start(alone, starting);

      screen.heading(
          "One trace through "
              + String.join(", ", running.reporting().stream().map(Application::title).toList()));
      Requests requests = traces.ask(running);
      Optional<Requests> toGrpc = Optional.empty();
      if (grpc.isPresent()) {
        // Flask's agent sends every five seconds: those of both are awaited at the same time.
        Greeter flask = get(grpc.get()).greeter();
        toGrpc = Optional.of(traces.requests(running.with(Application.FLASK, flask)));
        toGrpc.get().send();
      }
      Trace trace = traces.crossing(requests);
      Optional<Trace> overGrpc = Optional.empty();
      if (toGrpc.isPresent()) {
        overGrpc = Optional.of(traces.overGrpc(toGrpc.get()));
      }
      Map<Application, Alone> seen = new LinkedHashMap<>();
      for (Start start : others) {
        admissions.show(start.admission(), explained.get(start.application()));
        Greeter greeter = get(start.started()).greeter();
        seen.put(start.application(), traces.alone(start.application(), greeter));
      }
      List<Admission> admitted =
          Stream.concat(starts.stream(), others.stream()).map(Start::admission).toList();
      Chain last = toGrpc.map(Requests::chain).orElse(running);
      return new Told(admitted, last, trace, overGrpc, seen, typo, unknown, dropped);
    }
  }

  private List<Start> start(List<Application> applications, ExecutorService starting)
      throws IOException, InterruptedException {
    List<Start> starts = new ArrayList<>();
    for (Application application : applications) {
      Admission admission = admissions.create(application);
      starts.add(
          new Start(admission, starting.submit(() -> stage.run(application, admission.pod()))));
    }
    return starts;
  }

  /** The chain, once all of it runs; what cannot be observed here is in it, and named. */
  private Chain running(List<Start> starts) throws InterruptedException {
    screen.line("");
    screen.progress("waiting until the pods run, their agents in them");
    SequencedMap<Application, Greeter> greeters = new LinkedHashMap<>();
    Set<Application> silent = new HashSet<>();
    for (Start start : starts) {
      Started started = get(start.started());
      greeters.put(start.application(), started.greeter());
      started
          .refusal()
          .ifPresent(refusal -> {
            silent.add(start.application());
            screen.leftOut(start.application().language(), "its agent says: " + refusal);
          });
    }
    return new Chain(greeters, silent);
  }

  private static Started get(Future<Started> starting) throws InterruptedException {
    try {
      return starting.get();
    } catch (ExecutionException e) {
      throw new DemoFailure("a pod did not start: " + e.getCause().getMessage(), e.getCause());
    }
  }
}
