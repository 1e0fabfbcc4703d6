package io.otelgraft.e2e.cluster;

import static io.otelgraft.e2e.cluster.Shop.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods of each kind of workload report under the workload's name, and Jobs end as before. */
final class WorkloadsClusterIT extends ShopTests {

  @RegisterExtension
  static final GraftInstallation GRAFT =
      GraftInstallation.with("--set=settings.enabled-languages={go}");

  @ParameterizedTest(name = "{0}")
  @CsvSource({"StatefulSet, k8s.statefulset.name", "DaemonSet, k8s.daemonset.name"})
  void what_runs_until_it_is_stopped_reports_under_its_name(String kind, String attribute) {
    shop.instrument("nodejs", images.nodejsAgent());
    ObjectNode workload = shop.greeter("nodejs", images.expressApp());
    workload.put("kind", kind);
    JsonNode pod = shop.deploy(workload);

    ReceivedSpan span = shop.serverSpan("greeter-nodejs");
    assertThat(span.resource())
        .containsEntry(attribute, "greeter-nodejs")
        .containsEntry("k8s.pod.name", pod.at("/metadata/name").asText())
        .doesNotContainKey("k8s.deployment.name");
  }

  /** Asks the Collector, which is no request that it understands, but one all the same. */
  private String askingJob(String inject) {
    return """
    template:
      metadata: {annotations: {instrumentation.opentelemetry.io/inject-python: "%s"}}
      spec:
        restartPolicy: Never
        containers:
        - name: app
          image: %s
          command: [python, -c, "import requests; requests.get('http://%s:4318/')"]
    """
        .formatted(inject, cluster.load(images.flaskApp()), shop.collector().host());
  }

  private ReceivedSpan clientSpan(String service) {
    return shop.span(SpanKind.SPAN_KIND_CLIENT, span -> span.service().equals(service));
  }

  @Test
  void a_Job_reports_what_it_did_and_completes() {
    shop.instrument("python", images.pythonAgent());
    shop.namespace()
        .apply(
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: import}
            spec:
            """
                + askingJob("true").indent(2));

    shop.namespace().await("job", "import", job -> Namespace.isTrue(job, "Complete"), SOON);
    assertThat(clientSpan("import").resource()).containsEntry("k8s.job.name", "import");
  }

  @Test
  void a_Job_of_a_CronJob_reports_under_the_CronJob_s_name() {
    shop.instrument("python", images.pythonAgent());
    shop.namespace()
        .apply(
            """
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: report}
            spec:
              schedule: "* * * * *"
              jobTemplate:
                spec:
            """
                + askingJob("true").indent(6));

    ReceivedSpan span = clientSpan("report");
    assertThat(span.resource()).containsEntry("k8s.cronjob.name", "report");
    assertThat(span.resource().get("k8s.job.name")).matches("report-[0-9]+");
    String job = span.resource().get("k8s.job.name");
    shop.namespace().await("job", job, one -> Namespace.isTrue(one, "Complete"), SOON);
  }

  /** By the names that controllers give, neither could be told. */
  @Test
  void the_UIDs_of_owners_and_the_CronJob_of_a_Job_that_is_made_by_hand_are_those_of_the_cluster() {
    ObjectNode instrumentation = shop.instrumentation();
    instrumentation.withObject("/spec/python").put("image", cluster.load(images.pythonAgent()));
    instrumentation.withObject("/spec/resource").put("addK8sUIDAttributes", true);
    shop.namespace().apply(instrumentation.toString());

    JsonNode pod = shop.deploy(shop.greeter("python", images.flaskApp()));
    assertThat(shop.serverSpan("greeter-python").resource())
        .containsEntry("k8s.pod.uid", pod.at("/metadata/uid").asText())
        .containsEntry("k8s.replicaset.uid", pod.at("/metadata/ownerReferences/0/uid").asText())
        .containsEntry("k8s.deployment.uid", uid("deployment", "greeter-python"));

    shop.namespace()
        .apply(
            """
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: report}
            spec:
              schedule: "0 0 1 1 *"
              suspend: true
              jobTemplate:
                spec:
            """
                + askingJob("true").indent(6));
    shop.namespace().kubectl("create", "job", "by-hand", "--from=cronjob/report");

    assertThat(clientSpan("report").resource())
        .containsEntry("k8s.job.name", "by-hand")
        .containsEntry("k8s.job.uid", uid("job", "by-hand"))
        .containsEntry("k8s.cronjob.name", "report")
        .containsEntry("k8s.cronjob.uid", uid("cronjob", "report"));
  }

  private String uid(String kind, String name) {
    return shop.namespace().get(kind, name).at("/metadata/uid").asText();
  }

  /** The Go agent goes on running beside what it observes, unless something ends it. */
  @Test
  void a_Job_in_Go_completes_although_its_agent_would_run_on() {
    shop.instrumentGo(images.goAgent());
    shop.namespace()
        .apply(
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: import}
            spec:
              template:
                metadata:
                  annotations:
                    instrumentation.opentelemetry.io/inject-go: "true"
                    instrumentation.opentelemetry.io/otel-go-auto-target-exe: /app/greeter
                spec:
                  restartPolicy: Never
                  containers:
                  - name: app
                    image: %s
                    env: [{name: PORT, value: "8080"}]
                    # It takes the agent seconds to attach.
                    command: ["/bin/sh", "-c"]
                    args:
                    - |
                      /app/greeter &
                      for request in $(seq 100); do
                        wget -q -O - http://127.0.0.1:8080/hello/you
                        sleep 0.2
                      done
                      kill $!
            """
                .formatted(cluster.load(images.goApp())));

    ReceivedSpan span = shop.serverSpan("import");
    assertThat(span.resource())
        .containsEntry("k8s.job.name", "import")
        .containsEntry("telemetry.sdk.language", "go");
    shop.namespace().await("job", "import", job -> Namespace.isTrue(job, "Complete"), SOON);
  }
}
