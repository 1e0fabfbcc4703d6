package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.spi.AgentSign;
import io.otelgraft.spi.Language;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recognises agents of other products by what they have in common in all languages: what their own
 * injectors leave in a pod or are asked by, and variables that nobody sets who does not use them.
 * What they look like in one language is that language's plugin to say.
 *
 * <p>Not among the signs is what people also set for logs, metrics or an exporter: {@code DD_ENV},
 * a licence key, the address of a node's agent.
 */
public final class OtherAgents {

  /** Where a sign is seen, and what of it. */
  public enum Place {
    /** The key of a label or annotation of the pod, by which it asks another injector. */
    POD_KEY,
    /** The name of a variable in the env of the container. */
    VARIABLE,
    /** A part of the path of a library that the dynamic linker is to load first. */
    PRELOADED,
    /** How the name of an init container begins that an injector adds. */
    INIT_CONTAINER,
    /** The name of a volume with an agent that an injector mounts. */
    VOLUME
  }

  /**
   * What shows that a product's agent is there.
   *
   * @param place where it is seen
   * @param product whose agent it is, as people know it
   * @param text the key, the name, or the part of it that counts
   */
  public record Sign(Place place, String product, String text) {}

  /** All that is looked for, in this order. */
  public static final List<Sign> SIGNS =
      List.of(
          new Sign(Place.POD_KEY, "Datadog", "admission.datadoghq.com/enabled"),
          new Sign(Place.POD_KEY, "Datadog", "admission.datadoghq.com/all-lib.version"),
          new Sign(Place.POD_KEY, "Dynatrace", "oneagent.dynatrace.com/inject"),
          new Sign(Place.POD_KEY, "Dynatrace", "oneagent.dynatrace.com/injected"),
          new Sign(Place.POD_KEY, "Elastic", "co.elastic.apm/attach"),
          new Sign(Place.POD_KEY, "Instana", "instana-autotrace"),
          new Sign(Place.POD_KEY, "Lumigo", "lumigo.auto-trace"),
          new Sign(Place.VARIABLE, "Datadog", "DD_TRACE_ENABLED"),
          new Sign(Place.VARIABLE, "Datadog", "DD_INJECTION_ENABLED"),
          new Sign(Place.VARIABLE, "New Relic", "NEW_RELIC_APP_NAME"),
          new Sign(Place.VARIABLE, "AppDynamics", "APPDYNAMICS_AGENT_APPLICATION_NAME"),
          new Sign(Place.VARIABLE, "Elastic", "ELASTIC_APM_SERVER_URL"),
          new Sign(Place.VARIABLE, "Elastic", "ELASTIC_APM_SERVICE_NAME"),
          new Sign(Place.VARIABLE, "SkyWalking", "SW_AGENT_NAME"),
          new Sign(Place.PRELOADED, "Dynatrace", "oneagent"),
          new Sign(Place.PRELOADED, "Datadog", "datadog"),
          new Sign(Place.PRELOADED, "Instana", "instana"),
          new Sign(Place.PRELOADED, "Lumigo", "lumigo"),
          new Sign(Place.PRELOADED, "AppDynamics", "appdynamics"),
          new Sign(Place.PRELOADED, "the OpenTelemetry injector", "otelinject"),
          new Sign(Place.INIT_CONTAINER, "Datadog", "datadog-lib-"),
          new Sign(Place.INIT_CONTAINER, "Datadog", "datadog-init-apm-inject"),
          new Sign(Place.INIT_CONTAINER, "Dynatrace", "install-oneagent"),
          new Sign(Place.INIT_CONTAINER, "Instana", "instana-instrumentation"),
          new Sign(Place.INIT_CONTAINER, "AppDynamics", "appd-agent-attach"),
          new Sign(Place.INIT_CONTAINER, "New Relic", "newrelic-instrumentation"),
          new Sign(Place.INIT_CONTAINER, "Lumigo", "lumigo-injector"),
          new Sign(Place.VOLUME, "Datadog", "datadog-auto-instrumentation"),
          new Sign(Place.VOLUME, "Dynatrace", "oneagent-bin"),
          new Sign(Place.VOLUME, "Dynatrace", "oneagent-share"),
          new Sign(Place.VOLUME, "Instana", "instana-instrumentation-volume"),
          new Sign(Place.VOLUME, "Elastic", "elastic-apm-agent"));

