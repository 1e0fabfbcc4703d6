package io.otelgraft.runtime.migration;

import com.google.errorprone.annotations.Immutable;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Finding.Severity;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.runtime.migration.Part.Kind;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the OpenTelemetry Operator does and Graft does not, whatever the settings: it breaks pods,
 * loses telemetry or does not do what was asked for.
 */
public enum KnownDifference {
  /** A pod that says otherwise than its namespace. */
  NAMESPACE_FIRST(
      "the operator takes what the namespace names before true on the pod, and does not take an"
          + " empty value on the pod as no; to Graft the pod's own value counts",
      KnownDifference::saysOtherwise),
  /** Which container is instrumented if none is named. */
  DEFAULT_CONTAINER(
      "no container is named: the operator takes the first, Graft the one that kubectl takes, else"
          + " the first that is no mesh proxy",
      KnownDifference::hasAnotherDefault),
  /** Several languages, and the pod does not say for which containers. */
  SEVERAL_LANGUAGES(
      "the operator leaves a pod alone that asks for several languages without naming containers"
          + " for each; Graft injects them where there is no doubt",
      KnownDifference::hasSeveralWithoutNames),
  /** Lists of containers that the operator refuses as a whole. */
  CONTAINER_LIST(
      "the operator leaves a pod alone whose list of containers holds a name twice, a blank, or a"
          + " character beside letters, digits and dashes",
      KnownDifference::hasOddList),
  /** One language that cannot be had. */
  ONE_OF_SEVERAL(
      "the operator injects no language if one of them cannot be had; Graft injects the others, or"
          + " rejects the pod",
      KnownDifference::lacksOne),
  /** An agent that is there already, or a container that does not take one. */
  STANDS_DOWN(
      "the operator adds its agent beside another one, or to a pod of which no container loads it;"
          + " Graft leaves such containers as they are",
      KnownDifference::standsDown),
  /** Pods that Graft never injects. */
  LEFT_ALONE(
      "the operator injects also system pods and excluded namespaces; Graft leaves them alone, see"
          + " the setting excluded-namespaces",
      one ->
          Set.of(Reasons.NAMESPACE_EXCLUDED, Reasons.SYSTEM_POD, Reasons.WINDOWS_POD)
              .contains(one.preset().reason())),
  /** A list variable, or the resource attributes, from a ConfigMap, Secret or file. */
  BY_REFERENCE(
      "the operator leaves a container without its agent whose list variable comes by valueFrom, and"
          + " breaks a pod whose OTEL_RESOURCE_ATTRIBUTES do; Graft extends both",
      KnownDifference::hasReferences),
  /** Variables that the operator hides. */
  ENV_FROM(
      "the operator's variables hide those of the same name that come by envFrom; under Graft these"
          + " count",
      one -> one.targets().stream().anyMatch(container -> !container.path("envFrom").isEmpty())),
  /** Images that nobody chose. */
  OPERATOR_DEFAULT(
      "the operator wrote its default image of the agent into the resource; it moves to Graft's own"
          + " default",
      one -> !one.replacedDefaults().isEmpty()),
  /** Variables that are there twice. */
  TWICE("the operator lists a variable twice where two languages share a container", _ -> true),
  /** Values that take an attribute list apart. */
  ENCODED(
      "the operator writes commas, equals signs and blanks into attribute values as they are, which"
          + " breaks the list; Graft encodes them",
      one ->
          one.parts().entrySet().stream()
              .anyMatch(part ->
                  part.getKey().kind() == Kind.ATTRIBUTE
                      && AttributeEncoding.isEncoded(part.getValue().asText()))),
  /** What the user says of the service. */
  OWN_ATTRIBUTES(
      "the operator sets the service's name, version and namespace and k8s.pod.name over what the user"
          + " gives as attribute; under Graft what the user says counts",
      KnownDifference::givesAttributes),
  /** Versions that are none, and owners. */
  ATTRIBUTES(
      "the operator takes the tag latest for a version, any owner for the controller, and knows no"
          + " ReplicationController",
      _ -> true),
  /** UIDs that take a look-up. */
  OWNER_UIDS(
      "the operator looks up the UID of what controls the pod's owner; Graft knows that of the owner,"
          + " which the pod names",
      _ -> true),
  /** Scripts of init containers. */
  SCRIPTS(
      "what the operator's init containers run, and the comments in what they write, is of its own;"
          + " Graft's does the same, and can run again",
      _ -> true),
  /** Volumes that may take the node's disk. */
  VOLUME_LIMITS("the operator gives some of its volumes no size limit; Graft gives all", _ -> true);

