package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.PatchOperation;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Settings;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers the reviews that an API server sends: bytes in, bytes out. There is one for each webhook;
 * they differ in what they decide, and share the protocol.
 *
 * <p>Thread-safe.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#webhook-request-and-response">Webhook
 *     request and response</a>
 */
public final class Reviewer {
  private static final String API_VERSION = "admission.k8s.io/v1";
  private static final String KIND = "AdmissionReview";

  private final Review review;

  private Reviewer(Review review) {
    this.review = review;
  }

  /** Injects pods, or rejects them, as an admission decides. */
  public static Reviewer ofPods(Admission admission) {
    return new Reviewer(new PodReview(admission));
  }

  /** Allows Instrumentations and changes nothing in them: defaults are applied to pods only. */
  public static Reviewer ofInstrumentationDefaults() {
    return new Reviewer(new InstrumentationDefaulting());
  }

  /**
   * Denies Instrumentations that are not valid, and warns about those that are questionable.
   *
   * @param catalogue the catalogue in force
   */
  public static Reviewer ofInstrumentations(Supplier<Catalogue> catalogue, Settings settings) {
    return new Reviewer(new InstrumentationValidation(catalogue, settings));
  }

  /**
   * Allows workloads, and warns of what an admission would say of their pods. An answer has no
   * decision: that of the pods is yet to come.
   */
  public static Reviewer ofWorkloads(Admission admission) {
    return new Reviewer(new WorkloadReview(admission));
  }

  /** A review that cannot be answered as one; the message says what to send instead. */
  private static final class NoReview extends Exception {
    private static final long serialVersionUID = 1L;

    NoReview(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Answers a review.
   *
   * @param body the request's body, JSON
   * @return the answer; never null, and nothing is thrown whatever the body holds
   */
  public Answer review(byte[] body) {
    try {
      AdmissionRequest request = request(body);
      Ruling ruling = rule(request).fitted();
      return Answer.of(request, ruling, wrapped(response(request.uid(), ruling)));
    } catch (NoReview | DocumentException e) {
      return Answer.badRequest(e.getMessage());
    }
  }

  private static AdmissionRequest request(byte[] body) throws NoReview {
    ObjectNode review = Json.read(body);
    expect("apiVersion", API_VERSION, review.path("apiVersion"));
    expect("kind", KIND, review.path("kind"));
    if (!(review.path("request") instanceof ObjectNode request)) {
      throw new NoReview("the AdmissionReview has no request");
    }
    if (request.path("uid").asText("").isEmpty()) {
      throw new NoReview("request.uid is missing, by which the answer is matched to the request");
    }
    return new AdmissionRequest(request);
  }

  private static void expect(String field, String expected, JsonNode found) throws NoReview {
    if (!found.asText().equals(expected)) {
      throw new NoReview(
          "%s is %s, not %s: send an %s of %s"
              .formatted(
                  field,
                  found.isMissingNode() ? "missing" : found.toString(),
                  expected,
                  KIND,
                  API_VERSION));
    }
  }

  private Ruling rule(AdmissionRequest request) {
    if (!request.subresource().isEmpty() || !review.covers(request)) {
      return Ruling.allowed(
          List.of(
              "graft: a review of %s came to the webhook for %s and is left alone; correct the rules of the webhook configuration"
                  .formatted(request.target(), review.subjects())));
    }
    // A DELETE has no object, and there is nothing to decide about.
    Optional<ObjectNode> object = request.object();
    if (object.isEmpty()) {
      return Ruling.ALLOWED;
    }
    try {
      return review.rule(request, object.get());
    } catch (RuntimeException | StackOverflowError e) {
      // A bug of Graft's must not keep a cluster from working.
      return Ruling.allowed(
          List.of(
              "graft: Graft failed, so this is let through as it is; please report this: "
                  + Admission.describe(e)));
    }
  }

  private static ObjectNode response(String uid, Ruling ruling) {
    ObjectNode response =
        JsonNodeFactory.instance
            .objectNode()
            .put("uid", uid)
            .put("allowed", ruling.denial().isEmpty());
    if (ruling.denial().isPresent()) {
      response.set("status", ruling.denial().get());
    }
    if (!ruling.patch().isEmpty()) {
      response.put("patchType", "JSONPatch");
      response.put("patch", Base64.getEncoder().encodeToString(Json.write(patch(ruling.patch()))));
    }
    if (!ruling.warnings().isEmpty()) {
      ruling.warnings().forEach(response.putArray("warnings")::add);
    }
    if (!ruling.audit().isEmpty()) {
      ruling.audit().forEach(response.putObject("auditAnnotations")::put);
    }
    return response;
  }

  /** The operations as one JSON Patch document. */
  public static ArrayNode patch(List<PatchOperation> operations) {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode(operations.size());
    operations.forEach(operation -> patch.add(operation.toJson()));
    return patch;
  }

  private static ObjectNode wrapped(ObjectNode response) {
    ObjectNode review =
        JsonNodeFactory.instance.objectNode().put("apiVersion", API_VERSION).put("kind", KIND);
    review.set("response", response);
    return review;
  }
}
