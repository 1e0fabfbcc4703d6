package io.otelgraft.testkit;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.document.Yaml;
import io.otelgraft.core.resource.Settings;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random pods, resources and settings. They are odd on purpose; some are refused by Kubernetes. */
final class Stories {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> CONTAINERS = List.of("app", "worker", "proxy", "istio-proxy");

  private static final List<String> VARIABLES =
      List.of(
          "A",
          "odd.name-1",
          "B",
          "PATH",
          "QUILL_OPTIONS",
          "GRAFT_QUILL_OPTIONS",
          "EMBER_PATH",
          "GRAFT_EMBER_PATH",
          "VANE_DIRECTORIES",
          "QUILL_COLOUR",
          "EMBER_EXPORTER",
          "OTEL_NODE_IP",
          "OTEL_POD_IP",
          "OTEL_SERVICE_NAME",
          "OTEL_RESOURCE_ATTRIBUTES",
          "OTEL_RESOURCE_ATTRIBUTES_POD_NAME",
          "OTEL_RESOURCE_ATTRIBUTES_NODE_NAME",
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_PROTOCOL",
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
          "OTEL_PROPAGATORS",
          "OTEL_TRACES_SAMPLER",
          "OTEL_TRACES_SAMPLER_ARG");

  private static final List<String> VALUES =
      List.of(
          "",
          "x",
          "of the user",
          "/a:/b",
          "/a::/b:",
          "/opt/tracer",
          "team=shop,tier=one",
          "team=a%2Cb,,service.name=mine, k8s.pod.name=p ,broken",
          "http://collector:4317",
          "https://$(A):4318",
          "$(A)",
          "$(B) and $(QUILL_OPTIONS)",
          "$$(A) $( $(",
          "$(OTEL_NODE_IP)",
          "$(OTEL_RESOURCE_ATTRIBUTES_POD_NAME)",
          "grpc",
          "always_on",
          "0.25",
          "snowman ☃ \uD83D\uDE00");

  private Stories() {}

  static Arbitrary<Story> any() {
    return Combinators.combine(pods(), resources(), settings())
        .as((pod, resources, settings) ->
            new Story(text(pod, resources, settings), pod, resources, settings));
  }

  /** With something in a place where Kubernetes wants something else. */
  static Arbitrary<Story> malformed() {
    Arbitrary<String> places =
        Arbitraries.of(
            "/metadata",
            "/metadata/annotations",
            "/metadata/labels",
            "/metadata/ownerReferences",
            "/metadata/ownerReferences/0",
            "/spec/volumes",
            "/spec/securityContext",
            "/spec/resources",
            "/spec/containers",
            "/spec/containers/0",
            "/spec/containers/0/name",
            "/spec/containers/0/image",
            "/spec/containers/0/command",
            "/spec/containers/0/env",
            "/spec/containers/0/env/0",
            "/spec/containers/0/env/0/name",
            "/spec/containers/0/env/0/value",
            "/spec/containers/0/env/0/valueFrom",
            "/spec/containers/0/envFrom",
            "/spec/containers/0/volumeMounts",
            "/spec/containers/0/resources",
            "/spec/containers/0/resources/limits",
            "/spec/containers/0/securityContext",
            "/spec/initContainers",
            "/spec/initContainers/0");
    Arbitrary<String> things =
        Arbitraries.of(
            "null", "text", "7", "true", "{}", "[]", "[null]", "[text]", "[{}]", "{a: 1}");
    return Combinators.combine(any(), places, things)
        .as((story, place, thing) ->
            story.with(
                story.name() + "\nwith " + thing + " at " + place,
                pod ->
                    put(pod, JsonPointer.compile(place), yaml("{it: " + thing + "}").get("it"))));
  }

  private static void put(ObjectNode pod, JsonPointer place, JsonNode thing) {
    JsonNode parent = pod.at(place.head());
    if (parent instanceof ObjectNode object) {
      object.set(place.last().getMatchingProperty(), thing);
    } else if (parent instanceof ArrayNode array && !array.isEmpty()) {
      array.set(place.last().getMatchingIndex(), thing);
    }
  }

