package io.otelgraft.fuzz;

import static io.otelgraft.fuzz.Fragments.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The Instrumentations and Namespaces of a cluster. Most are valid. */
final class AnyResources {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final List<String> FIELDS =
      List.of(
          "{propagators: [tracecontext, baggage, b3]}",
          "{sampler: {type: parentbased_traceidratio, argument: '0.25'}}",
          "{sampler: {type: always_off}}",
          "{sampler: {type: jaeger_remote, argument: 'endpoint=http://j:14250,pollingIntervalMs=5000,initialSamplingRate=0.25'}}",
          "{resource: {addK8sUIDAttributes: true}}",
          "{resource: {resourceAttributes: {team: 'a,b=c', service.version: '9', at: '${K8S_NODE_NAME}'}}}",
          "{resource: {resourceAttributes: [{key: a, value: b}, {key: c, value: '${K8S_POD_LABELS_APP}', action: upsert}]}}",
          "{defaults: {useLabelsForResourceAttributes: true}}",
          "{imagePullPolicy: Always}",
          "{initContainerSecurityContext: {runAsUser: 1000, runAsNonRoot: true,"
              + " allowPrivilegeEscalation: false, capabilities: {drop: [ALL]},"
              + " seccompProfile: {type: RuntimeDefault}}}",
          "{agentDelivery: image-volume}",
          "{agentDelivery: copy}",
          "{allowedNamespaces: [shop, 'other-*']}",
          "{allowedNamespaces: []}",
          "{mode: observe}",
          "{mode: enforce}");

  private static final List<String> EXPORTERS =
      List.of(
          "{endpoint: 'http://collector:4317'}",
          "{endpoint: 'http://collector:4318'}",
          "{endpoint: 'http://${NODE_IP}:4318', protocol: http/protobuf}",
          "{endpoint: 'http://$(OTEL_NODE_IP):4317', protocol: grpc}",
          "{endpoint: 'https://[fd00::1]:4317/x'}",
          "{protocol: http/json}",
          "{endpoint: 'https://collector:4318', tls: {secretName: client, ca_file: ca.crt, cert_file: tls.crt, key_file: tls.key}}",
          "{endpoint: 'https://collector:4317', tls: {configMapName: ca, ca_file: ca.crt}}",
          "{endpoint: 'https://collector:4317', tls: {configMapName: ca, secretName: client, ca_file: /etc/ca.crt, cert_file: c, key_file: k}}",
          "{endpoint: 'https://collector:4318', tls: {ca_file: /etc/ssl/ca.crt}}");

  /** Beside what a section holds of its own. */
  private static final List<String> OF_SECTIONS =
      List.of(
          "{image: 'registry.example.com/agent:2'}",
          "{image: 'agent@sha256:2222222222222222222222222222222222222222222222222222222222222222'}",
          "{resources: {limits: {cpu: 100m, memory: 32Mi}}}",
          "{resources: {requests: {cpu: 1}, limits: {cpu: 2, memory: 1Gi, ephemeral-storage: 1Gi}}}",
          "{resourceRequirements: {limits: {cpu: 500m, memory: 64Mi}, requests: {cpu: 50m, memory: 64Mi}}}",
          "{resourceRequirements: {requests: {memory: 1}}}",
          "{volumeLimitSize: 200Mi}",
          "{volumeClaimTemplate: {metadata: {labels: {a: b}}, spec: {accessModes: [ReadWriteOnce],"
              + " resources: {requests: {storage: 1Gi}}}}}");

  /** Fields of a section that cannot stand together. */
  private static final Map<String, String> TWINS =
      Map.of(
          "resources", "resourceRequirements",
          "resourceRequirements", "resources",
          "volumeLimitSize", "volumeClaimTemplate",
          "volumeClaimTemplate", "volumeLimitSize");

  private static final List<String> BROKEN =
      List.of(
          "{exporter: {endpoint: 'not a url'}}",
          "{sampler: {type: sometimes}}",
          "{sampler: {type: traceidratio, argument: '7'}}",
          "{propagators: [pigeon]}",
          "{resource: {resourceAttributes: [{key: a, action: explode}]}}",
          "{env: [{name: A, value: '${NO_SUCH_THING}'}]}",
          "{env: {A: B}}",
          "{exporter: {tls: {cert_file: c}}}",
          "{unknownField: 1}",
          "{exporter: []}");

