package io.otelgraft.core.injection;

import io.otelgraft.core.injection.Selection.Choice;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.resource.AgentDelivery;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Language;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a resource and the operator's settings come to for one language, in a pod that says nothing
 * about it: the configuration that does not differ from pod to pod. What a plugin adds so that its
 * agent is loaded is not among it.
 *
 * @param endpoint where telemetry goes; empty if nobody says, or an env entry refers to it
 * @param protocol how it goes there; empty as above
 * @param delivery how the agent gets into pods; empty for a language without one
 * @param env other variables, in the order of the entries, with {@code ${NAME}} as it is written
 */
public record LanguageConfiguration(
    Optional<String> endpoint,
    Optional<String> protocol,
    Optional<AgentDelivery> delivery,
    List<EnvVar> env) {

  /** The configuration of a language that the resource was read with. */
  public static LanguageConfiguration of(
      LoadedPlugin plugin, Instrumentation instrumentation, Settings settings) {
    Language language = plugin.language();
    Map<String, EnvVar> entries = new LinkedHashMap<>();
    for (Proposal proposal : ContainerTelemetry.ofAnyPod(language, instrumentation, settings)) {
      entries.putIfAbsent(proposal.variable().name(), proposal.variable());
    }
    Optional<String> endpoint = literal(OtlpExporter.ENDPOINT, entries);
    Optional<String> protocol = literal(OtlpExporter.PROTOCOL, entries);
    Optional<AgentDelivery> delivery =
        language.hasAgent()
            ? Optional.of(delivery(plugin, instrumentation, settings))
            : Optional.empty();
    return new LanguageConfiguration(endpoint, protocol, delivery, List.copyOf(entries.values()));
  }

  /** Takes the value of an entry out, unless it refers to something. */
  private static Optional<String> literal(String name, Map<String, EnvVar> entries) {
    Optional<String> value = Optional.ofNullable(entries.get(name)).flatMap(EnvVar::literal);
    if (value.isPresent()) {
      entries.remove(name);
    }
    return value;
  }

  private static AgentDelivery delivery(
      LoadedPlugin plugin, Instrumentation instrumentation, Settings settings) {
    Asked nowhere = new Asked(plugin.id(), "true", false, Optional.empty());
    return Delivery.of(
            new Choice(plugin, instrumentation, nowhere, List.of()),
            PodFacts.NONE,
            Optional.empty(),
            settings)
        .way();
  }
}