  /** All that is needed to see why a story fails. */
  private static String text(ObjectNode pod, List<Document> resources, Settings settings) {
    StringBuilder text = new StringBuilder("\n").append(Yaml.write(pod));
    resources.forEach(resource -> text.append("---\n").append(Yaml.write(resource.tree())));
    return text.append(settings).toString();
  }

  static ObjectNode yaml(String text) {
    return Documents.read("story", text).list().getFirst().tree();
  }

  // Pods

  private static Arbitrary<ObjectNode> pods() {
    return Combinators.combine(metadata(), spec(), unknownFields())
        .as((metadata, spec, unknown) -> {
          ObjectNode pod = yaml("{apiVersion: v1, kind: Pod}");
          pod.set("metadata", metadata);
          pod.set("spec", spec);
          return with(pod, unknown);
        });
  }

  private static Arbitrary<ObjectNode> metadata() {
    Arbitrary<String> language = Arbitraries.of("quill", "ember", "vane", "kit");
    Arbitrary<String> asking =
        Arbitraries.frequency(
            Tuple.of(12, "true"),
            Tuple.of(2, "standard"),
            Tuple.of(2, "shop/standard"),
            Tuple.of(1, "false"),
            Tuple.of(1, " TRUE "),
            Tuple.of(1, "missing"),
            Tuple.of(1, "a/b/c"));
    Arbitrary<Map<String, String>> languages =
        Arbitraries.maps(
                language.map(id -> "instrumentation.opentelemetry.io/inject-" + id), asking)
            .ofMinSize(1)
            .ofMaxSize(3);
    Arbitrary<Map<String, String>> others =
        seldom(
            Arbitraries.maps(
                    Arbitraries.of(
                        "instrumentation.opentelemetry.io/container-names",
                        "instrumentation.opentelemetry.io/quill-container-names",
                        "instrumentation.opentelemetry.io/ember-platform",
                        "instrumentation.opentelemetry.io/inject-unknown",
                        "resource.opentelemetry.io/service.name",
                        "resource.opentelemetry.io/team",
                        "resource.opentelemetry.io/service.version",
                        "kubectl.kubernetes.io/default-container",
                        "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes",
                        "a~b/c~1d"),
                    Arbitraries.of(
                        "app", "app,worker", "app,init", "", "none", "common", "a b,c=d"))
                .ofMaxSize(2));
    Arbitrary<ObjectNode> owners =
        Arbitraries.of(
            yaml("{}"),
            yaml("{labels: {app.kubernetes.io/name: cart, app.kubernetes.io/version: '2'}}"),
            yaml(
                """
                labels: {pod-template-hash: abc}
                ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: cart-abc, uid: u-1, controller: true}]
                """),
            yaml(
                """
                generateName: cart-
                ownerReferences: [{apiVersion: batch/v1, kind: Job, name: cart-28123456, uid: u-2, controller: true}]
                """));
    return Combinators.combine(languages, others, owners, unknownFields())
        .as((asked, more, owner, unknown) -> {
          ObjectNode metadata = yaml("{name: cart-1, namespace: shop}");
          metadata.setAll(owner.deepCopy());
          if (metadata.has("generateName")) {
            metadata.remove("name");
          }
          ObjectNode annotations = metadata.putObject("annotations");
          asked.forEach(annotations::put);
          more.forEach(annotations::put);
          return with(metadata, unknown);
        });
  }

