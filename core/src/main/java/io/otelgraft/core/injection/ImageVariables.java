package io.otelgraft.core.injection;

import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.Glob;
import io.otelgraft.core.resource.Instrumentation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a container's image sets in its environment, which nobody sees at admission, as the pod or
 * its resource tells it. It counts as if the pod had set it.
 */
final class ImageVariables {
  private static final char OF_CONTAINER = '/';

  private ImageVariables() {}

  /**
   * The variables of a container's image.
   *
   * <p>The annotation has lines of {@code NAME=VALUE}, or {@code CONTAINER/NAME=VALUE} for one of
   * several containers. Where there is one, even if it says nothing, the resource is not asked.
   *
   * @return literal entries by name; empty if nothing is told
   */
  static Map<String, EnvVar> of(
      PodFacts pod, ContainerFacts container, Instrumentation instrumentation) {
    String told = pod.annotations().get(Annotations.IMAGE_ENV);
    if (told == null && instrumentation.imageEnv().isEmpty()) {
      return Map.of();
    }
    Map<String, EnvVar> variables = new LinkedHashMap<>();
    if (told != null) {
      told.lines().forEach(line -> add(line, container.name(), variables));
      return variables;
    }
    String image = container.image().toString();
    for (Instrumentation.ImageEnv known : instrumentation.imageEnv()) {
      if (Glob.matches(known.image(), image)) {
        known.env().forEach((name, value) -> variables.putIfAbsent(name, entry(name, value)));
      }
    }
    return variables;
  }

  private static void add(String line, String container, Map<String, EnvVar> into) {
    int equals = line.indexOf('=');
    if (equals < 0 || line.stripLeading().startsWith("#")) {
      return;
    }
    String name = line.substring(0, equals).strip();
    int slash = name.indexOf(OF_CONTAINER);
    if (slash >= 0 && !name.substring(0, slash).equals(container)) {
      return;
    }
    String variable = name.substring(slash + 1);
    into.put(variable, entry(variable, line.substring(equals + 1)));
  }

  /** In an image a dollar sign is one; the kubelet reads two as one. */
  private static EnvVar entry(String name, String value) {
    return EnvVar.of(name, value.replace("$", "$$"));
  }

  /**
   * What is wrong with the annotation's value, as the end of a sentence; empty if nothing is.
   *
   * @param containers the names of the pod's containers
   */
  static Optional<String> wrong(String value, List<String> containers) {
    return value
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .flatMap(line -> wrongLine(line, containers).stream())
        .findFirst();
  }

  private static Optional<String> wrongLine(String line, List<String> containers) {
    int equals = line.indexOf('=');
    if (equals <= 0) {
      return Optional.of("has the line \"" + line + "\", which is not NAME=VALUE");
    }
    int slash = line.substring(0, equals).indexOf(OF_CONTAINER);
    String container = slash < 0 ? "" : line.substring(0, slash);
    return slash < 0 || containers.contains(container)
        ? Optional.empty()
        : Optional.of(
            "names the container \""
                + container
                + "\", which the pod does not have; it has: "
                + String.join(", ", containers));
  }
}
