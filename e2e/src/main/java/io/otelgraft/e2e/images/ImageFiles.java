package io.otelgraft.e2e.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.otelgraft.e2e.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The files of images, made from recipes and kept outside the checkout.
 *
 * <p>A recipe is a folder with a program {@code build}, as an image's folder has a Dockerfile.
 * {@code build --key} prints what the result depends on besides the folder itself, such as the
 * version of a tool; {@code build DIRECTORY} fills a directory. The result is kept under the
 * content of the recipe and that key, so it is made once.
 */
final class ImageFiles {

  private final Path recipes;
  private final Path cache;
  private final Consumer<String> progress;

  ImageFiles(Path recipes, Path cache, Consumer<String> progress) {
    this.recipes = recipes.toAbsolutePath();
    this.cache = cache;
    this.progress = progress;
  }

  /**
   * The directory that the recipe makes. Several may ask for it at the same time, in this process
   * and in others.
   *
   * @throws IllegalStateException when the recipe fails; the message has its output
   */
  // One lock for all: a file lock does not keep apart the threads of one process.
  synchronized Path made(String recipe) {
    try {
      Path build = recipes.resolve(recipe).resolve("build");
      Path directory = cache.resolve(recipe + "-" + hash(recipe, run(recipe, build, "--key")));
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(cache);
        make(recipe, build, directory);
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("image " + recipe, e);
    }
  }

  private void make(String recipe, Path build, Path directory) throws IOException {
    Path lockFile = cache.resolve(directory.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assert lock.isValid();
      if (Files.isDirectory(directory)) {
        return;
      }
      progress.accept("making the image " + recipe + ", once on this machine: " + directory);
      // Whoever sees the directory under its name sees all of it.
      Path unfinished = cache.resolve(directory.getFileName() + ".unfinished");
      Directories.delete(unfinished);
      Files.createDirectory(unfinished);
      run(recipe, build, unfinished.toString());
      Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private String run(String recipe, Path build, String argument) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(build.toString(), argument).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // Where this process is an application with an agent of its own, the tools are not.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() == 0) {
        return output;
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException(
        "image %s: %s %s failed; e2e/prepare says which tools are missing:%n%s"
            .formatted(recipe, build, argument, output));
  }

  private String hash(String recipe, String key) throws IOException {
    MessageDigest digest = sha256();
    digest.update(key.getBytes(UTF_8));
    try (Stream<Path> files = Files.walk(recipes.resolve(recipe))) {
      List<Path> sorted = files.filter(Files::isRegularFile).sorted().toList();
      for (Path file : sorted) {
        digest.update(file.getFileName().toString().getBytes(UTF_8));
        digest.update(Files.readAllBytes(file));
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
