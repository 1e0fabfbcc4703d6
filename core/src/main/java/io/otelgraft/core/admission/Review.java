package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What one webhook decides. The protocol around it is the {@link Reviewer}'s. Thread-safe. */
interface Review {

  /** What it is for, in messages: {@code pods}. */
  String subjects();

  /** Whether it is for objects of the kind that a request is about. */
  boolean covers(AdmissionRequest request);

  /**
   * Decides.
   *
   * @param request covered, and not about a subresource
   * @param object the request's object; never touched
   */
  Ruling rule(AdmissionRequest request, ObjectNode object);
}
