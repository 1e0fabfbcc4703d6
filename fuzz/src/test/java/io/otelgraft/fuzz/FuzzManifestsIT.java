package io.otelgraft.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Problem;
import io.otelgraft.core.resource.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Files with resources and workloads: bytes that are YAML or JSON, or were. */
final class FuzzManifestsIT {
  private static final Settings SETTINGS = settings();
  private static final Deadline DEADLINE = new Deadline();

  /** Asks for all languages in whatever the text has for it. */
  private static final byte[] REVIEW = review();

  private final List<String> breaches = new ArrayList<>();

  static Stream<byte[]> seeds() {
    Stream<byte[]> generated =
        IntStream.range(0, 60)
            .mapToObj(seed -> Case.of(Choices.of(seed), Shop.PROMISES.languages()))
            .map(one -> one.manifests().getBytes(UTF_8));
    return Stream.concat(Seeds.manifests(), generated.filter(Seeds::isShort));
  }

  private static Settings settings() {
    Settings.Builder settings = Settings.builder();
    Shop.SETTINGS.forEach(settings::set);
    return settings.build();
  }

  private static byte[] review() {
    ObjectNode pod =
        Fragments.yaml(
            "{apiVersion: v1, kind: Pod, metadata: {name: cart, namespace: shop, annotations: {}},"
                + " spec: {containers: [{name: app, image: 'shop/cart:1.2'}]}}");
    Shop.CATALOGUE
        .languages()
        .forEach(plugin ->
            pod.withObject("/metadata/annotations").put(plugin.injectAnnotation(), "true"));
    return Review.of(pod, Optional.empty());
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatever_a_file_holds_is_read_or_refused_with_a_word(byte[] text) {
    Promise.isKept(() -> {
      breaches.clear();
      judge(text);
      return breaches;
    });
  }

  private void judge(byte[] text) {
    Documents documents;
    try {
      documents = Documents.read("text", text);
    } catch (DocumentException e) {
      require(!e.getMessage().isBlank(), "refused without a word");
      return;
    }
    require(documents.render(Document::tree).equals(new String(text, UTF_8)), "read and changed");
    FileResources resources = FileResources.of(documents.list(), "shop", SETTINGS);
    for (Problem problem : resources.problems(Shop.CATALOGUE)) {
      require(
          problem.place().isPresent() && !problem.message().isBlank(),
          "a problem without a place or a word: " + problem);
    }
    Lint.of(documents, Shop.CATALOGUE, SETTINGS);
    injected(documents, resources);
    documents.list().forEach(this::resource);
    breaches.addAll(
        Breaches.of(Shop.PROMISES.in(new String(text, UTF_8), Shop.SETTINGS).ofPod(REVIEW)));
  }

  /** As {@code graft inject} does. */
  private void injected(Documents documents, FileResources resources) {
    Admission admission = new Admission(() -> Shop.CATALOGUE, resources, SETTINGS, DEADLINE);
    String edited =
        documents.render(document -> {
          ObjectNode tree = document.tree();
          for (PodTemplate template : PodTemplate.in(tree, "shop")) {
            Decision decision = admission.decide(template.request());
            if (decision.outcome() == Outcome.INJECTED) {
              put(tree, template.pointer(), decision.pod());
            }
          }
          return tree;
        });
    Documents.read("injected", edited);
  }

  private static void put(ObjectNode tree, String pointer, ObjectNode pod) {
    if (pointer.isEmpty()) {
      tree.removeAll();
      tree.setAll(pod);
    } else {
      JsonPointer at = JsonPointer.compile(pointer);
      if (tree.at(at.head()) instanceof ObjectNode parent) {
        parent.set(at.last().getMatchingProperty(), pod);
      }
    }
  }

  /** The same object as it comes to the webhook: it is denied for what is an error here, only. */
  private void resource(Document document) {
    ObjectNode tree = document.tree();
    if (tree.path("kind").asText().equals("Instrumentation")) {
      breaches.addAll(Shop.CLUSTER.ofInstrumentation(Review.of(tree, Optional.empty())).breaches());
    }
  }

  private void require(boolean condition, String how) {
    if (!condition) {
      breaches.add(how);
    }
  }
}