  private static Arbitrary<ObjectNode> spec() {
    Arbitrary<List<ObjectNode>> containers =
        Arbitraries.of(1, 1, 1, 2, 3)
            .flatMap(count -> {
              List<Arbitrary<ObjectNode>> named =
                  CONTAINERS.subList(0, count).stream().map(Stories::container).toList();
              return Combinators.combine(named).as(list -> list);
            });
    Arbitrary<List<ObjectNode>> inits =
        Arbitraries.of(0, 0, 1, 2)
            .flatMap(count -> {
              List<Arbitrary<ObjectNode>> named =
                  List.of("init", "native-sidecar").subList(0, count).stream()
                      .map(name ->
                          container(name)
                              .map(container ->
                                  name.startsWith("native")
                                      ? container.put("restartPolicy", "Always")
                                      : container))
                      .toList();
              return Combinators.combine(named).as(list -> list);
            });
    Arbitrary<ObjectNode> rest =
        Arbitraries.of(
                "{}",
                "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}}",
                "{volumes: null, initContainers: null}",
                "{volumes: [{name: opentelemetry-auto-instrumentation-quill, emptyDir: {}}]}",
                "{resources: {limits: {cpu: 1, memory: 1Gi}}, nodeName: n1}",
                "{shareProcessNamespace: false, automountServiceAccountToken: false}",
                "{ephemeralContainers: []}")
            .map(Stories::yaml);
    return Combinators.combine(containers, inits, rest, unknownFields())
        .as((regular, init, more, unknown) -> {
          ObjectNode spec = more.deepCopy();
          spec.withArray("containers").addAll(regular);
          if (!init.isEmpty()) {
            spec.putArray("initContainers").addAll(init);
          }
          if (regular.stream().anyMatch(container -> container.has("volumeMounts"))
              || init.stream().anyMatch(container -> container.has("volumeMounts"))) {
            ArrayNode volumes =
                spec.path("volumes") instanceof ArrayNode there ? there : spec.putArray("volumes");
            volumes.add(yaml("{name: data, emptyDir: {}}"));
          }
          return with(spec, unknown);
        });
  }

