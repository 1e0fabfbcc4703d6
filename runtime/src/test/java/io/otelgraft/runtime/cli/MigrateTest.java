package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graftReading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.otelgraft.core.document.Documents;
import io.otelgraft.fixtures.Compatibility;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who moves from the OpenTelemetry Operator is told beforehand what changes. */
final class MigrateTest {
  private static final Path FOLDER = Path.of("src/test/resources/migrate");

  private static final String OPERATOR = "compatibility=operator";

  @Test
  void each_workload_is_told_what_changes_and_which_setting_keeps_it() throws IOException {
    var run = graftReading(shop(), "migrate", "-f", "-");

    assertThat(run.err())
        .isEqualTo("graft: 2 of 2 workloads that ask for a language would change\n");
    assertThat(run.exit()).isEqualTo(ExitCode.NO);
    Golden.check(FOLDER.resolve("shop.txt"), run.out());
  }

  @Test
  void under_the_operators_preset_nothing_changes() throws IOException {
    var run = graftReading(shop(), "migrate", "-f", "-", "--set", OPERATOR, "-o", "json");

    assertThat(run.exit()).isEqualTo(ExitCode.OK);
    assertThat(json(run)).hasSize(2).allSatisfy(MigrateTest::isTheSame);
  }

  /** The setting that is named is tried: with all of them nothing is left. */
  @Test
  void the_settings_that_are_named_keep_what_they_are_said_to() throws IOException {
    var arguments = new ArrayList<>(List.of("migrate", "-f", "-", "-o", "json"));
    for (JsonNode workload : json(graftReading(shop(), "migrate", "-f", "-", "-o", "json"))) {
      Stream.concat(workload.path("differences").valueStream(), Stream.of(workload.path("outcome")))
          .flatMap(one -> one.path("keep").properties().stream())
          .map(setting -> setting.getKey() + "=" + setting.getValue().asText())
          .distinct()
          .forEach(setting -> arguments.addAll(List.of("--set", setting)));
    }

    assertThat(arguments).contains("service-name-rule=operator", "admission.on-error=allow");
    assertThat(graftReading(shop(), arguments.toArray(String[]::new)).exit()).isZero();
  }

  @Test
  void yaml_says_the_same_as_json() throws IOException {
    var yaml = graftReading(shop(), "migrate", "-f", "-", "-o", "yaml").out();
    var wrapped = "workloads:\n" + yaml.indent(2);

    assertThat(
            Documents.read("yaml", wrapped.getBytes(StandardCharsets.UTF_8))
                .list()
                .getFirst()
                .tree()
                .path("workloads"))
        .isEqualTo(json(graftReading(shop(), "migrate", "-f", "-", "-o", "json")));
  }

  @Test
  void a_pod_that_switches_the_sdk_off_is_told_so() throws IOException {
    var off =
        shop()
            .replace("name: JAVA_TOOL_OPTIONS", "name: OTEL_SDK_DISABLED")
            .replace("-Xmx1g", "'true'");

    assertThat(graftReading(off, "migrate", "-f", "-", "--set", OPERATOR).out())
        .contains("! OTEL_SDK_DISABLED is true in env of the pod");
  }

  /**
   * What reference operator gave (injection.md 6.5) for the Deployment, as `kubectl get` has it.
   */
  @Test
  void a_running_pod_is_compared_with_what_its_owner_asked_for() throws IOException {
    var run =
        graftReading(shop() + running(""), "migrate", "-f", "-", "--set", OPERATOR, "-o", "json");

    assertThat(run.err()).contains("0 of 2 workloads");
    JsonNode cart = json(run).get(0);
    assertThat(cart.path("name").asText()).isEqualTo("cart-v2");
    assertThat(cart.path("pods")).extracting(JsonNode::asText).containsExactly("cart-v2-5d8f-x");
    isTheSame(cart);
    assertThat(cart.path("explained")).isEmpty();
  }

  @Test
  void a_running_pod_that_would_be_renamed_shows_both_names() throws IOException {
    var run = graftReading(shop() + running(""), "migrate", "-f", "-", "-o", "json");

    assertThat(json(run).get(0).path("differences"))
        .filteredOn(one -> one.path("part").asText().equals("service"))
        .singleElement()
        .satisfies(service -> {
          assertThat(service.path("before").asText()).isEqualTo("cart-v2");
          assertThat(service.path("after").asText()).isEqualTo("cart");
          assertThat(service.at("/keep/service-name-rule").asText()).isEqualTo("operator");
        });
  }

