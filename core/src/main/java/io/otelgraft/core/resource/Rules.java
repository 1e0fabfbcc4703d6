package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of an {@code Instrumentation} that a schema cannot say, in CEL. Each says no more than
 * what {@link InstrumentationReader} finds an error, which says it in more words: a resource that a
 * rule refuses never gets to a webhook.
 *
 * <p>The sizes are bounds for the cost that an API server estimates before it takes a definition.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules">Validation
 *     rules</a>
 */
final class Rules {

  private static final int MOST_VARIABLES = 256;
  private static final int MOST_RESOURCES = 32;
  private static final int LONGEST_QUANTITY = 64;
  private static final int LONGEST_ARGUMENT = 1024;
  private static final int LONGEST_VARIABLE = 256;
  private static final int LONGEST_NAME = 253;
  private static final int LONGEST_FILE = 4096;

  private static final String SUBDOMAIN =
      "^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$";

  private Rules() {}

  /** A section of a language with an agent. */
  static ObjectNode section(ObjectNode section) {
    rule(
        section,
        "!has(self.volumeClaimTemplate) || !has(self.volumeLimitSize)",
        "volumeClaimTemplate and volumeLimitSize exclude each other",
        "volumeLimitSize");
    return rule(
        section,
        "!has(self.resources) || !has(self.resourceRequirements)",
        "resources and resourceRequirements mean the same",
        "resourceRequirements");
  }

  /** {@code resources}: what is requested is within the limits. */
  static ObjectNode resources(ObjectNode resources) {
    for (String half : List.of("limits", "requests")) {
      ObjectNode quantities = resources.withObject("/properties/" + half);
      quantities.put("maxProperties", MOST_RESOURCES);
      quantities.withObject("/additionalProperties").put("maxLength", LONGEST_QUANTITY);
    }
    return rule(
        resources,
        "!has(self.limits) || !has(self.requests) || self.requests.all(name,"
            + " !(name in self.limits) || quantity(string(self.requests[name]))"
            + ".compareTo(quantity(string(self.limits[name]))) <= 0)",
        "more is requested than the limits allow",
        "requests");
  }

  /** A list of environment variables. */
  static ObjectNode env(ObjectNode list) {
    list.put("maxItems", MOST_VARIABLES);
    ObjectNode variable = list.withObject("/items");
    variable.withObject("/properties/name").put("maxLength", LONGEST_VARIABLE);
    rule(
        variable,
        "self.name.matches('^[ -<>-~]+$')",
        "a name has printable ASCII characters without =",
        "name");
    rule(
        variable,
        "!has(self.valueFrom) || !has(self.value) || self.value == ''",
        "value and valueFrom exclude each other",
        "valueFrom");
    ObjectNode source = variable.withObject("/properties/valueFrom");
    List<String> sources = new ArrayList<>();
    source.get("properties").fieldNames().forEachRemaining(name -> sources.add(has(name)));
    rule(
        source,
        "[" + String.join(", ", sources) + "].exists_one(given, given)",
        "exactly one source is wanted",
        "");
    return list;
  }

  /** {@code exporter.tls}: a file that is a key needs the object that has it. */
  static ObjectNode certificates(ObjectNode tls) {
    for (String name : List.of("secretName", "configMapName")) {
      tls.withObject("/properties/" + name).put("maxLength", LONGEST_NAME);
      String text = "self." + name;
      rule(
          tls,
          "!%s || %s == '' || %s.matches('%s')".formatted(has(name), text, text, SUBDOMAIN),
          "not the name of an object in the pod's namespace",
          name);
    }
    for (String file : List.of("ca_file", "cert_file", "key_file")) {
      tls.withObject("/properties/" + file).put("maxLength", LONGEST_FILE);
    }
    String secret = "(has(self.secretName) && self.secretName != '')";
    String configMap = "(has(self.configMapName) && self.configMapName != '')";
    key(tls, "ca_file", secret + " || " + configMap, "secretName or configMapName");
    key(tls, "cert_file", secret, "secretName");
    return key(tls, "key_file", secret, "secretName");
  }

  private static ObjectNode key(ObjectNode tls, String file, String held, String holder) {
    return rule(
        tls,
        "!%s || self.%s == '' || self.%s.startsWith('/') || %s"
            .formatted(has(file), file, file, held),
        "a key without " + holder + " to have it; or write an absolute path in the container",
        file);
  }

  /** {@code sampler}: the argument of a ratio is one. */
  static ObjectNode sampler(ObjectNode sampler) {
    sampler.withObject("/properties/argument").put("maxLength", LONGEST_ARGUMENT);
    return rule(
        sampler,
        "!has(self.type) || !has(self.argument) || self.argument == ''"
            + " || !(self.type in ['traceidratio', 'parentbased_traceidratio'])"
            + " || (self.argument.matches('^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$')"
            + " && double(self.argument) >= 0.0 && double(self.argument) <= 1.0)",
        "not a number from 0 to 1",
        "argument");
  }

  private static String has(String field) {
    return "has(self." + field + ")";
  }

  /**
   * Adds a rule.
   *
   * @param field the field that the message is about; the empty string for the node itself
   */
  private static ObjectNode rule(ObjectNode schema, String rule, String message, String field) {
    ArrayNode rules = schema.withArray("x-kubernetes-validations");
    ObjectNode added = rules.addObject();
    if (!field.isEmpty()) {
      added.put("fieldPath", "." + field);
    }
    added.put("message", message).put("rule", rule);
    return schema;
  }
}
