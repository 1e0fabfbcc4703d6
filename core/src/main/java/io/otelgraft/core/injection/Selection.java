package io.otelgraft.core.injection;

import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.LanguageSection;
import io.otelgraft.core.resource.Mode;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Problem;
import io.otelgraft.core.resource.Resources;
import io.otelgraft.core.resource.Resources.Absence;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.core.resource.Settings.OnError;
import io.otelgraft.spi.Language;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which languages a pod asks for, by which resource, in which containers.
 *
 * <p>An annotation of the pod counts before one of its namespace, also one that says {@code false}
 * or nothing. What the pod itself asks for and cannot have is a refusal; what it inherits from its
 * namespace and cannot have is a warning, since the pod's author may not know of it.
 *
 * @param choices the languages that can be injected, in their order
 * @param observed whether a resource that was found says that pods are only observed
 * @param findings what cannot be had, and why
 */
record Selection(List<Choice> choices, boolean observed, List<Finding> findings) {

  /**
   * One language to inject.
   *
   * @param plugin the language's plugin
   * @param instrumentation the resource
   * @param asked where the user asks for it
   * @param containers the containers' names, init containers first
   */
  record Choice(
      LoadedPlugin plugin, Instrumentation instrumentation, Asked asked, List<String> containers) {

    /** The language's section of the resource. */
    LanguageSection section() {
      return instrumentation
          .section(plugin.id())
          .orElseThrow(() ->
              new IllegalStateException(
                  "Instrumentation "
                      + instrumentation.reference()
                      + " was read without "
                      + plugin));
    }
  }

  /** Whom to ask about a resource, if its annotations say: {@code owner} and {@code runbook}. */
  static String contact(Instrumentation instrumentation) {
    String owner = instrumentation.annotations().get("owner");
    String runbook = instrumentation.annotations().get("runbook");
    if (owner == null && runbook == null) {
      return "";
    }
    return " (Instrumentation "
        + instrumentation.reference()
        + (owner == null ? "" : ", owner: " + owner)
        + (runbook == null ? "" : ", runbook: " + runbook)
        + ")";
  }

  /** Finds plugin, resource and containers for all that is asked for. */
  static Selection of(
      List<Asked> asked,
      PodFacts pod,
      PodDraft draft,
      Optional<NamespaceFacts> namespace,
      Catalogue catalogue,
      Resources resources,
      Settings settings) {
    List<Choice> found = new ArrayList<>(asked.size());
    List<Finding> findings = new ArrayList<>(1);
    boolean observed = false;
    for (Asked one : asked) {
      Optional<LoadedPlugin> plugin = plugin(one, catalogue, resources, settings, findings);
      Optional<Instrumentation> resource =
          plugin.flatMap(known -> resource(one, pod.namespace(), resources, findings));
      if (resource.isPresent()) {
        observed |= resource.get().mode() == Mode.OBSERVE;
        found.add(new Choice(plugin.get(), resource.get(), one, List.of()));
      }
    }
    List<Choice> choices = new ArrayList<>(found.size());
    for (Choice choice : found) {
      Placing placing =
          new Placing(
              choice.asked(),
              isAmongSeveral(choice, found),
              choice.plugin().language(),
              choice.instrumentation(),
              settings);
      List<String> containers = containers(placing, pod, draft, namespace, findings);
      if (!containers.isEmpty()) {
        choices.add(
            new Choice(choice.plugin(), choice.instrumentation(), choice.asked(), containers));
      }
    }
    choices.sort(
        Comparator.comparingInt((Choice choice) -> choice.plugin().language().order())
            .thenComparing(choice -> choice.plugin().language().id()));
    return new Selection(choices, observed, findings);
  }

  /**
   * Whether a pod has to say which of its containers a language is for. What comes from the
   * namespace counts for the languages that come from there only: it shall not get in the way of
   * what a pod's author asked for.
   */
  private static boolean isAmongSeveral(Choice choice, List<Choice> found) {
    for (Choice other : found) {
      if (!other.asked().equals(choice.asked())
          && (other.asked().onPod() || !choice.asked().onPod())) {
        return true;
      }
    }
    return false;
  }

