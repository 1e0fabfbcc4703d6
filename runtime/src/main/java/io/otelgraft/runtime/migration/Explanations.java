package io.otelgraft.runtime.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.Marks;
import io.otelgraft.core.admission.PodRequest;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.resource.ImageName;
import io.otelgraft.runtime.migration.Part.Kind;
import io.otelgraft.spi.Image;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Why parts of a running pod are not what Graft gives. A {@link KnownDifference} explains a part
 * only if it explains its value: for most of them the pod is made as the operator would have made
 * it, by Graft under the operator's preset, and compared.
 */
final class Explanations {
  private static final JsonNode NOTHING = MissingNode.getInstance();
  private static final String POD_NAME = "$(OTEL_RESOURCE_ATTRIBUTES_POD_NAME)";
  private static final Set<String> SET_OVER_THE_USERS =
      Set.of("service.namespace", "service.version", "k8s.pod.name");
  private static final Pattern UID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Case one;
  private final Map<Part, JsonNode> running;
  private final List<Step> steps = new ArrayList<>();
  private Map<Part, JsonNode> expected;
  private Optional<KnownDifference> injects = Optional.empty();

  /** What the pod is with one more of the operator's ways. */
  private record Step(
      KnownDifference known, Map<Part, JsonNode> before, Map<Part, JsonNode> after) {}

  /**
   * Prepares to explain.
   *
   * @param one the pod as it was before the operator saw it
   * @param running its parts since
   * @param operator decides under the operator's preset
   * @param careless the same with languages that take every container
   */
  Explanations(Case one, Map<Part, JsonNode> running, Admission operator, Admission careless) {
    this.one = one;
    this.running = running;
    this.expected = one.parts();
    boolean injected = one.preset().outcome() == Outcome.INJECTED;
    ObjectNode pod = one.pod().deepCopy();
    Admission admission = operator;
    for (Map.Entry<KnownDifference, Consumer<ObjectNode>> way : ways().entrySet()) {
      KnownDifference known = way.getKey();
      if (!known.applies(one)) {
        continue;
      }
      way.getValue().accept(pod);
      admission = known == KnownDifference.STANDS_DOWN ? careless : admission;
      Decision decision =
          admission.decide(PodRequest.create(pod, PodFacts.of(pod, one.facts().namespace())));
      if (decision.outcome() == Outcome.INJECTED) {
        add(known, PodParts.of(decision.pod()));
        if (!injected && injects.isEmpty()) {
          injects = Optional.of(known);
        }
      }
    }
    if (KnownDifference.LEFT_ALONE.applies(one)) {
      injects = Optional.of(KnownDifference.LEFT_ALONE);
    }
    if (KnownDifference.BY_REFERENCE.applies(one)) {
      add(KnownDifference.BY_REFERENCE, skipped(expected));
    }
    if (KnownDifference.ENCODED.applies(one)) {
      add(KnownDifference.ENCODED, PodParts.decoded(expected));
    }
  }

  private void add(KnownDifference known, Map<Part, JsonNode> parts) {
    steps.add(new Step(known, expected, parts));
    expected = parts;
  }

  /** How to have Graft do as the operator does, in the order in which it does so. */
  private Map<KnownDifference, Consumer<ObjectNode>> ways() {
    Map<KnownDifference, Consumer<ObjectNode>> ways = new LinkedHashMap<>();
    ways.put(
        KnownDifference.NAMESPACE_FIRST,
        pod -> one.namespaceFirst().forEach((key, value) -> annotate(pod, key, value)));
    ways.put(KnownDifference.DEFAULT_CONTAINER, this::nameFirstContainer);
    ways.put(
        KnownDifference.STANDS_DOWN, pod -> annotate(pod, Annotations.BESIDE_OTHER_AGENTS, "true"));
    ways.put(KnownDifference.ENV_FROM, Explanations::removeEnvFrom);
    return ways;
  }

  private static void annotate(ObjectNode pod, String key, String value) {
    pod.withObject("/metadata").withObjectProperty("annotations").put(key, value);
  }

  private void nameFirstContainer(ObjectNode pod) {
    String first = pod.path("spec").path("containers").path(0).path("name").asText();
    for (Injected injected : one.injected()) {
      if (one.named(injected.language()).isEmpty()) {
        one.catalogue()
            .language(injected.language())
            .ifPresent(plugin -> annotate(pod, plugin.containerNamesAnnotation(), first));
      }
    }
  }

