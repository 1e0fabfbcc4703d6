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
final class OtherAgents {
  /** Keys of labels and annotations by which a pod asks another injector. */
  private static final List<AgentSign> POD_KEYS =
      List.of(
          AgentSign.podKey("Datadog", "admission.datadoghq.com/enabled"),
          AgentSign.podKey("Datadog", "admission.datadoghq.com/all-lib.version"),
          AgentSign.podKey("Dynatrace", "oneagent.dynatrace.com/inject"),
          AgentSign.podKey("Dynatrace", "oneagent.dynatrace.com/injected"),
          AgentSign.podKey("Elastic", "co.elastic.apm/attach"),
          AgentSign.podKey("Instana", "instana-autotrace"),
          AgentSign.podKey("Lumigo", "lumigo.auto-trace"));

  private static final List<AgentSign> VARIABLES =
      List.of(
          AgentSign.variable("Datadog", "DD_TRACE_ENABLED"),
          AgentSign.variable("Datadog", "DD_INJECTION_ENABLED"),
          AgentSign.variable("New Relic", "NEW_RELIC_APP_NAME"),
          AgentSign.variable("AppDynamics", "APPDYNAMICS_AGENT_APPLICATION_NAME"),
          AgentSign.variable("Elastic", "ELASTIC_APM_SERVER_URL"),
          AgentSign.variable("Elastic", "ELASTIC_APM_SERVICE_NAME"),
          AgentSign.variable("SkyWalking", "SW_AGENT_NAME"));

  /** Variables by which a product is switched off, whatever else is set for it. */
  private static final Map<String, List<String>> SWITCHES =
      Map.of(
          "New Relic", List.of("NEW_RELIC_ENABLED", "NEW_RELIC_AGENT_ENABLED"),
          "Elastic", List.of("ELASTIC_APM_ENABLED", "ELASTIC_APM_ACTIVE"));

  /** Parts of the paths of libraries that injectors have the dynamic linker load first. */
  private static final Map<String, String> PRELOADED =
      Map.of(
          "oneagent", "Dynatrace",
          "datadog", "Datadog",
          "instana", "Instana",
          "lumigo", "Lumigo",
          "appdynamics", "AppDynamics",
          "otelinject", "the OpenTelemetry injector");

  /** How the names of the init containers begin that injectors add. */
  private static final Map<String, String> INIT_CONTAINERS =
      Map.of(
          "datadog-lib-", "Datadog",
          "datadog-init-apm-inject", "Datadog",
          "install-oneagent", "Dynatrace",
          "instana-instrumentation", "Instana",
          "appd-agent-attach", "AppDynamics",
          "newrelic-instrumentation", "New Relic",
          "lumigo-injector", "Lumigo");

  /** Volumes with another agent that injectors mount. */
  private static final Map<String, String> VOLUMES =
      Map.of(
          "datadog-auto-instrumentation", "Datadog",
          "oneagent-bin", "Dynatrace",
          "oneagent-share", "Dynatrace",
          "instana-instrumentation-volume", "Instana",
          "elastic-apm-agent", "Elastic");

  private OtherAgents() {}

  /** What shows that another agent is in a container, or will be; empty if nothing does. */
  static Optional<String> in(TargetView target, Language language, PodDraft pod) {
    JsonNode env = target.container().original().path("env");
    return declared(POD_KEYS, target)
        .or(() -> declared(VARIABLES, target))
        .or(() -> declared(language.otherAgents(), target))
        .or(() -> env.isEmpty() ? Optional.empty() : preloaded(target))
        .or(() -> initContainer(pod))
        .or(() -> volume(target));
  }

  private static Optional<String> declared(List<AgentSign> signs, TargetView target) {
    for (AgentSign sign : signs) {
      Optional<String> found =
          switch (sign.place()) {
            case VARIABLE -> variable(sign, target);
            case POD_KEY -> podKey(sign, target.plan().pod());
          };
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> variable(AgentSign sign, TargetView target) {
    Optional<EnvVar> entry = target.ofPod(sign.name());
    if (entry.isEmpty() || isOff(entry.get())) {
      return Optional.empty();
    }
    for (String name : SWITCHES.getOrDefault(sign.product(), List.of())) {
      if (target.ofPod(name).filter(OtherAgents::isOff).isPresent()) {
        return Optional.empty();
      }
    }
    return Optional.of(sign.product() + ", by the variable " + sign.name());
  }

  private static boolean isOff(EnvVar entry) {
    return entry.literal().filter(OtherAgents::isOff).isPresent();
  }

  private static boolean isOff(String value) {
    return value.isBlank() || value.equalsIgnoreCase("false") || value.equals("0");
  }

  private static Optional<String> podKey(AgentSign sign, PodFacts pod) {
    return value(pod.annotations(), sign)
        .map(value -> sign.product() + ", by the annotation " + sign.name() + ": " + value)
        .or(() ->
            value(pod.labels(), sign)
                .map(value -> sign.product() + ", by the label " + sign.name() + ": " + value));
  }

  private static Optional<String> value(Map<String, String> keys, AgentSign sign) {
    return Optional.ofNullable(keys.get(sign.name())).map(String::strip).filter(v -> !isOff(v));
  }

  private static Optional<String> preloaded(TargetView target) {
    String path = target.ofPod("LD_PRELOAD").flatMap(EnvVar::literal).orElse("");
    if (!path.isEmpty()) {
      for (Map.Entry<String, String> known : PRELOADED.entrySet()) {
        if (path.contains(known.getKey())) {
          return Optional.of(known.getValue() + ", by LD_PRELOAD=" + path);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> initContainer(PodDraft pod) {
    for (JsonNode container : pod.spec().path("initContainers")) {
      String name = container.path("name").asText();
      for (Map.Entry<String, String> known : INIT_CONTAINERS.entrySet()) {
        if (name.startsWith(known.getKey())) {
          return Optional.of(known.getValue() + ", by the init container " + name);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> volume(TargetView target) {
    for (JsonNode mount : target.container().original().path("volumeMounts")) {
      String product = VOLUMES.get(mount.path("name").asText());
      if (product != null) {
        return Optional.of(product + ", by the volume " + mount.path("name").asText());
      }
    }
    return Optional.empty();
  }
}
