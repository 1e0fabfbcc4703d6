package io.otelgraft.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {

  @TempDir private Path directory;

  private final List<String> progress = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void a_recipe() throws IOException {
    recipe(
        "[ \"$1\" != --key ] || { cat \"$(dirname \"$0\")/../tool\"; exit; }; sleep 0.1; echo made > \"$1/file\"");
    Files.writeString(recipes().resolve("tool"), "tool 1");
  }

  private void recipe(String script) throws IOException {
    Path build = Files.createDirectories(recipes().resolve("agent")).resolve("build");
    Files.writeString(build, "#!/bin/sh\nset -eu\n" + script + "\n");
    assertThat(build.toFile().setExecutable(true)).isTrue();
  }

  private Path recipes() {
    return directory.resolve("recipes");
  }

  private Path cache() {
    return directory.resolve("cache").resolve("images");
  }

  /** As another process would have it: nothing is shared but the cache. */
  private ImageFiles files() {
    return new ImageFiles(
        Path.of("made"),
        recipes(),
        Map.of("GRAFT_CACHE", directory.resolve("cache").toString()),
        progress::add);
  }

  @Test
  void a_recipe_is_followed_once() throws IOException {
    Path made = files().made("agent");
    assertThat(made.resolve("file")).hasContent("made");
    assertThat(files().made("agent")).isEqualTo(made);
    assertThat(progress)
        .singleElement()
        .asString()
        .startsWith("making the image agent, once on this machine: ");
  }

  @Test
  void another_content_or_another_tool_makes_another_image() throws IOException {
    Path first = files().made("agent");
    Files.writeString(recipes().resolve("agent").resolve("requirements.lock"), "flask==3");
    Path second = files().made("agent");
    Files.writeString(recipes().resolve("tool"), "tool 2");
    Path third = files().made("agent");
    assertThat(Set.of(first, second, third)).hasSize(3);
    assertThat(first).exists();
  }

  @Test
  void many_that_ask_at_the_same_time_get_one_that_is_complete() throws Exception {
    ImageFiles files = files();
    List<Callable<Path>> askers = Collections.nCopies(8, () -> files.made("agent"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Set<Path> made =
          threads.invokeAll(askers).stream().map(Future::resultNow).collect(Collectors.toSet());
      assertThat(made)
          .singleElement()
          .satisfies(path -> assertThat(path.resolve("file")).hasContent("made"));
    }
    assertThat(progress).hasSize(1);
  }

  @Test
  void a_recipe_that_fails_says_why_and_leaves_nothing_that_looks_finished() throws IOException {
    recipe("[ \"$1\" != --key ] || exit 0; echo half > \"$1/file\"; echo no network >&2; exit 3");
    assertThatThrownBy(() -> files().made("agent"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("image agent:")
        .hasMessageContaining("e2e/prepare says which tools are missing")
        .hasMessageEndingWith("no network");
    try (Stream<Path> left = Files.list(cache())) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .allMatch(name -> name.matches(".*\\.(lock|log|unfinished)"));
    }
  }
}
