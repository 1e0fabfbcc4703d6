package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.LanguageSection;
import io.otelgraft.spi.Variable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A container's environment before it is edited: the pod's, which what is told of the image belongs
 * to, else the section's, else the common.
 */
final class TargetEnv implements EnvLookup {
  private final JsonNode pod;
  private final EnvFrom envFrom;
  private final List<EnvVar> section;
  private final List<EnvVar> common;

  private final Map<String, EnvVar> image;
  private final PodVariables variables;

  /**
   * Of one container.
   *
   * @param variables fill in what the resource's entries refer to
   */
  TargetEnv(
      ObjectNode container,
      LanguageSection section,
      Instrumentation instrumentation,
      Map<String, EnvVar> image,
      PodVariables variables) {
    this.pod = container.path("env");
    this.envFrom = new EnvFrom(container.path("envFrom"));
    this.section = section.env();
    this.common = instrumentation.env();
    this.image = image;
    this.variables = variables;
  }

  /** What only the kubelet knows, and what was found refers to. */
  Set<PodVariables.Field> fields() {
    return variables.fields();
  }

  @Override
  public Optional<EnvVar> own(String name) {
    for (int i = pod.size() - 1; i >= 0; i--) {
      if (pod.get(i) instanceof ObjectNode entry && name.equals(entry.path("name").asText())) {
        return Optional.of(new EnvVar(name, entry));
      }
    }
    return envFrom.mayHold(name) ? Optional.empty() : Optional.ofNullable(image.get(name));
  }

  @Override
  public Optional<EnvVar> find(String name) {
    return own(name).or(() -> find(section, name)).or(() -> find(common, name));
  }

  /**
   * The pod's own entries that tell a process what to report and as whom, and those that they refer
   * to, in the pod's order.
   */
  List<EnvVar> telling() {
    List<EnvVar> telling = new ArrayList<>();
    Set<String> referred = new HashSet<>();
    for (int i = pod.size() - 1; i >= 0; i--) {
      String name = pod.get(i).path("name").asText();
      if (pod.get(i) instanceof ObjectNode entry
          && (name.startsWith("OTEL_") || referred.contains(name))) {
        EnvVar variable = new EnvVar(name, entry);
        variable.literal().map(References::in).ifPresent(referred::addAll);
        telling.add(variable);
      }
    }
    return telling.reversed();
  }

  /** An entry of the resource; one of which a variable has no value for the pod is not there. */
  private Optional<EnvVar> find(List<EnvVar> given, String name) {
    for (EnvVar variable : given) {
      if (variable.name().equals(name)) {
        return variables.resolve(variable, name);
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Variable> get(String name) {
    return find(name).map(EnvVar::toVariable);
  }

  @Override
  public boolean mayHoldUnseen(String name) {
    return envFrom.mayHold(name);
  }

  @Override
  public EnvFrom envFrom() {
    return envFrom;
  }
}
