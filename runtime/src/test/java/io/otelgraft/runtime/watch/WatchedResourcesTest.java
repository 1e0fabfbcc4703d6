package io.otelgraft.runtime.watch;

import static io.otelgraft.runtime.watch.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.Resources;
import io.otelgraft.core.resource.Resources.Absence;
import io.otelgraft.core.resource.Resources.Absent;
import io.otelgraft.core.resource.Resources.Accepted;
import io.otelgraft.core.resource.Resources.Invalid;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.fixtures.Compatibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchedResourcesTest {
  private static final Catalogue CATALOGUE = Catalogue.of();
  private static final FileWatch.Pace FAST =
      new FileWatch.Pace(
          Duration.ofMillis(30),
          Duration.ofSeconds(5),
          Duration.ofMillis(20),
          Duration.ofMillis(50));

  @TempDir private Path folder;
  private FileWatch watch;
  private WatchedResources resources;

  @BeforeEach
  void start() {
    watch = FileWatch.start(FAST, null);
  }

  @AfterEach
  void close() {
    watch.close();
  }

  private void follow(Path... named) {
    resources =
        WatchedResources.follow(
            watch, List.of(named), "shop", Settings.standard(), () -> CATALOGUE);
  }

  private static String instrumentation(String name, String sampler) {
    return """
    apiVersion: opentelemetry.io/v1alpha1
    kind: Instrumentation
    metadata:
      name: %s
    spec:
      sampler:
        type: %s
    """
        .formatted(name, sampler);
  }

  private static String namespace(String name, String value) {
    return "{apiVersion: v1, kind: Namespace, metadata: {name: %s, annotations: {x: '%s'}}}\n"
        .formatted(name, value);
  }

  private Path write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  private Resources now() {
    return resources.at(CATALOGUE);
  }

  private String sampler(String name) {
    return now().find("shop", name) instanceof Accepted accepted
        ? accepted.instrumentation().sampler().orElseThrow().type()
        : "none";
  }

  @Test
  @Compatibility("3-embedded")
  void files_of_all_folders_are_read_and_new_changed_and_deleted_ones_count() throws Exception {
    write("a.yaml", instrumentation("a", "always_on"));
    write("deep/er/b.yml", instrumentation("b", "always_on"));
    write("deep/namespaces.json", namespace("shop", "1"));
    write(".hidden/c.yaml", instrumentation("c", "always_on"));
    write("notes.txt", "no: [yaml");
    follow(folder);
    assertThat(now().names("shop")).containsExactly("a", "b");

    write("a.yaml", instrumentation("a", "always_off"));
    eventually(() -> assertThat(sampler("a")).isEqualTo("always_off"));
    write("new/d.yaml", instrumentation("d", "always_on"));
    eventually(() -> assertThat(now().names("shop")).containsExactly("a", "b", "d"));
    write("deep/namespaces.json", namespace("shop", "2"));
    eventually(() ->
        assertThat(now().namespace("shop").orElseThrow().annotations()).containsEntry("x", "2"));
    Files.delete(folder.resolve("deep/er/b.yml"));
    eventually(() -> assertThat(now().find("shop", "b")).isEqualTo(new Absent(Absence.CONFIRMED)));
    assertThat(now().complete()).isTrue();
    assertThat(resources.unreadable()).isEmpty();
  }

  @Test
  void a_file_that_is_emptied_and_written_again_loses_nothing_in_between() throws Exception {
    String whole = instrumentation("a", "always_on") + "---\n" + instrumentation("b", "always_on");
    Path file = write("both.yaml", whole);
    follow(folder);

    Files.writeString(file, "");
    eventually(
        () -> assertThat(resources.unreadable()).singleElement().asString().contains("fewer"));
    assertThat(now().names("shop")).containsExactly("a", "b");
    assertThat(now().find("shop", "c")).isEqualTo(new Absent(Absence.UNCONFIRMED));

    Files.writeString(file, instrumentation("a", "always_off"));
    assertThat(now().names("shop")).containsExactly("a", "b");
    Files.writeString(file, whole);
    eventually(() -> assertThat(resources.unreadable()).isEmpty());
    assertThat(now().names("shop")).containsExactly("a", "b");
  }

  @Test
  void a_document_that_is_taken_out_of_a_file_is_gone_once_the_file_has_stayed_so()
      throws Exception {
    Path file =
        write(
            "both.yaml",
            instrumentation("a", "always_on") + "---\n" + instrumentation("b", "always_on"));
    follow(folder);

    Files.writeString(file, instrumentation("a", "always_on"));

    eventually(() -> assertThat(now().find("shop", "b")).isEqualTo(new Absent(Absence.CONFIRMED)));
    assertThat(now().names("shop")).containsExactly("a");
  }

  @Test
  void a_mounted_config_map_is_followed_through_its_links() throws Exception {
    MountedVolume volume = new MountedVolume(folder);
    volume.update(
        Map.of(
            "a.yaml", instrumentation("a", "always_on").getBytes(UTF_8),
            "b.yaml", instrumentation("b", "always_on").getBytes(UTF_8)));
    follow(folder);
    assertThat(now().names("shop")).containsExactly("a", "b");

    volume.update(
        Map.of(
            "a.yaml", instrumentation("a", "always_off").getBytes(UTF_8),
            "c.yaml", instrumentation("c", "always_on").getBytes(UTF_8)));

    eventually(() -> assertThat(now().names("shop")).containsExactly("a", "c"));
    assertThat(sampler("a")).isEqualTo("always_off");
  }

  @Test
  void an_instrumentation_that_is_no_longer_valid_stays_in_force_as_it_was() throws Exception {
    write("a.yaml", instrumentation("a", "always_on"));
    follow(folder);

    write("a.yaml", instrumentation("a", "sometimes"));
    eventually(() -> assertThat(resources.problems(CATALOGUE)).isNotEmpty());
    assertThat(sampler("a")).isEqualTo("always_on");
    assertThat(((Accepted) now().find("shop", "a")).ofNewer())
        .singleElement()
        .asString()
        .startsWith(folder.resolve("a.yaml") + ":7:5: spec.sampler.type \"sometimes\"");

    write("a.yaml", instrumentation("a", "always_off"));
    eventually(() -> assertThat(sampler("a")).isEqualTo("always_off"));
    assertThat(resources.problems(CATALOGUE)).isEmpty();
  }

  @Test
  void a_file_that_is_no_yaml_keeps_what_it_gave_and_the_others_count() throws Exception {
    Path broken = write("a.yaml", instrumentation("a", "always_on"));
    write("b.yaml", instrumentation("b", "always_on"));
    follow(folder);

    Files.writeString(broken, "kind: [");
    write("b.yaml", instrumentation("b", "always_off"));
    eventually(() -> assertThat(resources.unreadable()).isNotEmpty());
    assertThat(resources.unreadable())
        .singleElement()
        .asString()
        .startsWith(broken.toString())
        .doesNotContain("\n");
    eventually(() -> assertThat(sampler("b")).isEqualTo("always_off"));
    assertThat(sampler("a")).isEqualTo("always_on");
    // It may be in the file that cannot be read.
    assertThat(now().find("shop", "c")).isEqualTo(new Absent(Absence.UNCONFIRMED));

    Files.delete(broken);
    eventually(() -> assertThat(resources.unreadable()).isEmpty());
    assertThat(now().find("shop", "a")).isEqualTo(new Absent(Absence.CONFIRMED));
  }

  @Test
  void a_file_that_is_broken_from_the_start_stops_nobody() throws Exception {
    Path broken = write("a.yaml", "kind: [");
    write("b.yaml", instrumentation("b", "always_on"));
    write("c.yaml", instrumentation("c", "sometimes"));
    follow(folder);

    assertThat(now().names("shop")).containsExactly("b", "c");
    assertThat(now().find("shop", "c")).isInstanceOf(Invalid.class);
    assertThat(now().complete()).isFalse();

    Files.writeString(broken, instrumentation("a", "always_on"));
    eventually(() -> assertThat(now().complete()).isTrue());
    assertThat(now().in("shop")).extracting(Instrumentation::name).containsExactly("a", "b");
  }

  @Test
  void what_was_named_and_is_gone_keeps_what_it_gave_until_it_is_back() throws Exception {
    write("conf/a.yaml", instrumentation("a", "always_on"));
    Path named = folder.resolve("conf");
    follow(named);

    Files.move(named, folder.resolve("elsewhere"));
    eventually(
        () -> assertThat(resources.unreadable()).containsExactly(named + ": does not exist"));
    assertThat(sampler("a")).isEqualTo("always_on");
    assertThat(now().complete()).isFalse();

    write("next/b.yaml", instrumentation("b", "always_on"));
    Files.move(folder.resolve("next"), named, ATOMIC_MOVE);
    eventually(() -> assertThat(now().names("shop")).containsExactly("b"));
    assertThat(now().complete()).isTrue();
  }

  @Test
  void an_empty_folder_holds_nothing_and_that_is_certain() throws Exception {
    Path only = write("a.yaml", instrumentation("a", "always_on"));
    follow(folder);

    Files.delete(only);

    eventually(() -> assertThat(now().find("shop", "a")).isEqualTo(new Absent(Absence.CONFIRMED)));
    assertThat(resources.unreadable()).isEmpty();
  }

  @Test
  void nothing_is_replaced_while_no_content_changes() throws Exception {
    Path file = write("a.yaml", instrumentation("a", "always_on"));
    write("b.yaml", instrumentation("b", "always_on"));
    follow(folder);
    Resources before = now();

    AtomicInteger told = new AtomicInteger();
    watch.watch("the same", () -> List.of(file), () -> told.incrementAndGet() > 1);
    Files.writeString(file, instrumentation("a", "always_on"));
    eventually(() -> assertThat(told).hasValueGreaterThan(1));

    assertThat(now()).isSameAs(before);
  }
}