  @Test
  void what_changed_since_a_pod_was_made_is_not_blamed_on_graft() throws IOException {
    var old = running("").replace("collector.observability", "collector.monitoring");

    var run = graftReading(shop() + old, "migrate", "-f", "-", "--set", OPERATOR, "-o", "json");

    assertThat(json(run).get(0).path("differences"))
        .singleElement()
        .satisfies(endpoint -> {
          assertThat(endpoint.path("name").asText()).isEqualTo("OTEL_EXPORTER_OTLP_ENDPOINT");
          assertThat(endpoint.path("keep")).isEmpty();
          assertThat(endpoint.path("cause").asText()).startsWith("no setting keeps it");
        });
  }

  /** Pods of all languages, and of each way in which the operator does what Graft does not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nodejs            |
          python            |
          dotnet            |
          sdk               |
          go                |
          apache-httpd      | scripts
          nginx             | scripts volume-limits
          two-languages     | twice
          default-container | default-container
          namespace-first   | namespace-first
          stands-down       | stands-down
          by-reference      | by-reference
          env-from          | env-from
          encoded           | encoded
          own-attributes    | own-attributes
          attributes        | attributes
          owner-uids        | owner-uids
          """)
  void nothing_differs_in_what_the_operator_gave_but_what_is_known(String name, String known)
      throws IOException {
    JsonNode cart = comparison(reconstructed(name));

    assertThat(cart.path("pods")).hasSize(1);
    isTheSame(cart);
    assertThat(cart.path("explained"))
        .extracting(one -> one.path("reason").asText())
        .containsExactlyInAnyOrder(known == null ? new String[0] : known.split(" "));
    assertThat(cart.path("explained"))
        .allSatisfy(one -> assertThat(one.path("differences")).isNotEmpty());
  }

  /** What is known explains the values that it is known for, and no others beside them. */
  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource
  void what_differs_beside_what_is_known_is_told(
      String name, String before, String after, String part) throws IOException {
    String manifests = reconstructed(name);
    int pod = manifests.lastIndexOf("kind: Pod");
    int at = manifests.lastIndexOf(before);
    assertThat(at).as(before).isGreaterThan(pod);

    JsonNode cart =
        comparison(manifests.substring(0, at) + after + manifests.substring(at + before.length()));

    assertThat(cart.path("differences"))
        .as(cart.toString())
        .extracting(one -> one.path("name").asText())
        .contains(part);
  }