  /** Any of these can be kept to together. */
  private static final List<String> LIMITS =
      List.of(
          "{limits: []}",
          "{limits: [{type: Container, max: {cpu: 2, memory: 2Gi}, min: {cpu: 5m, memory: 4Mi}}]}",
          "{limits: [{type: Container, max: {cpu: 20m, memory: 24Mi}}]}",
          "{limits: [{type: Container, min: {cpu: 10m, memory: 16Mi}}]}",
          "{limits: [{type: Container, default: {cpu: 20m, memory: 24Mi},"
              + " defaultRequest: {cpu: 10m, memory: 16Mi}}]}",
          "{limits: [{type: Container, maxLimitRequestRatio: {cpu: 2, memory: 1}}]}",
          "{limits: [{type: Pod, max: {cpu: 1, memory: 1Gi}},"
              + " {type: PersistentVolumeClaim, max: {storage: 1Gi}}]}",
          "{limits: [{type: Container, max: {ephemeral-storage: 600Mi}, min: {memory: '1e6'}}]}",
          "{limits: [{type: Container, default: {ephemeral-storage: 300Mi},"
              + " maxLimitRequestRatio: {ephemeral-storage: 4}}]}");

  private static final List<String> TEXTS =
      List.of("x", "/opt/x", "2.4", "/usr/local/apache2/conf", "glibc", "1.16.0", "/x.conf");

  private final Choices choices;
  private final List<Language> languages;
  private final AnyEnv env;

  private AnyResources(Choices choices, List<Language> languages) {
    this.choices = choices;
    this.languages = languages;
    this.env = new AnyEnv(choices, languages);
  }

  /**
   * All that a cluster has.
   *
   * @param namespace that of the pod
   */
  static List<ObjectNode> of(Choices choices, List<Language> languages, String namespace) {
    AnyResources any = new AnyResources(choices, languages);
    List<ObjectNode> all = new ArrayList<>();
    if (!choices.percent(2)) {
      all.add(any.instrumentation("standard", namespace));
    }
    if (choices.percent(10)) {
      all.add(any.instrumentation("second", namespace));
    }
    if (choices.percent(60)) {
      all.add(any.instrumentation("standard", "away"));
    }
    if (choices.percent(8)) {
      ObjectNode broken = any.instrumentation("broken", namespace);
      ((ObjectNode) broken.get("spec")).setAll(yaml(choices.of(BROKEN)));
      all.add(broken);
    }
    if (choices.percent(50)) {
      all.add(any.namespace(namespace));
    }
    if (choices.percent(3)) {
      // One that is there already, and says something else.
      all.add(any.instrumentation(choices.of("standard", "second"), namespace));
    }
    for (int i = choices.percent(20) ? 1 + choices.below(2) : 0; i > 0; i--) {
      all.add(any.limits("limits-" + i, choices.percent(90) ? namespace : "away"));
    }
    return all;
  }

  private ObjectNode namespace(String name) {
    ObjectNode namespace =
        yaml("{apiVersion: v1, kind: Namespace, metadata: {labels: {tier: one}}}");
    ObjectNode metadata = ((ObjectNode) namespace.get("metadata")).put("name", name);
    if (choices.percent(20)) {
      metadata
          .withObject("/labels")
          .put(
              "pod-security.kubernetes.io/enforce",
              choices.of("privileged", "baseline", "restricted"));
    }
    ObjectNode annotations = metadata.putObject("annotations");
    for (int i = choices.below(3); i > 0; i--) {
      String id = choices.of(languages).id();
      annotations.put(
          "instrumentation.opentelemetry.io/" + choices.of("inject-" + id, "container-names"),
          choices.of("true", "standard", "app", "away/standard", "false", "none", ""));
    }
    if (choices.percent(15)) {
      annotations.put(
          Annotations.AGENT_DELIVERY, choices.of("copy", "image-volume", "carrier pigeon"));
    }
    return namespace;
  }

