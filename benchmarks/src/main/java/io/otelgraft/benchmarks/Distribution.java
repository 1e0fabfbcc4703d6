package io.otelgraft.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Graft as its users have it: the unpacked distribution.
 *
 * @param home the folder that holds {@code bin/graft}
 */
record Distribution(Path home) {

  /** The JVM's property that says where the distribution is. */
  static final String PROPERTY = "io.otelgraft.benchmarks.distribution";

  /**
   * The distribution in a folder.
   *
   * @throws IllegalArgumentException if there is none
   */
  Distribution {
    home = home.toAbsolutePath().normalize();
    if (!Files.isExecutable(home.resolve("bin/graft"))) {
      throw new IllegalArgumentException(home + " holds no bin/graft: ./mvnw package makes it");
    }
  }

  /** The one that this JVM was told to measure. */
  static Distribution given() {
    String home = System.getProperty(PROPERTY);
    if (home == null) {
      throw new IllegalStateException("-D" + PROPERTY + " is missing: ./bench gives it");
    }
    return new Distribution(Path.of(home));
  }

  /** Makes the AOT caches, as the first runs of Graft would in the background. */
  void makeCaches() {
    ProcessBuilder make = command();
    make.environment().put("GRAFT_AOT", "make");
    Processes.run(make);
  }

  /** The folder of the shipped plugins. */
  Path plugins() {
    return home.resolve("plugins");
  }

  /** What {@code deploy/image/build} tells of the image that it made of it. */
  Path image() {
    return home.resolve("../../../deploy/target/image.json").normalize();
  }

  /** A file of {@code examples/}. */
  Path example(String name) {
    return home.resolve("examples").resolve(name);
  }

  /** The command line of a graft command; settings of whoever measures do not reach it. */
  ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/graft").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("GRAFT_"));
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  /**
   * The options with which a JVM has Graft as production has it: on the module path, with all that
   * plugins may use of the JDK.
   *
   * @param modules of the distribution's that the main class needs
   */
  List<String> jvmOptions(String... modules) {
    return List.of(
        "--module-path=" + home.resolve("lib"),
        "--add-modules=java.se,jdk.unsupported," + String.join(",", modules),
        "-D" + PROPERTY + "=" + home);
  }
}
