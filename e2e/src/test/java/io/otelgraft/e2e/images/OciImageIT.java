package io.otelgraft.e2e.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.e2e.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that makes container images. */
final class OciImageIT {

  private static Path program;

  @TempDir private Path directory;

  @BeforeAll
  static void the_program() {
    program =
        new ImageFiles(Path.of("made"), Path.of(""), Map.of(), System.out::println)
            .made("oci-image")
            .resolve("oci-image");
  }

  @BeforeEach
  void an_application() throws IOException {
    Path app = Files.createDirectories(directory.resolve("files/app"));
    Files.writeString(app.resolve("run"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(app.resolve("run"), PosixFilePermissions.fromString("rwxr-x--x"));
    Files.createSymbolicLink(app.resolve("start"), Path.of("run"));
  }

  private Finished run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return Finished.run(new ProcessBuilder(command), "");
  }

  private Path image(String name, String... more) {
    Path archive = directory.resolve(name + ".tar");
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(List.of("--name=example.com/" + name, "--output=" + archive));
    Finished made = run(arguments.toArray(String[]::new));
    assertThat(made.exit()).as(made.errors()).isZero();
    assertThat(made.output()).matches("example.com/" + name + ":[0-9a-f]{12}\n");
    return archive;
  }

  private Path layer() {
    return directory.resolve("files");
  }

  @Test
  void the_same_files_give_the_same_image_whenever_and_wherever_they_are() throws IOException {
    byte[] first = Files.readAllBytes(image("app", "--layer=" + layer()));
    Files.move(layer(), directory.resolve("elsewhere"));
    Files.setLastModifiedTime(
        directory.resolve("elsewhere/app/run"), FileTime.from(Instant.EPOCH.plusSeconds(1)));
    byte[] second =
        Files.readAllBytes(image("app", "--layer=" + directory.resolve("elsewhere") + "/"));
    assertThat(second).isEqualTo(first);
  }

  @Test
  void links_and_permissions_are_kept_and_all_belongs_to_root() throws IOException {
    Path archive = image("app", "--layer=" + layer());
    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
    tar("-xf", archive.toString(), "-C", unpacked.toString());
    String layer;
    try (var files = Files.list(unpacked)) {
      layer =
          files
              .filter(file -> file.toString().endsWith(".tar.gz"))
              .findFirst()
              .orElseThrow()
              .toString();
    }
    assertThat(
            tar("-tvzf", layer, "--numeric-owner").lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "drwxr-xr-x 0/0 0 1970-01-01 00:00 app/",
            "-rwxr-x--x 0/0 10 1970-01-01 00:00 app/run",
            "lrwxrwxrwx 0/0 0 1970-01-01 00:00 app/start -> run");
  }

  @Test
  void what_is_built_on_another_image_has_its_files_and_what_it_says() throws IOException {
    Path base = image("base", "--layer=" + layer(), "--env=A=1", "--env=B=1", "--user=7");
    Path more = Files.createDirectories(directory.resolve("more"));
    Files.writeString(more.resolve("file"), "more");
    Path archive =
        image("app", "--base=" + base, "--layer=" + more, "--env=B=2", "--entrypoint=/app/run");

    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
    tar("-xf", archive.toString(), "-C", unpacked.toString());
    String manifest = Files.readString(unpacked.resolve("manifest.json"));
    assertThat(manifest.split("\\.tar\\.gz", -1)).as("two layers").hasSize(3);
    try (var files = Files.list(unpacked)) {
      Path config =
          files
              .filter(file -> file.getFileName().toString().startsWith("sha256:"))
              .findFirst()
              .orElseThrow();
      assertThat(Files.readString(config, UTF_8))
          .contains("\"Env\":[\"A=1\",\"B=2\"]", "\"Entrypoint\":[\"/app/run\"]", "\"User\":\"7\"");
    }
  }

  @Test
  void what_cannot_be_in_an_image_is_refused_and_named() throws IOException {
    Finished mkfifo = Finished.run(new ProcessBuilder("mkfifo", layer() + "/app/pipe"), "");
    assertThat(mkfifo.exit()).isZero();
    Finished refused =
        run(
            "--name=example.com/app",
            "--layer=" + layer(),
            "--output=" + directory.resolve("a.tar"));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.errors())
        .contains("files/app/pipe: an image has files, directories and links, not p");
  }

  @Test
  void a_layer_that_is_not_there_is_named() {
    Finished refused =
        run("--name=example.com/app", "--layer=/absent", "--output=" + directory.resolve("a.tar"));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.errors()).contains("/absent: no such file or directory");
  }

  private static String tar(String... arguments) {
    List<String> command = new ArrayList<>(List.of("env", "TZ=UTC", "tar"));
    command.addAll(List.of(arguments));
    Finished tar = Finished.run(new ProcessBuilder(command), "");
    assertThat(tar.exit()).as(tar.errors()).isZero();
    return tar.output();
  }
}
