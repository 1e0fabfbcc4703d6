package io.otelgraft.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.otelgraft.runtime.cli.Manifests.Manifest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManifestsTest {

  @TempDir private Path folder;

  private String write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }

  private static List<Manifest> read(String... names) {
    return new Manifests(InputStream.nullInputStream()).read(List.of(names));
  }

  @Test
  void a_folder_may_be_a_link() throws IOException {
    write("deep/a.yaml", "kind: Service\n");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("deep"));

    assertThat(read(link.toString()))
        .extracting(Manifest::name)
        .containsExactly(link.resolve("a.yaml").toString());
  }

  @Test
  void folders_are_read_in_order_without_hidden_and_foreign_files() throws IOException {
    write("b.yml", "kind: Service\n");
    write("a.yaml", "kind: Service\n");
    write("deep/er/c.json", "{\"kind\": \"Service\"}");
    write(".hidden.yaml", "not: [yaml");
    write("..data/d.yaml", "not: [yaml");
    write("README.md", "not: [yaml");

    assertThat(read(folder.toString()))
        .extracting(manifest -> folder.relativize(Path.of(manifest.name())).toString())
        .containsExactly("a.yaml", "b.yml", "deep/er/c.json");
  }

  @Test
  void a_file_that_is_named_is_read_whatever_its_ending_and_once_only() throws IOException {
    var named = write("resources.txt", "kind: Service\n");

    assertThat(read(named, named)).hasSize(1);
  }

  @Test
  void a_path_where_nothing_is_and_a_file_that_is_no_yaml_are_told_by_name() throws IOException {
    var missing = folder.resolve("missing.yaml").toString();
    var broken = write("broken.yaml", "a: [b\n");

    assertThatThrownBy(() -> read(missing))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(missing + ": there is no such file or folder");
    assertThatThrownBy(() -> read(broken))
        .isInstanceOf(CommandFailure.class)
        .hasMessageStartingWith(broken + ":");
  }

  @Test
  void standard_input_is_a_file_among_others() throws IOException {
    var in = new ByteArrayInputStream("kind: Pod\n".getBytes(StandardCharsets.UTF_8));
    var file = write("a.yaml", "kind: Service\n");

    assertThat(new Manifests(in).read(List.of(file, "-")))
        .extracting(Manifest::name)
        .containsExactly(file, "stdin");
  }
}
