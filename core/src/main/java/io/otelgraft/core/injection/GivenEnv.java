package io.otelgraft.core.injection;

import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.LanguageSection;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Language;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The env that people gave a container, by who gave it: the pod before the resource (its sections,
 * in the languages' order, before its common env), and the operator's configuration last.
 */
final class GivenEnv {
  private static final String CONFIGURED = "setting defaults.env";

  private final EnvLookup pod;
  private final Map<String, Given> resource = new LinkedHashMap<>();
  private final List<Given> configured = new ArrayList<>(0);

  /**
   * A variable that somebody gave.
   *
   * @param variable the entry, with {@code ${NAME}} filled in
   * @param rank where it stands
   * @param source who gave it
   */
  record Given(EnvVar variable, Rank rank, String source) {

    Optional<String> literal() {
      return variable.literal();
    }
  }

  GivenEnv(
      EnvLookup pod,
      List<Language> languages,
      Instrumentation instrumentation,
      Settings settings,
      PodVariables variables) {
    this.pod = pod;
    for (Language language : languages) {
      List<EnvVar> section =
          instrumentation.section(language.id()).map(LanguageSection::env).orElse(List.of());
      if (!section.isEmpty()) {
        String field = "spec." + language.section().orElse(language.id()) + ".env";
        add(section, Rank.LANGUAGE_ENV, field, instrumentation, variables);
      }
    }
    add(instrumentation.env(), Rank.COMMON_ENV, "spec.env", instrumentation, variables);
    for (EnvVar variable : settings.defaults().env()) {
      variables
          .resolve(variable, CONFIGURED)
          .ifPresent(resolved -> configured.add(new Given(resolved, Rank.COMMON_ENV, CONFIGURED)));
    }
  }

  private void add(
      List<EnvVar> entries,
      Rank rank,
      String field,
      Instrumentation instrumentation,
      PodVariables variables) {
    if (entries.isEmpty()) {
      return;
    }
    String source = field + " of " + instrumentation.reference();
    for (EnvVar entry : entries) {
      if (!resource.containsKey(entry.name())) {
        variables
            .resolve(entry, source)
            .ifPresent(resolved -> resource.put(entry.name(), new Given(resolved, rank, source)));
      }
    }
  }

  /** What the pod says. */
  Optional<Given> ofPod(String name) {
    return pod.own(name).map(own -> new Given(own, Rank.ORIGINAL, "env of the pod"));
  }

  /** What the resource's env says. */
  Optional<Given> ofResource(String name) {
    return Optional.ofNullable(resource.get(name));
  }

  /** What pod or resource say; it counts before all that Graft makes of fields and facts. */
  Optional<Given> find(String name) {
    return ofPod(name).or(() -> ofResource(name));
  }

  /** What the operator configured; it counts where the resource's fields say nothing. */
  Optional<Given> configured(String name) {
    for (Given given : configured) {
      if (given.variable().name().equals(name)) {
        return Optional.of(given);
      }
    }
    return Optional.empty();
  }

  /** All of the resource's env, in order. */
  Collection<Given> ofResource() {
    return resource.values();
  }

  /** All that the operator configured, in order. */
  List<Given> configured() {
    return configured;
  }

  /** The sources of which the pod's container takes all keys. */
  EnvFrom envFrom() {
    return pod.envFrom();
  }
}
