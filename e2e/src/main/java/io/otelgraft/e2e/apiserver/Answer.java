package io.otelgraft.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;

/** What comes of a pod that somebody creates. */
public sealed interface Answer {

  /** What the webhook wants the client to be told: kubectl prints each as {@code Warning: …}. */
  List<String> warnings();

  /** How long the webhook took, as its client sees it. */
  Duration took();

  /**
   * The pod is created.
   *
   * @param pod as the webhook changed it
   * @param patch the JSON Patch (RFC 6902) that did; empty if it was left as it is
   */
  record Admitted(ObjectNode pod, JsonNode patch, List<String> warnings, Duration took)
      implements Answer {}

  /**
   * The pod is not created.
   *
   * @param reason of the Status, as {@code Forbidden}
   * @param message of the Status: with the webhook's name before what it says
   */
  record Rejected(String reason, String message, List<String> warnings, Duration took)
      implements Answer {

    /** What {@code kubectl create -f FILE} prints. */
    public String fromKubectl(String file) {
      return "Error from server (%s): error when creating \"%s\": %s"
          .formatted(reason, file, message);
    }

    /** The event {@code FailedCreate} of the ReplicaSet that asked for the pod. */
    public String fromReplicaSet() {
      return "Error creating: " + message;
    }
  }
}
