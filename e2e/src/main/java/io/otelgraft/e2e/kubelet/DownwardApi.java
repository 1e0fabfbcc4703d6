package io.otelgraft.e2e.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pod may learn about itself.
 *
 * <p>Source: Kubernetes documentation, "Downward API: Available fields".
 */
final class DownwardApi {

  private static final Quantity ONE = Quantity.parse("1");

  private final JsonNode pod;
  private final Node node;

  /**
   * The downward API of one pod.
   *
   * @param pod as it is bound to the node: with name, uid and the like
   */
  DownwardApi(JsonNode pod, Node node) {
    this.pod = pod;
    this.node = node;
  }

  /**
   * The value of a {@code fieldRef}; empty when the pod has nothing there, as in the kubelet.
   *
   * @throws PodFailedException for a field that the downward API does not have
   */
  String field(JsonNode fieldRef) {
    String path = fieldRef.path("fieldPath").asText();
    int bracket = path.indexOf("['");
    if (bracket > 0 && path.endsWith("']")) {
      String key = path.substring(bracket + 2, path.length() - 2);
      switch (path.substring(0, bracket)) {
        case "metadata.labels", "metadata.annotations" -> {
          return map(path.substring(0, bracket)).path(key).asText();
        }
        default -> {}
      }
    }
    return switch (path) {
      case "metadata.name", "metadata.namespace", "metadata.uid" ->
          pod.at("/" + path.replace('.', '/')).asText();
      case "metadata.labels", "metadata.annotations" -> lines(map(path));
      case "spec.nodeName", "spec.serviceAccountName" ->
          pod.at("/" + path.replace('.', '/')).asText();
      case "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs" -> node.ip();
      default ->
          throw new PodFailedException(
              "CreateContainerConfigError: unsupported fieldPath: " + path);
    };
  }

  private JsonNode map(String path) {
    return pod.at("/" + path.replace('.', '/'));
  }

  /** The form that a volume's file has: sorted lines of key="value", the value escaped. */
  private static String lines(JsonNode map) {
    List<String> lines = new ArrayList<>();
    map.properties().forEach(e -> lines.add(e.getKey() + "=" + quoted(e.getValue().asText())));
    lines.sort(null);
    return String.join("\n", lines);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  /**
   * The value of a {@code resourceFieldRef}. A limit that is not set is the node's capacity, a
   * request that is not set the limit, or nothing.
   *
   * @param container the one that asks, when the reference names no other
   * @throws PodFailedException for an unknown container or resource
   */
  String resource(JsonNode resourceFieldRef, JsonNode container) {
    String name = resourceFieldRef.path("containerName").asText();
    JsonNode asked = name.isEmpty() ? container : containerNamed(name);
    String[] path = resourceFieldRef.path("resource").asText().split("\\.", 2);
    if (path.length != 2 || !List.of("limits", "requests").contains(path[0])) {
      throw new PodFailedException(
          "CreateContainerConfigError: unsupported container resource: " + String.join(".", path));
    }
    JsonNode resources = asked.path("resources");
    String limit = resources.path("limits").path(path[1]).asText();
    String value =
        path[0].equals("limits")
            ? limit.isEmpty() ? capacity(path[1]) : limit
            : resources.path("requests").path(path[1]).asText(limit.isEmpty() ? "0" : limit);
    String divisor = resourceFieldRef.path("divisor").asText("0");
    Quantity unit = Quantity.parse(divisor);
    return Quantity.parse(value).in(unit.value().signum() == 0 ? ONE : unit);
  }

  private JsonNode containerNamed(String name) {
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode container : pod.path("spec").path(list)) {
        if (container.path("name").asText().equals(name)) {
          return container;
        }
      }
    }
    throw new PodFailedException("CreateContainerConfigError: container " + name + " not found");
  }

  private static String capacity(String resource) {
    return switch (resource) {
      case "cpu" -> Integer.toString(Runtime.getRuntime().availableProcessors());
      case "memory" -> Long.toString(memory());
      default -> "0";
    };
  }

  private static long memory() {
    return java.lang.management.ManagementFactory.getPlatformMXBean(
            com.sun.management.OperatingSystemMXBean.class)
        .getTotalMemorySize();
  }
}
