package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.PodRequest.Operation;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.core.injection.PatchOperation;
import io.otelgraft.core.injection.PodFacts;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Answers the reviews that an API server sends: bytes in, bytes out.
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
  private static final int FORBIDDEN = 403;
  private static final int BAD_REQUEST = 400;

  private final Admission admission;

  /** Answers with the decisions of this admission. */
  public Reviewer(Admission admission) {
    this.admission = admission;
  }

  /** The answer to a review. */
  public static final class Answer {
    private final int status;
    private final byte[] body;
    private final Decision decision;
    private final boolean dryRun;

    private Answer(int status, ObjectNode body, Decision decision, boolean dryRun) {
      this.status = status;
      this.body = Json.write(body);
      this.decision = decision;
      this.dryRun = dryRun;
    }

    /** The status of the HTTP response: 200, or 400 if what came was no review. */
    public int status() {
      return status;
    }

    /**
     * The response's body, JSON: an AdmissionReview, or for 400 a Status that says what was wrong.
     * Not copied; not to be changed.
     */
    public byte[] body() {
      return body;
    }

    /** What was decided; empty if nothing was, as for a review of something else than a pod. */
    public Optional<Decision> decision() {
      return Optional.ofNullable(decision);
    }

    /** Whether nothing may be written, counted or told elsewhere because of it. */
    public boolean dryRun() {
      return dryRun;
    }
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
      return answer(request(body));
    } catch (NoReview | DocumentException e) {
      return new Answer(
          BAD_REQUEST, status(BAD_REQUEST, "BadRequest", e.getMessage()), null, false);
    }
  }

  private static ObjectNode request(byte[] body) throws NoReview {
    ObjectNode review = Json.read(body);
    expect("apiVersion", API_VERSION, review.path("apiVersion"));
    expect("kind", KIND, review.path("kind"));
    if (!(review.path("request") instanceof ObjectNode request)) {
      throw new NoReview("the AdmissionReview has no request");
    }
    if (request.path("uid").asText().isEmpty()) {
      throw new NoReview("request.uid is missing, by which the answer is matched to the request");
    }
    return request;
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

  private Answer answer(ObjectNode request) {
    String uid = request.path("uid").asText();
    boolean dryRun = request.path("dryRun").asBoolean(false);
    Optional<String> foreign = foreign(request);
    if (foreign.isPresent()) {
      ObjectNode response = response(uid, true);
      response.putArray("warnings").add("graft: " + foreign.get());
      return new Answer(200, wrapped(response), null, dryRun);
    }
    if (!(request.path("object") instanceof ObjectNode pod)) {
      // A DELETE has no object, and there is nothing to decide about.
      return new Answer(200, wrapped(response(uid, true)), null, dryRun);
    }
    Decision decision = admission.decide(podRequest(request, pod));
    return new Answer(200, wrapped(response(uid, decision)), decision, dryRun);
  }

  /** What makes this a review of something else than a pod; empty if it is one of a pod. */
  private static Optional<String> foreign(ObjectNode request) {
    JsonNode resource = request.path("resource");
    String name = resource.path("resource").asText("pods");
    String group = resource.path("group").asText("");
    String kind = request.path("kind").path("kind").asText("Pod");
    String subresource = request.path("subResource").asText("");
    return name.equals("pods") && group.isEmpty() && kind.equals("Pod") && subresource.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "a review of %s %s came to the webhook for pods and is left alone; correct the rules of the webhook configuration"
                .formatted(kind, subresource.isEmpty() ? name : name + "/" + subresource));
  }

  private static PodRequest podRequest(ObjectNode request, ObjectNode pod) {
    String namespace =
        request.path("namespace").asText(pod.path("metadata").path("namespace").asText("default"));
    Operation operation =
        switch (request.path("operation").asText("CREATE")) {
          case "CREATE" -> Operation.CREATE;
          case "UPDATE" -> Operation.UPDATE;
          default -> Operation.OTHER;
        };
    Optional<ObjectNode> before =
        request.path("oldObject") instanceof ObjectNode old ? Optional.of(old) : Optional.empty();
    return new PodRequest(operation, pod, PodFacts.of(pod, namespace), before);
  }

  private static ObjectNode response(String uid, boolean allowed) {
    return JsonNodeFactory.instance.objectNode().put("uid", uid).put("allowed", allowed);
  }

  private static ObjectNode response(String uid, Decision decision) {
    ObjectNode response = response(uid, decision.isAllowed());
    if (!decision.isAllowed()) {
      response.set("status", status(FORBIDDEN, "Forbidden", decision.message()));
    }
    if (!decision.patch().isEmpty()) {
      response.put("patchType", "JSONPatch");
      response.put(
          "patch", Base64.getEncoder().encodeToString(Json.write(patch(decision.patch()))));
    }
    List<String> warnings = decision.warnings();
    if (!warnings.isEmpty()) {
      warnings.forEach(response.putArray("warnings")::add);
    }
    ObjectNode audit = response.putObject("auditAnnotations");
    audit.put("decision", decision.outcome().name().toLowerCase(Locale.ROOT));
    audit.put("reason", decision.reason());
    for (Injected injected : decision.injected()) {
      audit.put(
          "instrumentation-" + injected.language(),
          injected.instrumentation() + " generation " + injected.generation());
    }
    return response;
  }

  /** The operations as one JSON Patch document. */
  public static ArrayNode patch(List<PatchOperation> operations) {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode(operations.size());
    operations.forEach(operation -> patch.add(operation.toJson()));
    return patch;
  }

  private static ObjectNode status(int code, String reason, String message) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("apiVersion", "v1")
        .put("kind", "Status")
        .put("status", "Failure")
        .put("message", message)
        .put("reason", reason)
        .put("code", code);
  }

  private static ObjectNode wrapped(ObjectNode response) {
    ObjectNode review =
        JsonNodeFactory.instance.objectNode().put("apiVersion", API_VERSION).put("kind", KIND);
    review.set("response", response);
    return review;
  }
}
