package io.otelgraft.fuzz;

import static io.otelgraft.fuzz.Fragments.yaml;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Setting;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A pod that asks for languages. Most are valid; what is odd about them is meant. */
final class AnyPod {
  private static final String PREFIX = Annotations.PREFIX;
  private static final String ADDED = "opentelemetry-auto-instrumentation-";

  private static final List<String> CONTAINERS =
      List.of("app", "worker", "istio-proxy", "linkerd-proxy", "x");

  private static final List<String> IMAGES =
      List.of(
          "shop/cart:1.2",
          "registry:5000/cart",
          "cart:latest",
          "cart@sha256:0000000000000000000000000000000000000000000000000000000000000000",
          "registry.example.com/a/b/c:v1@sha256:1111111111111111111111111111111111111111111111111111111111111111");

  private static final List<String> COMMANDS =
      List.of(
          "{args: [--port, $(A)]}",
          "{command: [run, -x]}",
          "{command: [java, -jar, app.jar]}",
          "{command: [java, '-javaagent:/opt/opentelemetry-javaagent.jar', -jar, app.jar]}",
          "{command: [node, server.js]}",
          "{command: [node, --require, dd-trace/init, server.js]}",
          "{command: [python3, -m, flask], args: [run]}",
          "{command: [python, -I, app.py]}",
          "{command: [ddtrace-run, python, app.py]}",
          "{command: [gunicorn, app]}",
          "{command: [/bin/sh, -c, 'exec dotnet app.dll']}",
          "{command: [httpd-foreground]}",
          "{command: [nginx, -g, daemon off;]}",
          "{command: ['']}",
          "{command: [], args: []}");

  private static final List<String> OWNERS =
      List.of(
          "[]",
          "[{apiVersion: apps/v1, kind: ReplicaSet, name: cart-5d4f8c7b9d, uid: u-1, controller: true}]",
          "[{apiVersion: apps/v1, kind: ReplicaSet, name: cart, uid: u-1, controller: true}]",
          "[{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: cart, uid: u-1, controller: true}]",
          "[{apiVersion: apps/v1, kind: StatefulSet, name: cart, uid: u-1, controller: true}]",
          "[{apiVersion: apps/v1, kind: DaemonSet, name: cart, uid: u-1, controller: true}]",
          "[{apiVersion: batch/v1, kind: Job, name: cart, uid: u-1, controller: true}]",
          "[{apiVersion: batch/v1, kind: Job, name: cart-28123456, uid: u-1, controller: true}]",
          "[{apiVersion: v1, kind: ReplicationController, name: cart-3, uid: u-1, controller: true}]",
          "[{apiVersion: v1, kind: Node, name: n1, uid: u-1, controller: true}]",
          "[{apiVersion: example.com/v1, kind: Cart, name: cart, uid: u-1, controller: true}]",
          "[{apiVersion: example.com/v1, kind: Cart, name: cart, uid: u-1},"
              + " {apiVersion: apps/v1, kind: ReplicaSet, name: other-7f, uid: u-2, controller: true}]");

  private static final List<String> LABELS =
      List.of(
          "{app: cart}",
          "{app.kubernetes.io/name: cart, app.kubernetes.io/instance: cart-eu}",
          "{app.kubernetes.io/version: '2.1', app.kubernetes.io/part-of: shop}",
          "{pod-template-hash: 5d4f8c7b9d}",
          "{version: v3}",
          "{batch.kubernetes.io/job-name: cart-28123456, controller-uid: u-9}");

  private static final List<String> POD_SECURITY =
      List.of(
          "{runAsNonRoot: true}",
          "{runAsUser: 1000, runAsGroup: 2000, fsGroup: 3000}",
          "{runAsUser: 0}",
          "{seccompProfile: {type: Unconfined}}",
          "{runAsNonRoot: false, seLinuxOptions: {level: 's0:c1,c2'}}",
          "{supplementalGroups: [5], sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}]}");

  private static final List<String> SECURITY =
      List.of(
          "{runAsUser: 1001}",
          "{privileged: true}",
          "{readOnlyRootFilesystem: true}",
          "{allowPrivilegeEscalation: false}",
          "{runAsNonRoot: true, runAsUser: 7}",
          "{capabilities: {add: [NET_ADMIN], drop: [ALL]}}",
          "{seccompProfile: {type: RuntimeDefault}, procMount: Default}");

  private static final String RESTRICTED_POD =
      "{runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}";
  private static final String RESTRICTED =
      "{allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}";

