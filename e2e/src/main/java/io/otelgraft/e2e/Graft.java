package io.otelgraft.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

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
    if (!Files.isExecutable(this.home.resolve("bin/graft"))) {
      throw new IllegalArgumentException(
          this.home.resolve("bin/graft") + " is missing: ./mvnw -pl e2e -am verify builds it");
    }
  }

  /** The folder of the distribution. */
  public Path home() {
    return home;
  }

  /**
   * What {@code graft inject} prints for manifests: each object among them, the workloads injected.
   *
   * @param manifests workloads, and the resources that count for them, in YAML
   * @param options such as {@code --set} and a setting
   * @throws IllegalStateException when Graft rejects one; the message is what it says
   */
  public List<JsonNode> inject(String manifests, String... options) {
    List<String> arguments = new ArrayList<>(List.of("inject", "-f", "-", "-o", "json"));
    arguments.addAll(Arrays.asList(options));
    JsonNode printed = answer(manifests, arguments.toArray(String[]::new));
    List<JsonNode> objects = new ArrayList<>();
    if (printed.path("kind").asText().equals("List")) {
      printed.path("items").forEach(objects::add);
    } else {
      objects.add(printed);
    }
    return objects;
  }

  /**
   * What {@code graft explain -o json} prints for workloads, an entry for each of them.
   *
   * @param options such as {@code --resources} and a folder
   * @throws IllegalStateException when Graft does not explain; the message is what it says
   */
  public List<JsonNode> explain(List<? extends JsonNode> workloads, String... options) {
    String manifests =
        workloads.stream().map(JsonNode::toString).collect(Collectors.joining("\n---\n"));
    List<String> arguments = new ArrayList<>(List.of("explain", "-f", "-", "-o", "json"));
    arguments.addAll(Arrays.asList(options));
    List<JsonNode> explained = new ArrayList<>();
    answer(manifests, arguments.toArray(String[]::new)).forEach(explained::add);
    return explained;
  }

  /**
   * What {@code graft plugins -o json} prints of the plugins that it has.
   *
   * @throws IllegalStateException when one of them is refused; the message is what Graft says
   */
  public JsonNode plugins() {
    return answer("", "plugins", "-o", "json");
  }

  private JsonNode answer(String input, String... arguments) {
    Finished graft = Finished.run(command(arguments), input);
    if (graft.exit() != 0) {
      throw new IllegalStateException(
          "graft %s ended with %d:%n%s".formatted(arguments[0], graft.exit(), graft.errors()));
    }
    try {
      return MAPPER.readTree(graft.output());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command with these arguments, to be started. */
  ProcessBuilder command(String... arguments) {
    List<String> words = new ArrayList<>(List.of(home.resolve("bin/graft").toString()));
    words.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(words);
    // The settings of whoever runs this, and the folder for what is fetched, are not Graft's.
    builder.environment().keySet().removeIf(name -> name.startsWith("GRAFT_"));
    return builder;
  }
}
