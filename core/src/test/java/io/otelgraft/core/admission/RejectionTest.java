package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static io.otelgraft.core.admission.Scene.pod;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.Scene.MadeUp;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Problem;
import io.otelgraft.core.resource.Resources;
import io.otelgraft.core.resource.Resources.Absence;
import io.otelgraft.core.resource.Resources.Absent;
import io.otelgraft.core.resource.Resources.Accepted;
import io.otelgraft.core.resource.Resources.Lookup;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.fixtures.ShowsReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rejection can keep a workload from coming back during an incident, so it is given only when all
 * conditions for it hold. Each of these takes one away.
 */
final class RejectionTest {
  private static final Catalogue QUILL = Catalogue.of(new MadeUp("quill", 1));
  private static final String MISSING = pod(inject("quill", "missing"));

  @Test
  @Compatibility("2-errors")
  void with_all_conditions_the_pod_is_rejected() {
    Decision decision = decide(QUILL, known -> new Absent(Absence.CONFIRMED), true, MISSING);

    assertThat(decision.outcome()).isEqualTo(Outcome.REJECTED);
  }

  @Test
  @ShowsReason("InstrumentationUnconfirmed")
  void what_could_not_be_confirmed_is_no_ground() {
    Decision decision = decide(QUILL, known -> new Absent(Absence.UNCONFIRMED), true, MISSING);

    expectAdmitted(decision, Reasons.INSTRUMENTATION_UNCONFIRMED, "could not be confirmed");
  }

  @Test
  void nor_is_an_empty_namespace_while_what_is_known_is_incomplete() {
    Decision decision =
        decide(QUILL, known -> new Absent(Absence.CONFIRMED), false, pod(inject("quill", "true")));

    expectAdmitted(decision, Reasons.INSTRUMENTATION_UNCONFIRMED, "could not be confirmed");
  }

  @Test
  @ShowsReason("InstrumentationDeleted")
  void nor_a_resource_that_was_deleted_while_pods_used_it() {
    Decision decision =
        decide(QUILL, known -> new Absent(Absence.DELETED_WHILE_IN_USE), true, MISSING);

    expectAdmitted(decision, Reasons.INSTRUMENTATION_DELETED, "was deleted while in use");
  }

  @Test
  @ShowsReason("InstrumentationOutdated")
  void nor_a_change_that_is_not_valid_of_a_resource_that_was() {
    Problem problem = Problem.error(JsonPointer.compile("/spec/mode"), "spec.mode is odd", "");

    Decision decision =
        decide(
            QUILL,
            known -> new Accepted(known, List.of(problem)),
            true,
            pod(inject("quill", "standard")));

    assertThat(decision.outcome()).isEqualTo(Outcome.INJECTED);
    assertThat(decision.findings())
        .filteredOn(finding -> finding.reason().equals(Reasons.INSTRUMENTATION_OUTDATED))
        .hasSize(1);
    assertThat(decision.warnings()).singleElement().asString().contains("spec.mode is odd");
  }

  @Test
  @ShowsReason("PluginMissing")
  void nor_a_language_that_may_be_in_a_jar_which_could_not_be_loaded(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("quill.jar"), "half a jar");

    Decision decision =
        decide(
            Plugins.load(folder),
            known -> new Absent(Absence.CONFIRMED),
            true,
            pod(inject("quill", "true")));

    expectAdmitted(decision, Reasons.PLUGIN_MISSING, "not all plugin jars could be loaded");
  }

  @Test
  void nor_a_language_that_another_replica_may_know() {
    Decision decision =
        decide(
            QUILL,
            known -> new Absent(Absence.CONFIRMED),
            true,
            Set.of("reed"),
            pod(inject("reed", "true")));

    expectAdmitted(
        decision,
        Reasons.PLUGIN_MISSING,
        "asks for a language that no plugin provides; there are: quill; but the cluster's"
            + " definition of Instrumentation has a section for it");
  }

  @Test
  void but_one_that_no_replica_knows_is_rejected() {
    Decision decision =
        decide(
            QUILL,
            known -> new Absent(Absence.CONFIRMED),
            true,
            Set.of("reed"),
            pod(inject("rede", "true")));

    assertThat(decision.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(decision.reason()).isEqualTo(Reasons.UNKNOWN_LANGUAGE);
  }

  @Test
  void nor_a_language_of_the_namespace_beside_the_one_of_the_pod() {
    Decision decision =
        withNamespace(inject("ember", "true"))
            .decide(pod(inject("quill", "true"), "[{name: a, image: a}, {name: b, image: b}]"));

    assertThat(decision.outcome()).isEqualTo(Outcome.INJECTED);
    assertThat(decision.injected()).extracting("language").containsExactly("quill");
    assertThat(decision.warnings()).singleElement().asString().contains("Ember is for");
  }

  @Test
  void nor_a_container_that_only_the_namespace_names() {
    Decision decision =
        withNamespace("instrumentation.opentelemetry.io/container-names: web")
            .decide(pod(inject("quill", "true")));

    expectAdmitted(decision, Reasons.CONTAINER_NOT_FOUND, "of its namespace name for Quill");
  }

  private static Scene withNamespace(String annotations) {
    return Scene.standard()
        .with(
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: {%s}}}\n"
                .formatted(annotations));
  }

  @Test
  void nor_what_a_resource_that_is_only_observed_would_do() {
    Decision decision =
        Scene.empty()
            .with(new MadeUp("quill", 1))
            .with(Scene.INSTRUMENTATION.replace("spec: {", "spec: {mode: observe, "))
            .decide(
                pod(
                    inject("quill", "true")
                        + ", instrumentation.opentelemetry.io/container-names: nobody"));

    assertThat(decision.outcome()).isEqualTo(Outcome.OBSERVED);
    assertThat(decision.isAllowed()).isTrue();
    assertThat(decision.warnings()).singleElement().asString().contains("no container nobody");
  }

  private static void expectAdmitted(Decision decision, String reason, String message) {
    assertThat(decision.outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(decision.reason()).isEqualTo(reason);
    assertThat(decision.warnings()).singleElement().asString().contains(message);
  }

  /** Decides where every look-up has the answer given, which may use the known resource. */
  private static Decision decide(
      Catalogue catalogue, Function<Instrumentation, Lookup> answer, boolean complete, String pod) {
    return decide(catalogue, answer, complete, Set.of(), pod);
  }

  private static Decision decide(
      Catalogue catalogue,
      Function<Instrumentation, Lookup> answer,
      boolean complete,
      Set<String> elsewhere,
      String pod) {
    Settings settings = Settings.standard();
    Optional<Instrumentation> known =
        FileResources.of(Documents.read("scene", Scene.INSTRUMENTATION).list(), "default", settings)
            .at(catalogue)
            .in("shop")
            .stream()
            .findFirst();
    Resources resources =
        new Resources() {
          @Override
          public Lookup find(String namespace, String name) {
            return answer.apply(known.orElse(null));
          }

          @Override
          public List<Instrumentation> in(String namespace) {
            return List.of();
          }

          @Override
          public List<String> names(String namespace) {
            return List.of();
          }

          @Override
          public Optional<NamespaceFacts> namespace(String name) {
            return Optional.empty();
          }

          @Override
          public boolean mayKnow(String language) {
            return elsewhere.contains(language);
          }

          @Override
          public boolean complete() {
            return complete;
          }
        };
    return new Admission(() -> catalogue, any -> resources, settings, new Deadline())
        .decide(PodTemplate.in(Scene.tree(pod), "shop").getFirst().request());
  }
}