  private static Optional<LoadedPlugin> plugin(
      Asked asked,
      Catalogue catalogue,
      Resources resources,
      Settings settings,
      List<Finding> findings) {
    Optional<LoadedPlugin> plugin = catalogue.language(asked.id());
    if (plugin.isEmpty()) {
      String message =
          "the annotation "
              + asked.annotation()
              + " asks for a language that no plugin provides; there are: "
              + listed(catalogue.languages().stream().map(known -> known.language().id()).toList());
      findings.add(
          missing(asked, catalogue, resources)
              .map(why ->
                  Finding.warning(
                      Reasons.PLUGIN_MISSING,
                      asked.id(),
                      "",
                      message + "; but " + why,
                      "see graft plugins"))
              .orElseGet(() ->
                  asked.cannot(
                      Reasons.UNKNOWN_LANGUAGE,
                      "",
                      message,
                      "correct the name or add the plugin's jar")));
      return Optional.empty();
    }
    Language language = plugin.get().language();
    if (!settings.enables(language)) {
      findings.add(
          Finding.warning(
              Reasons.LANGUAGE_DISABLED,
              asked.id(),
              "",
              language.title()
                  + " is switched off by the operator's settings, so "
                  + asked.annotation()
                  + " has no effect",
              "switch it on with enabled-languages, or remove the annotation"));
      return Optional.empty();
    }
    return plugin;
  }

  /** Why the plugin may be one that there ought to be, which is no mistake of the pod's. */
  private static Optional<String> missing(Asked asked, Catalogue catalogue, Resources resources) {
    if (!catalogue.refused().isEmpty()) {
      return Optional.of("not all plugin jars could be loaded");
    }
    return resources.mayKnow(asked.id())
        ? Optional.of(
            "the cluster's definition of %s has a section for it, or cannot be looked at: another replica may have the plugin"
                .formatted(Instrumentation.KIND))
        : Optional.empty();
  }

  private static Optional<Instrumentation> resource(
      Asked asked, String namespace, Resources resources, List<Finding> findings) {
    if (asked.namesNone()) {
      List<Instrumentation> there = resources.in(namespace);
      if (there.size() == 1) {
        return named(asked, namespace, there.getFirst().name(), resources, findings);
      }
      if (asked.fallback().isPresent()) {
        return named(asked, namespace, asked.fallback().get(), resources, findings);
      }
      findings.add(noneOrMany(asked, namespace, there, resources));
      return Optional.empty();
    }
    return named(asked, namespace, asked.value(), resources, findings);
  }

  private static Finding noneOrMany(
      Asked asked, String namespace, List<Instrumentation> there, Resources resources) {
    String annotation = "the annotation " + asked.annotation();
    if (there.size() > 1) {
      return asked.cannot(
          Reasons.INSTRUMENTATION_AMBIGUOUS,
          "",
          annotation
              + " does not say which Instrumentation: namespace "
              + namespace
              + " has "
              + listed(there.stream().map(Instrumentation::name).toList()),
          "write the name of one instead of true");
    }
    List<String> invalid = resources.names(namespace);
    if (!invalid.isEmpty()) {
      String name = invalid.getFirst();
      return resources.find(namespace, name) instanceof Resources.Invalid found
          ? invalid(asked, namespace + "/" + name, found.problems())
          : absent(asked, namespace, name, Absence.UNCONFIRMED, resources);
    }
    String message = annotation + " finds no Instrumentation in namespace " + namespace;
    String fix = "create one there, or name one of another namespace as NAMESPACE/NAME";
    return resources.complete()
        ? asked.cannot(Reasons.INSTRUMENTATION_NOT_FOUND, "", message, fix)
        : unconfirmed(asked, message);
  }

