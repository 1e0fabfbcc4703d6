package io.otelgraft.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.document.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What is asked of Graft: the review of a pod as a ReplicaSet's controller creates it, 4.9 KB as an
 * API server sends it.
 */
public enum Reviews {
  /** The pod asks for Java's agent. */
  ANNOTATED,
  /** The same pod without the annotation; most pods of a cluster are like it. */
  PLAIN;

  private static final String ANNOTATION = "instrumentation.opentelemetry.io/inject-java";

  /** The namespace of the pod, with the Instrumentation that counts for it; YAML. */
  static String resources() {
    return new String(resource("shop.yaml"), StandardCharsets.UTF_8);
  }

  /** The same as documents. */
  static Documents resourceDocuments() {
    return Documents.read("shop.yaml", resources());
  }

  /** The review as a tree that is the caller's own. */
  ObjectNode tree() {
    ObjectNode review = Json.read(resource("review.json"));
    if (this == PLAIN && annotations(review).remove(ANNOTATION) == null) {
      throw new IllegalStateException("review.json has no annotation " + ANNOTATION);
    }
    return review;
  }

  private static ObjectNode annotations(ObjectNode review) {
    return (ObjectNode) review.at("/request/object/metadata/annotations");
  }

  /** The review on one line, as API servers send it; UTF-8. */
  byte[] bytes() {
    return Json.write(tree());
  }

  /**
   * Checks an answer of Graft.
   *
   * @throws IllegalStateException if it is not allowed, or not injected as the review asks for
   */
  void requireRight(Exchange.Answer answer) {
    JsonNode response = Json.read(answer.body()).path("response");
    if (answer.status() != 200
        || !response.path("allowed").asBoolean()
        || response.has("patch") != (this == ANNOTATED)) {
      throw new IllegalStateException(
          "Graft answers wrongly, with %d: %s"
              .formatted(answer.status(), new String(answer.body(), StandardCharsets.UTF_8)));
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = Reviews.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not beside " + Reviews.class.getName());
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
