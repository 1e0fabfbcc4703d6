package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.resource.ClusterFacts;
import io.otelgraft.spi.LanguagePlugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Another pod of the same story, for which Graft's promises hold as well. */
@SuppressWarnings("ImmutableEnumChecker") // the edits are references to static methods
enum Variation {
  AS_IT_IS("as it is", pod -> {}),
  UNUSUAL("with fields that nobody knows, and other containers", Variation::unusual),
  TAKEN("where the names and paths of Graft are taken", Variation::taken),
  RESTRICTED("restricted", Variation::restricted),
  CARELESS("restricted, by a resource that is not", Variation::restricted, Variation::careless),
  LIMITED("in a namespace with limits", Variation::burstable, Variation::limited),
  GUARANTEED("of guaranteed quality of service", Variation::guaranteed),
  POD_LEVEL_RESOURCES("with resources for the pod as a whole", Variation::podLevel),
  MOUNTED("with the agent mounted from its image", Variation::mounted);

  /** A cluster that has all that pods ask for. */
  private static final ClusterFacts MODERN =
      new ClusterFacts(Optional.of("1.36"), List.of("containerd://2.2.0"));

  private final String name;
  private final Consumer<ObjectNode> edit;
  private final UnaryOperator<Story> surroundings;

  Variation(String name, Consumer<ObjectNode> edit) {
    this(name, edit, UnaryOperator.identity());
  }

  Variation(String name, Consumer<ObjectNode> edit, UnaryOperator<Story> surroundings) {
    this.name = name;
    this.edit = edit;
    this.surroundings = surroundings;
  }

  private Story of(Story story) {
    return surroundings.apply(story.with(story.name() + ", " + name, edit)).in(MODERN);
  }

  /**
   * What becomes of the pods of all stories in all variations, alone and beside another language.
   */
  static List<Trial> trials(LanguagePlugin plugin, List<GoldenFiles> stories) {
    List<LanguagePlugin> plugins = List.of(plugin, new AnotherLanguage());
    List<Trial> trials = new ArrayList<>();
    for (GoldenFiles golden : stories) {
      for (Variation variation : values()) {
        Trial alone = variation.of(golden.story()).with(plugins);
        trials.add(alone);
        if (alone.isInjected()) {
          trials.add(AnotherLanguage.beside(plugin.language(), alone).with(plugins));
        }
      }
    }
    return trials;
  }

  private static ObjectNode yaml(String text) {
    return Documents.read("variation", text).list().getFirst().tree();
  }

  private static void unusual(ObjectNode pod) {
    pod.put("unknownOfPod", 1).set("unknownNull", null);
    ObjectNode spec = (ObjectNode) pod.get("spec");
    spec.set(
        "unknownOfSpec", yaml("{big: 123456789012345678901234567890, exact: 1.10, none: null}"));
    for (JsonNode container : spec.path("containers")) {
      ((ObjectNode) container).set("unknownOfContainer", yaml("{list: [1, null, {a: b}]}"));
    }
    spec.withArray("containers")
        .add(
            yaml(
                """
                name: bystander
                image: registry.example.com/bystander:1
                env: [{name: TWICE, value: a}, {name: TWICE, value: b}]
                volumeMounts: [{name: bystander, mountPath: /otel-auto-instrumentation}]
                """));
    spec.withArray("initContainers")
        .add(
            yaml(
                """
                name: native-sidecar
                image: registry.example.com/proxy:1
                restartPolicy: Always
                """));
    spec.withArray("volumes").add(yaml("{name: bystander, emptyDir: {}}"));
  }

  private static void taken(ObjectNode pod) {
    ObjectNode spec = (ObjectNode) pod.get("spec");
    spec.withArray("volumes").add(yaml("{name: taken, emptyDir: {}}"));
    for (JsonNode container : spec.path("containers")) {
      ((ObjectNode) container)
          .withArray("volumeMounts")
          .add(yaml("{name: taken, mountPath: /otel-auto-instrumentation/}"));
    }
  }

  private static void restricted(ObjectNode pod) {
    ObjectNode spec = (ObjectNode) pod.get("spec");
    spec.set(
        "securityContext", yaml("{runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}"));
    onAllContainers(
        spec, "securityContext", "{allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}");
  }

  /** All Instrumentations ask for root, in a story whose pod forbids it. */
  private static Story careless(Story story) {
    List<Document> resources = new ArrayList<>();
    for (Document resource : story.resources()) {
      ObjectNode tree = resource.tree().deepCopy();
      if (tree.path("kind").asText().equals("Instrumentation")) {
        tree.withObject("/spec")
            .set(
                "initContainerSecurityContext",
                yaml(
                    "{runAsUser: 0, runAsNonRoot: false, capabilities: {add: [SYS_ADMIN]},"
                        + " seccompProfile: {type: Unconfined}}"));
      }
      resources.addAll(documents(tree.toString()));
    }
    return story.in(resources);
  }

  private static void burstable(ObjectNode pod) {
    onAllContainers((ObjectNode) pod.get("spec"), "resources", "{requests: {cpu: 10m}}");
  }

  private static Story limited(Story story) {
    List<Document> resources = new ArrayList<>(story.resources());
    resources.addAll(
        documents(
            """
            apiVersion: v1
            kind: LimitRange
            metadata: {name: variation, namespace: "%s"}
            spec:
              limits:
              - {type: Container, max: {cpu: 150m, memory: 100Mi}, min: {cpu: 60m}, \
                 maxLimitRequestRatio: {cpu: '2', memory: '1.5'}}
            """
                .formatted(story.template().namespace())));
    return story.in(resources);
  }

  private static List<Document> documents(String text) {
    return Documents.read("variation", text).list();
  }

  private static void guaranteed(ObjectNode pod) {
    onAllContainers(
        (ObjectNode) pod.get("spec"), "resources", "{limits: {cpu: 500m, memory: 0.5Gi}}");
  }

  private static void podLevel(ObjectNode pod) {
    ((ObjectNode) pod.get("spec"))
        .set("resources", yaml("{limits: {cpu: '1', memory: 1Gi}, requests: {cpu: 100m}}"));
  }

  private static void mounted(ObjectNode pod) {
    pod.withObject("/metadata/annotations").put(Annotations.AGENT_DELIVERY, "image-volume");
  }

  private static void onAllContainers(ObjectNode spec, String key, String value) {
    for (String list : new String[] {"initContainers", "containers"}) {
      for (JsonNode container : spec.path(list)) {
        ((ObjectNode) container).set(key, yaml(value));
      }
    }
  }
}
