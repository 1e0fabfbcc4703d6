package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.injection.Selection.Choice;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Need;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Whether a pod may be given what a language needs beyond what any container may do.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Pod Security
 *     Standards</a>
 */
final class Needs {
  private static final String ENFORCED_LEVEL = "pod-security.kubernetes.io/enforce";

  private Needs() {}

  /** What is told when something that a language declares is forbidden; empty if nothing is. */
  static Optional<Finding> forbidden(
      Choice choice, JsonNode spec, Optional<NamespaceFacts> namespace, Settings settings) {
    Set<Need> declared = choice.plugin().language().needs();
    if (declared.isEmpty()) {
      return Optional.empty();
    }
    Set<Need> needs = EnumSet.copyOf(declared);
    if (settings.privilegedSidecars() && needs.contains(Need.CAPABILITIES)) {
      needs.add(Need.PRIVILEGED);
    }
    return ofPod(choice, needs, spec)
        .or(() -> ofRuntime(choice, needs, spec, settings))
        .or(() -> ofNamespace(choice, needs, level -> Optional.empty(), namespace))
        .or(() -> ofOperator(choice, needs, settings));
  }

  /** What is told when something that was added is forbidden; empty if nothing is. */
  static Optional<Finding> forbidden(
      Choice choice,
      Rights rights,
      JsonNode spec,
      Optional<NamespaceFacts> namespace,
      Settings settings) {
    Set<Need> needs = rights.needs();
    return ofPod(choice, needs, spec)
        .or(() -> ofNonRoot(choice, rights))
        .or(() -> ofNamespace(choice, needs, rights::breach, namespace))
        .or(() -> ofOperator(choice, needs, settings));
  }

  /** The pod asks for the language and forbids it at the same time, which only its author mends. */
  private static Optional<Finding> ofPod(Choice choice, Set<Need> needs, JsonNode spec) {
    if (!needs.contains(Need.SHARED_PROCESSES)) {
      return Optional.empty();
    }
    String title = choice.plugin().language().title();
    JsonNode shared = spec.path("shareProcessNamespace");
    if (shared.isBoolean() && !shared.asBoolean()) {
      return Optional.of(
          choice
              .asked()
              .cannot(
                  Reasons.NEEDS_FORBIDDEN,
                  "",
                  title
                      + " needs one process namespace for all containers of the pod, which its"
                      + " shareProcessNamespace: false forbids",
                  "remove shareProcessNamespace, or the annotation"));
    }
    return spec.path("hostPID").asBoolean(false)
        ? Optional.of(
            choice
                .asked()
                .cannot(
                    Reasons.NEEDS_FORBIDDEN,
                    "",
                    title
                        + " needs one process namespace for the containers of the pod alone; with"
                        + " hostPID: true it would see the processes of other pods",
                    "remove hostPID, or the annotation"))
        : Optional.empty();
  }

  private static Optional<Finding> ofNonRoot(Choice choice, Rights rights) {
    return rights
        .againstRoot(choice.plugin().language().needs())
        .flatMap(forbidding ->
            standDown(
                choice,
                phrase(Need.ROOT) + ", which " + forbidding + " forbids",
                "correct the security context that the Instrumentation gives it, or ask for a"
                    + " plugin that declares the need; or remove the annotation"));
  }

  private static Optional<Finding> ofRuntime(
      Choice choice, Set<Need> needs, JsonNode spec, Settings settings) {
    if (!needs.contains(Need.HOST_KERNEL)) {
      return Optional.empty();
    }
    String runtimeClass = spec.path("runtimeClassName").asText("");
    if (!runtimeClass.isEmpty() && settings.isSandboxed(runtimeClass)) {
      return standDown(
          choice,
          "the node's own kernel, from which runtimeClassName: " + runtimeClass + " keeps the pod",
          "run the pod without the sandbox, or remove the annotation; see"
              + " sandboxed-runtime-classes");
    }
    JsonNode hostUsers = spec.path("hostUsers");
    return hostUsers.isBoolean() && !hostUsers.asBoolean()
        ? standDown(
            choice,
            "rights over the node's kernel, which nobody has with hostUsers: false",
            "remove hostUsers, or the annotation")
        : Optional.empty();
  }

  /**
   * @param breach what a level forbids beside the needs
   */
  private static Optional<Finding> ofNamespace(
      Choice choice,
      Set<Need> needs,
      Function<PodSecurityLevel, Optional<String>> breach,
      Optional<NamespaceFacts> namespace) {
    String label = namespace.map(facts -> facts.labels().get(ENFORCED_LEVEL)).orElse("");
    PodSecurityLevel level = PodSecurityLevel.of(label);
    return first(needs, level.forbidden())
        .map(Needs::phrase)
        .or(() -> breach.apply(level).map(found -> "a container with " + found))
        .flatMap(needed ->
            standDown(
                choice,
                needed
                    + ", which "
                    + ENFORCED_LEVEL
                    + ": "
                    + label
                    + " of namespace "
                    + namespace.map(NamespaceFacts::name).orElse("")
                    + " forbids",
                "move the pod to a namespace of level privileged, or remove the annotation"));
  }

  private static Optional<Finding> ofOperator(Choice choice, Set<Need> needs, Settings settings) {
    return first(needs, settings.forbiddenNeeds())
        .flatMap(need ->
            standDown(
                choice,
                phrase(need) + ", which the operator's settings forbid",
                "take "
                    + Settings.written(need)
                    + " out of forbidden-needs, or remove the annotation"));
  }

  private static Optional<Need> first(Set<Need> needs, Set<Need> forbidden) {
    for (Need need : Need.values()) {
      if (needs.contains(need) && forbidden.contains(need)) {
        return Optional.of(need);
      }
    }
    return Optional.empty();
  }

  private static Optional<Finding> standDown(Choice choice, String needed, String fix) {
    return Optional.of(
        Finding.warning(
            Reasons.NEEDS_FORBIDDEN,
            choice.plugin().id(),
            "",
            "the pod starts without "
                + choice.plugin().language().title()
                + ", which needs "
                + needed,
            fix));
  }

  private static String phrase(Need need) {
    return switch (need) {
      case ROOT -> "a container that runs as root";
      case PRIVILEGED -> "a privileged container";
      case CAPABILITIES -> "a container with more capabilities than usual";
      case HOST_KERNEL -> "rights over the node's kernel";
      case HOST_PATH -> "a path of the node";
      case SHARED_PROCESSES -> "one process namespace for all containers of the pod";
      case WRITABLE_AGENT -> "an agent directory that can be written to";
      case EXECUTABLE_AGENT -> "an agent directory from which native code runs";
    };
  }
}