  private static final Pattern LIST = Pattern.compile("[a-zA-Z0-9-]+");
  private static final String ATTRIBUTE_LIST = "OTEL_RESOURCE_ATTRIBUTES";

  /** What cannot be told from a manifest alone. */
  private static final Set<KnownDifference> SEEN_IN_PODS =
      EnumSet.of(TWICE, ATTRIBUTES, OWNER_UIDS, SCRIPTS, VOLUME_LIMITS);

  /** Of which pods it is true. */
  @Immutable
  private interface Condition {
    boolean holds(Case one);
  }

  private final String text;
  private final Condition applies;

  KnownDifference(String text, Condition applies) {
    this.text = text;
    this.applies = applies;
  }

  /** What differs, in words. */
  public String text() {
    return text;
  }

  /** Whether it can be told from a manifest alone that it matters. */
  boolean foretold(Case one) {
    return !SEEN_IN_PODS.contains(this) && applies.holds(one);
  }

  /** Whether it may matter for a pod. */
  boolean applies(Case one) {
    return applies.holds(one);
  }

  private static boolean hasAnotherDefault(Case one) {
    String first = one.pod().path("spec").path("containers").path(0).path("name").asText();
    return one.injected().stream()
        .anyMatch(injected ->
            one.named(injected.language()).isEmpty() && !injected.containers().contains(first));
  }

  private static boolean hasSeveralWithoutNames(Case one) {
    return one.injected().size() > 1
        && one.injected().stream()
            .map(Injected::language)
            .anyMatch(language -> one.named(language).isEmpty());
  }

  private static boolean hasOddList(Case one) {
    return one.injected().stream()
        .map(injected -> one.named(injected.language()))
        .anyMatch(KnownDifference::isOdd);
  }

  private static boolean isOdd(List<String> names) {
    return new HashSet<>(names).size() < names.size()
        || names.stream().anyMatch(name -> !name.isEmpty() && !LIST.matcher(name).matches());
  }

  private static boolean lacksOne(Case one) {
    return !one.injected().isEmpty()
        && one.preset().findings().stream()
            .filter(finding -> finding.severity() != Severity.NOTE)
            .filter(finding -> !finding.language().isEmpty() && finding.container().isEmpty())
            .map(Finding::language)
            .anyMatch(language ->
                one.injected().stream()
                    .noneMatch(injected -> injected.language().equals(language)));
  }

  private static boolean saysOtherwise(Case one) {
    return !one.namespaceFirst().isEmpty();
  }

  private static boolean standsDown(Case one) {
    return one.preset().findings().stream()
        .filter(finding -> !finding.container().isEmpty())
        .anyMatch(finding ->
            one.catalogue().language(finding.language()).stream()
                .flatMap(plugin -> plugin.language().reasons().stream())
                .anyMatch(reason -> reason.code().equals(finding.reason())));
  }

  private static boolean hasReferences(Case one) {
    return one.injected().stream()
        .flatMap(injected -> injected.containers().stream().map(name -> one.container(name)))
        .anyMatch(container ->
            one.refersInList(container.path("name").asText())
                || Case.refers(container, ATTRIBUTE_LIST));
  }

  private static boolean givesAttributes(Case one) {
    boolean inPod =
        one.targets().stream()
            .flatMap(container -> container.path("env").valueStream())
            .anyMatch(entry -> entry.path("name").asText().equals(ATTRIBUTE_LIST));
    return inPod
        || one.preset().journal().edits().stream()
            .anyMatch(edit ->
                edit.name().equals("OTEL_SERVICE_NAME")
                    && edit.source().contains("resourceAttributes"));
  }
}
