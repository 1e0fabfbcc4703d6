package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.document.Yaml;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.runtime.image.ImageArchive;
import io.otelgraft.runtime.image.ImageConfig;
import io.otelgraft.runtime.image.UnreadableImage;
import io.otelgraft.spi.ListVariable;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code graft image-env}: what an image sets in its environment, in the form that tells Graft. */
final class ImageEnvCommand implements Command {
  private static final String ALL = "--all";

  @Override
  public CommandSpec declare() {
    return Options.of(
            this,
            "image-env",
            "Prints what to tell Graft of the environment that an image sets.",
            "Variables of an image cannot be seen when a pod is admitted, and an injected one of the",
            "same name hides them. IMAGE is what docker save or podman save writes, or an OCI image",
            "layout, as a folder or a tar archive, also compressed with gzip.")
        .output(List.of("text", "yaml", "json"), "How to print it")
        .platform()
        .container("Name the container, for a pod with several")
        .flag("All that the image sets, not only what injection may change", ALL)
        .plugins()
        .argument("IMAGE")
        .examples(
            "docker save shop:1 | gzip >shop.tar.gz && graft image-env shop.tar.gz",
            "graft image-env layout/ --platform linux/arm64 -o yaml");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    String format = Options.output(given);
    Set<String> injected = new HashSet<>();
    for (LoadedPlugin plugin : Workbench.catalogue(given, surroundings).languages()) {
      plugin.language().listVariables().stream().map(ListVariable::name).forEach(injected::add);
      injected.addAll(plugin.language().variables());
    }
    ImageConfig image = image(given);
    boolean all = Options.has(given, ALL);
    Map<String, String> env = new LinkedHashMap<>();
    image
        .env()
        .forEach((name, value) -> {
          if (!all && !injected.contains(name) && !name.startsWith("OTEL_")) {
            return;
          }
          if (value.indexOf('\n') >= 0) {
            surroundings.tell(
                "graft: "
                    + name
                    + " has several lines, which the annotation cannot hold; set it in the pod");
            return;
          }
          env.put(name, value);
        });
    ObjectNode answer = answer(image, env, Options.container(given));
    surroundings.print(
        switch (format) {
          case "json" -> Json.pretty(answer);
          case "yaml" -> Yaml.write(answer);
          default -> text(image, answer, env.isEmpty());
        });
    return ExitCode.OK;
  }

  private static ImageConfig image(ParseResult given) {
    try {
      return ImageArchive.read(Path.of(Options.argument(given)), Options.platform(given));
    } catch (UnreadableImage e) {
      throw new CommandFailure(e.getMessage());
    }
  }

  private static ObjectNode answer(ImageConfig image, Map<String, String> env, String container) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    ObjectNode answer = json.objectNode();
    String name = image.names().isEmpty() ? "*" : image.names().getFirst();
    answer.put("image", name).put("platform", image.platform());
    StringBuilder lines = new StringBuilder();
    ArrayNode variables = json.arrayNode();
    env.forEach((variable, value) -> {
      lines
          .append(lines.isEmpty() ? "" : "\n")
          .append(container.isEmpty() ? "" : container + "/")
          .append(variable)
          .append('=')
          .append(value);
      variables.addObject().put("name", variable).put("value", value);
    });
    answer
        .putObject("pod")
        .putObject("metadata")
        .putObject("annotations")
        .put(Annotations.IMAGE_ENV, lines.toString());
    ArrayNode images = answer.putObject("instrumentation").putObject("spec").putArray("imageEnv");
    images.addObject().put("image", name).set("env", variables);
    return answer;
  }

  private static String text(ImageConfig image, ObjectNode answer, boolean nothing) {
    String of = answer.path("image").asText() + " (" + image.platform() + ")";
    return (nothing
            ? "# " + of + " sets nothing that injection changes; to have that known:\n"
            : "# " + of + ": on the pod, or the pod template of its workload\n")
        + Yaml.write(answer.path("pod"))
        + "\n# or in the Instrumentation, for all pods with the image\n"
        + Yaml.write(answer.path("instrumentation"));
  }
}
