package io.otelgraft.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.document.Yaml;
import io.otelgraft.testkit.PodSecurity;
import io.otelgraft.testkit.PodValidity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart becomes. That it runs in a cluster is for the tests in a cluster to say. */
final class ChartIT {

  private static final Path MANIFESTS = Path.of("manifests/opentelemetry-operator.yaml");
  private static final Path EVERYTHING = Path.of("src/test/resources/values/everything.yaml");

  private static final String NAMESPACE_LABEL = "kubernetes.io/metadata.name";

  @TempDir private Path folder;

  @BeforeAll
  static void helm() {
    Helm.assumeThere();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  /** The names of namespaces whose pods a webhook is not asked about. */
  private static List<String> excluded(JsonNode webhook) {
    for (JsonNode expression : webhook.at("/namespaceSelector/matchExpressions")) {
      if (expression.path("key").asText().equals(NAMESPACE_LABEL)) {
        assertThat(expression.path("operator").asText()).isEqualTo("NotIn");
        return texts(expression.path("values"));
      }
    }
    throw new AssertionError("no namespace is excluded: " + webhook);
  }

  /** Values as {@code -f}. */
  private String values(ObjectNode values) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "values", ".yaml"), Yaml.write(values))
        .toString();
  }

  @Test
  void helm_finds_nothing_to_complain_about() {
    Helm.Run lint = Helm.helm("lint", Helm.CHART.toString(), "--strict", "--kube-version", "1.34");

    assertThat(lint.exit()).as(lint.out()).isZero();
    assertThat(lint.out()).doesNotContain("[WARNING]", "[ERROR]");
  }

  /** For {@code kubectl apply}: the same without Helm, and the namespace that it would make. */
  @Test
  void the_plain_manifests_are_what_the_chart_becomes() throws IOException {
    String rendered = Helm.template("--no-hooks").out();

    Golden.check(
        MANIFESTS,
        """
        # Graft, as its Helm chart installs it. Made from the chart: ChartIT says how.
        apiVersion: v1
        kind: Namespace
        metadata:
          name: opentelemetry-operator-system
          labels:
            pod-security.kubernetes.io/enforce: restricted
        """
            // Nobody but Helm may say that it manages an object.
            + rendered.replaceAll(
                "(?m)^( *# Source: | *app.kubernetes.io/managed-by: | *helm.sh/chart: ).*\n", ""));
  }

  @Test
  void names_are_those_of_the_specification_whatever_the_release_is_called() {
    Rendered rendered = Rendered.of(Helm.templateOf("telemetry").out());

    assertThat(rendered.names())
        .contains(
            "Deployment opentelemetry-operator",
            "Service opentelemetry-operator-webhook",
            "ServiceAccount opentelemetry-operator",
            "ClusterRole opentelemetry-operator",
            "MutatingWebhookConfiguration opentelemetry-operator-mutation",
            "ValidatingWebhookConfiguration opentelemetry-operator-validation");
  }

  @Test
  void pods_are_registered_for_as_the_specification_has_it() {
    JsonNode webhook = Rendered.with().webhook("mpod.kb.io");

    assertThat(webhook.at("/clientConfig/service/name").asText())
        .isEqualTo("opentelemetry-operator-webhook");
    assertThat(webhook.at("/clientConfig/service/namespace").asText())
        .isEqualTo("opentelemetry-operator-system");
    assertThat(webhook.at("/clientConfig/service/path").asText()).isEqualTo("/mutate-v1-pod");
    assertThat(texts(webhook.at("/rules/0/operations"))).containsExactly("CREATE", "UPDATE");
    assertThat(texts(webhook.at("/rules/0/resources"))).containsExactly("pods");
    assertThat(webhook.path("failurePolicy").asText()).isEqualTo("Ignore");
    assertThat(webhook.path("timeoutSeconds").asInt()).isEqualTo(3);
    assertThat(webhook.path("reinvocationPolicy").asText()).isEqualTo("IfNeeded");
    assertThat(webhook.path("sideEffects").asText()).isEqualTo("None");
    assertThat(excluded(webhook))
        .contains("kube-system", "opentelemetry-operator-system", "kube-public");
  }

  @Test
  void namespaces_that_the_settings_exclude_never_reach_graft() {
    Rendered rendered =
        Rendered.with(
            "--set",
            "settings.excluded-namespaces={legacy,team-*}",
            "--set",
            "settings.excluded-namespace-labels={quiet,stage=test}");

    for (String name : List.of("mpod.kb.io", "vworkload.otelgraft.io")) {
      JsonNode webhook = rendered.webhook(name);
      // A pattern is for Graft to match.
      assertThat(excluded(webhook))
          .containsExactlyInAnyOrder("kube-system", "opentelemetry-operator-system", "legacy");
      assertThat(webhook.at("/namespaceSelector/matchExpressions").toString())
          .contains("{\"key\":\"quiet\",\"operator\":\"DoesNotExist\"}")
          .contains("{\"key\":\"stage\",\"operator\":\"NotIn\",\"values\":[\"test\"]}");
    }
  }

  @Test
  void pods_can_be_limited_to_namespaces_that_opt_in() {
    JsonNode webhook =
        Rendered.with("--set", "webhooks.pods.namespaceSelector.matchLabels.telemetry=on")
            .webhook("mpod.kb.io");

    assertThat(webhook.at("/namespaceSelector/matchLabels/telemetry").asText()).isEqualTo("on");
    assertThat(excluded(webhook)).contains("kube-system");
  }

  /** Its own pods, in whichever namespace it is, could not start while it is away. */
  @Test
  void graft_never_waits_for_itself() {
    JsonNode webhook =
        Rendered.with("--namespace", "observability", "--set", "webhooks.pods.failurePolicy=Fail")
            .webhook("mpod.kb.io");

    assertThat(excluded(webhook)).contains("observability");
    assertThat(webhook.path("failurePolicy").asText()).isEqualTo("Fail");
  }

  /** Samples of those whose values have to be of a form. */
  private static final Map<String, String> SAMPLES =
      Map.of(
          "agent-images.digests", "{image: sha256:%s}".formatted("0".repeat(64)),
          "cluster.runtimes", "[containerd://2.2.0]",
          "cluster.version", "'1.35'",
          "defaults.propagators", "[b3, tracecontext]",
          "defaults.sampler-argument", "'0.5'",
          "forbidden-needs", "[root, host-path]",
          "volume-limit-size", "1Gi");

  private static JsonNode sample(JsonNode setting) {
    String name = setting.path("key").asText();
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (SAMPLES.containsKey(name)) {
      return Documents.read(name, "sample: " + SAMPLES.get(name))
          .list()
          .getFirst()
          .tree()
          .path("sample");
    }
    return switch (setting.path("type").asText()) {
      case "flag" -> nodes.booleanNode(false);
      case "number" -> nodes.numberNode(17);
      case "duration" -> nodes.textNode("7s");
      case "size" -> nodes.textNode("3Mi");
      case "choice" -> nodes.textNode(setting.at("/choices/0").asText());
      case "list" -> nodes.arrayNode().add("first").add("second");
      case "map" -> nodes.objectNode().put("some", "value");
      default -> nodes.textNode("text");
    };
  }

  @Test
  void every_setting_can_be_given_as_a_value_and_is_understood() throws IOException {
    ObjectNode values = JsonNodeFactory.instance.objectNode();
    Map<String, JsonNode> given = new TreeMap<>();
    for (JsonNode setting : SettingsSchema.listed()) {
      String name = setting.path("key").asText();
      ObjectNode at = values.withObject("/settings");
      String[] parts = name.split("\\.", -1);
      for (int i = 0; i < parts.length - 1; i++) {
        at = at.withObject("/" + parts[i]);
      }
      JsonNode sample = sample(setting);
      at.set(parts[parts.length - 1], sample);
      given.put(name, sample);
    }

    Path settings =
        Files.writeString(
            folder.resolve("settings.yaml"), Rendered.with("-f", values(values)).settings());

    String understood = Graft.run("settings", "-o", "json", "--settings", settings.toString());
    Map<String, String> set = new TreeMap<>();
    for (JsonNode setting :
        Json.read(("{\"all\":" + understood + "}").getBytes(UTF_8)).path("all")) {
      set.put(setting.path("key").asText(), setting.at("/set/0/value").asText());
    }
    assertThat(set).containsOnlyKeys(given.keySet());
    given.forEach((name, sample) ->
        assertThat(set.get(name))
            .as(name)
            .isEqualTo(
                sample.isArray()
                    ? String.join(",", texts(sample))
                    : sample.isObject() ? sample.elements().next().asText() : sample.asText()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "settings.cluster-nmae=x",
        "settings.admission.on-eror=allow",
        "settings.log.format=xml",
        "settings.server.drain-delay=soon",
        "replica=3",
        "webhooks.pods.failurePolicy=Maybe"
      })
  void what_is_not_known_or_cannot_be_is_refused_before_anything_is_installed(String value) {
    Helm.Run run = Helm.template("--set", value);

    assertThat(run.exit()).isNotZero();
    assertThat(run.err()).contains("values don't meet the specifications of the schema");
  }

  @Test
  void ports_follow_the_settings() {
    Rendered rendered =
        Rendered.with(
            "--set", "settings.server.port=10250,settings.management.port=9090",
            "--set", "metrics.service.enabled=true");

    assertThat(rendered.container().path("ports").toString())
        .isEqualTo(
            "[{\"name\":\"webhooks\",\"containerPort\":10250},"
                + "{\"name\":\"management\",\"containerPort\":9090}]");
    assertThat(rendered.one("Service", "opentelemetry-operator-metrics").at("/spec/ports/0/port"))
        .hasToString("9090");
  }

  /** Else the kubelet kills it with requests that it has begun. */
  @ParameterizedTest
  @ValueSource(strings = {"5s 10s 30", "1m 10s 85", "1500ms 1h 3617", "1ms 1ms 17"})
  void the_kubelet_waits_longer_than_graft_takes_to_stop(String row) {
    String[] parts = row.split(" ", -1);

    JsonNode pod =
        Rendered.with(
                "--set",
                "settings.server.drain-delay=%s,settings.server.stop-timeout=%s"
                    .formatted(parts[0], parts[1]))
            .one("Deployment")
            .at("/spec/template/spec");

    assertThat(pod.path("terminationGracePeriodSeconds").asText()).isEqualTo(parts[2]);
  }

  /** Settings are read at the start. */
  @Test
  void other_settings_make_other_pods() {
    JsonNode before = Rendered.with().one("Deployment").at("/spec/template");
    JsonNode after =
        Rendered.with("--set", "settings.log.level=debug").one("Deployment").at("/spec/template");

    assertThat(after).isNotEqualTo(before);
  }

  static Stream<List<String>> values() {
    return Stream.of(
        List.of(),
        List.of("-f", EVERYTHING.toString()),
        List.of("--set", "certificates.source=cert-manager"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void its_pods_are_valid_and_meet_the_restricted_standard(List<String> options) {
    Rendered rendered = Rendered.with(options.toArray(String[]::new));
    JsonNode template = rendered.one("Deployment").at("/spec/template");
    JsonNode test = rendered.hook("Pod");

    assertThat(PodValidity.ofTemplate(template)).isEmpty();
    assertThat(PodSecurity.violations(template, PodSecurity.Level.RESTRICTED)).isEmpty();
    assertThat(PodValidity.ofPod(test)).isEmpty();
    assertThat(PodSecurity.violations(test, PodSecurity.Level.RESTRICTED)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("values")
  void what_refers_to_something_finds_it(List<String> options) {
    Rendered rendered = Rendered.with(options.toArray(String[]::new));
    JsonNode template = rendered.one("Deployment").at("/spec/template");
    JsonNode labels = template.at("/metadata/labels");
    JsonNode testLabels = rendered.hook("Pod").at("/metadata/labels");
    List<JsonNode> selectors = new ArrayList<>();
    rendered.all("Service").forEach(service -> selectors.add(service.at("/spec/selector")));
    selectors.add(rendered.one("Deployment").at("/spec/selector/matchLabels"));
    selectors.add(rendered.one("PodDisruptionBudget").at("/spec/selector/matchLabels"));
    template
        .at("/spec/topologySpreadConstraints")
        .forEach(constraint -> selectors.add(constraint.at("/labelSelector/matchLabels")));
    rendered
        .all("NetworkPolicy")
        .forEach(policy -> selectors.add(policy.at("/spec/podSelector/matchLabels")));

    assertThat(selectors)
        .allSatisfy(selector -> {
          assertThat(matches(selector, labels)).as("%s finds %s", selector, labels).isTrue();
          assertThat(matches(selector, testLabels)).as("%s finds the test", selector).isFalse();
        });

    List<String> ports = new ArrayList<>();
    rendered.container().path("ports").forEach(port -> ports.add(port.path("name").asText()));
    assertThat(rendered.all("Service"))
        .allSatisfy(
            service -> assertThat(service.at("/spec/ports/0/targetPort").asText()).isIn(ports));

    String account = template.at("/spec/serviceAccountName").asText();
    assertThat(rendered.names()).contains("ServiceAccount " + account);
    List<JsonNode> bindings = new ArrayList<>(rendered.all("ClusterRoleBinding"));
    bindings.addAll(rendered.all("RoleBinding"));
    assertThat(bindings)
        .isNotEmpty()
        .allSatisfy(binding -> {
          assertThat(rendered.names())
              .contains(
                  binding.at("/roleRef/kind").asText()
                      + " "
                      + binding.at("/roleRef/name").asText());
          assertThat(binding.at("/subjects/0/name").asText()).isEqualTo(account);
          assertThat(binding.at("/subjects/0/namespace").asText())
              .isEqualTo("opentelemetry-operator-system");
        });
  }

  private static boolean matches(JsonNode selector, JsonNode labels) {
    return !selector.isEmpty()
        && selector.properties().stream()
            .allMatch(label -> labels.path(label.getKey()).equals(label.getValue()));
  }

  /** Whoever reviews what Graft may do reads this list, and docs/security.md. */
  @Test
  void there_is_one_role_for_each_feature() {
    TreeSet<String> roles = new TreeSet<>();
    for (String name : Rendered.with().names()) {
      if (name.startsWith("ClusterRole ") || name.startsWith("Role ")) {
        roles.add(name);
      }
    }

    assertThat(roles)
        .containsExactly(
            "ClusterRole opentelemetry-operator",
            "ClusterRole opentelemetry-operator-definition",
            "ClusterRole opentelemetry-operator-events",
            "ClusterRole opentelemetry-operator-nodes",
            "ClusterRole opentelemetry-operator-owners",
            "ClusterRole opentelemetry-operator-status",
            "ClusterRole opentelemetry-operator-webhooks",
            "Role opentelemetry-operator-certificates",
            "Role opentelemetry-operator-leader-election");
  }

  @Test
  void nothing_may_be_done_to_secrets_but_to_the_one_with_the_certificate() {
    for (JsonNode role : Rendered.with().all("ClusterRole")) {
      assertThat(role.toString()).doesNotContain("secrets", "configmaps", "\"*\"");
    }
    for (JsonNode role : Rendered.with("--set", "certificates.source=cert-manager").all("Role")) {
      assertThat(role.toString()).doesNotContain("secrets");
    }
    JsonNode rules =
        Rendered.with().one("Role", "opentelemetry-operator-certificates").path("rules");
    assertThat(texts(rules.at("/0/verbs"))).containsExactly("create");
    assertThat(texts(rules.at("/1/resourceNames")))
        .containsExactly("opentelemetry-operator-webhook-cert");
  }

  @Test
  void with_cert_manager_all_speak_of_one_certificate() {
    Rendered rendered = Rendered.with("--set", "certificates.source=cert-manager");
    JsonNode certificate = rendered.one("Certificate", "opentelemetry-operator-serving-cert");
    String secret = certificate.at("/spec/secretName").asText();

    assertThat(texts(certificate.at("/spec/dnsNames")))
        .contains("opentelemetry-operator-webhook.opentelemetry-operator-system.svc");
    for (String kind : List.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")) {
      assertThat(rendered.one(kind).at("/metadata/annotations").toString())
          .isEqualTo(
              "{\"cert-manager.io/inject-ca-from\":"
                  + "\"opentelemetry-operator-system/opentelemetry-operator-serving-cert\"}");
    }
    assertThat(mountedSecret(rendered)).isEqualTo(secret);
    assertThat(rendered.hook("Pod").at("/spec/volumes").toString())
        .contains("\"secretName\":\"" + secret + "\"");
    // It is issued by a CA of its own, and so is the one by which that begins.
    String issuer = certificate.at("/spec/issuerRef/name").asText();
    String ca = rendered.one("Issuer", issuer).at("/spec/ca/secretName").asText();
    assertThat(rendered.one("Certificate", ca).at("/spec/isCA").asBoolean()).isTrue();
  }

  @Test
  void with_an_issuer_of_the_user_s_there_is_no_other() {
    Rendered rendered =
        Rendered.with(
            "--set", "certificates.source=cert-manager",
            "--set", "certificates.certManager.issuerRef.kind=ClusterIssuer",
            "--set", "certificates.certManager.issuerRef.name=company");

    assertThat(rendered.all("Issuer")).isEmpty();
    assertThat(rendered.one("Certificate").at("/spec/issuerRef").toString())
        .isEqualTo("{\"kind\":\"ClusterIssuer\",\"name\":\"company\"}");
  }

  @Test
  void a_certificate_of_the_user_s_is_served_and_trusted() throws IOException {
    String ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    Rendered rendered =
        Rendered.with(
            "--set",
            "certificates.source=secret,certificates.secret.name=ours",
            "--set-file",
            "certificates.secret.caBundle=" + Files.writeString(folder.resolve("ca.crt"), ca));

    assertThat(mountedSecret(rendered)).isEqualTo("ours");
    for (String kind : List.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")) {
      for (JsonNode webhook : rendered.one(kind).path("webhooks")) {
        assertThat(webhook.at("/clientConfig/caBundle").asText())
            .isEqualTo(Base64.getEncoder().encodeToString(ca.getBytes(UTF_8)));
      }
    }
    assertThat(rendered.hooks()).anyMatch(hook -> hook.at("/data/ca.crt").asText().equals(ca));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "certificates.source=secret,certificates.secret.caBundle=-----BEGIN CERTIFICATE-----:"
            + " certificates.secret.name: name the Secret",
        "certificates.source=secret,certificates.secret.name=ours: certificates.secret.caBundle:"
            + " give the certificates of the CA"
      })
  void a_certificate_of_the_user_s_is_asked_for(String row) {
    String[] parts = row.split(": ", 2);

    Helm.Run run = Helm.template("--set", parts[0]);

    assertThat(run.exit()).isNotZero();
    assertThat(run.err()).contains(parts[1]);
  }

  /** The Secret that is mounted where the settings say that the certificate is. */
  private static String mountedSecret(Rendered rendered) {
    JsonNode tls =
        Documents.read("settings", rendered.settings()).list().getFirst().tree().at("/server/tls");
    JsonNode pod = rendered.one("Deployment").at("/spec/template/spec");
    for (JsonNode mount : rendered.container().path("volumeMounts")) {
      String at = mount.path("mountPath").asText();
      if (tls.path("certificate").asText().equals(at + "/tls.crt")
          && tls.path("key").asText().equals(at + "/tls.key")) {
        for (JsonNode volume : pod.path("volumes")) {
          if (volume.path("name").equals(mount.path("name"))) {
            return volume.at("/secret/secretName").asText();
          }
        }
      }
    }
    throw new AssertionError("nothing is mounted at " + tls);
  }

  @Test
  void a_plugin_is_a_folder_beside_those_that_come_with_graft() {
    Rendered rendered = Rendered.with("-f", EVERYTHING.toString());

    assertThat(rendered.container().path("volumeMounts").toString())
        .contains(
            "{\"name\":\"plugin-quill\",\"mountPath\":\"/graft/plugins/quill\",\"readOnly\":true}");
    assertThat(rendered.one("Deployment").at("/spec/template/spec/volumes").toString())
        .contains("{\"name\":\"plugin-quill\",\"configMap\":{\"name\":\"quill-plugin\"}}");
  }

  /** Before it runs a hook, Helm deletes what has the hook's name. */
  @Test
  void the_webhooks_are_the_first_that_is_uninstalled() throws IOException {
    Path chart = copy();
    Path template = chart.resolve("templates/uninstall.yaml");
    Files.writeString(
        template, Files.readString(template).replaceAll("if lookup .* }}", "if true }}"));
    Rendered released = Rendered.of(template(chart, List.of()));

    for (String kind : List.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")) {
      JsonNode hook = released.hook(kind);
      assertThat(Rendered.name(hook)).isEqualTo(Rendered.name(released.one(kind)));
      assertThat(hook.at("/metadata/annotations/helm.sh~1hook").asText()).isEqualTo("pre-delete");
      assertThat(hook.at("/metadata/annotations/helm.sh~1hook-delete-policy").asText())
          .contains("before-hook-creation", "hook-succeeded");
      assertThat(hook.path("webhooks")).isEmpty();
    }
  }

  @Test
  void who_renders_the_chart_and_applies_it_has_each_object_once() {
    Rendered rendered = Rendered.with();
    List<String> all = new ArrayList<>(rendered.names());
    all.addAll(new Rendered(rendered.hooks(), List.of()).names());

    assertThat(all).doesNotHaveDuplicates();
  }

  @Test
  void the_test_asks_the_service_by_the_name_in_its_certificate() {
    Rendered rendered = Rendered.with();

    assertThat(texts(rendered.hook("Pod").at("/spec/containers/0/args")))
        .contains(
            "--server=https://%s.opentelemetry-operator-system.svc%s"
                .formatted(
                    Rendered.name(rendered.one("Service")),
                    rendered.webhook("mpod.kb.io").at("/clientConfig/service/path").asText()));
  }

  @Test
  void who_installed_it_is_told_how_to_go_on() throws IOException {
    assertThat(notes())
        .contains("rollout status deployment/opentelemetry-operator")
        .contains("kind: Instrumentation")
        .contains("instrumentation.opentelemetry.io/inject-java")
        .doesNotContain("WARNING");
    assertThat(notes("--set", "webhooks.pods.failurePolicy=Fail,replicas=1"))
        .contains("no pod starts")
        .contains("with one replica");
  }

  /**
   * Helm shows them to who installs only, for which it wants a cluster; so a template has them
   * here.
   */
  private String notes(String... options) throws IOException {
    Path chart = copy();
    Files.move(chart.resolve("templates/NOTES.txt"), chart.resolve("notes"));
    Files.writeString(
        chart.resolve("templates/notes.yaml"),
        "kind: Notes\nnotes: {{ tpl (.Files.Get \"notes\") . | toJson }}\n");
    return Rendered.of(template(chart, List.of(options))).one("Notes").path("notes").asText();
  }

  /** A chart to change. */
  private Path copy() throws IOException {
    Path chart = Files.createTempDirectory(folder, "chart").resolve("opentelemetry-operator");
    Folders.copy(Helm.CHART, chart);
    return chart;
  }

  private static String template(Path chart, List<String> options) {
    List<String> template = new ArrayList<>(List.of("template", "graft", chart.toString()));
    template.addAll(List.of("--kube-version", "1.34"));
    template.addAll(options);
    Helm.Run run = Helm.helm(template.toArray(String[]::new));
    assertThat(run.exit()).as(run.err()).isZero();
    return run.out();
  }
}