  /** Variables by which a product is switched off, whatever else is set for it. */
  public static final Map<String, List<String>> SWITCHES =
      Map.of(
          "New Relic", List.of("NEW_RELIC_ENABLED", "NEW_RELIC_AGENT_ENABLED"),
          "Elastic", List.of("ELASTIC_APM_ENABLED", "ELASTIC_APM_ACTIVE"));

  private static final String PRELOAD = "LD_PRELOAD";

  private OtherAgents() {}

  /** What shows that another agent is in a container, or will be; empty if nothing does. */
  static Optional<String> in(TargetView target, Language language, PodDraft pod) {
    for (Sign sign : SIGNS) {
      Optional<String> found =
          switch (sign.place) {
            case POD_KEY -> podKey(sign.product, sign.text, target.plan().pod());
            case VARIABLE -> variable(sign.product, sign.text, target);
            case PRELOADED -> preloaded(sign, target);
            case INIT_CONTAINER -> initContainer(sign, pod);
            case VOLUME -> volume(sign, target);
          };
      if (found.isPresent()) {
        return found;
      }
    }
    for (AgentSign sign : language.otherAgents()) {
      Optional<String> found =
          switch (sign.place()) {
            case VARIABLE -> variable(sign.product(), sign.name(), target);
            case POD_KEY -> podKey(sign.product(), sign.name(), target.plan().pod());
          };
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> variable(String product, String name, TargetView target) {
    Optional<EnvVar> entry = target.ofPod(name);
    if (entry.isEmpty() || isOff(entry.get())) {
      return Optional.empty();
    }
    for (String off : SWITCHES.getOrDefault(product, List.of())) {
      if (target.ofPod(off).filter(OtherAgents::isOff).isPresent()) {
        return Optional.empty();
      }
    }
    return Optional.of(product + ", by the variable " + name);
  }

  private static boolean isOff(EnvVar entry) {
    return entry.literal().filter(OtherAgents::isOff).isPresent();
  }

  private static boolean isOff(String value) {
    return value.isBlank() || value.equalsIgnoreCase("false") || value.equals("0");
  }

  private static Optional<String> podKey(String product, String key, PodFacts pod) {
    return value(pod.annotations(), key)
        .map(value -> product + ", by the annotation " + key + ": " + value)
        .or(() ->
            value(pod.labels(), key)
                .map(value -> product + ", by the label " + key + ": " + value));
  }

  private static Optional<String> value(Map<String, String> keys, String key) {
    return Optional.ofNullable(keys.get(key)).map(String::strip).filter(v -> !isOff(v));
  }

  private static Optional<String> preloaded(Sign sign, TargetView target) {
    return target
        .ofPod(PRELOAD)
        .flatMap(EnvVar::literal)
        .filter(path -> path.contains(sign.text))
        .map(path -> sign.product + ", by " + PRELOAD + "=" + path);
  }

  private static Optional<String> initContainer(Sign sign, PodDraft pod) {
    for (JsonNode container : pod.spec().path("initContainers")) {
      String name = container.path("name").asText();
      if (name.startsWith(sign.text)) {
        return Optional.of(sign.product + ", by the init container " + name);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> volume(Sign sign, TargetView target) {
    for (JsonNode mount : target.container().original().path("volumeMounts")) {
      if (mount.path("name").asText().equals(sign.text)) {
        return Optional.of(sign.product + ", by the volume " + sign.text);
      }
    }
    return Optional.empty();
  }
}
