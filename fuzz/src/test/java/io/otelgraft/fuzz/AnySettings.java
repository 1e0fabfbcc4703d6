package io.otelgraft.fuzz;

import io.otelgraft.core.resource.Setting;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Need;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How an operator configured Graft: any of all settings that there are. */
final class AnySettings {
  private static final Map<String, List<String>> TEXTS =
      Map.of(
          "volume-limit-size", List.of("100Mi", "2Gi", "1e9"),
          "defaults.endpoint", List.of("http://fallback:4318", "https://${NODE_IP}:4317"),
          "defaults.sampler-argument", List.of("0.5"),
          "agent-images.registry", List.of("mirror.example.com", "registry:5000/mirror"),
          "cluster-name", List.of("prod", "a,b=c \u2603"),
          "cluster.version", List.of("1.36", "v1.35.2", "1.34"));

  private static final Map<String, List<String>> LISTS =
      Map.of(
          "excluded-namespaces", List.of("kube-*", "sh*p", "", "*"),
          "excluded-namespace-labels", List.of("tier=two", "tier", "x,y=z"),
          "forbidden-needs",
              Arrays.stream(Need.values())
                  .map(need -> need.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                  .toList(),
          "sandboxed-runtime-classes", List.of("gvisor", "*"),
          "agent-images.allowed",
              List.of(
                  "*",
                  "ghcr.io/*,*.example.com/*",
                  "ghcr.io/open-telemetry/*",
                  "sha256:" + "0".repeat(64)),
          "agent-images.pull-secrets", List.of("pull", "one,two"),
          "defaults.propagators", List.of("tracecontext", "b3multi,baggage"),
          "cluster.runtimes",
              List.of(
                  "containerd://2.2.0",
                  "cri-o://1.34.1,containerd://2.3.0-rc1",
                  "containerd://1.7.27",
                  "docker://28.0.1"));

  private static final List<String> DIGESTS =
      List.of("sha256:" + "0".repeat(64), "sha256:" + "5af0".repeat(16));

  private AnySettings() {}

  /** Settings that are valid together, by name. */
  static Map<String, String> of(Choices choices, List<Language> languages) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (Language language : languages) {
      // Without, all that asks for it is refused.
      boolean lacksImage = language.hasAgent() && language.imageRepository().isEmpty();
      if (lacksImage && choices.percent(90)) {
        settings.put("images." + language.id(), "registry.example.com/agent:1");
      }
    }
    for (Setting<Settings.Builder> setting : Settings.keys()) {
      if (choices.percent(share(setting.name()))) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        set(setting, choices, languages, more);
        if (areValid(more)) {
          settings = more;
        }
      }
    }
    return settings;
  }

  /** How often it is set, in percent: seldom where little happens then, often where much does. */
  private static int share(String name) {
    return switch (name) {
      case "enabled-languages" -> 55;
      case "cluster.version", "cluster.runtimes" -> 40;
      case "agent-delivery" -> 25;
      case "mode", "disabled-languages", "excluded-namespaces", "excluded-namespace-labels" -> 2;
      default -> 9;
    };
  }

  private static void set(
      Setting<Settings.Builder> setting,
      Choices choices,
      List<Language> languages,
      Map<String, String> to) {
    String name = setting.name();
    switch (setting.type()) {
      case CHOICE -> to.put(name, choices.of(setting.choices()));
      case FLAG -> to.put(name, choices.of("true", "false"));
      case LIST ->
          to.put(
              name,
              name.equals("enabled-languages")
                  ? String.join(",", languages.stream().map(Language::id).toList())
                  : choices.of(
                      LISTS.getOrDefault(name, languages.stream().map(Language::id).toList())));
      case MAP -> {
        switch (name) {
          case "defaults.env" ->
              to.put(
                  name + "." + choices.of("A", "OTEL_LOG_LEVEL", "PATH"), choices.of("x", "$(B)"));
          case "agent-images.digests" ->
              to.put(name + "." + image(choices.of(languages)), choices.of(DIGESTS));
          default ->
              to.put(name + "." + choices.of(languages).id(), choices.of("mirror.example.com/a:1"));
        }
      }
      default ->
          to.put(name, choices.of(TEXTS.getOrDefault(name, List.of("1", "x", "example.com/*"))));
    }
  }

  /** An image that pods may get: the default one, or what else settings and resources name. */
  private static String image(Language language) {
    return language
        .imageRepository()
        .flatMap(repository -> language.imageVersion().map(version -> repository + ":" + version))
        .orElse("registry.example.com/agent:1");
  }

  private static boolean areValid(Map<String, String> settings) {
    try {
      Settings.Builder builder = Settings.builder();
      settings.forEach(builder::set);
      builder.build();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
