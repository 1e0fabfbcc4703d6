package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and checks a list of environment variables, beyond what the schema says. */
final class EnvReader {

  private final Findings findings;

  EnvReader(Findings findings) {
    this.findings = findings;
  }

  /** The entries that have a name; each name once, the first of each. */
  List<EnvVar> read(JsonNode list, FieldPath at) {
    Map<String, EnvVar> entries = new LinkedHashMap<>();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof ObjectNode entry && entry.path("name").isTextual()) {
        FieldPath here = at.item(i);
        String name = entry.get("name").textValue();
        check(entry, name, here);
        if (entries.putIfAbsent(name, new EnvVar(name, entry)) != null) {
          findings.warning(
              here,
              "%s sets %s, which is set before; the first counts".formatted(here, name),
              "remove one");
        }
      }
    }
    return new ArrayList<>(entries.values());
  }

  private void check(ObjectNode entry, String name, FieldPath at) {
    // Kubernetes' rule since 1.30 (RelaxedEnvironmentVariableValidation).
    if (name.isEmpty() || !name.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '=')) {
      findings.error(
          at.field("name"),
          at.field("name") + " \"" + name + "\" is not the name of an environment variable",
          "write printable ASCII characters without =");
    }
    JsonNode value = entry.path("value");
    JsonNode source = entry.path("valueFrom");
    if (value.isTextual()) {
      VariableCheck.check(value.textValue(), at.field("value"), findings);
    }
    if (!source.isObject()) {
      return;
    }
    if (value.isTextual() && !value.textValue().isEmpty()) {
      findings.error(
          at, "%s (%s) has both value and valueFrom".formatted(at, name), "keep one of them");
    }
    long sources =
        source.properties().stream().filter(member -> !member.getValue().isNull()).count();
    if (sources != 1) {
      findings.error(
          at.field("valueFrom"),
          "%s (%s) has %s, and exactly one is wanted"
              .formatted(
                  at.field("valueFrom"), name, sources == 0 ? "no source" : sources + " sources"),
          "write one of fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef");
    }
  }
}
