package io.otelgraft.e2e.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.spi.ToolProvider;

/** The plugin of {@code docs/examples/plugin}, as the guide says to compile it and drop it in. */
final class ExamplePlugin {

  private final Path sources;
  private final Path spi;

  /**
   * The plugin.
   *
   * @param sources {@code docs/examples/plugin}
   * @param spi the jar to compile against
   */
  ExamplePlugin(Path sources, Path spi) {
    this.sources = sources;
    this.spi = spi;
  }

  /**
   * Compiles the plugin and packs it.
   *
   * @param directory where the jar is to be
   * @throws DemoFailure when it does not compile; the message says why
   */
  Path jar(Path directory) {
    Path classes = directory.resolve("quill-classes");
    Path jar = directory.resolve("quill.jar");
    run(
        "javac",
        "--module-path",
        spi.toString(),
        "-d",
        classes.toString(),
        sources.resolve("module-info.java").toString(),
        sources.resolve("com/example/quill/QuillPlugin.java").toString());
    run("jar", "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
    return jar;
  }

  /** Moves a jar into the folder of the plugins, where it is seen whole or not at all. */
  static void drop(Path jar, Path plugins) throws IOException {
    Files.move(jar, plugins.resolve(jar.getFileName()), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void run(String tool, String... arguments) {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int code = ToolProvider.findFirst(tool).orElseThrow().run(out, out, arguments);
    DemoFailure.unless(
        code == 0, "%s of docs/examples/plugin ended with %s: %s".formatted(tool, code, said));
  }
}
