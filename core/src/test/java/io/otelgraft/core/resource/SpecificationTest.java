package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Instrumentation.Action;
import io.otelgraft.core.resource.Instrumentation.Attribute;
import io.otelgraft.core.resource.Instrumentation.Sampler;
import io.otelgraft.core.resource.LanguageSection.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The resources of the specification, as they stand there. */
final class SpecificationTest {

  private static final Catalogue LANGUAGES =
      Catalogue.of(
          Languages.named("java"),
          Languages.named("python"),
          Languages.named("nodejs"),
          Languages.named("dotnet"),
          Languages.named("go"));

  private static FileResources file(String name) throws IOException {
    try (InputStream file = SpecificationTest.class.getResourceAsStream("specification/" + name)) {
      List<Document> documents = Documents.read(name, file.readAllBytes()).list();
      return FileResources.of(documents, "default", Settings.standard());
    }
  }

  private static Instrumentation only(String name, String namespace) throws IOException {
    FileResources resources = file(name);
    assertThat(resources.problems(LANGUAGES)).isEmpty();
    assertThat(resources.at(LANGUAGES).in(namespace)).hasSize(1);
    return resources.at(LANGUAGES).in(namespace).getFirst();
  }

  @Test
  void the_production_instrumentation_is_understood_as_a_whole() throws IOException {
    Instrumentation production = only("production-instrumentation.yaml", "default");

    assertThat(production.reference()).isEqualTo("default/production-instrumentation");
    assertThat(production.exporter().endpoint())
        .contains("http://otel-collector.observability.svc.cluster.local:4317");
    assertThat(production.propagators())
        .containsExactly("tracecontext", "baggage", "b3", "b3multi", "jaeger", "xray", "ottrace");
    assertThat(production.sampler())
        .contains(new Sampler("parentbased_traceidratio", Optional.of("0.1")));
    assertThat(production.addK8sUidAttributes()).isTrue();
    assertThat(production.attributes())
        .containsExactly(
            new Attribute("deployment.environment", "production", Action.UPSERT),
            new Attribute("service.namespace", "ecommerce", Action.UPSERT),
            new Attribute("service.version", "${DEPLOYMENT_VERSION}", Action.UPSERT));
    assertThat(production.sections()).containsOnlyKeys("java", "python", "nodejs", "dotnet", "go");

    LanguageSection java = production.section("java").orElseThrow();
    assertThat(java.image())
        .isEqualTo("ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-java:2.0.0");
    assertThat(java.agentImage().orElseThrow().origin()).isEqualTo(Origin.RESOURCE);
    assertThat(java.resources())
        .hasToString(
            "{\"requests\":{\"cpu\":\"50m\",\"memory\":\"64Mi\"},"
                + "\"limits\":{\"cpu\":\"500m\",\"memory\":\"128Mi\"}}");
    assertThat(java.env())
        .hasSize(7)
        .first()
        .extracting(EnvVar::name)
        .isEqualTo("OTEL_JAVAAGENT_DEBUG");
  }

  @Test
  void the_sections_of_languages_that_are_not_loaded_only_warn() throws IOException {
    FileResources resources = file("production-instrumentation.yaml");
    Catalogue onlyOne = Catalogue.of(Languages.named("python"));

    assertThat(resources.problems(onlyOne))
        .hasSize(4)
        .first()
        .hasToString(
            "production-instrumentation.yaml:42:3: spec.java is no section of a loaded language;"
                + " those are python; add the language's plugin, or remove the section");
    assertThat(resources.at(onlyOne).find("default", "production-instrumentation"))
        .isInstanceOf(Resources.Accepted.class);
  }

  @Test
  void the_collector_on_the_pods_node_is_an_endpoint_with_a_variable() throws IOException {
    Instrumentation nodeLocal = only("node-local-collector.yaml", "default");

    assertThat(Variables.parse(nodeLocal.exporter().endpoint().orElseThrow()))
        .containsExactly(
            new Variables.Text("http://"),
            new Variables.Reference("NODE_IP"),
            new Variables.Text(":4317"));
  }

  @Test
  void the_service_naming_convention_is_a_list_of_attributes_with_actions() throws IOException {
    assertThat(only("service-naming.yaml", "default").attributes())
        .containsExactly(
            new Attribute("service.name", "${K8S_NAMESPACE}.${K8S_POD_LABELS_APP}", Action.UPSERT),
            new Attribute("service.namespace", "${K8S_NAMESPACE}", Action.UPSERT));
  }

  @Test
  void the_flask_application_comes_with_its_namespace() throws IOException {
    Instrumentation flask = only("flask.yaml", "my-app");

    assertThat(
            flask
                .section("python")
                .orElseThrow()
                .env("OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED"))
        .hasValueSatisfying(variable -> assertThat(variable.literal()).contains("true"));
    assertThat(file("flask.yaml").at(LANGUAGES).namespace("my-app")).isPresent();
  }

  @Test
  void each_environment_has_its_own() throws IOException {
    FileResources environments = file("environments.yaml");

    assertThat(environments.problems(LANGUAGES)).isEmpty();
    assertThat(environments.at(LANGUAGES).names("dev")).containsExactly("dev-instrumentation");
    assertThat(environments.at(LANGUAGES).names("prod")).containsExactly("prod-instrumentation");
    assertThat(only("canary.yaml", "canary").sampler())
        .contains(new Sampler("always_on", Optional.empty()));
    assertThat(only("testing.yaml", "otel-test").annotations()).isEmpty();
  }

  @Test
  void owner_and_runbook_are_at_hand_for_messages() {
    String text =
        """
        apiVersion: opentelemetry.io/v1alpha1
        kind: Instrumentation
        metadata:
          name: owned
          annotations:
            owner: platform-team@company.com
            runbook: https://runbooks.company.com/otel
        """;
    Instrumentation owned =
        InstrumentationReader.read(
                Documents.read("owned.yaml", text).list().getFirst().tree(),
                LANGUAGES,
                Settings.standard())
            .instrumentation()
            .orElseThrow();

    assertThat(owned.annotations())
        .containsExactly(
            entry("owner", "platform-team@company.com"),
            entry("runbook", "https://runbooks.company.com/otel"));
  }
}
