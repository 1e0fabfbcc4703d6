package io.otelgraft.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.resource.Settings;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Judges answers to reviews, and sees that each way in which they can be wrong is noticed. */
final class ClusterTest {
  private static final String RESOURCE =
      """
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: standard, namespace: shop}
      spec: {exporter: {endpoint: "http://collector:4318"}}
      """;
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: cart
        namespace: shop
        annotations: {instrumentation.opentelemetry.io/inject-quill: "%s"}
      spec: {containers: [{name: app, image: "shop/cart:1.2"}]}
      """;
  private static final String WORKLOAD =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: cart, namespace: shop}
      spec:
        template:
          metadata: {annotations: {instrumentation.opentelemetry.io/inject-quill: "%s"}}
          spec: {containers: [{name: app, image: "shop/cart:1.2"}]}
      """;

  private static final Languages LANGUAGES = Languages.of(MadeUpLanguages.all());

  private static Cluster cluster(String resources) {
    return new Cluster(
        LANGUAGES, Documents.read("resources", resources).list(), Settings.standard());
  }

  private static byte[] review(String operation, ObjectNode object, Optional<ObjectNode> before) {
    ObjectNode review =
        Stories.yaml("{apiVersion: admission.k8s.io/v1, kind: AdmissionReview, request: {uid: u}}");
    ObjectNode request = (ObjectNode) review.get("request");
    request.put("operation", operation).put("namespace", "shop");
    request.putObject("kind").put("kind", object.path("kind").asText());
    request.set("object", object);
    before.ifPresent(old -> request.set("oldObject", old));
    return Json.write(review);
  }

  private static byte[] creation(String manifest, String asking) {
    return review("CREATE", Stories.yaml(manifest.formatted(asking)), Optional.empty());
  }

  // --- what is judged

  @Test
  void a_pod_that_is_injected_is_judged_by_what_the_answer_makes_of_it() {
    Judgement judgement = cluster(RESOURCE).ofPod(creation(POD, "true"));

    assertThat(judgement.breaches()).isEmpty();
    assertThat(judgement.outcome()).isEqualTo("INJECTED");
    assertThat(judgement.languages()).containsExactly("quill");
    assertThat(judgement.valid()).isTrue();
    assertThat(judgement.patch()).isNotEmpty();
    assertThat(judgement.after()).isNotEqualTo(judgement.before());
  }

  @Test
  void a_pod_that_is_rejected_is_left_as_it_came() {
    Judgement judgement = cluster(RESOURCE).ofPod(creation(POD, "nowhere"));

    assertThat(judgement.breaches()).isEmpty();
    assertThat(judgement.outcome()).isEqualTo("REJECTED");
    assertThat(judgement.allowed()).isFalse();
    assertThat(judgement.after()).isEqualTo(judgement.before());
  }

  @Test
  void an_update_is_judged_as_one() {
    ObjectNode pod = Stories.yaml(POD.formatted("true"));

    Judgement judgement =
        cluster(RESOURCE).ofPod(review("UPDATE", pod, Optional.of(Stories.yaml("{}"))));

    assertThat(judgement.breaches()).isEmpty();
    assertThat(judgement.reason()).isEqualTo("PodExists");
    assertThat(judgement.patch()).isEmpty();
  }

  @Test
  void a_workload_is_judged_by_the_pods_of_its_template() {
    Judgement judgement = cluster(RESOURCE).ofWorkload(creation(WORKLOAD, "true"));

    assertThat(judgement.breaches()).isEmpty();
    assertThat(judgement.outcome()).isEqualTo("INJECTED");
    assertThat(judgement.allowed()).isTrue();
    assertThat(judgement.patch()).isNotEmpty();
  }