  private ObjectNode limits(String name, String namespace) {
    ObjectNode limits = yaml("{apiVersion: v1, kind: LimitRange}");
    limits.putObject("metadata").put("name", name).put("namespace", namespace);
    limits.set("spec", yaml(choices.of(LIMITS)));
    return limits;
  }

  private ObjectNode instrumentation(String name, String namespace) {
    ObjectNode instrumentation =
        yaml("{apiVersion: opentelemetry.io/v1alpha1, kind: Instrumentation, metadata: {}}");
    ((ObjectNode) instrumentation.get("metadata"))
        .put("name", name)
        .put("namespace", namespace)
        .put("generation", 1 + choices.below(3));
    instrumentation.set("spec", spec());
    return instrumentation;
  }

  private ObjectNode spec() {
    ObjectNode spec = NODES.objectNode();
    if (!choices.percent(15)) {
      spec.set("exporter", yaml(choices.of(EXPORTERS)));
    }
    for (int i = choices.below(5); i > 0; i--) {
      spec.setAll(yaml(choices.of(FIELDS)));
    }
    if (choices.percent(30)) {
      spec.set("env", variables());
    }
    if (choices.percent(20)) {
      spec.set("imageEnv", env.ofImages());
    }
    // As many sections on average, however many languages there are: one that is wrong is enough.
    int share = 120 / languages.size();
    for (Language language : languages) {
      if (language.section().isPresent() && choices.percent(share)) {
        spec.set(language.section().get(), section(language));
      }
    }
    return spec;
  }

  private ObjectNode section(Language language) {
    ObjectNode section = NODES.objectNode();
    if (language.hasAgent()) {
      for (int i = choices.below(3); i > 0; i--) {
        ObjectNode field = yaml(choices.of(OF_SECTIONS));
        // Two that mean the same are an error, which is tried as well, but seldom.
        boolean twice =
            field.properties().stream()
                .anyMatch(member -> section.has(TWINS.getOrDefault(member.getKey(), "")));
        if (!twice || choices.percent(5)) {
          section.setAll(field);
        }
      }
    }
    if (choices.percent(30)) {
      section.set("env", variables());
    }
    settings(language.settings(), section);
    return section;
  }

  private void settings(List<Setting<?>> settings, ObjectNode to) {
    for (Setting<?> setting : settings) {
      if (setting.isRequired() || choices.percent(40)) {
        JsonNode value = value(setting);
        if (!value.isMissingNode()) {
          to.set(setting.key(), value);
        }
      }
    }
  }

  private JsonNode value(Setting<?> setting) {
    return switch (setting.shape()) {
      case FLAG -> NODES.booleanNode(choices.percent(50));
      case CHOICE -> NODES.textNode(choices.of(setting.choices()));
      case NUMBER -> NODES.numberNode(choices.below(10));
      case VARIABLES -> variables();
      case LIST -> {
        ArrayNode items = NODES.arrayNode();
        for (int i = choices.below(3); i > 0; i--) {
          settings(setting.fields(), items.addObject());
        }
        yield items;
      }
      case KUBERNETES ->
          setting.kubernetesType().endsWith("SecurityContext")
              ? yaml("{runAsUser: 1000}")
              : NODES.missingNode();
      case TEXT -> NODES.textNode(text(setting));
      default -> NODES.missingNode();
    };
  }

  private String text(Setting<?> setting) {
    List<String> matching =
        TEXTS.stream()
            .filter(text ->
                setting.pattern().map(Pattern::asMatchPredicate).orElse(_ -> true).test(text))
            .toList();
    return choices.of(matching.isEmpty() ? TEXTS : matching);
  }

  /** Some of a pod's references cannot stand in a resource; names come once. */
  private ArrayNode variables() {
    ArrayNode once = NODES.arrayNode();
    List<String> names = new ArrayList<>();
    for (JsonNode entry : env.entries(3)) {
      boolean odd =
          entry.path("valueFrom").has("resourceFieldRef")
              || entry.path("value").asText().contains("${");
      if (!names.contains(entry.path("name").asText()) && (!odd || choices.percent(5))) {
        names.add(entry.path("name").asText());
        once.add(entry);
      }
    }
    return once;
  }
}
