package io.otelgraft.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The container image, if {@code deploy/image/build} has made one: how large it is, and how long
 * Graft takes in it from the start of the process until it is ready. There need not be a container
 * engine, so the image's files are the root of a process that is else like all.
 *
 * @param made what the build told of it
 * @param repetitions how often it is started
 */
record Image(Path made, int repetitions) implements Part {

  private static final double MEBIBYTE = 1 << 20;

  /** {@code $0} is the root; the files of the run are where they are outside of it. */
  private static final String ENTER =
      """
      mount --rbind /dev "$0/dev" && mount --rbind /proc "$0/proc" && mount --rbind /tmp "$0/tmp" &&
      exec chroot "$0" "$@"
      """;

  @Override
  public String name() {
    return "image";
  }

  @Override
  public void measure(Progress progress) {
    if (!Files.exists(made)) {
      progress.step("the image is not measured: there is none; deploy/image/build makes it");
      return;
    }
    ObjectNode image = read();
    Path files = Path.of(image.path("files").asText());
    progress.add(
        Figure.of(
            "image.size",
            "container image, compressed",
            sizeOf(Path.of(image.path("archive").asText())) / MEBIBYTE,
            Unit.MEBIBYTES));
    progress.add(
        Figure.of("image.unpacked", "  unpacked", sizeOf(files) / MEBIBYTE, Unit.MEBIBYTES));
    progress.step("graft serve in the image, started %d times".formatted(repetitions));
    double[] ready = new double[repetitions];
    try (Workplace workplace = Workplace.open()) {
      for (int i = 0; i < repetitions; i++) {
        try (ServerProcess graft =
            ServerProcess.graft(
                arguments -> command(image, files, arguments),
                workplace,
                Path.of("/graft/plugins"),
                workplace.resources())) {
          ready[i] = graft.startToReady() / 1e9;
        }
      }
    }
    progress.add(
        Figure.of("image.ready", "  start to ready in it", ready, Unit.SECONDS).limit(0.8));
  }

  private static ProcessBuilder command(ObjectNode image, Path files, String... arguments) {
    List<String> words = new ArrayList<>(List.of("unshare", "--mount"));
    if (!System.getProperty("user.name").equals("root")) {
      words.addAll(List.of("--user", "--map-root-user"));
    }
    words.addAll(List.of("sh", "-c", ENTER, files.toString()));
    image.path("command").forEach(word -> words.add(word.asText()));
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder.environment().compute("PATH", (_, path) -> path + ":/usr/sbin:/sbin");
    return builder;
  }

  private ObjectNode read() {
    try {
      return Json.read(Files.readAllBytes(made));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long sizeOf(Path path) {
    try (Stream<Path> files = Files.walk(path)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new IllegalStateException(
          "the image is gone (" + e.getMessage() + "); deploy/image/build makes it anew", e);
    }
  }
}