  private static final List<String> RESOURCES =
      List.of(
          "{requests: {cpu: 10m}}",
          "{limits: {cpu: 500m, memory: 0.5Gi}}",
          "{limits: {cpu: '1', memory: 1Gi}, requests: {cpu: '1', memory: 1Gi}}",
          "{limits: {memory: 64Mi}, requests: {memory: 32Mi, cpu: 1m}}",
          "{limits: {ephemeral-storage: 10Mi}}",
          "{limits: {ephemeral-storage: 2Gi}, requests: {ephemeral-storage: 50Mi, cpu: 5m}}",
          "{limits: {example.com/gpu: 1}}");

  private static final List<String> VOLUMES =
      List.of(
          "{emptyDir: {}}",
          "{emptyDir: {medium: Memory, sizeLimit: 1Mi}}",
          "{configMap: {name: c, optional: true}}",
          "{secret: {secretName: s}}",
          "{hostPath: {path: /var/log}}",
          "{persistentVolumeClaim: {claimName: data}}",
          "{projected: {sources: [{serviceAccountToken: {path: t}}, {downwardAPI: {items: [{path: n, fieldRef: {fieldPath: metadata.name}}]}}]}}",
          "{image: {reference: 'data:1'}}",
          "{csi: {driver: example.com}}");

  private static final List<String> REST =
      List.of(
          "{hostUsers: false}",
          "{runtimeClassName: gvisor}",
          "{runtimeClassName: kata, overhead: {cpu: 250m, memory: 120Mi}}",
          "{hostNetwork: true}",
          "{hostPID: true}",
          "{shareProcessNamespace: true}",
          "{shareProcessNamespace: false}",
          "{os: {name: windows}}",
          "{os: {name: linux}}",
          "{nodeSelector: {kubernetes.io/os: windows}}",
          "{nodeSelector: {kubernetes.io/arch: arm64}}",
          "{priorityClassName: system-node-critical}",
          "{priorityClassName: high}",
          "{restartPolicy: Never}",
          "{restartPolicy: OnFailure, activeDeadlineSeconds: 60}",
          "{resources: {limits: {cpu: '4', memory: 8Gi}, requests: {cpu: '4', memory: 8Gi}}}",
          "{resources: {limits: {cpu: '4', memory: 8Gi}, requests: {cpu: '3'}}}",
          "{resources: {requests: {cpu: 10m}}}",
          "{automountServiceAccountToken: false, enableServiceLinks: false}",
          "{imagePullSecrets: [{name: p}], serviceAccountName: cart}",
          "{tolerations: [{operator: Exists}], terminationGracePeriodSeconds: 0}",
          "{schedulingGates: [{name: example.com/wait}]}",
          "{initContainers: null, volumes: null, ephemeralContainers: null}",
          "{ephemeralContainers: [{name: debug, image: 'busybox:1'}]}",
          "{unknownOfSpec: {big: 123456789012345678901234567890.10, none: null}}");

  /** What people, and those who mean harm, write into annotations. */
  static final List<String> HOSTILE =
      List.of(
          "",
          " ",
          "/",
          "a/b/c",
          "../../etc",
          "true,false",
          "app,,worker,",
          "x y",
          "null",
          "{}",
          "{\"a\":1}",
          "$(A) ${POD_NAME} ${NOPE}",
          "\"; rm -rf / #",
          "line\nbreak\r\n\ttab",
          "snowman \u2603 \uD83D\uDE00 \u202e",
          "%2C%00%zz",
          "a".repeat(300),
          "-1",
          "999999999999999999999");

  private final Choices choices;
  private final List<Language> languages;
  private final String namespace;
  private final AnyEnv env;
  private final boolean restricted;
  private final List<String> names = new ArrayList<>();
  private final List<String> volumes = new ArrayList<>();

  /** Those of the volumes in which an init container may leave files with variables. */
  private final List<String> emptyDirs = new ArrayList<>();

  private final List<String> paths;

  private AnyPod(Choices choices, List<Language> languages, String namespace) {
    this.choices = choices;
    this.languages = languages;
    this.namespace = namespace;
    this.env = new AnyEnv(choices, languages);
    this.restricted = choices.percent(25);
    this.paths = paths(languages);
  }

