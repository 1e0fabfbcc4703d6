package io.otelgraft.fuzz;

import io.otelgraft.core.document.Documents;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

/**
 * {@code graft lint} without its command line, which would load the plugins anew for each text. It
 * is not open to anybody but the command line, so it is reached by its names.
 */
final class Lint {
  private static final String PACKAGE = "io.otelgraft.runtime.cli.";
  private static final Constructor<?> MANIFEST =
      constructor("Manifests$Manifest", String.class, Documents.class);
  private static final Constructor<?> WORKBENCH =
      constructor(
          "Workbench",
          List.class,
          List.class,
          String.class,
          Catalogue.class,
          FileResources.class,
          Settings.class);
  private static final Constructor<?> LINTER = constructor("Linter", WORKBENCH.getDeclaringClass());
  private static final Method LINT = lint();

  private Lint() {}

  /**
   * All that is found in a text, for people.
   *
   * @param documents the text
   */
  static List<?> of(Documents documents, Catalogue catalogue, Settings settings) {
    try {
      Object workbench =
          WORKBENCH.newInstance(
              List.of(MANIFEST.newInstance("text", documents)),
              documents.list(),
              "shop",
              catalogue,
              FileResources.of(documents.list(), "shop", settings),
              settings);
      return (List<?>) LINT.invoke(LINTER.newInstance(workbench));
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException bug ? bug : new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Constructor<?> constructor(String name, Class<?>... parameters) {
    try {
      Constructor<?> constructor = Class.forName(PACKAGE + name).getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return constructor;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Method lint() {
    try {
      Method lint = LINTER.getDeclaringClass().getDeclaredMethod("lint");
      lint.setAccessible(true);
      return lint;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
