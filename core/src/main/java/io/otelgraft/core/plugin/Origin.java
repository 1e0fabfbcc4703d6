package io.otelgraft.core.plugin;

import java.util.function.Supplier;

/** Where a plugin comes from: see the methods of {@link LoadedPlugin}. */
record Origin(String name, String module, String version, Supplier<String> digest) {

  /** That of a plugin which was made without a jar. */
  static Origin of(Class<?> type) {
    Module module = type.getModule();
    return new Origin(
        type.getName(),
        module.isNamed() ? module.getName() : "",
        module.isNamed() ? module.getDescriptor().rawVersion().orElse("") : "",
        () -> "");
  }
}