  private static List<String> paths(List<Language> languages) {
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/data",
                "/data/",
                "/",
                "/otel-auto-instrumentation",
                "/otel-auto-instrumentation/",
                "/otel-auto-instrumentation/deeper",
                "/otel-auto-instrumentation-secret-client",
                "/otel-auto-instrumentation-configmap-ca",
                "/etc/\u2603"));
    languages.forEach(language -> paths.add("/otel-auto-instrumentation-" + language.id()));
    return paths;
  }

  /** A pod as it comes to admission. */
  static ObjectNode of(Choices choices, List<Language> languages, String namespace) {
    return new AnyPod(choices, languages, namespace).pod();
  }

  private ObjectNode pod() {
    ObjectNode pod = yaml("{apiVersion: v1, kind: Pod, metadata: {}}");
    pod.set("spec", spec());
    pod.set("metadata", metadata());
    if (choices.percent(2)) {
      pod.put("unknownOfPod", "x");
    }
    return pod;
  }

  // --- what is asked for

  private ObjectNode metadata() {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    if (choices.percent(30)) {
      metadata.put("generateName", "cart-5d4f8c7b9d-");
    } else {
      metadata.put("name", choices.of("cart-1", "cart-5d4f8c7b9d-x2x4z", "a".repeat(253)));
    }
    if (!choices.percent(10)) {
      metadata.put("namespace", namespace);
    }
    if (choices.percent(60)) {
      metadata.set("labels", labels());
    }
    ArrayNode owners = (ArrayNode) yaml("it: " + choices.of(OWNERS)).get("it");
    if (!owners.isEmpty()) {
      metadata.set("ownerReferences", owners);
    }
    ObjectNode annotations = annotations();
    if (!annotations.isEmpty()) {
      metadata.set("annotations", annotations);
    }
    return metadata;
  }

  private ObjectNode labels() {
    ObjectNode labels = yaml(choices.of(LABELS));
    if (choices.percent(40)) {
      labels.setAll(yaml(choices.of(LABELS)));
    }
    return labels;
  }

  private ObjectNode annotations() {
    ObjectNode annotations = JsonNodeFactory.instance.objectNode();
    int count = choices.percent(97) ? choices.of(1, 1, 1, 1, 1, 1, 2, 2, 3, languages.size()) : 0;
    Set<Language> asked = new LinkedHashSet<>();
    for (int i = 0; i < count; i++) {
      asked.add(choices.of(languages));
    }
    for (Language language : asked) {
      annotations.put(PREFIX + "inject-" + language.id(), asking());
      if (choices.percent(asked.size() > 1 ? 75 : 25)) {
        annotations.put(PREFIX + language.containerNamesKey(), containerNames());
      }
      for (Setting<?> setting : language.annotations()) {
        if (choices.percent(setting.shape() == Setting.Shape.TEXT ? 65 : 25)) {
          annotations.put(PREFIX + setting.key(), value(setting));
        }
      }
    }
    if (choices.percent(12)) {
      annotations.put(Annotations.AGENT_DELIVERY, choices.of("copy", "image-volume"));
    }
    if (choices.percent(12)) {
      annotations.put(Annotations.IMAGE_ENV, env.ofImages(names));
    }
    for (int i = choices.percent(18) ? 1 + choices.below(3) : 0; i > 0; i--) {
      other(annotations);
    }
    return annotations;
  }

  private String asking() {
    return choices.percent(6)
        ? choices.of(
            "second", "away/standard", "standard", "false", " TRUE ", "broken", "away/none", "none")
        : choices.percent(3)
            ? choices.of(HOSTILE)
            : choices.of("true", "standard", namespace + "/standard");
  }

  private String containerNames() {
    if (choices.percent(4)) {
      return choices.percent(50) ? choices.of(HOSTILE) : "nobody";
    }
    String chosen = choices.of(names);
    return choices.percent(30) ? chosen + choices.of(",", ", ") + choices.of(names) : chosen;
  }

  private String value(Setting<?> setting) {
    if (choices.percent(12)) {
      return choices.of(HOSTILE);
    }
    return switch (setting.shape()) {
      case CHOICE -> choices.of(setting.choices());
      case FLAG -> choices.of("true", "false");
      case NUMBER -> choices.of("0", "1.5", "-3");
      default -> choices.of("x", "/usr/bin/app", "[]", "A=b", env.value());
    };
  }

  private void other(ObjectNode annotations) {
    switch (choices.below(13)) {
      case 0 -> annotations.put("kubectl.kubernetes.io/default-container", choices.of(names));
      case 1 -> annotations.put("resource.opentelemetry.io/service.name", choices.of(HOSTILE));
      case 2 -> annotations.put("resource.opentelemetry.io/team", env.value());
      case 3 ->
          annotations.put(
              "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes",
              choices.of("data", "", "data,", ADDED + choices.of(languages).id()));
      case 4 -> annotations.put(PREFIX + "container-names", containerNames());
      case 5 -> annotations.put("team", choices.of(HOSTILE));
      case 6 -> annotations.put("a~b/c~1d", choices.of(HOSTILE));
      case 7 -> annotations.put(PREFIX + choices.of("inject-cobol", "inject-", "x"), asking());
      case 8 -> annotations.put("otelgraft.io/injected", choices.of(HOSTILE));
      case 9 -> annotations.put(Annotations.MIRROR, "x");
      case 10 ->
          annotations.put(
              choices.of(Annotations.AGENT_DELIVERY, Annotations.IMAGE_ENV), choices.of(HOSTILE));
      case 11 ->
          annotations.put(
              Annotations.BESIDE_OTHER_AGENTS,
              choices.percent(70) ? choices.of("true", "false") : choices.of(HOSTILE));
      default -> {
        Language language = choices.of(languages);
        annotations.put(PREFIX + "inject-" + language.id(), choices.of(HOSTILE));
      }
    }
  }

  // --- what there is

  private ObjectNode spec() {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    for (int i = choices.percent(45) ? 1 + choices.below(3) : 0; i > 0; i--) {
      spec.setAll(yaml(choices.of(REST)));
    }
    volumes(spec);
    if (restricted) {
      spec.set("securityContext", yaml(RESTRICTED_POD));
    } else if (choices.percent(25)) {
      spec.set("securityContext", yaml(choices.of(POD_SECURITY)));
    }
    boolean guaranteed = choices.percent(12);
    ArrayNode inits = JsonNodeFactory.instance.arrayNode();
    for (int i = choices.percent(25) ? 1 + choices.below(2) : 0; i > 0; i--) {
      ObjectNode init = container(choices.percent(5) ? taken() : "init-" + i, guaranteed);
      if (choices.percent(40)) {
        init.put("restartPolicy", "Always");
      }
      inits.add(init);
    }
    if (!inits.isEmpty()) {
      spec.set("initContainers", inits);
    }
    ArrayNode containers = spec.putArray("containers");
    int count = choices.of(1, 1, 1, 2, 2, 3, 4);
    int first = choices.percent(15) ? choices.below(CONTAINERS.size()) : 0;
    for (int i = 0; i < count; i++) {
      containers.add(container(CONTAINERS.get((first + i) % CONTAINERS.size()), guaranteed));
    }
    return spec;
  }

  /** A name that Graft would use. */
  private String taken() {
    return ADDED + choices.of(languages).id();
  }

  private void volumes(ObjectNode spec) {
    int count = choices.percent(40) ? 1 + choices.below(3) : 0;
    for (int i = 0; i < count; i++) {
      String name = choices.percent(20) ? taken() : List.of("data", "more", "most").get(i);
      if (!volumes.contains(name)) {
        volumes.add(name);
        ObjectNode volume = JsonNodeFactory.instance.objectNode().put("name", name);
        List<String> kinds = restricted ? VOLUMES.subList(0, 4) : VOLUMES;
        volume.setAll(yaml(choices.of(kinds)));
        if (volume.has("emptyDir")) {
          emptyDirs.add(name);
        }
        (spec.path("volumes") instanceof ArrayNode there ? there : spec.putArray("volumes"))
            .add(volume);
      }
    }
  }

  private ObjectNode container(String name, boolean guaranteed) {
    names.add(name);
    ObjectNode container =
        JsonNodeFactory.instance.objectNode().put("name", name).put("image", choices.of(IMAGES));
    if (choices.percent(30)) {
      container.setAll(yaml(choices.of(COMMANDS)));
    }
    if (choices.percent(55)) {
      container.set("env", env.entries(6));
    }
    if (!emptyDirs.isEmpty() && choices.percent(15)) {
      container.withArray("/env").addAll(env.ofFiles(choices.of(emptyDirs)));
    }
    if (choices.percent(20)) {
      container.set("envFrom", env.sources());
    }
    if (!volumes.isEmpty() && choices.percent(60)) {
      container.set("volumeMounts", mounts());
    }
    if (guaranteed) {
      container.set("resources", yaml(RESOURCES.get(2)));
    } else if (choices.percent(25)) {
      container.set("resources", yaml(choices.of(RESOURCES)));
    }
    if (restricted) {
      container.set("securityContext", yaml(RESTRICTED));
    } else if (choices.percent(20)) {
      container.set("securityContext", yaml(choices.of(SECURITY)));
    }
    if (choices.percent(10)) {
      container.setAll(
          yaml(
              choices.of(
                  "{imagePullPolicy: Never}",
                  "{ports: [{containerPort: 8080, name: http}]}",
                  "{workingDir: /app, stdin: true, tty: true}",
                  "{lifecycle: {preStop: {exec: {command: [sleep, '1']}}}}",
                  "{unknownOfContainer: [1, null, {a: b}]}",
                  "{env: null}")));
    }
    return container;
  }

  private ArrayNode mounts() {
    ArrayNode mounts = JsonNodeFactory.instance.arrayNode();
    Set<String> taken = new LinkedHashSet<>();
    for (int i = 1 + choices.below(2); i > 0; i--) {
      String path = choices.of(paths);
      if (taken.add(path)) {
        ObjectNode mount = JsonNodeFactory.instance.objectNode();
        mount.put("name", choices.of(volumes)).put("mountPath", path);
        if (choices.percent(20)) {
          mount.put("readOnly", true);
        }
        if (choices.percent(10)) {
          mount.put("subPath", "sub");
        }
        mounts.add(mount);
      }
    }
    return mounts;
  }
}
