package io.otelgraft.e2e.kubelet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment that the kubelet gives a container.
 *
 * <p>Order is what matters: {@code envFrom} comes first, then each entry of {@code env} in turn, a
 * later one of the same name replacing the earlier; {@code $(NAME)} sees only what came before.
 * Source: Kubernetes API reference, {@code EnvVar}, and the kubelet's {@code
 * makeEnvironmentVariables}. The variables of Services ({@code enableServiceLinks}) are left out:
 * there are none here.
 */
final class ContainerEnvironment {

  private final JsonNode pod;
  private final DownwardApi downward;
  private final ApiObjects objects;
  private final Path volumes;

  /**
   * The environments of a pod's containers.
   *
   * @param volumes the folder with the pod's emptyDirs, each under its name
   */
  ContainerEnvironment(JsonNode pod, Node node, ApiObjects objects, Path volumes) {
    this.pod = pod;
    this.downward = new DownwardApi(pod, node);
    this.objects = objects;
    this.volumes = volumes;
  }

  /**
   * The variables that the container's spec yields, in the order of their first appearance; an
   * image's own are not among them.
   *
   * @throws PodFailedException when something that is referred to does not exist and is not
   *     optional
   */
  Map<String, String> of(JsonNode container) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (JsonNode from : container.path("envFrom")) {
      String prefix = from.path("prefix").asText();
      String kind = from.has("secretRef") ? "Secret" : "ConfigMap";
      JsonNode reference =
          from.has("secretRef") ? from.path("secretRef") : from.path("configMapRef");
      objects
          .data(kind, namespace(), reference)
          .ifPresent(data ->
              data.forEach((key, value) -> variables.put(prefix + key, new String(value, UTF_8))));
    }
    for (JsonNode entry : container.path("env")) {
      String name = entry.path("name").asText();
      String literal = entry.path("value").asText();
      if (!literal.isEmpty() && entry.has("valueFrom")) {
        throw new PodFailedException(
            "Invalid value: env "
                + name
                + ": valueFrom may not be specified when `value` is not empty");
      }
      String value =
          entry.has("valueFrom")
              ? referenced(entry.path("valueFrom"), container)
              : VariableReferences.expand(literal, variables);
      if (value != null) {
        variables.put(name, value);
      }
    }
    return variables;
  }

  /**
   * The value of a {@code valueFrom}, null when it is optional and not there: the entry then counts
   * for nothing.
   */
  private String referenced(JsonNode valueFrom, JsonNode container) {
    String source =
        valueFrom.properties().stream().map(Map.Entry::getKey).findFirst().orElse("nothing");
    JsonNode reference = valueFrom.path(source);
    return switch (source) {
      case "fieldRef" -> downward.field(reference);
      case "resourceFieldRef" -> downward.resource(reference, container);
      case "configMapKeyRef" -> key("ConfigMap", reference);
      case "secretKeyRef" -> key("Secret", reference);
      case "fileKeyRef" -> file(reference);
      default ->
          throw new PodFailedException("CreateContainerConfigError: valueFrom has " + source);
    };
  }

  private String key(String kind, JsonNode reference) {
    String key = reference.path("key").asText();
    byte[] value =
        objects.data(kind, namespace(), reference).map(data -> data.get(key)).orElse(null);
    if (value == null && !reference.path("optional").asBoolean()) {
      throw new PodFailedException(
          "CreateContainerConfigError: couldn't find key %s in %s %s/%s"
              .formatted(key, kind, namespace(), reference.path("name").asText()));
    }
    return value == null ? null : new String(value, UTF_8);
  }

  /**
   * The value of a key in an env file, whose lines are {@code KEY='value'}.
   *
   * @see <a
   *     href="https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-via-file">Env
   *     files</a>
   */
  private String file(JsonNode reference) {
    Path file =
        volumes
            .resolve(reference.path("volumeName").asText())
            .resolve(reference.path("path").asText());
    String begin = reference.path("key").asText() + "='";
    try {
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        if (line.startsWith(begin) && line.endsWith("'")) {
          return line.substring(begin.length(), line.length() - 1);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!reference.path("optional").asBoolean()) {
      throw new PodFailedException(
          "CreateContainerConfigError: environment variable key %s not found in file %s"
              .formatted(reference.path("key").asText(), reference.path("path").asText()));
    }
    return null;
  }

  private String namespace() {
    return pod.at("/metadata/namespace").asText();
  }
}
