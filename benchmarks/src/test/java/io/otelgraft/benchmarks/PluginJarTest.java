package io.otelgraft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginJarTest {

  /** What is put into a jar. */
  public static final class Versioned {
    private Versioned() {}

    /** A constant that is loaded where it is used. */
    public static String version() {
      return "1.2.3";
    }
  }

  @TempDir private Path folder;
  private Path jar;

  @BeforeEach
  void packClass() throws IOException {
    jar = folder.resolve("plugin.jar");
    String file = Versioned.class.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        InputStream in = Versioned.class.getResourceAsStream("/" + file)) {
      entries.putNextEntry(new JarEntry(file));
      in.transferTo(entries);
      entries.closeEntry();
    }
  }

  @Test
  void the_changed_class_has_the_other_constant() throws Exception {
    Path changed =
        Files.write(folder.resolve("changed.jar"), PluginJar.withConstant(jar, "1.2.3", "4.5.6"));

    try (URLClassLoader loader = new URLClassLoader(new URL[] {changed.toUri().toURL()}, null)) {
      Method version = loader.loadClass(Versioned.class.getName()).getMethod("version");
      assertThat(version.invoke(null)).isEqualTo("4.5.6");
    }
  }

  @Test
  void a_constant_that_no_class_has_is_an_error() {
    assertThatThrownBy(() -> PluginJar.withConstant(jar, "9.9.9", "4.5.6"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no constant \"9.9.9\"");
  }
}
