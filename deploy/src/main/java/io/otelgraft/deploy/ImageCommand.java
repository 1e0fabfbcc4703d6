package io.otelgraft.deploy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy/image/build}: makes the container image of Graft. */
@Command(
    name = "deploy/image/build",
    description = {
      "Makes the container image of Graft from this checkout and the JDK of this machine, for the"
          + " machine's architecture. Needs neither a container engine nor a registry."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class ImageCommand implements Callable<Integer> {

  /** As that of the chart; without a registry, it is that of whoever imports the archive. */
  private static final String REPOSITORY = "otelgraft/graft";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the image is called (default: " + REPOSITORY + ":VERSION).")
  private String name;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "The archive to write, for docker load, ctr images import and their like (default:"
              + " deploy/target/graft-VERSION-ARCHITECTURE.tar).")
  private Path output;

  @Option(
      names = "--push",
      description =
          "Push it to the registry in --name instead, as docker login and podman login have it.")
  private boolean push;

  @Option(
      names = "--insecure",
      description = "With --push: the registry may be without TLS, or be trusted by nobody.")
  private boolean insecure;

  @Option(names = "--distribution", hidden = true, required = true)
  private Path distribution;

  @Option(names = "--target", hidden = true, required = true)
  private Path target;

  @Option(names = "--cache", hidden = true, required = true)
  private Path cache;

  @Option(names = "--version-of-graft", hidden = true, required = true)
  private String version;

  @Option(names = "--seconds", hidden = true)
  private long seconds;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Option(names = "--help", usageHelp = true, description = "Print this.")
  private boolean help;

  private ImageCommand() {}

  /** Exits with 1 if the image cannot be made. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new ImageCommand())
            .setExecutionExceptionHandler((failure, commandLine, _) -> {
              commandLine.getErr().println("FAILED: " + failure.getMessage());
              return 1;
            })
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Progress progress = Progress.from(System.out, seconds);
    Path kept = cache.resolve("operator-image");
    ImageFiles files =
        ImageFiles.of(
            distribution,
            Path.of(System.getProperty("java.home")),
            kept.resolve("files"),
            progress);
    ContainerImage image = new ContainerImage(files, version, kept);
    String called = name == null ? REPOSITORY + ":" + version : name;
    if (push) {
      progress.step("pushing " + called);
      progress.step("pushed, digest " + image.push(called, insecure));
      return 0;
    }
    Path archive =
        output == null
            ? target.resolve("graft-%s-%s.tar".formatted(version, ContainerImage.architecture()))
            : output;
    progress.step("writing " + archive);
    String digest = image.writeTo(archive, called);
    tell(archive, files);
    progress.step(
        String.format(
            Locale.ROOT,
            "%s is in %s, %.1f MiB, digest %s",
            called,
            archive,
            Files.size(archive) / (double) (1 << 20),
            digest));
    return 0;
  }

  /** Leaves word for {@code ./bench}. */
  private void tell(Path archive, ImageFiles files) throws IOException {
    ObjectNode made = JsonNodeFactory.instance.objectNode();
    made.put("archive", archive.toAbsolutePath().toString());
    made.put("files", files.root().toAbsolutePath().toString());
    EntryPoint.command().forEach(made.putArray("command")::add);
    Files.writeString(target.resolve("image.json"), made.toPrettyString() + "\n");
  }
}
