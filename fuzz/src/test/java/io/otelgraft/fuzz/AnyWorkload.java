package io.otelgraft.fuzz;

import static io.otelgraft.fuzz.Fragments.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A workload whose template is a pod that comes from elsewhere. */
final class AnyWorkload {
  private static final List<String> KINDS =
      List.of(
          "{apiVersion: apps/v1, kind: Deployment}",
          "{apiVersion: apps/v1, kind: StatefulSet}",
          "{apiVersion: apps/v1, kind: DaemonSet}",
          "{apiVersion: batch/v1, kind: Job}",
          "{apiVersion: batch/v1, kind: CronJob}",
          "{apiVersion: apps/v1, kind: ReplicaSet}",
          "{apiVersion: v1, kind: ReplicationController}",
          "{apiVersion: argoproj.io/v1alpha1, kind: Rollout}",
          "{apiVersion: apps.openshift.io/v1, kind: DeploymentConfig}");

  /** What a template has of a pod's metadata. */
  private static final List<String> OF_TEMPLATES = List.of("labels", "annotations");

  private AnyWorkload() {}

  /** One that makes pods such as this one. */
  static ObjectNode of(Choices choices, ObjectNode pod, String namespace) {
    ObjectNode workload = yaml(choices.of(KINDS));
    ObjectNode metadata = workload.putObject("metadata").put("name", "cart");
    if (!choices.percent(10)) {
      metadata.put("namespace", namespace);
    }
    if (choices.percent(30)) {
      metadata.set("labels", yaml("{app: cart, app.kubernetes.io/version: '3'}"));
    }
    if (choices.percent(10)) {
      // As of a ReplicaSet that a Deployment's controller makes.
      JsonNode owner =
          yaml("{it: [{apiVersion: v1, kind: Owner, name: o, uid: u-3, controller: true}]}");
      metadata.set("ownerReferences", owner.get("it"));
    }
    ObjectNode template = pod.deepCopy();
    template.remove(List.of("apiVersion", "kind"));
    ((ObjectNode) template.get("metadata")).retain(OF_TEMPLATES);
    String at =
        workload.path("kind").asText().equals("CronJob") ? "/spec/jobTemplate/spec" : "/spec";
    workload.withObject(at).set("template", template);
    return workload;
  }
}
