package io.otelgraft.e2e.cluster;

import static io.otelgraft.e2e.cluster.Shop.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which containers of a pod are instrumented, and what they keep of their own. */
final class ContainersClusterIT extends ShopTests {

  @RegisterExtension static final GraftInstallation GRAFT = GraftInstallation.with();

  private ReceivedSpan serverSpanOf(String container) {
    return shop.span(
        SpanKind.SPAN_KIND_SERVER,
        span -> container.equals(span.resource().get("k8s.container.name")));
  }

  private ObjectNode instrumentation() {
    ObjectNode instrumentation = shop.instrumentation();
    instrumentation.withObject("/spec/nodejs").put("image", cluster.load(images.nodejsAgent()));
    instrumentation.withObject("/spec/python").put("image", cluster.load(images.pythonAgent()));
    return instrumentation;
  }

  @Test
  void two_containers_of_one_language_report_each_under_its_own_name() {
    shop.namespace().apply(instrumentation().toString());
    ObjectNode deployment = shop.greeter("nodejs", images.expressApp());
    ObjectNode another = deployment.at("/spec/template/spec/containers/0").deepCopy();
    another.put("name", "another");
    another.withArray("env").addObject().put("name", "PORT").put("value", "8081");
    ((ObjectNode) another.at("/readinessProbe/httpGet")).put("port", 8081);
    deployment.withArray("/spec/template/spec/containers").add(another);
    deployment
        .withObject("/spec/template/metadata/annotations")
        .put("instrumentation.opentelemetry.io/container-names", "app,another");

    shop.deploy(deployment);

    assertThat(serverSpanOf("app").resource())
        .containsEntry("k8s.deployment.name", "greeter-nodejs");
    assertThat(serverSpanOf("another").resource())
        .containsEntry("k8s.deployment.name", "greeter-nodejs");
  }

  @Test
  void each_container_of_a_pod_gets_the_agent_of_its_language() {
    shop.namespace().apply(instrumentation().toString());
    ObjectNode deployment = shop.greeter("nodejs", images.expressApp());
    ObjectNode python =
        (ObjectNode)
            shop.greeter("python", images.flaskApp()).at("/spec/template/spec/containers/0");
    python.put("name", "python");
    python.withArray("env").addObject().put("name", "FLASK_RUN_PORT").put("value", "8081");
    ((ObjectNode) python.at("/readinessProbe/httpGet")).put("port", 8081);
    deployment.withArray("/spec/template/spec/containers").add(python);
    deployment
        .withObject("/spec/template/metadata/annotations")
        .put("instrumentation.opentelemetry.io/nodejs-container-names", "app")
        .put("instrumentation.opentelemetry.io/inject-python", "true")
        .put("instrumentation.opentelemetry.io/python-container-names", "python");

    shop.deploy(deployment);

    assertThat(serverSpanOf("app").resource()).containsEntry("telemetry.sdk.language", "nodejs");
    assertThat(serverSpanOf("python").resource()).containsEntry("telemetry.sdk.language", "python");
  }

  @Test
  void an_init_container_that_an_annotation_names_is_instrumented() {
    shop.namespace().apply(instrumentation().toString());
    shop.namespace()
        .apply(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: import
              annotations:
                instrumentation.opentelemetry.io/inject-python: "true"
                instrumentation.opentelemetry.io/container-names: first
            spec:
              restartPolicy: Never
              initContainers:
              - name: first
                image: %1$s
                command: [python, -c, "import requests; requests.get('http://%2$s:4318/')"]
              containers:
              - name: app
                image: %1$s
                command: [python, -c, "import os; print('agent:', os.environ.get('PYTHONPATH'))"]
            """
                .formatted(cluster.load(images.flaskApp()), shop.collector().host()));

    shop.namespace()
        .await("pod", "import", pod -> pod.at("/status/phase").asText().equals("Succeeded"), SOON);
    assertThat(shop.namespace().log("import", "app")).isEqualTo("agent: None\n");
    assertThat(shop.span(SpanKind.SPAN_KIND_CLIENT, any -> true).resource())
        .containsEntry("k8s.container.name", "first")
        .containsEntry("k8s.pod.name", "import");
  }

  @Test
  void an_Instrumentation_of_another_namespace_is_taken_by_its_name(Cluster cluster) {
    String elsewhere = shop.namespace().name() + "-2"; // Names of namespaces are short.
    cluster.kubectl().run("create", "namespace", elsewhere);
    try {
      cluster
          .kubectl()
          .runWithInput(
              instrumentation().toString(), "apply", "--namespace=" + elsewhere, "--filename=-");
      ObjectNode deployment = shop.greeter("nodejs", images.expressApp());
      deployment
          .withObject("/spec/template/metadata/annotations")
          .put("instrumentation.opentelemetry.io/inject-nodejs", elsewhere + "/instrumentation");

      shop.deploy(deployment);

      assertThat(serverSpanOf("app").resource())
          .containsEntry("k8s.namespace.name", shop.namespace().name());
    } finally {
      cluster.kubectl().run("delete", "namespace", elsewhere, "--wait=false");
    }
  }

  @Test
  void what_comes_from_a_ConfigMap_or_a_Secret_stays_and_counts() {
    shop.namespace().apply(instrumentation().toString());
    shop.namespace()
        .apply(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {service: checkout, options: --max-old-space-size=77}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: secrets}
            stringData: {attributes: "team=payments,deployment.environment.name=test"}
            """);
    ObjectNode deployment = shop.greeter("nodejs", images.expressApp());
    ((ObjectNode) deployment.at("/spec/template/spec/containers/0"))
        .withArray("env")
        .addAll(
            Manifests.object(
                    """
                    env:
                    - name: OTEL_SERVICE_NAME
                      valueFrom: {configMapKeyRef: {name: settings, key: service}}
                    - name: NODE_OPTIONS
                      valueFrom: {configMapKeyRef: {name: settings, key: options}}
                    - name: OTEL_RESOURCE_ATTRIBUTES
                      valueFrom: {secretKeyRef: {name: secrets, key: attributes}}
                    """)
                .withArray("env"));

    String pod = shop.deploy(deployment).at("/metadata/name").asText();

    assertThat(shop.serverSpan("checkout").resource())
        .containsEntry("team", "payments")
        .containsEntry("deployment.environment.name", "test")
        .containsEntry("k8s.deployment.name", "greeter-nodejs");
    assertThat(
            shop.namespace()
                .kubectl(
                    "exec",
                    pod,
                    "--",
                    "node",
                    "--eval",
                    "console.log(v8.getHeapStatistics().heap_size_limit >> 20, process.env.NODE_OPTIONS)"))
        .contains("--max-old-space-size=77 ", "--require");
  }
}
