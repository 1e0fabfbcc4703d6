package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.spi.Variable;
import java.util.Optional;

/**
 * One entry of an env list as a container, or an {@code Instrumentation}, has it.
 *
 * @param name the variable's name
 * @param entry the whole entry, fields included that Graft does not know; never changed by Graft,
 *     so copy it where it enters another tree
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables">EnvVar
 *     v1 core</a>
 */
public record EnvVar(String name, ObjectNode entry) {

  /** An entry with a literal value, in which {@code $(NAME)} refers to earlier entries. */
  public static EnvVar of(String name, String value) {
    return new EnvVar(name, named(name).put("value", value));
  }

  /**
   * An entry that the kubelet fills from a field of the pod. Has no {@code apiVersion}: the API
   * server adds it.
   *
   * @param fieldPath for example {@code status.hostIP}
   */
  public static EnvVar field(String name, String fieldPath) {
    ObjectNode entry = named(name);
    entry.putObject("valueFrom").putObject("fieldRef").put("fieldPath", fieldPath);
    return new EnvVar(name, entry);
  }

  /** The entry that a plugin's variable stands for. */
  public static EnvVar of(Variable variable) {
    if (variable.literal().isPresent()) {
      return of(variable.name(), variable.literal().get());
    }
    ObjectNode entry = named(variable.name());
    entry.set("valueFrom", Plain.tree(variable.source()));
    return new EnvVar(variable.name(), entry);
  }

  private static ObjectNode named(String name) {
    return JsonNodeFactory.instance.objectNode().put("name", name);
  }

  /**
   * The literal value; the empty string for an entry with neither value nor source, as for the
   * kubelet. Empty when the value comes from a source.
   */
  public Optional<String> literal() {
    return hasSource() ? Optional.empty() : Optional.of(entry.path("value").asText(""));
  }

  /** The entry as plugins see it. */
  public Variable toVariable() {
    return hasSource()
        ? Variable.from(name, Plain.map(entry.get("valueFrom")))
        : Variable.of(name, entry.path("value").asText(""));
  }

  private boolean hasSource() {
    JsonNode source = entry.get("valueFrom");
    return source != null && source.isObject();
  }
}
