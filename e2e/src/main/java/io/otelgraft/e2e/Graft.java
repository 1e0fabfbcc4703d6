package io.otelgraft.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Graft as its users have it: the unpacked distribution, run as a command. */
public final class Graft {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path home;

  /**
   * The distribution in a folder.
   *
   * @param home with {@code bin/graft}
   * @throws IllegalArgumentException when there is none; the message says how to build it
   */
  public Graft(Path home) {
    this.home = home.toAbsolutePath().normalize();
    if (!Files.isExecutable(command())) {
      throw new IllegalArgumentException(
          command() + " is missing: ./mvnw -pl e2e -am verify builds it");
    }
  }

  private Path command() {
    return home.resolve("bin").resolve("graft");
  }

  /**
   * What {@code graft inject} prints for manifests: each object among them, the workloads injected.
   *
   * @param manifests workloads, and the resources that count for them, in YAML
   * @throws IllegalStateException when Graft rejects one; the message is what it says
   */
  public List<JsonNode> inject(String manifests) {
    try {
      Path input = Files.createTempFile("graft-", ".yaml");
      Path errors = Files.createTempFile("graft-", ".err");
      try {
        Files.writeString(input, manifests);
        return inject(input, errors);
      } finally {
        Files.delete(input);
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<JsonNode> inject(Path input, Path errors) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command().toString(), "inject", "-f", "-", "-o", "json")
            .redirectInput(input.toFile())
            .redirectError(errors.toFile());
    // The settings of whoever runs the tests, and the folder for what tests fetch, are not Graft's.
    builder.environment().keySet().removeIf(name -> name.startsWith("GRAFT_"));
    Process process = builder.start();
    byte[] output = process.getInputStream().readAllBytes();
    int code;
    try {
      code = process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Graft injects", e);
    }
    if (code != 0) {
      throw new IllegalStateException(
          "graft inject ended with %d:%n%s".formatted(code, Files.readString(errors, UTF_8)));
    }
    JsonNode printed = MAPPER.readTree(output);
    List<JsonNode> objects = new ArrayList<>();
    if (printed.path("kind").asText().equals("List")) {
      printed.path("items").forEach(objects::add);
    } else {
      objects.add(printed);
    }
    return objects;
  }
}