  private static Optional<Instrumentation> named(
      Asked asked, String namespace, String value, Resources resources, List<Finding> findings) {
    int slash = value.indexOf('/');
    String in = slash < 0 ? namespace : value.substring(0, slash);
    String name = value.substring(slash + 1);
    switch (resources.find(in, name)) {
      case Resources.Accepted accepted -> {
        if (!accepted.ofNewer().isEmpty()) {
          findings.add(
              Finding.warning(
                  Reasons.INSTRUMENTATION_OUTDATED,
                  asked.id(),
                  "",
                  "Instrumentation "
                      + in
                      + "/"
                      + name
                      + " was changed to something that is not valid, so its last valid generation"
                      + " stays in force: "
                      + listed(accepted.ofNewer()),
                  "correct the resource"));
        }
        if (isAllowed(asked, namespace, accepted.instrumentation(), findings)) {
          return Optional.of(accepted.instrumentation());
        }
      }
      case Resources.Invalid invalid ->
          findings.add(invalid(asked, in + "/" + name, invalid.problems()));
      case Resources.Absent absent ->
          findings.add(absent(asked, in, name, absent.absence(), resources));
    }
    return Optional.empty();
  }

  /** Whether the pods of a namespace may use a resource, which may be one of another namespace. */
  private static boolean isAllowed(
      Asked asked, String namespace, Instrumentation instrumentation, List<Finding> findings) {
    String reference = instrumentation.reference();
    if (!instrumentation.allows(namespace)) {
      findings.add(
          asked.cannot(
              Reasons.INSTRUMENTATION_NOT_ALLOWED,
              "",
              "the annotation "
                  + asked.annotation()
                  + " names the Instrumentation "
                  + reference
                  + ", which pods of namespace "
                  + namespace
                  + " may not use; its spec.allowedNamespaces has: "
                  + listed(instrumentation.allowedNamespaces().orElse(List.of())),
              "name another one, or have its owner add the namespace" + contact(instrumentation)));
      return false;
    }
    if (!namespace.equals(instrumentation.namespace())
        && instrumentation.allowedNamespaces().isEmpty()) {
      findings.add(
          Finding.note(
              Reasons.INSTRUMENTATION_SHARED,
              asked.id(),
              "",
              "Instrumentation "
                  + reference
                  + " is used by pods of namespace "
                  + namespace
                  + "; any namespace may, as its spec.allowedNamespaces does not say which"));
    }
    return true;
  }

  private static Finding invalid(Asked asked, String reference, List<Problem> problems) {
    return asked.cannot(
        Reasons.INSTRUMENTATION_INVALID,
        "",
        "Instrumentation " + reference + " is not valid: " + listed(problems),
        "correct it; graft lint shows where");
  }

  private static Finding absent(
      Asked asked, String namespace, String name, Absence absence, Resources resources) {
    String message =
        "the annotation "
            + asked.annotation()
            + " names the Instrumentation "
            + namespace
            + "/"
            + name
            + ", which does not exist; namespace "
            + namespace
            + " has: "
            + listed(resources.names(namespace));
    return switch (absence) {
      case CONFIRMED ->
          asked.cannot(
              Reasons.INSTRUMENTATION_NOT_FOUND,
              "",
              message,
              "correct the name or create the resource");
      case UNCONFIRMED -> unconfirmed(asked, message);
      case DELETED_WHILE_IN_USE ->
          Finding.warning(
              Reasons.INSTRUMENTATION_DELETED,
              asked.id(),
              "",
              "Instrumentation "
                  + namespace
                  + "/"
                  + name
                  + " was deleted while in use, so its pods start without it",
              "remove the annotation or create the resource again");
    };
  }

  private static Finding unconfirmed(Asked asked, String message) {
    return Finding.warning(
        Reasons.INSTRUMENTATION_UNCONFIRMED,
        asked.id(),
        "",
        message + "; this could not be confirmed, so the pod starts without it",
        "");
  }

  /** A language and its resource, while its containers are looked for. */
  private record Placing(
      Asked asked,
      boolean amongSeveral,
      Language language,
      Instrumentation instrumentation,
      Settings settings) {}

