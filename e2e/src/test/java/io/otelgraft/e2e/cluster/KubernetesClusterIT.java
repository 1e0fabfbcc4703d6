package io.otelgraft.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.e2e.images.ContainerImages;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the other tests take for granted of a cluster. */
@ExtendWith(ClusterExtension.class)
final class KubernetesClusterIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private String busybox;

  @BeforeEach
  void an_image(Cluster cluster, ContainerImages images) {
    busybox = cluster.load(images.busybox());
  }

  @Test
  void its_nodes_are_ready(Cluster cluster) {
    assertThat(
            cluster
                .kubectl()
                .run(
                    "get",
                    "nodes",
                    "-o=jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}"))
        .matches("True( True)*");
  }

  @Test
  void a_pod_of_an_imported_image_runs_as_whoever_it_wants(Namespace namespace) {
    namespace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: app}
        spec:
          restartPolicy: Never
          securityContext: {runAsNonRoot: true, runAsUser: 1234}
          volumes: [{name: shared, emptyDir: {}}]
          initContainers:
          - name: first
            image: %1$s
            command: [sh, -c, "echo hello >/shared/greeting"]
            volumeMounts: [{name: shared, mountPath: /shared}]
          containers:
          - name: app
            image: %1$s
            command: [sh, -c, "cat /shared/greeting; id -u"]
            volumeMounts: [{name: shared, mountPath: /shared}]
        """
            .formatted(busybox));

    namespace.await("pod", "app", pod -> hasPhase(pod, "Succeeded"), SOON);
    assertThat(namespace.log("app", "app")).isEqualTo("hello\n1234\n");
  }

  @Test
  void a_service_is_found_by_its_name_and_leads_to_its_pods(Namespace namespace) {
    namespace.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: web
                image: %1$s
                command: [sh, -c, "hostname >/tmp/index.html; exec httpd -f -p 8080 -h /tmp"]
                readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          restartPolicy: Never
          containers:
          - name: client
            image: %1$s
            command:
            - sh
            - -c
            - |
              until wget -q -O - http://web; do sleep 0.2; done
              wget -q -O - http://web.%2$s.svc.cluster.local || exit
              if nslookup elsewhere.example.com; then exit 1; fi
        """
            .formatted(busybox, namespace.name()));

    namespace.awaitRollout("deployment/web", SOON);
    namespace.await("pod", "client", pod -> hasPhase(pod, "Succeeded"), SOON);
    assertThat(namespace.log("client", "client")).containsPattern("web-.*\\nweb-.*\\n");
  }

  @Test
  void a_Job_completes_although_its_native_sidecar_would_run_on(Namespace namespace) {
    namespace.apply(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: batch}
        spec:
          template:
            spec:
              restartPolicy: Never
              volumes: [{name: shared, emptyDir: {}}]
              initContainers:
              - name: sidecar
                image: %1$s
                restartPolicy: Always
                command: [sh, -c, "touch /shared/up; trap exit TERM; tail -f /dev/null & wait"]
                startupProbe: {exec: {command: [ls, /shared/up]}, periodSeconds: 1}
                volumeMounts: [{name: shared, mountPath: /shared}]
              containers:
              - name: work
                image: %1$s
                command: [ls, /shared/up]
                volumeMounts: [{name: shared, mountPath: /shared}]
        """
            .formatted(busybox));

    namespace.await("job", "batch", job -> Namespace.isTrue(job, "Complete"), SOON);
  }

  @Test
  void an_image_is_mounted_as_a_volume_that_nobody_writes_to(
      Cluster cluster, ContainerImages images, Namespace namespace) {
    namespace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: app}
        spec:
          restartPolicy: Never
          volumes: [{name: agent, image: {reference: "%2$s", pullPolicy: IfNotPresent}}]
          containers:
          - name: app
            image: %1$s
            command: [sh, -c, "test -s /agent/javaagent.jar && ! touch /agent/file"]
            volumeMounts: [{name: agent, mountPath: /agent}]
        """
            .formatted(busybox, cluster.load(images.javaAgent())));

    JsonNode pod = namespace.await("pod", "app", KubernetesClusterIT::hasEnded, SOON);
    assertThat(hasPhase(pod, "Succeeded")).as(namespace.log("app", "app")).isTrue();
  }

  @Test
  void what_is_wrong_with_a_pod_is_told_when_a_test_fails(Namespace namespace) {
    namespace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: broken}
        spec:
          containers:
          - {name: talker, image: %s, command: [sh, -c, "echo last words; exit 7"]}
          - {name: absent, image: example.com/absent:1, imagePullPolicy: Never}
        """
            .formatted(busybox));

    namespace.await("pod", "broken", pod -> hasRestarted(pod), SOON);
    assertThat(namespace.describe())
        .contains("ErrImageNeverPull", "last words", "\"exitCode\" : 7", "before it restarted");
  }

  private static boolean hasPhase(JsonNode pod, String phase) {
    return pod.at("/status/phase").asText().equals(phase);
  }

  private static boolean hasEnded(JsonNode pod) {
    return hasPhase(pod, "Succeeded") || hasPhase(pod, "Failed");
  }

  private static boolean hasRestarted(JsonNode pod) {
    return pod.at("/status/containerStatuses").findValues("restartCount").stream()
        .anyMatch(count -> count.asInt() > 0);
  }
}
