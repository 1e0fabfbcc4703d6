package io.otelgraft.fuzz;

import static io.otelgraft.fuzz.Fragments.yaml;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.ListVariable;
import java.util.ArrayList;
import java.util.List;

/** Environment variables as containers and resources have them. */
final class AnyEnv {
  private static final List<String> NAMES =
      List.of(
          "A",
          "B",
          "PATH",
          "odd.name-1",
          "OTEL_SERVICE_NAME",
          "OTEL_RESOURCE_ATTRIBUTES",
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_PROTOCOL",
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
          "OTEL_EXPORTER_OTLP_CERTIFICATE",
          "OTEL_TRACES_EXPORTER",
          "OTEL_METRICS_EXPORTER",
          "OTEL_LOGS_EXPORTER",
          "OTEL_PROPAGATORS",
          "OTEL_TRACES_SAMPLER",
          "OTEL_TRACES_SAMPLER_ARG",
          "OTEL_SDK_DISABLED",
          "OTEL_NODE_IP",
          "OTEL_POD_IP",
          "OTEL_RESOURCE_ATTRIBUTES_POD_NAME",
          "OTEL_RESOURCE_ATTRIBUTES_NODE_NAME",
          "OTEL_JAVAAGENT_EXTENSIONS",
          "OTEL_NODE_RESOURCE_DETECTORS",
          "NODE_PATH",
          "LD_PRELOAD",
          "CORECLR_ENABLE_PROFILING",
          "CORECLR_PROFILER",
          "CORECLR_PROFILER_PATH",
          "DOTNET_ADDITIONAL_DEPS",
          "OTEL_GO_AUTO_TARGET_EXE",
          "NEW_RELIC_LICENSE_KEY",
          "DD_TRACE_ENABLED");

  private static final List<String> VALUES =
      List.of(
          "x",
          "",
          " ",
          "/a:/b",
          "/a::/b:",
          "-Xmx1g -Dx=y",
          "-javaagent:/opt/other/agent.jar",
          "-javaagent:/newrelic/newrelic.jar",
          "-Dotel.javaagent.extensions=/x.jar,/y.jar",
          "--require dd-trace/init",
          "--require ./mine.js",
          "-r \"/with space/x.js\"",
          "/opt/ddtrace/bootstrap:/app",
          "1",
          "true",
          "{918728DD-259F-4A6A-AC2B-B85E1B658318}",
          "/usr/bin/app",
          "team=shop,tier=one",
          "team=a%2Cb,,service.name=mine, k8s.pod.name=p ,broken,=,x=",
          "http://collector:4317",
          "https://$(A):4318",
          "$(A)",
          "$(A) and $(B) and $(OTEL_NODE_IP)",
          "$$(A) $( $( )",
          "$(OTEL_RESOURCE_ATTRIBUTES_POD_NAME)",
          "${POD_NAME}",
          "grpc",
          "http/protobuf",
          "always_on",
          "0.25",
          "none",
          "line\nbreak \"quoted\" 'quoted' \\ `x`",
          "snowman \u2603 \uD83D\uDE00 \u202e",
          "x".repeat(5000));

  private static final List<String> REFERENCES =
      List.of(
          "{fieldRef: {fieldPath: metadata.name}}",
          "{fieldRef: {apiVersion: v1, fieldPath: spec.nodeName}}",
          "{fieldRef: {fieldPath: status.podIP}}",
          "{fieldRef: {fieldPath: \"metadata.annotations['team']\"}}",
          "{fieldRef: {fieldPath: \"metadata.labels['app']\"}}",
          "{configMapKeyRef: {name: c, key: k}}",
          "{configMapKeyRef: {name: c, key: k, optional: true}}",
          "{secretKeyRef: {name: s, key: k}}",
          "{secretKeyRef: {name: s, key: k, optional: true}}",
          "{resourceFieldRef: {resource: limits.cpu}}",
          "{resourceFieldRef: {containerName: app, resource: requests.memory, divisor: 1Mi}}");

  private static final List<String> SOURCES =
      List.of(
          "{configMapRef: {name: c}}",
          "{configMapRef: {name: c, optional: true}}",
          "{secretRef: {name: s}}",
          "{secretRef: {name: s, optional: true}}",
          "{prefix: OTEL_, configMapRef: {name: c}}",
          "{prefix: MY_, secretRef: {name: s}}");

  private final Choices choices;
  private final List<String> names;

  AnyEnv(Choices choices, List<Language> languages) {
    this.choices = choices;
    this.names = names(languages);
  }

  private static List<String> names(List<Language> languages) {
    List<String> names = new ArrayList<>(NAMES);
    for (Language language : languages) {
      for (ListVariable variable : language.listVariables()) {
        // Several times, as these are what languages get in by.
        for (int i = 0; i < 3; i++) {
          names.add(variable.name());
        }
        names.add("GRAFT_" + variable.name());
      }
    }
    return names;
  }

  /** Up to so many entries. */
  ArrayNode entries(int most) {
    ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    int count = choices.below(most + 1);
    for (int i = 0; i < count; i++) {
      entries.add(entry());
    }
    return entries;
  }

  private ObjectNode entry() {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("name", choices.of(names));
    if (choices.percent(30)) {
      entry.set("valueFrom", yaml(choices.of(REFERENCES)));
    } else if (!choices.percent(3)) {
      entry.put("value", choices.of(VALUES));
    }
    return entry;
  }

  /** Up to two sources. */
  ArrayNode sources() {
    ArrayNode sources = JsonNodeFactory.instance.arrayNode();
    int count = 1 + choices.below(2);
    for (int i = 0; i < count; i++) {
      ObjectNode source = yaml(choices.of(SOURCES));
      if (choices.percent(10)) {
        // A prefix that makes up a name together with a key.
        String name = choices.of(names);
        source.put("prefix", name.substring(0, 1 + choices.below(name.length())));
      }
      sources.add(source);
    }
    return sources;
  }

  /** Up to two sources of a variable's value in files of a volume. */
  ArrayNode ofFiles(String volume) {
    ArrayNode entries = JsonNodeFactory.instance.arrayNode();
    for (int i = 1 + choices.below(2); i > 0; i--) {
      ObjectNode entry = entries.addObject().put("name", choices.of(names));
      ObjectNode file = entry.putObject("valueFrom").putObject("fileKeyRef");
      file.put("volumeName", volume).put("path", choices.of("env", "a/b.env")).put("key", "K");
      if (choices.percent(30)) {
        file.put("optional", true);
      }
    }
    return entries;
  }

  /** What somebody tells of the environment that images set: lines of variables. */
  String ofImages(List<String> containers) {
    StringBuilder lines = new StringBuilder();
    for (int i = 1 + choices.below(3); i > 0; i--) {
      lines.append(choices.percent(30) ? choices.of(containers) + "/" : "");
      lines.append(choices.of(names)).append('=').append(choices.of(VALUES)).append('\n');
    }
    return lines.toString();
  }

  /** The same of some images, as a resource has it. */
  ArrayNode ofImages() {
    ArrayNode images = JsonNodeFactory.instance.arrayNode();
    for (int i = 1 + choices.below(2); i > 0; i--) {
      ObjectNode image = images.addObject();
      if (choices.percent(60)) {
        image.put("image", choices.of("*", "*/cart:*", "shop/*", "cart"));
      }
      ArrayNode env = image.putArray("env");
      for (int j = 1 + choices.below(2); j > 0; j--) {
        env.addObject().put("name", choices.of(names)).put("value", choices.of(VALUES));
      }
    }
    return images;
  }

  /** A value that somebody wrote. */
  String value() {
    return choices.of(VALUES);
  }
}
