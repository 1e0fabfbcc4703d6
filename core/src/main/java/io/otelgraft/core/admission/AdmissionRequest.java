package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The request of an AdmissionReview, read from its tree when asked for.
 *
 * @param tree the review's {@code request}
 */
record AdmissionRequest(ObjectNode tree) {

  String uid() {
    return tree.path("uid").asText("");
  }

  /** Whether nothing of it is going to be stored. */
  boolean dryRun() {
    return tree.path("dryRun").asBoolean(false);
  }

  /** {@code CREATE} if it is not said. */
  String operation() {
    return tree.path("operation").asText("CREATE");
  }

  /** The object as it is to be; empty for a DELETE. */
  Optional<ObjectNode> object() {
    return tree.path("object") instanceof ObjectNode object
        ? Optional.of(object)
        : Optional.empty();
  }

  /** The object as it was; empty for a CREATE. */
  Optional<ObjectNode> oldObject() {
    return tree.path("oldObject") instanceof ObjectNode object
        ? Optional.of(object)
        : Optional.empty();
  }

  String namespace() {
    return tree.path("namespace")
        .asText(tree.path("object").path("metadata").path("namespace").asText("default"));
  }

  /** The object's kind; the empty string if it is not said. */
  String kind() {
    String kind = tree.path("kind").path("kind").asText("");
    return kind.isEmpty() ? tree.path("object").path("kind").asText("") : kind;
  }

  /** Whether it is about objects of that kind; what the request does not say does not differ. */
  boolean isAbout(String group, String resource, String kind) {
    JsonNode said = tree.path("resource");
    return said.path("group").asText(group).equals(group)
        && said.path("resource").asText(resource).equals(resource)
        && tree.path("kind").path("kind").asText(kind).equals(kind);
  }

  /** {@code scale} of {@code deployments/scale}; the empty string if it is about an object. */
  String subresource() {
    return tree.path("subResource").asText("");
  }

  /** What it is about, with its subresource: {@code Deployment deployments/scale}. */
  String target() {
    String resource = tree.path("resource").path("resource").asText("");
    return kind() + " " + resource + (subresource().isEmpty() ? "" : "/" + subresource());
  }

  Subject subject() {
    return new Subject(
        uid(),
        operation(),
        kind(),
        namespace(),
        name(),
        tree.path("userInfo").path("username").asText(""));
  }

  private String name() {
    JsonNode metadata = tree.path("object").path("metadata");
    String name = metadata.path("name").asText(tree.path("name").asText(""));
    return name.isEmpty() ? metadata.path("generateName").asText("") : name;
  }
}
