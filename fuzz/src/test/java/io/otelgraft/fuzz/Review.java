package io.otelgraft.fuzz;

import static io.otelgraft.fuzz.Fragments.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import java.util.Locale;
import java.util.Optional;

/** What an API server asks about an object. */
final class Review {
  private Review() {}

  /**
   * The review as it is sent.
   *
   * @param object the object; where it names no namespace it stands in {@code default}
   * @param before what it was, if it is there and is changed
   */
  static byte[] of(ObjectNode object, Optional<ObjectNode> before) {
    ObjectNode review =
        yaml("{apiVersion: admission.k8s.io/v1, kind: AdmissionReview, request: {uid: u-1}}");
    String apiVersion = object.path("apiVersion").asText();
    int slash = apiVersion.indexOf('/');
    String group = apiVersion.substring(0, Math.max(0, slash));
    String version = apiVersion.substring(slash + 1);
    String kind = object.path("kind").asText();
    ObjectNode request = (ObjectNode) review.get("request");
    request.putObject("kind").put("group", group).put("version", version).put("kind", kind);
    request
        .putObject("resource")
        .put("group", group)
        .put("version", version)
        .put("resource", kind.toLowerCase(Locale.ROOT) + "s");
    request
        .put("operation", before.isPresent() ? "UPDATE" : "CREATE")
        .put("namespace", object.at("/metadata/namespace").asText("default"));
    request.set("object", object);
    before.ifPresent(old -> request.set("oldObject", old));
    return Json.write(review);
  }
}
