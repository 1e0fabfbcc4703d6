package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.PodRequest;
import io.otelgraft.core.admission.PodRequest.Operation;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.admission.Subject;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.resource.Settings;
import java.util.List;
import java.util.Optional;

/**
 * A cluster with Graft in it: whatever is sent to a webhook is answered, and the answer judged by
 * what Graft promises. What is sent need not be a review.
 *
 * <p>Thread-safe.
 */
public final class Cluster {
  private final Languages languages;
  private final List<Document> resources;
  private final Settings settings;
  private final Admission admission;

  Cluster(Languages languages, List<Document> resources, Settings settings) {
    this.languages = languages;
    this.resources = List.copyOf(resources);
    this.settings = settings;
    this.admission = Story.admission(this.resources, settings, languages);
  }

  /** Sends a review of a pod. */
  public Judgement ofPod(byte[] review) {
    Answer answer = Reviewer.ofPods(admission).review(review);
    List<String> breaches = AnswerRules.breaches(review, answer.status(), answer.body());
    if (answer.decision().isEmpty()) {
      return Judgement.of(answer, breaches);
    }
    Decision decision = answer.decision().get();
    ObjectNode pod = answer.before().orElseThrow();
    Optional<Trial> trial =
        story(pod, answer.subject().orElseThrow())
            .map(story -> new Trial(story, languages, request(review, answer), decision));
    trial.ifPresentOrElse(
        it -> breaches.addAll(Guarantee.allBreaches(it)),
        () -> breaches.addAll(Guarantee.failures(decision)));
    return Judgement.of(
        answer, decision, pod, isValid(trial), AnswerRules.patch(answer.body()), breaches);
  }

  /**
   * Sends a review of a workload. Its template is judged as the pod that the workload's controller
   * will ask for, and what is told of the workload by what will become of that pod.
   */
  public Judgement ofWorkload(byte[] review) {
    Answer answer = Reviewer.ofWorkloads(admission).review(review);
    List<String> breaches = AnswerRules.breaches(review, answer.status(), answer.body());
    Optional<Trial> trial =
        answer
            .before()
            .flatMap(workload -> story(workload, answer.subject().orElseThrow()))
            .filter(story -> !story.template().kind().equals("Pod"))
            .map(story -> story.with(languages));
    if (trial.isEmpty()) {
      return Judgement.of(answer, breaches);
    }
    breaches.addAll(Guarantee.allBreaches(trial.get()));
    breaches.addAll(WorkloadRules.breaches(Json.read(review).path("request"), trial.get(), answer));
    return Judgement.of(
        answer,
        trial.get().decision(),
        trial.get().before(),
        isValid(trial),
        Reviewer.patch(trial.get().decision().patch()),
        breaches);
  }

  /** Sends a review of an Instrumentation to the webhook that validates it. */
  public Judgement ofInstrumentation(byte[] review) {
    return ofOther(Reviewer.ofInstrumentations(languages::found, settings), review);
  }

  /** Sends a review of an Instrumentation to the webhook for defaults. */
  public Judgement ofInstrumentationDefaults(byte[] review) {
    return ofOther(Reviewer.ofInstrumentationDefaults(), review);
  }

  private static Judgement ofOther(Reviewer reviewer, byte[] review) {
    Answer answer = reviewer.review(review);
    return Judgement.of(answer, AnswerRules.breaches(review, answer.status(), answer.body()));
  }

  /** The object in this cluster; empty if it is none that an API server would send. */
  private Optional<Story> story(ObjectNode object, Subject subject) {
    List<PodTemplate> templates = PodTemplate.in(object, Story.NAMESPACE);
    boolean fits =
        templates.size() == 1
            && templates.getFirst().kind().equals(subject.kind())
            && templates.getFirst().namespace().equals(subject.namespace());
    return fits
        ? Optional.of(new Story(subject.kind(), object, resources, settings))
        : Optional.empty();
  }

  private static PodRequest request(byte[] review, Answer answer) {
    Subject subject = answer.subject().orElseThrow();
    ObjectNode pod = answer.before().orElseThrow();
    Operation operation =
        switch (subject.operation()) {
          case "CREATE" -> Operation.CREATE;
          case "UPDATE" -> Operation.UPDATE;
          default -> Operation.OTHER;
        };
    JsonNode before = Json.read(review).at("/request/oldObject");
    return new PodRequest(
        operation,
        pod,
        PodFacts.of(pod, subject.namespace()),
        before instanceof ObjectNode old ? Optional.of(old) : Optional.empty());
  }

  private static boolean isValid(Optional<Trial> trial) {
    return trial.filter(it -> Guarantee.validity(it, it.before()).isEmpty()).isPresent();
  }
}
