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
import java.util.List;
import java.util.Map;
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

  /** Who set which field: of a pod often a third, which nobody here asks for. */
  private static final Json.Members BOOKKEEPING =
      Json.Members.at(
          "/request/object/metadata/managedFields", "/request/oldObject/metadata/managedFields");

  private static final byte[] NOTHING = {};

  /** What most take, in bytes; those that take more are written in more pieces. */
  private static final int LENGTH_WITHOUT_PATCH = 800;

  private static final int LENGTH_OF_OPERATION = 300;

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
    return ofInstrumentations(catalogue, () -> settings);
  }

  /** The same, with the settings that are in force at each review. */
  public static Reviewer ofInstrumentations(
      Supplier<Catalogue> catalogue, Supplier<Settings> settings) {
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
      return Answer.of(request, ruling, answer(request.uid(), ruling));
    } catch (NoReview | DocumentException e) {
      return Answer.badRequest(e.getMessage());
    }
  }

  private static AdmissionRequest request(byte[] body) throws NoReview {
    ObjectNode review = Json.read(body, BOOKKEEPING);
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

  private static byte[] answer(String uid, Ruling ruling) {
    byte[] patch = ruling.patch().isEmpty() ? NOTHING : written(ruling.patch());
    return Json.write(
        LENGTH_WITHOUT_PATCH + 4 * patch.length / 3,
        json -> {
          json.writeStartObject();
          json.writeStringField("apiVersion", API_VERSION);
          json.writeStringField("kind", KIND);
          json.writeObjectFieldStart("response");
          json.writeStringField("uid", uid);
          json.writeBooleanField("allowed", ruling.denial().isEmpty());
          if (ruling.denial().isPresent()) {
            json.writeFieldName("status");
            Json.write(ruling.denial().get(), json);
          }
          if (patch.length > 0) {
            json.writeStringField("patchType", "JSONPatch");
            json.writeBinaryField("patch", patch);
          }
          if (!ruling.warnings().isEmpty()) {
            json.writeArrayFieldStart("warnings");
            for (String warning : ruling.warnings()) {
              json.writeString(warning);
            }
            json.writeEndArray();
          }
          if (!ruling.audit().isEmpty()) {
            json.writeObjectFieldStart("auditAnnotations");
            for (Map.Entry<String, String> annotation : ruling.audit().entrySet()) {
              json.writeStringField(annotation.getKey(), annotation.getValue());
            }
            json.writeEndObject();
          }
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static byte[] written(List<PatchOperation> patch) {
    return Json.write(
        LENGTH_OF_OPERATION * patch.size(),
        json -> {
          json.writeStartArray();
          for (PatchOperation operation : patch) {
            operation.writeTo(json);
          }
          json.writeEndArray();
        });
  }

  /** The operations as one JSON Patch document. */
  public static ArrayNode patch(List<PatchOperation> operations) {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode(operations.size());
    operations.forEach(operation -> patch.add(operation.toJson()));
    return patch;
  }
}
