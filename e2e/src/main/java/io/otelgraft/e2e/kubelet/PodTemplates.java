package io.otelgraft.e2e.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Pods of workloads: what the controllers of a cluster would create. */
public final class PodTemplates {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PodTemplates() {}

  /**
   * A pod of a workload, to be named by whoever runs it.
   *
   * @param workload a Deployment, or whatever else has its pod's template at {@code spec.template}
   *     or, as a CronJob has, in {@code spec.jobTemplate}; a Pod is its own
   * @throws IllegalArgumentException when there is no template in it
   */
  public static ObjectNode pod(JsonNode workload) {
    String kind = workload.path("kind").asText();
    if (kind.equals("Pod")) {
      return workload.deepCopy();
    }
    String place = kind.equals("CronJob") ? "/spec/jobTemplate/spec/template" : "/spec/template";
    if (!(workload.at(place) instanceof ObjectNode template)) {
      throw new IllegalArgumentException("a " + kind + " has no template of a pod");
    }
    ObjectNode pod = MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
    pod.setAll(template.deepCopy());
    ObjectNode metadata = pod.withObject("/metadata");
    metadata.put("generateName", workload.at("/metadata/name").asText() + "-");
    if (workload.at("/metadata/namespace").isTextual()) {
      metadata.set("namespace", workload.at("/metadata/namespace"));
    }
    return pod;
  }
}
