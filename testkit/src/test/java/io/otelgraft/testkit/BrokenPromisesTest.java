package io.otelgraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.JsonPatchApplicationException;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.PodRequest;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.injection.Edit;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.core.injection.Journal;
import io.otelgraft.core.injection.PatchOperation;
import io.otelgraft.core.resource.AgentDelivery;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Breaks each promise, to see that it would be noticed. */
final class BrokenPromisesTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: cart
        namespace: shop
        annotations:
          instrumentation.opentelemetry.io/inject-quill: "true"
          instrumentation.opentelemetry.io/quill-container-names: app
      spec:
        securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
        unknown: {exact: 1.10, none: null}
        containers:
        - name: app
          image: shop/cart:1.2
          env:
          - {name: A, value: a}
          - {name: B, value: $(A)}
          - {name: OTEL_RESOURCE_ATTRIBUTES, value: team=shop}
          - {name: QUILL_OPTIONS, value: -quiet}
          - {name: C, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        - name: worker
          image: shop/worker:1.2
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      """;
  private static final String RESOURCE =
      """
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: standard, namespace: shop}
      spec: {exporter: {endpoint: "http://collector:4318"}}
      """;

  private static final String LIMITS =
      """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: all, namespace: shop}
      spec: {limits: [{type: Container, max: {cpu: 1m}, min: {memory: 1Gi}, \
        maxLimitRequestRatio: {ephemeral-storage: '1'}}]}
      """;

  /** What the containers may have together, of which those of the pod have nearly all. */
  private static final String LIMITS_OF_POD =
      """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: together, namespace: shop}
      spec: {limits: [{type: Pod, max: {cpu: 250m}}, \
        {type: Container, default: {cpu: 100m}, defaultRequest: {cpu: 50m}}]}
      """;

  /** A way to break a promise. */
  private record Sabotage(Guarantee guarantee, String how, Trial trial) {}

  private static Story story() {
    return new Story(
        "a pod",
        Stories.yaml(POD),
        Documents.read("resource", RESOURCE).list(),
        Settings.standard());
  }

  private static Trial injected() {
    return story().with(MadeUpLanguages.all());
  }

  @Test
  void unbroken_they_all_hold() {
    Trial trial = injected();

    assertThat(trial.isInjected()).isTrue();
    for (Guarantee guarantee : Guarantee.values()) {
      assertThat(guarantee.breaches(trial)).as(guarantee.toString()).isEmpty();
    }
    assertThat(AnyPodTest.patched(trial)).isEqualTo(trial.after());
  }

  @TestFactory
  Stream<DynamicTest> each_breach_is_noticed() {
    return sabotages().stream()
        .map(sabotage ->
            DynamicTest.dynamicTest(
                sabotage.guarantee() + ": " + sabotage.how(),
                () -> assertThat(sabotage.guarantee().breaches(sabotage.trial())).isNotEmpty()));
  }

  @Test
  void no_promise_is_left_unbroken() {
    Set<Guarantee> broken = EnumSet.noneOf(Guarantee.class);
    sabotages().forEach(sabotage -> broken.add(sabotage.guarantee()));

    assertThat(broken).containsExactly(Guarantee.values());
  }

  @Test
  void limits_of_another_namespace_do_not_count() {
    Trial over = carelessAdditions(injected()).get(1).trial();
    List<Document> elsewhere =
        Documents.read("limits", LIMITS.replace("namespace: shop", "namespace: away")).list();

    Trial trial =
        new Trial(over.story().in(elsewhere), over.available(), over.request(), over.decision());

    assertThat(Guarantee.WITHIN_LIMITS.breaches(over)).isNotEmpty();
    assertThat(Guarantee.WITHIN_LIMITS.breaches(trial)).isEmpty();
  }

  @Test
  void what_was_wrong_with_a_container_is_wrong_with_its_clone_and_nothing_else_may_be() {
    String invalid = POD.replace("- {name: A, value: a}", "- {name: A, valueFrom: {}}");
    Trial trial =
        new Story(
                "an invalid pod",
                Stories.yaml(invalid),
                Documents.read("resource", RESOURCE).list(),
                Settings.standard())
            .with(MadeUpLanguages.all());

    Trial cloned =
        edited(
            trial,
            pod -> ((ObjectNode) pod.at("/spec/initContainers/0")).set("env", env(pod).deepCopy()));
    Trial worse =
        edited(
            cloned, pod -> ((ObjectNode) pod.at("/spec/initContainers/0/env/0")).put("name", ""));

    assertThat(PodValidity.ofPod(trial.before())).isNotEmpty();
    assertThat(Guarantee.STAYS_VALID.breaches(cloned)).isEmpty();
    assertThat(Guarantee.STAYS_VALID.breaches(worse)).isNotEmpty();
  }

  @Test
  void what_runs_before_the_pod_s_containers_shares_what_they_may_have_together() {
    Trial trial = injected();
    List<Document> limits = Documents.read("limits", LIMITS_OF_POD).list();

    assertThat(
            Guarantee.WITHIN_LIMITS.breaches(
                new Trial(
                    trial.story().in(limits),
                    trial.available(),
                    trial.request(),
                    trial.decision())))
        .isEmpty();
  }

  @Test
  void a_pod_that_is_over_its_limits_anyway_is_not_judged_by_them() {
    Trial over = carelessAdditions(injected()).get(2).trial();
    List<Document> limits = Documents.read("limits", LIMITS_OF_POD.replace("250m", "150m")).list();

    assertThat(
            Guarantee.WITHIN_LIMITS.breaches(
                new Trial(
                    over.story().in(limits), over.available(), over.request(), over.decision())))
        .isEmpty();
  }

  @Test
  void a_patch_that_lacks_an_operation_is_noticed() {
    Trial trial = injected();
    List<PatchOperation> patch = trial.decision().patch();

    assertThat(patch).hasSizeGreaterThan(3);
    for (int i = 0; i < patch.size(); i++) {
      List<PatchOperation> lacking = new ArrayList<>(patch);
      PatchOperation lost = lacking.remove(i);
      assertThat(makesThePod(patchedBy(trial, lacking))).as("without " + lost.toJson()).isFalse();
    }
    assertThat(makesThePod(trial)).isTrue();
  }

  private static boolean makesThePod(Trial trial) {
    try {
      return AnyPodTest.patched(trial).equals(trial.after());
    } catch (JsonPatchApplicationException e) {
      return false;
    }
  }

  private static List<Sabotage> sabotages() {
    Trial trial = injected();
    return Stream.of(
            failures(trial),
            strayEdits(trial),
            untoldEdits(trial),
            lateChanges(trial),
            lostValues(trial),
            invalidPods(trial),
            lostQos(trial),
            lostSecurity(),
            carelessAdditions(trial),
            secondInjections(trial),
            otherBytes())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Sabotage> failures(Trial trial) {
    return List.of(
        new Sabotage(
            Guarantee.NOTHING_FAILS,
            "a plugin throws",
            story()
                .with(
                    List.of(
                        quill(injection -> {
                          throw new IllegalStateException("boom");
                        })))),
        new Sabotage(
            Guarantee.NOTHING_FAILS,
            "a patch for a pod that is left alone",
            outcome(trial, Decision.Outcome.UNCHANGED)));
  }

  private static List<Sabotage> strayEdits(Trial trial) {
    return List.of(
        new Sabotage(
            Guarantee.NOTHING_ELSE_CHANGES,
            "a container is edited that was not to be",
            targeting(trial, "worker")),
        new Sabotage(
            Guarantee.NOTHING_ELSE_CHANGES,
            "a field of the pod is replaced",
            journalled(
                trial,
                edit("/spec/nodeName", "", Edit.Part.FIELD, "nodeName", Stories.yaml("{}")))),
        new Sabotage(
            Guarantee.NOTHING_ELSE_CHANGES,
            "a variable is overwritten",
            journalled(
                trial,
                edit(
                    "/spec/containers/0/env/2",
                    "app",
                    Edit.Part.VARIABLE,
                    "A",
                    Stories.yaml("{}")))),
        new Sabotage(
            Guarantee.NOTHING_ELSE_CHANGES,
            "a command is replaced and not wrapped",
            journalled(
                trial,
                edit(
                    "/spec/containers/0/command",
                    "app",
                    Edit.Part.FIELD,
                    "command",
                    trial.before().arrayNode().add("run")))));
  }

  private static List<Sabotage> untoldEdits(Trial trial) {
    List<Sabotage> list = new ArrayList<>();
    list.add(
        new Sabotage(
            Guarantee.JOURNAL_TELLS_ALL,
            "an unknown field is lost",
            edited(trial, pod -> ((ObjectNode) pod.get("spec")).remove("unknown"))));
    list.add(
        new Sabotage(
            Guarantee.JOURNAL_TELLS_ALL,
            "a number is written otherwise",
            edited(trial, pod -> ((ObjectNode) pod.at("/spec/unknown")).put("exact", 1.1))));
    list.add(
        new Sabotage(
            Guarantee.JOURNAL_TELLS_ALL,
            "a null is lost",
            edited(trial, pod -> ((ObjectNode) pod.at("/spec/unknown")).remove("none"))));
    list.add(
        new Sabotage(
            Guarantee.JOURNAL_TELLS_ALL,
            "two entries of the pod trade places",
            edited(
                trial,
                pod -> {
                  ArrayNode env = env(pod);
                  JsonNode a = env.remove(indexOf(env, "A"));
                  env.insert(indexOf(env, "C") + 1, a);
                })));
    for (int i = 0; i < trial.decision().journal().edits().size(); i++) {
      List<Edit> edits = new ArrayList<>(trial.decision().journal().edits());
      Edit untold = edits.remove(i);
      if (!isPartOfAnother(untold, edits)) {
        list.add(
            new Sabotage(
                Guarantee.JOURNAL_TELLS_ALL,
                "nothing is told of " + untold.path(),
                journalled(trial, edits)));
      }
    }
    list.add(
        new Sabotage(
            Guarantee.JOURNAL_TELLS_ALL,
            "an operation without an edit",
            patchedBy(
                trial, List.of(new PatchOperation("add", "/spec/nodeName", trial.before())))));
    return list;
  }

  private static List<Sabotage> lateChanges(Trial trial) {
    PodRequest update =
        new PodRequest(
            PodRequest.Operation.UPDATE,
            trial.before(),
            trial.request().facts(),
            Optional.of(trial.before()));
    return List.of(
        new Sabotage(
            Guarantee.LEAVES_WHAT_EXISTS,
            "a pod is injected that runs",
            new Trial(trial.story(), trial.available(), update, trial.decision())),
        new Sabotage(
            Guarantee.LEAVES_WHAT_EXISTS,
            "a pod is rejected that runs",
            new Trial(
                trial.story(),
                trial.available(),
                update,
                outcome(trial, Decision.Outcome.REJECTED).decision())));
  }

  private static List<Sabotage> lostValues(Trial trial) {
    return List.of(
        new Sabotage(
            Guarantee.USER_WINS,
            "a value is replaced",
            edited(trial, pod -> entry(pod, "A").put("value", "b"))),
        new Sabotage(
            Guarantee.USER_WINS,
            "a source is replaced by a value",
            edited(
                trial,
                pod -> {
                  entry(pod, "C").remove("valueFrom");
                  entry(pod, "C").put("value", "cart");
                })),
        new Sabotage(
            Guarantee.USER_WINS,
            "a variable is gone",
            edited(trial, pod -> env(pod).remove(indexOf(env(pod), "C")))),
        new Sabotage(
            Guarantee.USER_WINS,
            "a second entry of the name comes behind",
            edited(trial, pod -> env(pod).add(Stories.yaml("{name: A, value: b}")))),
        new Sabotage(
            Guarantee.USER_WINS,
            "a list loses what was in it",
            edited(trial, pod -> entry(pod, "QUILL_OPTIONS").put("value", "-agent:x"))),
        new Sabotage(
            Guarantee.USER_WINS,
            "an item of a list runs into another one",
            edited(trial, pod -> entry(pod, "QUILL_OPTIONS").put("value", "-quiet-agent:x"))),
        new Sabotage(
            Guarantee.USER_WINS,
            "a resource attribute is lost",
            edited(trial, pod -> entry(pod, "OTEL_RESOURCE_ATTRIBUTES").put("value", "a=b"))),
        new Sabotage(
            Guarantee.USER_WINS,
            "what is referred to comes too late",
            edited(trial, pod -> env(pod).add(env(pod).remove(indexOf(env(pod), "A"))))));
  }

  private static List<Sabotage> invalidPods(Trial trial) {
    return List.of(
        new Sabotage(
            Guarantee.STAYS_VALID,
            "a mount without a volume",
            edited(trial, pod -> ((ArrayNode) pod.at("/spec/volumes")).removeAll())),
        new Sabotage(
            Guarantee.STAYS_VALID,
            "an entry with a value and a source",
            edited(trial, pod -> entry(pod, "C").put("value", "x"))),
        new Sabotage(
            Guarantee.STAYS_VALID,
            "two containers of one name",
            edited(
                trial, pod -> ((ObjectNode) pod.at("/spec/initContainers/0")).put("name", "app"))));
  }

  private static List<Sabotage> lostQos(Trial trial) {
    return List.of(
        new Sabotage(
            Guarantee.KEEPS_QOS,
            "what is added asks for memory",
            edited(
                trial,
                pod ->
                    ((ObjectNode) pod.at("/spec/initContainers/0"))
                        .set("resources", Stories.yaml("{requests: {memory: 1Mi}}")))));
  }

  private static List<Sabotage> lostSecurity() {
    return List.of(
        new Sabotage(
            Guarantee.KEEPS_SECURITY,
            "a plugin adds a privileged container and does not declare the need",
            story()
                .with(
                    List.of(
                        quill(injection ->
                            injection.init("root").securityContext(Map.of("privileged", true)))))));
  }

  /** A pod with a limit of ephemeral storage that stayed as it was. */
  private static Trial unraised(Trial trial) {
    ObjectNode limited = trial.before().deepCopy();
    ((ObjectNode) limited.at("/spec/containers/0"))
        .set("resources", Stories.yaml("{limits: {ephemeral-storage: 1Gi}}"));
    Trial raised = trial.story().with(trial.available(), limited);
    return edited(
        raised,
        pod ->
            pod.at("/spec/initContainers")
                .forEach(init -> ((ObjectNode) init).remove("resources")));
  }

  private static List<Sabotage> carelessAdditions(Trial trial) {
    Story limited = trial.story().in(Documents.read("limits", LIMITS).list());
    Story together = trial.story().in(Documents.read("limits", LIMITS_OF_POD).list());
    Trial sidecar =
        edited(
            trial,
            pod -> ((ObjectNode) pod.at("/spec/initContainers/0")).put("restartPolicy", "Always"));
    Trial over =
        edited(
            trial,
            pod ->
                ((ObjectNode) pod.at("/spec/initContainers/0"))
                    .set(
                        "resources",
                        Stories.yaml(
                            "{limits: {cpu: 1, ephemeral-storage: 2},"
                                + " requests: {memory: 1Mi, ephemeral-storage: 1}}")));
    return List.of(
        new Sabotage(
            Guarantee.STARTS_AS_NON_ROOT,
            "what is added has no user",
            edited(
                trial,
                pod -> {
                  ((ObjectNode) pod.at("/spec/securityContext")).remove("runAsUser");
                  ((ObjectNode) pod.at("/spec/initContainers/0")).remove("securityContext");
                })),
        new Sabotage(
            Guarantee.WITHIN_LIMITS,
            "what is added asks for too much",
            new Trial(limited, over.available(), over.request(), over.decision())),
        new Sabotage(
            Guarantee.WITHIN_LIMITS,
            "what is added is too much beside what the pod has",
            new Trial(together, sidecar.available(), sidecar.request(), sidecar.decision())),
        new Sabotage(
            Guarantee.KEEPS_STORAGE,
            "what is added counts against a limit of the pod",
            unraised(trial)),
        new Sabotage(Guarantee.KEEPS_STORAGE, "what is added has the first limit of the pod", over),
        new Sabotage(
            Guarantee.STAYS_EVICTABLE,
            "a volume is not named",
            edited(
                trial,
                pod ->
                    ((ObjectNode) pod.at("/metadata/annotations"))
                        .remove("cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"))),
        new Sabotage(
            Guarantee.STARTS_AS_NON_ROOT,
            "what is added is root, and the kubelet would refuse it",
            withContext(trial, "{runAsUser: 0}")),
        new Sabotage(
            Guarantee.STARTS_AS_NON_ROOT,
            "what is added is root, and says so to the kubelet",
            withContext(trial, "{runAsUser: 0, runAsNonRoot: false}")),
        new Sabotage(
            Guarantee.STARTS_AS_NON_ROOT,
            "what is added wants to be root and not to be",
            withContext(trial, "{runAsUser: 0, runAsNonRoot: true}")));
  }

  /** What is added has another security context. */
  private static Trial withContext(Trial trial, String context) {
    return edited(
        trial,
        pod ->
            ((ObjectNode) pod.at("/spec/initContainers/0"))
                .set("securityContext", Stories.yaml(context)));
  }

  /** A plugin cannot break it: what it adds as root is left out where the pod is not to be root. */
  @Test
  void a_plugin_that_adds_root_to_a_pod_that_is_not_to_be_root_goes_in_nowhere() {
    Trial trial =
        story()
            .with(
                List.of(
                    quill(injection ->
                        injection.init("root").securityContext(Map.of("runAsUser", 0)))));

    assertThat(trial.isInjected()).isFalse();
    assertThat(Guarantee.allBreaches(trial)).isEmpty();
  }

  private static List<Sabotage> secondInjections(Trial trial) {
    return List.of(
        new Sabotage(
            Guarantee.ONCE,
            "the pod bears no mark",
            edited(
                trial,
                pod -> {
                  ((ObjectNode) pod.at("/metadata/annotations")).remove("otelgraft.io/injected");
                  ((ArrayNode) pod.at("/spec/initContainers")).remove(0);
                  env(pod).remove(indexOf(env(pod), "OTEL_RESOURCE_ATTRIBUTES_POD_NAME"));
                })));
  }

  private static List<Sabotage> otherBytes() {
    List<Sabotage> list = new ArrayList<>();
    AtomicInteger calls = new AtomicInteger();
    list.add(
        new Sabotage(
            Guarantee.SAME_BYTES,
            "a plugin counts",
            story()
                .with(
                    List.of(
                        quill(injection ->
                            injection
                                .edit(injection.targets().getFirst())
                                .env()
                                .setIfAbsent("CALL", "" + calls.incrementAndGet()))))));
    return list;
  }

  private static LanguagePlugin quill(Consumer<Injection> inject) {
    return new LanguagePlugin() {
      @Override
      public Language language() {
        return new MadeUpLanguages.Quill().language();
      }

      @Override
      public void inject(Injection injection) {
        inject.accept(injection);
      }
    };
  }

  private static ArrayNode env(ObjectNode pod) {
    return (ArrayNode) pod.at("/spec/containers/0/env");
  }

  private static int indexOf(ArrayNode env, String name) {
    for (int i = 0; i < env.size(); i++) {
      if (env.get(i).path("name").asText().equals(name)) {
        return i;
      }
    }
    throw new AssertionError("no " + name + " in " + env);
  }

  private static ObjectNode entry(ObjectNode pod, String name) {
    return (ObjectNode) env(pod).get(indexOf(env(pod), name));
  }

  /** The parts of a container that was added are told with it. */
  private static boolean isPartOfAnother(Edit edit, List<Edit> edits) {
    return edits.stream()
        .anyMatch(other ->
            other.part() == Edit.Part.CONTAINER && edit.path().startsWith(other.path() + "/"));
  }

  private static Edit edit(
      String path, String container, Edit.Part part, String name, JsonNode before) {
    JsonNode value = JsonNodeFactory.instance.arrayNode().add("something else");
    return new Edit(path, container, part, name, value, "quill", "rule", "source", before);
  }

  private static Trial edited(Trial trial, Consumer<ObjectNode> edit) {
    ObjectNode pod = trial.decision().pod().deepCopy();
    edit.accept(pod);
    Decision was = trial.decision();
    return decided(trial, was.outcome(), was.injected(), pod, was.patch(), was.journal());
  }

  private static Trial outcome(Trial trial, Decision.Outcome outcome) {
    Decision was = trial.decision();
    return decided(trial, outcome, was.injected(), was.pod(), was.patch(), was.journal());
  }

  private static Trial targeting(Trial trial, String container) {
    Decision was = trial.decision();
    List<Injected> injected =
        List.of(new Injected("quill", "shop/standard", 0, AgentDelivery.COPY, List.of(container)));
    return decided(trial, was.outcome(), injected, was.pod(), was.patch(), was.journal());
  }

  private static Trial journalled(Trial trial, Edit another) {
    List<Edit> edits = new ArrayList<>(trial.decision().journal().edits());
    edits.add(another);
    return journalled(trial, edits);
  }

  private static Trial journalled(Trial trial, List<Edit> edits) {
    Decision was = trial.decision();
    Journal journal = new Journal(edits, was.journal().overruled());
    return decided(trial, was.outcome(), was.injected(), was.pod(), was.patch(), journal);
  }

  private static Trial patchedBy(Trial trial, List<PatchOperation> patch) {
    Decision was = trial.decision();
    return decided(trial, was.outcome(), was.injected(), was.pod(), patch, was.journal());
  }

  private static Trial decided(
      Trial trial,
      Decision.Outcome outcome,
      List<Injected> injected,
      ObjectNode pod,
      List<PatchOperation> patch,
      Journal journal) {
    Decision was = trial.decision();
    Decision is =
        new Decision(
            outcome,
            was.reason(),
            was.message(),
            was.findings(),
            injected,
            pod,
            patch,
            journal,
            was.catalogue());
    return new Trial(trial.story(), trial.available(), trial.request(), is);
  }
}