  @Test
  void what_is_about_no_pod_is_judged_by_the_answer_alone() {
    for (String text : List.of("", "{}", "[1]", "{\"kind\":\"AdmissionReview\"}")) {
      Judgement judgement = cluster(RESOURCE).ofPod(text.getBytes(UTF_8));

      assertThat(judgement.breaches()).as(text).isEmpty();
      assertThat(judgement.status()).isEqualTo(400);
      assertThat(judgement.outcome()).isEmpty();
    }
    byte[] resource = review("CREATE", Stories.yaml(RESOURCE), Optional.empty());
    assertThat(cluster(RESOURCE).ofInstrumentation(resource).breaches()).isEmpty();
    assertThat(cluster(RESOURCE).ofInstrumentationDefaults(resource).breaches()).isEmpty();
  }

  @Test
  void an_object_that_no_API_server_sends_is_judged_by_what_fails() {
    ObjectNode pod = Stories.yaml(POD.formatted("true"));
    pod.set("spec", Stories.yaml("{containers: {}}"));
    pod.remove("kind");

    Judgement judgement = cluster(RESOURCE).ofPod(review("CREATE", pod, Optional.empty()));

    assertThat(judgement.breaches()).isEmpty();
    assertThat(judgement.valid()).isFalse();
  }

  // --- what is noticed of answers

  /** A way in which an answer is wrong. */
  @SuppressWarnings("ArrayRecordComponent") // made and read here
  private record WrongAnswer(String how, byte[] review, int status, byte[] body) {}

  @TestFactory
  Stream<DynamicTest> each_wrong_answer_is_noticed() {
    return wrongAnswers()
        .map(wrong ->
            DynamicTest.dynamicTest(
                wrong.how(),
                () ->
                    assertThat(AnswerRules.breaches(wrong.review(), wrong.status(), wrong.body()))
                        .isNotEmpty()));
  }

  private static Stream<WrongAnswer> wrongAnswers() {
    byte[] noReview = "{}".getBytes(UTF_8);
    Answer refused = Reviewer.ofInstrumentationDefaults().review(noReview);
    byte[] review = creation(POD, "true");
    return Stream.of(
        new WrongAnswer("no JSON", review, 200, "}".getBytes(UTF_8)),
        new WrongAnswer("what is no UTF-8", review, 200, new byte[] {'"', (byte) 0xff, '"'}),
        new WrongAnswer("another status", review, 500, answered(review).body()),
        new WrongAnswer("a refusal of a review", review, 400, refused.body()),
        new WrongAnswer("an answer to what is no review", noReview, 200, answered(review).body()),
        new WrongAnswer("a refusal with another status", noReview, 500, refused.body()),
        new WrongAnswer("a refusal without a word", noReview, 400, "{}".getBytes(UTF_8)),
        wrong("no AdmissionReview", "true", answer -> answer.put("kind", "Status")),
        wrong("another version", "true", answer -> answer.put("apiVersion", "v1")),
        response("the uid of another review", "true", response -> response.put("uid", "v")),
        response("neither yes nor no", "true", response -> response.remove("allowed")),
        response("a field that nobody knows", "true", response -> response.put("x", 1)),
        response("no reason for a denial", "nowhere", response -> response.remove("status")),
        response("a denial without a word", "nowhere", status -> said(status, " ")),
        response("a denial that is a bug", "nowhere", it -> said(it, "please report this: x")),
        response(
            "a denial with a patch",
            "true",
            response -> {
              response.put("allowed", false);
              response.putObject("status").put("code", 403).put("message", "no");
            }),
        response("a patch of no type", "true", response -> response.remove("patchType")),
        response("a type and no patch", "true", response -> response.remove("patch")),
        response("a patch that is not encoded", "true", response -> response.put("patch", "[]")),
        response("a patch of no operations", "true", response -> patch(response, "[]")),
        response(
            "an operation that nobody knows",
            "true",
            response -> patch(response, "[{\"op\":\"mend\",\"path\":\"/a\",\"value\":1}]")),
        response(
            "an operation with no place",
            "true",
            response -> patch(response, "[{\"op\":\"add\",\"path\":\"a\",\"value\":1}]")),
        response(
            "an operation with no value",
            "true",
            response -> patch(response, "[{\"op\":\"add\",\"path\":\"/a\"}]")),
        warned("a warning without a word", ""),
        warned("a warning of two lines", "a\nb"),
        warned("a warning of a bug", "please report this: x"),
        warned("warnings that are cut", "x".repeat(5000)),
        response(
            "an audit annotation with a prefix",
            "true",
            response -> response.withObject("/auditAnnotations").put("a/b", "c")));
  }

