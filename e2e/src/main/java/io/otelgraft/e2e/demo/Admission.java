package io.otelgraft.e2e.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.apiserver.Answer.Admitted;

/**
 * A pod of an application that was created.
 *
 * @param workload what it is a pod of
 * @param admitted what became of it
 */
record Admission(Application application, ObjectNode workload, Admitted admitted) {

  /** The pod to run. */
  ObjectNode pod() {
    return admitted.pod();
  }
}
