package io.otelgraft.core.injection;

import io.otelgraft.core.injection.Selection.Choice;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container with all the languages that are to go into it. They share one process environment, so
 * there is one telemetry configuration for all of them: by the resource of the first.
 */
final class ContainerPlan {
  private final ContainerDraft draft;
  private final ContainerFacts facts;
  private final PodFacts pod;
  private final Optional<NamespaceFacts> namespace;
  private final Settings settings;
  private final List<Choice> choices = new ArrayList<>(2);
  private ContainerTelemetry telemetry;
  private boolean configured;

  ContainerPlan(
      ContainerDraft draft, PodFacts pod, Optional<NamespaceFacts> namespace, Settings settings) {
    this.draft = draft;
    this.facts = ContainerFacts.of(draft.original(), draft.isInit());
    this.pod = pod;
    this.namespace = namespace;
    this.settings = settings;
  }

  ContainerDraft draft() {
    return draft;
  }

  ContainerFacts facts() {
    return facts;
  }

  PodFacts pod() {
    return pod;
  }

  void add(Choice choice) {
    choices.add(choice);
    telemetry = null;
  }

  /** The language does not go into the container after all. */
  void remove(Choice choice) {
    choices.remove(choice);
    telemetry = null;
  }

  /** What the container's SDK is told; for the languages that are planned now. */
  ContainerTelemetry telemetry() {
    if (telemetry == null) {
      Choice first = choices.getFirst();
      List<Language> languages = new ArrayList<>(choices.size());
      choices.forEach(choice -> languages.add(choice.plugin().language()));
      telemetry =
          ContainerTelemetry.of(
              pod, namespace, facts, env(first), languages, first.instrumentation(), settings);
    }
    return telemetry;
  }

  /** The variables of an Instrumentation as they are for the container. */
  PodVariables variables() {
    return new PodVariables(pod, namespace, facts, settings.clusterName());
  }

  /** The container's environment as it is before, for one of its languages. */
  TargetEnv env(Choice choice) {
    Map<String, EnvVar> image = ImageVariables.of(pod, facts, choice.instrumentation());
    draft.env().imageGives(image);
    return new TargetEnv(
        draft.original(), choice.section(), choice.instrumentation(), image, variables());
  }

  /** What gives the container a variable: its own entry, or those of resource and telemetry. */
  List<EnvVar> entries(String name) {
    Optional<EnvVar> own = env(choices.getFirst()).own(name);
    if (own.isPresent()) {
      return List.of(own.get());
    }
    List<EnvVar> entries = new ArrayList<>(1);
    for (Proposal proposal : telemetry().proposals()) {
      if (proposal.variable().name().equals(name)) {
        entries.add(proposal.variable());
      }
    }
    return entries;
  }

  /**
   * References to what may stand in {@code envFrom} under a name that the container does not list.
   */
  List<EnvVar> unseen(String name) {
    return env(choices.getFirst()).own(name).isPresent()
        ? List.of()
        : new EnvFrom(draft.original().path("envFrom")).entries(name, name);
  }

  /**
   * Whether the container's own environment has the telemetry configuration from now on.
   *
   * @return false if it had it before
   */
  boolean configure() {
    boolean first = !configured;
    configured = true;
    return first;
  }
}
