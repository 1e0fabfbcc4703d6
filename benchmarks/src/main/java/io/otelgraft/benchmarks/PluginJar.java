package io.otelgraft.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ConstantInstruction;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/** A plugin's jar of another version, made without its sources. */
final class PluginJar {

  private PluginJar() {}

  /**
   * The bytes of a jar whose classes have another string for a constant.
   *
   * @throws IllegalArgumentException if no class has that constant
   */
  static byte[] withConstant(Path jar, String constant, String instead) {
    AtomicBoolean found = new AtomicBoolean();
    CodeTransform code =
        (builder, element) -> {
          if (element instanceof ConstantInstruction load
              && load.constantValue().equals(constant)) {
            builder.loadConstant(instead);
            found.set(true);
          } else {
            builder.with(element);
          }
        };
    byte[] changed = transformed(jar, ClassTransform.transformingMethodBodies(code));
    if (!found.get()) {
      throw new IllegalArgumentException(jar + " has no constant \"" + constant + "\"");
    }
    return changed;
  }

  private static byte[] transformed(Path jar, ClassTransform transform) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ClassFile classes = ClassFile.of();
    try (JarFile from = new JarFile(jar.toFile());
        JarOutputStream to = new JarOutputStream(bytes)) {
      for (JarEntry entry : from.stream().toList()) {
        byte[] content = from.getInputStream(entry).readAllBytes();
        boolean isClass =
            entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class");
        to.putNextEntry(new JarEntry(entry.getName()));
        to.write(isClass ? classes.transformClass(classes.parse(content), transform) : content);
        to.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
