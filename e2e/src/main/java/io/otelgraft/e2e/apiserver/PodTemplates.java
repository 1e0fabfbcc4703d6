package io.otelgraft.e2e.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/** Pods of workloads: what the controllers of a cluster would create. */
public final class PodTemplates {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The digits of Kubernetes' {@code rand.SafeEncodeString}, which make no words. */
  private static final String DIGITS = "bcdfghjklmnpqrstvwxz2456789";

  private PodTemplates() {}

  /**
   * A pod of a workload, to be named by whoever runs it. That of a Deployment belongs to a
   * ReplicaSet, and says so in the ways that a ReplicaSet's pod does: owner, label, name.
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
    String name = workload.at("/metadata/name").asText();
    if (kind.equals("Deployment")) {
      String hash = hash(template);
      name += "-" + hash;
      metadata.withObject("/labels").put("pod-template-hash", hash);
      own(metadata, "ReplicaSet", name);
    }
    metadata.put("generateName", name + "-");
    if (workload.at("/metadata/namespace").isTextual()) {
      metadata.set("namespace", workload.at("/metadata/namespace"));
    }
    return pod;
  }

  private static void own(ObjectNode metadata, String kind, String name) {
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "apps/v1")
        .put("kind", kind)
        .put("name", name)
        .put("uid", UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString())
        .put("controller", true)
        .put("blockOwnerDeletion", true);
  }

  /** As a Deployment's controller writes it, though of another function. */
  private static String hash(ObjectNode template) {
    StringBuilder hash = new StringBuilder();
    Integer.toUnsignedString(template.hashCode())
        .chars()
        .forEach(digit -> hash.append(DIGITS.charAt(digit % DIGITS.length())));
    return hash.toString();
  }
}