  private static Arbitrary<ObjectNode> container(String name) {
    Arbitrary<String> images =
        Arbitraries.of(
            "shop/cart:1.2",
            "registry:5000/cart",
            "cart@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            "cart:latest");
    Arbitrary<ObjectNode> rest =
        Arbitraries.of(
                "{}",
                "{}",
                "{command: [run, '-x'], args: ['--port', '$(A)']}",
                "{volumeMounts: [{name: data, mountPath: /otel-auto-instrumentation}]}",
                "{volumeMounts: [{name: data, mountPath: /data/}], envFrom: [{configMapRef: {name: c}}]}",
                "{envFrom: [{prefix: QUILL_, secretRef: {name: s, optional: true}}]}",
                "{resources: {limits: {cpu: '1', memory: 1Gi}}}",
                "{resources: {requests: {cpu: 10m}}}",
                "{securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}")
            .map(Stories::yaml);
    Arbitrary<List<ObjectNode>> env = variable().list().ofMaxSize(6);
    return Combinators.combine(images, rest, env, unknownFields())
        .as((image, more, variables, unknown) -> {
          ObjectNode container = JSON.objectNode().put("name", name).put("image", image);
          container.setAll(more.deepCopy());
          if (!variables.isEmpty()) {
            container.putArray("env").addAll(variables);
          }
          return with(container, unknown);
        });
  }

  private static Arbitrary<ObjectNode> variable() {
    Arbitrary<ObjectNode> contents =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.of(VALUES).map(value -> JSON.objectNode().put("value", value))),
            Tuple.of(
                3,
                Arbitraries.of(
                        "{valueFrom: {fieldRef: {fieldPath: metadata.name}}}",
                        "{valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}",
                        "{valueFrom: {configMapKeyRef: {name: c, key: k}}}",
                        "{valueFrom: {resourceFieldRef: {resource: limits.cpu}}}")
                    .map(Stories::yaml)),
            Tuple.of(1, Arbitraries.of("{}", "{value: null}").map(Stories::yaml)));
    return Combinators.combine(Arbitraries.of(VARIABLES), contents, unknownFields())
        .as((name, content, unknown) -> {
          ObjectNode entry = JSON.objectNode().put("name", name);
          entry.setAll(content.deepCopy());
          return with(entry, unknown);
        });
  }

  // Fields that nobody knows

  private static ObjectNode with(ObjectNode object, ObjectNode unknown) {
    object.setAll(unknown.deepCopy());
    return object;
  }

  private static <K, V> Arbitrary<Map<K, V>> seldom(Arbitrary<Map<K, V>> maps) {
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.just(Map.<K, V>of())), Tuple.of(1, maps));
  }

  private static Arbitrary<ObjectNode> unknownFields() {
    return seldom(
            Arbitraries.maps(Arbitraries.of("unknownA", "unknown~B", "unknown/C"), json(2))
                .ofMaxSize(2))
        .map(fields -> {
          ObjectNode object = JSON.objectNode();
          fields.forEach(object::set);
          return object;
        });
  }

  private static Arbitrary<JsonNode> json(int depth) {
    Arbitrary<JsonNode> scalar =
        Arbitraries.of(
            NullNode.getInstance(),
            TextNode.valueOf("text"),
            TextNode.valueOf(""),
            JSON.booleanNode(false),
            JSON.numberNode(new BigDecimal("123456789012345678901234567890.10")),
            JSON.numberNode(-1));
    if (depth == 0) {
      return scalar;
    }
    Arbitrary<JsonNode> lists =
        json(depth - 1).list().ofMaxSize(3).map(items -> JSON.arrayNode().addAll(items));
    Arbitrary<JsonNode> objects =
        Arbitraries.maps(Arbitraries.of("a", "b", ""), json(depth - 1))
            .ofMaxSize(2)
            .map(fields -> {
              ObjectNode object = JSON.objectNode();
              fields.forEach(object::set);
              return object;
            });
    return Arbitraries.oneOf(scalar, lists, objects);
  }

  // Resources

  private static Arbitrary<List<Document>> resources() {
    return Combinators.combine(instrumentation("standard"), namespace())
        .as((standard, namespace) ->
            Documents.read("resources", standard + "---\n" + namespace).list());
  }

  private static Arbitrary<String> namespace() {
    return Arbitraries.of(
            "{}",
            "{instrumentation.opentelemetry.io/inject-kit: 'true'}",
            "{instrumentation.opentelemetry.io/inject-quill: standard}")
        .map(annotations ->
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: "
                + annotations
                + "}}\n");
  }

  private static Arbitrary<String> instrumentation(String name) {
    return Arbitraries.subsetOf(
            "exporter: {endpoint: 'http://collector:4317'}",
            "propagators: [tracecontext, b3]",
            "sampler: {type: traceidratio, argument: '0.5'}",
            "resource: {addK8sUIDAttributes: true, resourceAttributes: {team: 'a,b=c', service.version: '9'}}",
            "defaults: {useLabelsForResourceAttributes: true}",
            "imagePullPolicy: Always",
            "initContainerSecurityContext: {runAsUser: 1000, runAsNonRoot: true,"
                + " allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}",
            "env: [{name: QUILL_OPTIONS, value: common}, {name: A, value: '${POD_NAME} at $(OTEL_NODE_IP)'},"
                + " {name: OTEL_RESOURCE_ATTRIBUTES, value: 'from=common'}]",
            "quill: {env: [{name: B, valueFrom: {fieldRef: {fieldPath: status.podIP}}}],"
                + " volumeLimitSize: 1Gi, resources: {limits: {cpu: 1}}}",
            "ember: {env: [{name: EMBER_PATH, valueFrom: {secretKeyRef: {name: s, key: k}}}],"
                + " volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce],"
                + " resources: {requests: {storage: 1Gi}}}}}",
            "vane: {image: 'example.org/vane:2'}")
        .map(fields ->
            """
            apiVersion: opentelemetry.io/v1alpha1
            kind: Instrumentation
            metadata: {name: %s, namespace: shop}
            spec:%s
            """
                .formatted(
                    name,
                    fields.isEmpty()
                        ? " {}"
                        : "\n  " + String.join("\n  ", fields.stream().sorted().toList())));
  }

  private static Arbitrary<Settings> settings() {
    return Arbitraries.subsetOf(
            "compatibility=operator",
            "admission.on-error=allow",
            "defaults.endpoint=http://fallback:4318",
            "defaults.sampler=always_on",
            "defaults.env.B=configured",
            "explicit-protocol=false",
            "cluster-name=prod")
        .map(chosen -> {
          Settings.Builder settings = Settings.builder();
          chosen.forEach(setting -> {
            int equals = setting.indexOf('=');
            settings.set(setting.substring(0, equals), setting.substring(equals + 1));
          });
          return settings.build();
        });
  }
}
