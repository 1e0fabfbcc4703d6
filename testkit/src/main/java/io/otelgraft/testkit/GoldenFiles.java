package io.otelgraft.testkit;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.LanguagePlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Stories about pods as files, a folder each:
 *
 * <ul>
 *   <li>{@code pod.yaml}: a pod, or a workload that makes pods
 *   <li>{@code instrumentation.yaml}: the Instrumentations of the cluster, and its Namespaces where
 *       they matter
 *   <li>{@code settings.yaml}: how the operator configured Graft; may be absent
 *   <li>{@code expected.yaml}: the pod as it is admitted, which differs from {@code pod.yaml} by
 *       what was injected and by nothing else
 *   <li>{@code findings.txt}: what was decided, and what the user is told
 * </ul>
 *
 * <p>The last two are written when the tests run with {@code -Dgolden=write}, to be read by a
 * person before they are committed.
 */
public final class GoldenFiles {
  private static final String POD = "pod.yaml";
  private static final String RESOURCES = "instrumentation.yaml";
  private static final String SETTINGS = "settings.yaml";
  private static final String EXPECTED = "expected.yaml";
  private static final String FINDINGS = "findings.txt";
  private static final Set<String> FILES = Set.of(POD, RESOURCES, SETTINGS, EXPECTED, FINDINGS);

  private final Path folder;
  private final Document manifest;
  private final Story story;

  private GoldenFiles(Path folder) throws IOException {
    this.folder = folder;
    Set<String> unknown = new TreeSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.map(file -> file.getFileName().toString()).forEach(unknown::add);
    }
    unknown.removeAll(FILES);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          folder + " has " + unknown + "; a story has no files but " + new TreeSet<>(FILES));
    }
    List<Document> manifests = documents(POD);
    if (manifests.size() != 1) {
      throw new IllegalArgumentException(folder.resolve(POD) + " needs one document");
    }
    this.manifest = manifests.getFirst();
    this.story =
        new Story(
            folder.getFileName().toString(), manifest.tree(), documents(RESOURCES), settings());
  }

  private List<Document> documents(String name) throws IOException {
    Path file = folder.resolve(name);
    return Documents.read(file.toString(), Files.readAllBytes(file)).list();
  }

  private Settings settings() throws IOException {
    Settings.Builder settings = Settings.builder();
    if (Files.exists(folder.resolve(SETTINGS))) {
      documents(SETTINGS).forEach(document -> settings.set(document.tree()));
    }
    return settings.build();
  }

  /**
   * Tests that each story ends as its files say.
   *
   * @param folder holds a folder for each story
   * @param plugins the languages that there are
   * @return a test for each story, named after its folder
   * @throws IllegalArgumentException if there is no story
   */
  public static Stream<DynamicTest> tests(Path folder, LanguagePlugin... plugins) {
    return tests(folder, Languages.of(List.of(plugins)));
  }

  /**
   * The same with the plugins that Graft finds in a folder.
   *
   * @param plugins holds the plugins' jars
   * @param folder holds a folder for each story
   * @return a test for each story, named after its folder
   * @throws IllegalArgumentException if there is no story, or a plugin cannot be used
   */
  public static Stream<DynamicTest> testsWith(Path plugins, Path folder) {
    return tests(folder, Languages.in(plugins));
  }

  private static Stream<DynamicTest> tests(Path folder, Languages languages) {
    return in(folder).stream()
        .map(golden ->
            DynamicTest.dynamicTest(
                golden.story.name(), golden.folder.toUri(), () -> golden.check(languages)));
  }

  /** All stories of a folder, by name. */
  static List<GoldenFiles> in(Path folder) {
    try (Stream<Path> entries = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
      List<GoldenFiles> stories = new ArrayList<>();
      for (Path entry : entries.filter(Files::isDirectory).sorted().toList()) {
        stories.add(new GoldenFiles(entry));
      }
      if (stories.isEmpty()) {
        throw new IllegalArgumentException(
            folder.toAbsolutePath()
                + " holds no story: make a folder in it with "
                + POD
                + " and "
                + RESOURCES);
      }
      return List.copyOf(stories);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Story story() {
    return story;
  }

  private void check(Languages languages) throws IOException {
    Trial trial = story.with(languages);
    Golden.check(folder.resolve(FINDINGS), findings(trial.decision()));
    Golden.check(folder.resolve(EXPECTED), manifest.render(edited(trial)));
  }

  private ObjectNode edited(Trial trial) {
    String pointer = story.template().pointer();
    if (pointer.isEmpty()) {
      return trial.after();
    }
    ObjectNode edited = manifest.tree();
    JsonPointer template = JsonPointer.compile(pointer);
    ((ObjectNode) edited.at(template.head()))
        .set(template.last().getMatchingProperty(), trial.after());
    return edited;
  }

  /** What was decided, and what the user is told. */
  private static String findings(Decision decision) {
    StringBuilder text =
        new StringBuilder()
            .append(decision.outcome().name().toLowerCase(Locale.ROOT))
            .append(": ")
            .append(decision.reason())
            .append('\n')
            .append(decision.message())
            .append('\n');
    for (Finding finding : decision.findings()) {
      text.append('\n')
          .append(finding.severity().name().toLowerCase(Locale.ROOT))
          .append(": ")
          .append(finding.reason())
          .append(place(finding))
          .append('\n')
          .append(finding.message())
          .append('\n');
      if (!finding.fix().isEmpty()) {
        text.append("→ ").append(finding.fix()).append('\n');
      }
    }
    return text.toString();
  }

  private static String place(Finding finding) {
    List<String> parts =
        Stream.of(finding.language(), finding.container()).filter(part -> !part.isEmpty()).toList();
    return parts.isEmpty() ? "" : " (" + String.join(", ", parts) + ")";
  }
}