  /**
   * The containers that annotations name, else the default one.
   *
   * @return empty if there is nowhere to go, which then stands among the findings
   */
  private static List<String> containers(
      Placing placing,
      PodFacts pod,
      PodDraft draft,
      Optional<NamespaceFacts> namespace,
      List<Finding> findings) {
    Set<String> names = new LinkedHashSet<>(2);
    String own = Annotations.PREFIX + placing.language().containerNamesKey();
    boolean ofPod = addNames(Annotations.CONTAINER_NAMES, pod, namespace, names);
    ofPod |= addNames(own, pod, namespace, names);
    String older = placing.language().olderContainerNamesKey().orElse(null);
    if (older != null) {
      ofPod |= addNames(Annotations.PREFIX + older, pod, namespace, names);
    }
    if (names.isEmpty()) {
      return unnamed(placing, pod, draft, findings);
    }
    List<String> there = draft.containerNames();
    Set<String> unknown = new TreeSet<>(names);
    there.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      names.removeAll(unknown);
      String message =
          "the pod has no container "
              + listed(unknown)
              + ", which "
              + (ofPod ? "its annotations name" : "the annotations of its namespace name")
              + " for "
              + placing.language().title();
      String fix = "name one of: " + listed(there) + contact(placing.instrumentation());
      boolean goesOn = !ofPod || placing.settings().onError() == OnError.ALLOW;
      findings.add(
          goesOn
              ? Finding.warning(Reasons.CONTAINER_NOT_FOUND, placing.asked().id(), "", message, fix)
              : placing.asked().cannot(Reasons.CONTAINER_NOT_FOUND, "", message, fix));
      if (!goesOn) {
        return List.of();
      }
    }
    List<String> ordered = new ArrayList<>(names.size());
    for (ContainerDraft init : draft.initContainers()) {
      if (names.remove(init.name())) {
        ordered.add(init.name());
      }
    }
    ordered.addAll(names);
    return ordered;
  }

  private static List<String> unnamed(
      Placing placing, PodFacts pod, PodDraft draft, List<Finding> findings) {
    List<String> candidates = candidates(draft, placing.settings());
    if (candidates.isEmpty()) {
      findings.add(
          placing
              .asked()
              .cannot(
                  Reasons.ONLY_SIDECARS,
                  "",
                  "all containers of the pod are sidecars that are not instrumented unless named: "
                      + listed(draft.containers().stream().map(ContainerDraft::name).toList()),
                  "name one with "
                      + Annotations.PREFIX
                      + placing.language().containerNamesKey()
                      + contact(placing.instrumentation())));
      return List.of();
    }
    if (!placing.amongSeveral() || candidates.size() == 1) {
      String named = pod.annotations().getOrDefault(Annotations.DEFAULT_CONTAINER, "");
      return List.of(candidates.contains(named) ? named : candidates.getFirst());
    }
    findings.add(
        placing
            .asked()
            .cannot(
                Reasons.CONTAINERS_UNCLEAR,
                "",
                "the pod asks for several languages and has several containers, but does not say"
                    + " which of them "
                    + placing.language().title()
                    + " is for",
                "name them with "
                    + Annotations.PREFIX
                    + placing.language().containerNamesKey()
                    + "; there are: "
                    + listed(draft.containerNames())
                    + contact(placing.instrumentation())));
    return List.of();
  }

  /**
   * Adds the names that an annotation lists.
   *
   * @return whether the annotation stands on the pod itself
   */
  private static boolean addNames(
      String key, PodFacts pod, Optional<NamespaceFacts> namespace, Set<String> names) {
    String value = pod.annotations().get(key);
    boolean ofPod = value != null;
    if (value == null && namespace.isPresent()) {
      value = namespace.get().annotations().get(key);
    }
    if (value == null) {
      return false;
    }
    int from = 0;
    while (from <= value.length()) {
      int comma = value.indexOf(',', from);
      int end = comma < 0 ? value.length() : comma;
      String name = value.substring(from, end).strip();
      if (!name.isEmpty()) {
        names.add(name);
      }
      from = end + 1;
    }
    return ofPod;
  }

  /** The containers that somebody may mean who names none. */
  private static List<String> candidates(PodDraft draft, Settings settings) {
    List<String> names = new ArrayList<>(draft.containers().size());
    for (ContainerDraft container : draft.containers()) {
      if (!settings.sidecarContainers().contains(container.name())) {
        names.add(container.name());
      }
    }
    return names;
  }

  private static String listed(Iterable<?> items) {
    List<String> texts = new ArrayList<>();
    items.forEach(item -> texts.add(String.valueOf(item)));
    return texts.isEmpty() ? "none" : texts.stream().collect(Collectors.joining(", "));
  }
}
