package io.otelgraft.e2e.cluster;

import io.otelgraft.e2e.Finished;
import io.otelgraft.e2e.images.ContainerImage;
import java.nio.file.Path;

/** The image of this checkout's Graft, which {@code deploy/image/build} makes. */
final class OperatorImage {

  private static final Path BUILD = Path.of("../deploy/image/build");
  private static final Path ARCHIVE = Path.of("target/graft-image.tar");

  private OperatorImage() {}

  /**
   * Makes it of what Maven has packaged, under a name that no earlier run has used: a node that has
   * an image of that name would not take another.
   */
  static ContainerImage make() {
    String run = Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX);
    ContainerImage image =
        new ContainerImage("e2e.otelgraft.io/graft:" + run, ARCHIVE.toAbsolutePath());
    ProcessBuilder build =
        new ProcessBuilder(
            BUILD.toAbsolutePath().normalize().toString(),
            "--packaged",
            "--name=" + image.reference(),
            "--output=" + image.archive());
    build.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Finished built = Finished.run(build, "");
    if (built.exit() != 0) {
      throw new IllegalStateException("%s: %s%s".formatted(BUILD, built.output(), built.errors()));
    }
    return image;
  }
}