  private static void removeEnvFrom(ObjectNode pod) {
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : pod.path("spec").path(list)) {
        if (container instanceof ObjectNode tree) {
          tree.remove("envFrom");
        }
      }
    }
  }

  /**
   * The parts where a container stays as it was whose only language finds its list by reference.
   */
  private Map<Part, JsonNode> skipped(Map<Part, JsonNode> parts) {
    Map<Part, JsonNode> skipped = new LinkedHashMap<>(parts);
    Map<Part, JsonNode> original = PodParts.of(one.pod());
    for (JsonNode target : one.targets()) {
      String name = target.path("name").asText();
      if (one.languagesIn(name).size() == 1 && one.refersInList(name)) {
        skipped.keySet().removeIf(part -> part.container().equals(name));
        original.forEach((part, value) -> {
          if (part.container().equals(name)) {
            skipped.put(part, value);
          }
        });
      }
    }
    return skipped;
  }

  /**
   * Why the operator injected a pod which Graft would leave as it is; empty if that is not known.
   */
  Optional<KnownDifference> ofInjection() {
    return injects;
  }

  /** The parts of the pod as the operator gives it, as far as Graft can do as it does. */
  Map<Part, JsonNode> expected() {
    return expected;
  }

  /** Whether the operator sets a part whatever the user says. */
  static boolean isSetOverTheUsers(Part part) {
    return part.kind() == Kind.SERVICE
        || (part.kind() == Kind.ATTRIBUTE && SET_OVER_THE_USERS.contains(part.name()));
  }

  /** Why a part of the pod differs; empty if that is not known. */
  Optional<KnownDifference> of(Difference difference) {
    for (Step step : steps) {
      if (is(difference, step.after()) && !is(difference, step.before())) {
        return Optional.of(step.known());
      }
    }
    if (isOperatorDefault(difference)) {
      return Optional.of(KnownDifference.OPERATOR_DEFAULT);
    }
    JsonNode wanted = expected.getOrDefault(difference.part(), NOTHING);
    if (isTwice(difference, wanted)) {
      return Optional.of(KnownDifference.TWICE);
    }
    if (KnownDifference.OWN_ATTRIBUTES.applies(one) && isOverTheUsers(difference)) {
      return Optional.of(KnownDifference.OWN_ATTRIBUTES);
    }
    if (isNoVersion(difference) || isAnyOwner(difference) || isReplicationController(difference)) {
      return Optional.of(KnownDifference.ATTRIBUTES);
    }
    if (isLookedUp(difference)) {
      return Optional.of(KnownDifference.OWNER_UIDS);
    }
    if (isScript(difference) || isCopy(difference) || isComment(difference)) {
      return Optional.of(KnownDifference.SCRIPTS);
    }
    return isLimit(difference) ? Optional.of(KnownDifference.VOLUME_LIMITS) : Optional.empty();
  }

  /** Whether Graft's image stands for one that the operator wrote into the resource. */
  boolean isOperatorDefault(Difference difference) {
    return difference.part().kind() == Kind.CONTAINER
        && Marks.isOperatorContainer(difference.part().container(), one.catalogue())
        && one.replacedDefaults().stream()
            .map(Finding::message)
            .anyMatch(message -> message.contains("\"" + difference.before().asText() + "\" "));
  }

  private static boolean is(Difference difference, Map<Part, JsonNode> parts) {
    return parts.getOrDefault(difference.part(), NOTHING).equals(difference.before());
  }

  private boolean isTwice(Difference difference, JsonNode wanted) {
    JsonNode before = difference.before();
    return one.languagesIn(difference.part().container()).size() > 1
        && before.isArray()
        && before.valueStream().allMatch(wanted::equals);
  }

  /** Whether the operator set what it always sets, whatever the user says. */
  private boolean isOverTheUsers(Difference difference) {
    Part part = difference.part();
    String before = difference.before().asText();
    if (part.kind() == Kind.SERVICE) {
      return names(part.container()).contains(before);
    }
    return part.kind() == Kind.ATTRIBUTE
        && switch (part.name()) {
          case "service.namespace" -> before.equals(one.facts().namespace());
          case "service.version" -> versions(part.container()).contains(before);
          case "k8s.pod.name" -> before.equals(POD_NAME);
          default -> false;
        };
  }

  /** The names that the operator derives for a service. */
  private Set<String> names(String container) {
    List<String> names = new ArrayList<>();
    for (String label : List.of("app.kubernetes.io/instance", "app.kubernetes.io/name")) {
      names.add(one.facts().labels().getOrDefault(label, container));
    }
    one.facts().owners().forEach(owner -> names.add(owner.name()));
    one.facts().name().ifPresent(names::add);
    names.add(container);
    return Set.copyOf(names);
  }

  /** The versions that the operator derives for a service. */
  private Set<String> versions(String container) {
    List<String> versions = new ArrayList<>();
    Optional.ofNullable(one.facts().labels().get("app.kubernetes.io/version"))
        .ifPresent(versions::add);
    Image image = ImageName.of(one.container(container).path("image").asText());
    image.tag().ifPresent(versions::add);
    image
        .digest()
        .ifPresent(digest -> {
          versions.add(digest);
          image.tag().ifPresent(tag -> versions.add(tag + "@" + digest));
        });
    return Set.copyOf(versions);
  }

  private boolean isNoVersion(Difference difference) {
    String before = difference.before().asText();
    return is(difference, Kind.ATTRIBUTE, "service.version"::equals)
        && (before.equals("latest") || before.startsWith("latest@"))
        && versions(difference.part().container()).contains(before);
  }

  /** Whether the operator took an owner that does not control the pod, or is no workload. */
  private boolean isAnyOwner(Difference difference) {
    String before = difference.before().asText();
    for (JsonNode owner : one.pod().at("/metadata/ownerReferences")) {
      String kind = "k8s." + owner.path("kind").asText().toLowerCase(Locale.ROOT);
      for (String what : List.of("name", "uid")) {
        if (is(difference, Kind.ATTRIBUTE, (kind + "." + what)::equals)
            && before.equals(owner.path(what).asText())) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isReplicationController(Difference difference) {
    return is(difference, Kind.ATTRIBUTE, "k8s.replicationcontroller.name"::equals)
        && difference.before().isMissingNode()
        && one.facts().owners().stream()
            .anyMatch(owner -> owner.name().equals(difference.after().asText()));
  }

  private static boolean isLookedUp(Difference difference) {
    return is(
            difference,
            Kind.ATTRIBUTE,
            name -> name.equals("k8s.deployment.uid") || name.equals("k8s.cronjob.uid"))
        && difference.after().isMissingNode()
        && UID.matcher(difference.before().asText()).matches();
  }

  /** Whether only the script differs that an init container runs, not what it is run with. */
  private boolean isScript(Difference difference) {
    JsonNode before = difference.before();
    JsonNode after = difference.after();
    return is(difference, Kind.FIELD, "args"::equals)
        && Marks.isOperatorContainer(difference.part().container(), one.catalogue())
        && before.size() == after.size()
        && before.size() > 1
        && withoutFirst(before).equals(withoutFirst(after));
  }

  /**
   * Whether the operator copies a directory with a command where Graft's script copies the same one
   * to the same place.
   */
  private boolean isCopy(Difference difference) {
    String container = difference.part().container();
    List<String> command = words(running, container, "command");
    List<String> script = words(expected, container, "args");
    return is(difference, Kind.FIELD, Set.of("command", "args")::contains)
        && Marks.isOperatorContainer(container, one.catalogue())
        && words(running, container, "args").isEmpty()
        && script.size() == 3
        && command.size() == 4
        && command.subList(0, 2).equals(List.of("cp", "-r"))
        && command.get(2).equals(script.getLast() + "/.")
        && mounts(container, command.getLast());
  }

  private static List<String> words(Map<Part, JsonNode> parts, String container, String field) {
    return parts
        .getOrDefault(new Part(container, Kind.FIELD, field), NOTHING)
        .valueStream()
        .map(JsonNode::asText)
        .toList();
  }

  /** Whether Graft mounts a volume into a container at a path. */
  private boolean mounts(String container, String path) {
    return expected.entrySet().stream()
        .anyMatch(entry ->
            entry.getKey().kind() == Kind.MOUNT
                && entry.getKey().container().equals(container)
                && entry.getValue().asText().equals(path));
  }

  /** Whether a file that an init container writes differs in comments and empty lines only. */
  private boolean isComment(Difference difference) {
    return is(difference, Kind.VARIABLE, _ -> true)
        && Marks.isOperatorContainer(difference.part().container(), one.catalogue())
        && difference.before().isTextual()
        && difference.after().isTextual()
        && statements(difference.before()).equals(statements(difference.after()));
  }

  private static List<String> statements(JsonNode text) {
    return text.textValue()
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  /** Whether a volume differs by nothing but that Graft limits it. */
  private static boolean isLimit(Difference difference) {
    JsonNode unlimited = difference.after().deepCopy();
    if (unlimited.path("emptyDir") instanceof ObjectNode directory) {
      directory.remove("sizeLimit");
    }
    return is(difference, Kind.VOLUME, _ -> true)
        && !difference.after().equals(unlimited)
        && difference.before().equals(unlimited);
  }

  private static List<JsonNode> withoutFirst(JsonNode words) {
    return words.valueStream().skip(1).toList();
  }

  private static boolean is(Difference difference, Kind kind, Predicate<String> name) {
    return difference.part().kind() == kind && name.test(difference.part().name());
  }
}
