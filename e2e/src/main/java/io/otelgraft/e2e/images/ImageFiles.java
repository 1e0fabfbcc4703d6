package io.otelgraft.e2e.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;

/**
 * The files of images, made from recipes and kept outside the checkout. The program {@code
 * e2e/made} does it, and says what a recipe is; scripts use it as well.
 */
final class ImageFiles {

  private final Path made;
  private final Path recipes;
  private final Map<String, String> environment;
  private final Consumer<String> progress;

  /**
   * The files of recipes.
   *
   * @param made the program
   * @param recipes the folder that they are in
   * @param environment what the program finds in its environment besides what this process does
   * @param progress is told what takes long, in a line each
   */
  ImageFiles(Path made, Path recipes, Map<String, String> environment, Consumer<String> progress) {
    this.made = made.toAbsolutePath();
    this.recipes = recipes.toAbsolutePath();
    this.environment = Map.copyOf(environment);
    this.progress = progress;
  }

  /**
   * The directory that the recipe makes. Several may ask for it at the same time, in this process
   * and in others.
   *
   * @throws IllegalStateException when the recipe fails; the message has its output
   */
  Path made(String recipe) {
    ProcessBuilder builder =
        new ProcessBuilder(made.toString(), recipes.resolve(recipe).toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // Where this process is an application with an agent of its own, the tools are not.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      try (BufferedReader said = process.errorReader(UTF_8);
          BufferedReader result =
              new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
        process.getOutputStream().close();
        StringJoiner output = new StringJoiner(System.lineSeparator());
        said.lines().peek(progress).forEach(output::add);
        if (process.waitFor() == 0) {
          return Path.of(result.readLine());
        }
        throw new IllegalStateException("image " + recipe + ":" + System.lineSeparator() + output);
      } catch (InterruptedException e) {
        process.destroy();
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while making the image " + recipe, e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("image " + recipe, e);
    }
  }
}
