package io.otelgraft.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.PodRequest;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.PatchOperation;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The pure function, bytes of a review in and the answer out, and the steps inside; called on
 * virtual threads, as by the server.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReviewBenchmark {

  /** What is reviewed; the name of one of {@link Reviews}. */
  @Param({"ANNOTATED", "PLAIN"})
  public Reviews review;

  private static final Json.Members PASSED_OVER =
      Json.Members.at("/request/object/metadata/managedFields");

  private byte[] body;
  private PodRequest request;
  private Decision decision;
  private ObjectNode answer;
  private Plugins plugins;
  private Deadline deadline;
  private Admission admission;
  private Reviewer reviewer;

  /** Loads the plugins as a server does, and makes sure that the answer is the one to measure. */
  @Setup
  public void start() {
    plugins = Plugins.open(Distribution.given().plugins());
    Settings settings = Settings.standard();
    deadline = new Deadline();
    admission =
        new Admission(
            plugins::current,
            FileResources.of(Reviews.resourceDocuments().list(), "default", settings),
            settings,
            deadline);
    reviewer = Reviewer.ofPods(admission);
    body = review.bytes();
    ObjectNode pod = (ObjectNode) Json.read(body).at("/request/object");
    request = PodRequest.create(pod, PodFacts.of(pod, "shop"));
    answer = Json.read(reviewer.review(body).body());
    Outcome expected = review == Reviews.ANNOTATED ? Outcome.INJECTED : Outcome.UNCHANGED;
    decision = admission.decide(request);
    if (decision.outcome() != expected) {
      throw new IllegalStateException("not " + expected + ": " + answer);
    }
  }

  /** Ends what {@link #start} began. */
  @TearDown
  public void stop() {
    deadline.close();
    plugins.close();
  }

  /** All of it. */
  @Benchmark
  public Answer review() {
    return reviewer.review(body);
  }

  /** The first step: bytes to a tree, without what a reviewer passes over. */
  @Benchmark
  public ObjectNode read() {
    return Json.read(body, PASSED_OVER);
  }

  /** The middle: a decision about the tree of the pod, with its patch. */
  @Benchmark
  public Decision decide() {
    return admission.decide(request);
  }

  /** The last: the patch to bytes, and the answer that has it in it. */
  @Benchmark
  public int write() {
    byte[] patch =
        Json.write(
            6_000,
            json -> {
              json.writeStartArray();
              for (PatchOperation operation : decision.patch()) {
                operation.writeTo(json);
              }
              json.writeEndArray();
            });
    return patch.length + Json.write(answer).length;
  }
}