  private static Stream<Arguments> what_differs_beside_what_is_known_is_told() {
    return Stream.of(
        Arguments.of(
            "two-languages",
            "fieldPath: metadata.name",
            "fieldPath: metadata.uid",
            "OTEL_RESOURCE_ATTRIBUTES_POD_NAME"),
        Arguments.of("apache-httpd", "- /usr/local/apache2/conf", "- /etc/apache2", "args"),
        Arguments.of(
            "apache-httpd", "[cp, -r, /usr/local/apache2/conf/.", "[cp, -r, /etc/.", "command"),
        Arguments.of("apache-httpd", "source-conf]", "other-conf]", "command"),
        Arguments.of("apache-httpd", "AsError  ON", "AsError OFF", "OTEL_APACHE_AGENT_CONF"),
        Arguments.of("nginx", "emptyDir: {}", "emptyDir: {medium: Memory}", "otel-nginx-agent"),
        Arguments.of("default-container", "value: tracecontext", "value: b3", "OTEL_PROPAGATORS"),
        Arguments.of(
            "namespace-first", "collector.other", "collector.old", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        Arguments.of(
            "stands-down", "/dd-java-agent.jar -", "/older-agent.jar -", "JAVA_TOOL_OPTIONS"),
        Arguments.of(
            "by-reference", "name: GREETING\n          value: hello\n        - name: JAVA",
            "name: OTEL_SERVICE_NAME\n          value: hello\n        - name: JAVA",
                "service.name"),
        Arguments.of("env-from", "value: tracecontext", "value: b3", "OTEL_PROPAGATORS"),
        Arguments.of("encoded", "team=a", "team=c", "team"),
        Arguments.of("own-attributes", "value: cart\n", "value: till\n", "service.name"),
        Arguments.of("own-attributes", "namespace=shop", "namespace=mall", "service.namespace"),
        Arguments.of("attributes", "version=latest", "version=2.0", "service.version"),
        Arguments.of("attributes", "job.name=seed", "job.name=weed", "k8s.job.name"),
        Arguments.of("owner-uids", "deployment.uid=8a", "deployment.uid=", "k8s.deployment.uid"));
  }

  private static JsonNode comparison(String manifests) throws IOException {
    JsonNode all = compared(manifests);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static JsonNode compared(String manifests) throws IOException {
    var run =
        graftReading(
            manifests,
            "migrate",
            "-f",
            "-",
            "--set",
            OPERATOR,
            "--set",
            "enabled-languages=go",
            "-o",
            "json");
    assertThat(json(run)).as(run.err()).isNotEmpty();
    return json(run);
  }

  private static String reconstructed(String name) throws IOException {
    return Files.readString(FOLDER.resolve("reconstructed").resolve(name + ".yaml"));
  }

  @Test
  void a_running_pod_without_its_owner_cannot_be_compared() throws IOException {
    var run = graftReading(running(""), "migrate", "-f", "-");

    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("Pod shop/cart-v2-5d8f-x was injected by the operator, but nothing tells")
        .contains("add what made it");
  }

  /** Each what the reference calls a defect, ⚠, of the pods that it is asked to inject. */
  @ParameterizedTest
  @MethodSource
  void what_no_setting_keeps_is_explained(String reason, String annotations, String spec)
      throws IOException {
    var pod =
        """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: odd, namespace: shop, annotations: {%s}}
        spec: {%s}
        """
            .formatted(annotations, spec);

    var run = graftReading(shop() + pod, "migrate", "-f", "-", "--set", OPERATOR, "-o", "json");

    JsonNode odd = json(run).get(2);
    isTheSame(odd);
    assertThat(odd.path("explained"))
        .extracting(one -> one.path("reason").asText())
        .containsExactly(reason);
    assertThat(run.exit()).isZero();
  }

  private static Stream<Arguments> what_no_setting_keeps_is_explained() {
    String key = "instrumentation.opentelemetry.io/";
    String java = key + "inject-java: 'true'";
    String app = "containers: [{name: app, image: app:1.0}]";
    return Stream.of(
        Arguments.of(
            "default-container",
            java,
            "containers: [{name: istio-proxy, image: proxy:1.0}, {name: app, image: app:1.0}]"),
        Arguments.of("several-languages", java + ", " + key + "inject-sdk: 'true'", app),
        Arguments.of("container-list", java + ", " + key + "container-names: 'app, app'", app),
        Arguments.of(
            "one-of-several",
            java + ", " + key + "inject-sdk: gone, " + key + "container-names: app",
            app),
        Arguments.of(
            "stands-down",
            java,
            "containers: [{name: app, image: app:1.0, env: [{name: JAVA_TOOL_OPTIONS, value:"
                + " '-javaagent:/dd-java-agent.jar'}]}]"),
        Arguments.of(
            "by-reference",
            java,
            "containers: [{name: app, image: app:1.0, env: [{name: JAVA_TOOL_OPTIONS, valueFrom:"
                + " {configMapKeyRef: {name: jvm, key: options}}}]}]"),
        Arguments.of(
            "env-from",
            java,
            "containers: [{name: app, image: app:1.0, envFrom: [{configMapRef: {name: c}}]}]"),
        Arguments.of("encoded", java + ", resource.opentelemetry.io/team: 'a, b'", app),
        Arguments.of(
            "own-attributes",
            java,
            "containers: [{name: app, image: app:1.0, env: [{name: OTEL_RESOURCE_ATTRIBUTES, value:"
                + " service.name=mine}]}]"),
        Arguments.of("left-alone", java, "priorityClassName: system-node-critical, " + app));
  }

  @ParameterizedTest
  @CsvSource({"'true'", "''"})
  void a_pod_that_says_otherwise_than_its_namespace_is_explained(String own) throws IOException {
    var pod =
        """
        ---
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          annotations: {instrumentation.opentelemetry.io/inject-java: other/prod}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: odd
          namespace: shop
          annotations: {instrumentation.opentelemetry.io/inject-java: '%s'}
        spec: {containers: [{name: app, image: app:1.0}]}
        """
            .formatted(own);

    var run = graftReading(shop() + pod, "migrate", "-f", "-", "--set", OPERATOR, "-o", "json");

    assertThat(json(run))
        .filteredOn(one -> one.path("name").asText().equals("odd"))
        .singleElement()
        .satisfies(MigrateTest::isTheSame)
        .extracting(odd -> odd.at("/explained/0/reason").asText())
        .isEqualTo("namespace-first");
  }

  /** The operator writes its default image into the resource, and notes it in an annotation. */
  @Test
  @Compatibility("1.5-upgrade")
  void an_image_that_the_operator_wrote_is_said_to_move_to_grafts_default() throws IOException {
    JsonNode cart = compared(withImage("2.28.1", "2.28.1")).get(0);

    isTheSame(cart);
    assertThat(cart.path("explained"))
        .singleElement()
        .satisfies(one -> {
          assertThat(one.path("reason").asText()).isEqualTo("operator-default");
          assertThat(one.path("differences"))
              .singleElement()
              .satisfies(image -> {
                assertThat(image.path("before").asText()).endsWith("-java:2.28.1");
                assertThat(image.path("after").asText()).endsWith("-java:2.30.0");
                assertThat(image.path("keep").path("images.java").asText())
                    .endsWith("-java:2.28.1");
              });
        });
  }

  @Test
  @Compatibility("1.5-upgrade")
  void a_workload_is_told_of_it_before_it_has_pods() throws IOException {
    String manifests = withImage("2.28.1", "2.28.1");

    JsonNode cart = compared(manifests.substring(0, manifests.lastIndexOf("---"))).get(0);

    isTheSame(cart);
    assertThat(cart.path("explained"))
        .singleElement()
        .satisfies(one -> assertThat(one.path("reason").asText()).isEqualTo("operator-default"));
  }

  @ParameterizedTest
  @CsvSource({"2.28.1, 2.29.0", "1.33.6, 1.33.6"})
  @Compatibility("1.5-blocked")
  void an_image_that_a_user_wrote_or_that_stays_makes_no_difference(String image, String noted)
      throws IOException {
    JsonNode cart = compared(withImage(image, noted)).get(0);

    isTheSame(cart);
    assertThat(cart.path("explained")).isEmpty();
  }

  @Test
  void a_pod_with_an_older_image_than_its_resource_is_told_which_setting_keeps_it()
      throws IOException {
    String manifests = withImage("2.30.0", "2.30.0");
    int pod = manifests.lastIndexOf("-java:2.30.0");

    JsonNode cart =
        compared(
                manifests.substring(0, pod)
                    + "-java:2.27.0"
                    + manifests.substring(pod + "-java:2.30.0".length()))
            .get(0);

    assertThat(cart.path("explained")).isEmpty();
    assertThat(cart.path("differences"))
        .singleElement()
        .satisfies(image -> {
          assertThat(image.path("before").asText()).endsWith("-java:2.27.0");
          assertThat(image.path("keep").path("images.java").asText()).endsWith("-java:2.27.0");
        });
  }

  /** The shop with an agent of that version, and its annotation and running pod. */
  private static String withImage(String image, String noted) throws IOException {
    String repository = "ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-java:";
    return (shop() + running(""))
        .replace(repository + "2.30.0", repository + image)
        .replaceFirst(
            "  namespace: shop\n",
            "  namespace: shop\n  annotations:\n"
                + "    instrumentation.opentelemetry.io/default-auto-instrumentation-java-image: "
                + repository
                + noted
                + "\n");
  }

  private static void isTheSame(JsonNode workload) {
    assertThat(workload.path("changes").asBoolean()).as(workload.toString()).isFalse();
    assertThat(workload.path("differences")).isEmpty();
    assertThat(workload.has("outcome")).isFalse();
  }

  private static JsonNode json(CommandLineRun run) throws IOException {
    return new ObjectMapper().readTree(run.out());
  }

  private static String shop() throws IOException {
    return Files.readString(FOLDER.resolve("shop.yaml"));
  }

  /** The pod of the Deployment, with more env. */
  private static String running(String env) throws IOException {
    return Files.readString(FOLDER.resolve("running.yaml")).replace("        # more\n", env);
  }
}