  private static Answer answered(byte[] review) {
    return Reviewer.ofPods(
            Story.admission(
                Documents.read("resources", RESOURCE).list(), Settings.standard(), LANGUAGES))
        .review(review);
  }

  private static WrongAnswer wrong(String how, String asking, Consumer<ObjectNode> spoil) {
    byte[] review = creation(POD, asking);
    ObjectNode answer = Json.read(answered(review).body());
    spoil.accept(answer);
    return new WrongAnswer(how, review, 200, Json.write(answer));
  }

  private static WrongAnswer response(String how, String asking, Consumer<ObjectNode> spoil) {
    return wrong(how, asking, answer -> spoil.accept((ObjectNode) answer.get("response")));
  }

  private static WrongAnswer warned(String how, String warning) {
    return response(how, "true", response -> response.putArray("warnings").add(warning));
  }

  private static void said(ObjectNode response, String message) {
    response.withObject("/status").put("message", message);
  }

  private static void patch(ObjectNode response, String patch) {
    response.put("patch", Base64.getEncoder().encodeToString(patch.getBytes(UTF_8)));
  }

  // --- what is noticed of what is told of workloads

  @Test
  void a_workload_of_which_nothing_is_told_is_noticed() {
    assertThat(told("nowhere", answerOf("true"))).isNotEmpty();
    assertThat(told("nowhere", answerOf("nowhere"))).isEmpty();
  }

  @Test
  void a_workload_of_which_too_much_is_told_is_noticed() {
    assertThat(told("true", answerOf("nowhere"))).isNotEmpty();
    assertThat(told("true", answerOf("true"))).isEmpty();
  }

  @Test
  void a_workload_that_is_denied_or_changed_is_noticed() {
    assertThat(told("true", answered(creation(POD, "nowhere")))).isNotEmpty();
    assertThat(told("true", answered(creation(POD, "true")))).isNotEmpty();
  }

  @Test
  void a_workload_that_is_as_it_was_or_that_a_controller_made_is_not_spoken_of() {
    ObjectNode request = Stories.yaml("{}");
    request.set("oldObject", Stories.yaml(WORKLOAD.formatted("nowhere")));
    assertThat(told(request, "nowhere", answerOf("true"))).isEmpty();
    assertThat(told(request, "nowhere", answerOf("nowhere"))).isNotEmpty();

    ObjectNode owned =
        Stories.yaml("{object: {metadata: {ownerReferences: [{name: x, controller: true}]}}}");
    assertThat(told(owned, "nowhere", answerOf("true"))).isEmpty();
    assertThat(told(owned, "nowhere", answerOf("nowhere"))).isNotEmpty();
  }

  private static Answer answerOf(String asking) {
    return Reviewer.ofWorkloads(
            Story.admission(
                Documents.read("resources", RESOURCE).list(), Settings.standard(), LANGUAGES))
        .review(creation(WORKLOAD, asking));
  }

  private static List<String> told(String asking, Answer answer) {
    return told(Stories.yaml("{}"), asking, answer);
  }

  private static List<String> told(JsonNode request, String asking, Answer answer) {
    Story story =
        new Story(
            "a workload",
            Stories.yaml(WORKLOAD.formatted(asking)),
            Documents.read("resources", RESOURCE).list(),
            Settings.standard());
    return WorkloadRules.breaches(request, story.with(LANGUAGES), answer);
  }
}
