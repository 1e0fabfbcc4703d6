package io.otelgraft.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares what plugins compile against with {@code src/test/resources/signatures.txt}, so that no
 * change to it goes by unseen.
 */
final class SignaturesTest {
  private static final Path SNAPSHOT = Path.of("src/test/resources/signatures.txt");

  private static final String ADVICE =
      """
      The signatures of the SPI are not those of %s.

      Plugins that are in use were compiled against these lines.
        * A line that goes or changes breaks them, and so does a method that LanguagePlugin makes
          them implement: raise the major version of spi/pom.xml (and graft.spi.version in the root).
        * A line that comes is safe wherever the runtime implements the type: raise the minor version.
        * A version that was never released may change as it likes.
      If the change is meant, write the file anew with
        ./mvnw -pl spi test -Dspi.signatures=write
      and commit it with the change.
      """
          .formatted(SNAPSHOT);

  @Test
  void plugins_find_what_they_were_compiled_against() throws IOException, URISyntaxException {
    List<String> signatures = signatures();
    if ("write".equals(System.getProperty("spi.signatures"))) {
      Files.write(SNAPSHOT, signatures);
    }
    List<String> snapshot = Files.readAllLines(SNAPSHOT);
    List<String> changes = new ArrayList<>();
    snapshot.stream()
        .filter(line -> !signatures.contains(line))
        .forEach(l -> changes.add("- " + l));
    signatures.stream()
        .filter(line -> !snapshot.contains(line))
        .forEach(l -> changes.add("+ " + l));
    assertThat(changes).as(ADVICE).isEmpty();
  }

  private static List<String> signatures() throws IOException, URISyntaxException {
    Module module = LanguagePlugin.class.getModule();
    List<String> lines = new ArrayList<>();
    lines.add("module " + module.getDescriptor().toNameAndVersion());
    for (Class<?> type : types()) {
      lines.add("");
      lines.add(header(type));
      members(type).map(member -> "  " + name(type) + ": " + member).sorted().forEach(lines::add);
    }
    return lines;
  }

  /** The public types of the exported packages, nested ones included, by name. */
  private static List<Class<?>> types() throws IOException, URISyntaxException {
    Module module = LanguagePlugin.class.getModule();
    Path classes =
        Path.of(LanguagePlugin.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> types = new ArrayList<>();
    for (ModuleDescriptor.Exports export : module.getDescriptor().exports()) {
      Path folder = classes.resolve(export.source().replace('.', '/'));
      try (Stream<Path> files = Files.list(folder)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
            .sorted()
            .map(name -> export.source() + "." + name.substring(0, name.length() - 6))
            .map(name -> Class.forName(module, name))
            .filter(SignaturesTest::isVisible)
            .forEach(types::add);
      }
    }
    return types;
  }

  private static boolean isVisible(Class<?> type) {
    return isPromised(type.getModifiers())
        && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
  }

  private static boolean isPromised(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String header(Class<?> type) {
    StringBuilder header = new StringBuilder(type.toGenericString());
    Type parent = type.getGenericSuperclass();
    if (parent != null && !parent.equals(Object.class)) {
      header.append(" extends ").append(parent.getTypeName());
    }
    if (type.getInterfaces().length > 0) {
      header
          .append(" implements ")
          .append(
              Arrays.stream(type.getGenericInterfaces())
                  .map(Type::getTypeName)
                  .collect(Collectors.joining(", ")));
    }
    return brief(header.toString());
  }

  private static Stream<String> members(Class<?> type) {
    return Stream.of(
            Arrays.stream(type.getDeclaredFields())
                .filter(field -> isPromised(field.getModifiers()))
                .map(field -> field.toGenericString()),
            Arrays.stream(type.getDeclaredConstructors())
                .filter(constructor -> isPromised(constructor.getModifiers()))
                .map(constructor -> constructor.toGenericString()),
            Arrays.stream(type.getDeclaredMethods())
                .filter(method -> isPromised(method.getModifiers()) && !method.isSynthetic())
                .map(method -> method.toGenericString()))
        .flatMap(members -> members)
        // The type's name before a member's says nothing here, but hides the member's.
        .map(member -> brief(member.replace(type.getTypeName() + ".", "")));
  }

  /** {@code Language.Builder}, as a source names it. */
  private static String name(Class<?> type) {
    return brief(type.getCanonicalName());
  }

  private static String brief(String signature) {
    return signature
        .replace(LanguagePlugin.class.getPackageName() + ".", "")
        .replace("java.lang.", "")
        .replace("java.util.", "")
        .replace("public ", "")
        .replace('$', '.');
  }
}
