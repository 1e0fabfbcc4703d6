package io.otelgraft.core.injection;

import io.otelgraft.core.resource.NamespaceFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An annotation that asks for a language. One of the pod counts before one of its namespace, also
 * one that says {@code false} or nothing.
 *
 * @param id the language's id
 * @param value what the annotation says
 * @param onPod whether it stands on the pod; otherwise on its namespace
 * @param fallback the resource that the namespace names where the pod says only {@code true}
 */
public record Asked(String id, String value, boolean onPod, Optional<String> fallback) {

  private static final String TRUE = "true";

  /** What asks for languages on a pod and its namespace, in the order of the ids; often nothing. */
  public static List<Asked> of(PodFacts pod, Optional<NamespaceFacts> namespace) {
    Map<String, String> inherited = namespace.map(NamespaceFacts::annotations).orElse(Map.of());
    List<Asked> asked = new ArrayList<>(2);
    pod.annotations()
        .forEach((key, value) -> {
          if (isSwitch(key) && isOn(value)) {
            Optional<String> fallback =
                isTrue(value)
                    ? Optional.ofNullable(inherited.get(key))
                        .filter(named -> isOn(named) && !isTrue(named))
                        .map(String::strip)
                    : Optional.empty();
            asked.add(new Asked(id(key), value.strip(), true, fallback));
          }
        });
    inherited.forEach((key, value) -> {
      if (isSwitch(key) && isOn(value) && !pod.annotations().containsKey(key)) {
        asked.add(new Asked(id(key), value.strip(), false, Optional.empty()));
      }
    });
    asked.sort(Comparator.comparing(Asked::id));
    return asked;
  }

  private static boolean isSwitch(String key) {
    return key.startsWith(Annotations.INJECT) && !key.endsWith(Annotations.CONTAINER_NAMES_SUFFIX);
  }

  private static boolean isOn(String value) {
    String text = value.strip();
    return !text.isEmpty() && !text.equalsIgnoreCase("false");
  }

  private static boolean isTrue(String value) {
    return value.strip().equalsIgnoreCase(TRUE);
  }

  private static String id(String key) {
    return key.substring(Annotations.INJECT.length());
  }

  /** Whether it leaves open which resource: the only one of its namespace is meant. */
  public boolean namesNone() {
    return isTrue(value);
  }

  String annotation() {
    return Annotations.INJECT
        + id
        + ": "
        + value
        + (onPod ? " of the pod" : " of the pod's namespace");
  }

  /** What cannot be done: a refusal if the pod itself asked for it, else a warning. */
  Finding cannot(String reason, String container, String message, String fix) {
    return onPod
        ? Finding.refusal(reason, id, container, message, fix)
        : Finding.warning(reason, id, container, message, fix);
  }
}
