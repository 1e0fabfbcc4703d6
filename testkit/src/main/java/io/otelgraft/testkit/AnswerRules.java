package io.otelgraft.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an API server asks of the answer to a review: {@code VerifyAdmissionResponse} of {@code
 * k8s.io/apiserver/pkg/admission/plugin/webhook/request}, and what becomes of warnings and audit
 * annotations behind it.
 */
final class AnswerRules {
  private static final String PROMISE = "whatever comes, the answer is one to it: ";

  private static final Set<String> FIELDS =
      Set.of("uid", "allowed", "status", "patch", "patchType", "auditAnnotations", "warnings");
  private static final Set<String> OPERATIONS = Set.of("add", "remove", "replace");
  private static final Pattern POINTER = Pattern.compile("(/([^~/]|~[01])*)*");
  private static final Pattern AUDIT_KEY =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");

  /** All warnings of an answer are cut to {@link #LONGEST_WARNING} if they have more together. */
  private static final int WARNINGS_TOGETHER = 4096;

  private static final int LONGEST_WARNING = 256;

  private final List<String> breaches = new ArrayList<>();

  private AnswerRules() {}

  /**
   * What is wrong with an answer.
   *
   * @param review what was sent, which need not be a review
   * @param status the status of the HTTP response
   * @param body its body
   * @return a sentence each, to which the caller may add; empty if nothing is wrong
   */
  static List<String> breaches(byte[] review, int status, byte[] body) {
    AnswerRules rules = new AnswerRules();
    try {
      ObjectNode answer = Json.read(body);
      JsonNode uid = uid(review);
      if (uid.isMissingNode()) {
        rules.isRefusal(status, answer);
      } else {
        rules.isAnswer(uid.asText(), status, answer);
      }
    } catch (DocumentException e) {
      rules.breach("it is no JSON: " + e.getMessage());
    }
    return rules.breaches;
  }

  /** The patch of an answer; empty if it has none, or none that can be read. */
  static JsonNode patch(byte[] body) {
    String patch = Json.read(body).at("/response/patch").asText();
    try {
      String text = new String(Base64.getDecoder().decode(patch), UTF_8);
      return Json.read(("{\"patch\":" + text + "}").getBytes(UTF_8)).get("patch");
    } catch (IllegalArgumentException | DocumentException none) {
      return JsonNodeFactory.instance.arrayNode();
    }
  }

  /** What a review is known by; missing if it is none. */
  private static JsonNode uid(byte[] review) {
    try {
      ObjectNode read = Json.read(review);
      JsonNode uid = read.at("/request/uid");
      boolean is =
          read.path("apiVersion").asText().equals("admission.k8s.io/v1")
              && read.path("kind").asText().equals("AdmissionReview")
              && !uid.asText().isEmpty();
      return is ? uid : JsonNodeFactory.instance.missingNode();
    } catch (DocumentException e) {
      return JsonNodeFactory.instance.missingNode();
    }
  }

  private void breach(String how) {
    breaches.add(PROMISE + how);
  }

  private void require(boolean condition, String how) {
    if (!condition) {
      breach(how);
    }
  }

  private void isRefusal(int status, ObjectNode answer) {
    require(status == 400, "what is no review got status " + status + " and " + answer);
    require(
        answer.path("kind").asText().equals("Status")
            && answer.path("apiVersion").asText().equals("v1")
            && answer.path("code").asInt() == status
            && !answer.path("message").asText().isBlank(),
        "no Status that says what is wrong: " + answer);
  }

  private void isAnswer(String uid, int status, ObjectNode answer) {
    JsonNode response = answer.path("response");
    require(status == 200, "a review got status " + status + " and " + answer);
    require(
        answer.path("kind").asText().equals("AdmissionReview")
            && answer.path("apiVersion").asText().equals("admission.k8s.io/v1"),
        "no AdmissionReview: " + answer);
    require(response.path("uid").asText().equals(uid), "not the uid of the review: " + answer);
    require(response.path("allowed").isBoolean(), "neither allowed nor denied: " + answer);
    for (Map.Entry<String, JsonNode> field : response.properties()) {
      require(FIELDS.contains(field.getKey()), "a response has no field " + field.getKey());
    }
    if (!response.path("allowed").asBoolean()) {
      denial(response);
    }
    patch(response);
    warnings(response.path("warnings"));
    for (Map.Entry<String, JsonNode> entry : response.path("auditAnnotations").properties()) {
      require(
          AUDIT_KEY.matcher(entry.getKey()).matches() && entry.getValue().isTextual(),
          "no audit annotation: " + entry);
    }
  }

  private void denial(JsonNode response) {
    JsonNode status = response.path("status");
    require(
        status.path("code").asInt() >= 400 && !status.path("message").asText().isBlank(),
        "denied without saying why: " + response);
    require(!response.has("patch"), "denied and changed: " + response);
    require(!isOwnFailure(status.path("message").asText()), "denied by a bug: " + status);
  }

  private void patch(JsonNode response) {
    if (!response.has("patch") && !response.has("patchType")) {
      return;
    }
    require(
        response.path("patchType").asText().equals("JSONPatch"), "a patch of no type: " + response);
    JsonNode patch =
        patch(Json.write(JsonNodeFactory.instance.objectNode().set("response", response)));
    require(patch.isArray() && !patch.isEmpty(), "no patch: " + response);
    for (JsonNode operation : patch) {
      require(
          OPERATIONS.contains(operation.path("op").asText())
              && operation.path("path").isTextual()
              && POINTER.matcher(operation.path("path").asText()).matches()
              && operation.has("value") == !operation.path("op").asText().equals("remove"),
          "no operation: " + operation);
    }
  }

  private void warnings(JsonNode warnings) {
    int together = 0;
    boolean cut = false;
    for (JsonNode warning : warnings) {
      String text = warning.asText();
      require(warning.isTextual() && !text.isBlank(), "a warning that says nothing: " + warnings);
      require(
          text.chars().noneMatch(Character::isISOControl),
          "a warning that the API server passes over: " + warning);
      require(!isOwnFailure(text), "Graft failed: " + text);
      together += text.codePointCount(0, text.length());
      cut |= text.codePointCount(0, text.length()) > LONGEST_WARNING;
    }
    require(together <= WARNINGS_TOGETHER || !cut, "warnings that are cut: " + warnings);
  }

  /** Of its own failures Graft says that they are to be reported. */
  private static boolean isOwnFailure(String text) {
    return text.contains("please report this");
  }
}
