package io.otelgraft.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/**
 * In the life of a JVM Jazzer fuzzes the first target that it meets and passes over all others, in
 * green. The build gives each class that is named for it a JVM.
 */
final class FuzzTargetsTest {
  private static final String NAMED_FOR_IT = "Fuzz\\w+IT";

  @Test
  void each_target_has_a_class_of_its_own_by_whose_name_it_is_fuzzed() throws Exception {
    List<Class<?>> classes = classes();
    assertThat(classes).anyMatch(FuzzTargetsTest::isNamedForIt);
    for (Class<?> type : classes) {
      assertThat(targets(type))
          .as("targets of %s", type)
          .hasSize(isNamedForIt(type) ? 1 : 0)
          .noneMatch(target -> target.isAnnotationPresent(Disabled.class));
      assertThat(isNamedForIt(type) && type.isAnnotationPresent(Disabled.class))
          .as("%s is disabled", type)
          .isFalse();
    }
  }

  private static boolean isNamedForIt(Class<?> type) {
    return type.getSimpleName().matches(NAMED_FOR_IT);
  }

  private static List<Method> targets(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(FuzzTest.class))
        .toList();
  }

  private static List<Class<?>> classes() throws IOException, URISyntaxException {
    Path folder = Path.of(FuzzTargetsTest.class.getResource(".").toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\w+\\.class"))
          .<Class<?>>map(FuzzTargetsTest::load)
          .toList();
    }
  }

  private static Class<?> load(String file) {
    String name = FuzzTargetsTest.class.getPackageName() + "." + file.replace(".class", "");
    try {
      return Class.forName(name, false, FuzzTargetsTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
