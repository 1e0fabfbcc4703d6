package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a review: what is sent, and what there is to tell of it.
 *
 * <p>Immutable, but for what its trees and bytes allow; they are not to be changed.
 */
public final class Answer {
  private static final int OK = 200;

  private final int status;
  private final byte[] body;
  private final Optional<AdmissionRequest> request;
  private final Optional<String> message;
  private final List<String> warnings;
  private final Optional<Decision> decision;

  private Answer(
      int status,
      byte[] body,
      Optional<AdmissionRequest> request,
      Optional<ObjectNode> failure,
      List<String> warnings,
      Optional<Decision> decision) {
    this.status = status;
    this.body = body;
    this.request = request;
    this.message = failure.map(why -> why.path("message").asText());
    this.warnings = warnings;
    this.decision = decision;
  }

  /** Of a review, with what is sent. */
  static Answer of(AdmissionRequest request, Ruling ruling, byte[] body) {
    return new Answer(
        OK, body, Optional.of(request), ruling.denial(), ruling.warnings(), ruling.decision());
  }

  /** Of what was no review. */
  static Answer badRequest(String message) {
    ObjectNode failure = Status.badRequest(message);
    return new Answer(
        Status.BAD_REQUEST,
        Json.write(failure),
        Optional.empty(),
        Optional.of(failure),
        List.of(),
        Optional.empty());
  }

  /** The status of the HTTP response: 200, or 400 if what came was no review. */
  public int status() {
    return status;
  }

  /**
   * The response's body, JSON: an AdmissionReview, or for 400 a Status that says what was wrong.
   * Not copied.
   */
  public byte[] body() {
    return body;
  }

  /** Whether it was a review, and what it asks for is allowed. */
  public boolean allowed() {
    return message.isEmpty();
  }

  /** Why it is denied, or what was wrong if it was no review; empty if it is allowed. */
  public Optional<String> message() {
    return message;
  }

  /** What the user is shown, a line each. */
  public List<String> warnings() {
    return warnings;
  }

  /** What was decided about a pod; empty for reviews of other objects, and of no object. */
  public Optional<Decision> decision() {
    return decision;
  }

  /** What the review is about; empty if it was none. */
  public Optional<Subject> subject() {
    return request.map(AdmissionRequest::subject);
  }

  /** The object as it came; empty if there was none, as in the review of a deletion. */
  public Optional<ObjectNode> before() {
    return request.flatMap(AdmissionRequest::object);
  }

  /** Whether nothing may be written, counted or told elsewhere because of it. */
  public boolean dryRun() {
    return request.filter(AdmissionRequest::dryRun).isPresent();
  }
}
