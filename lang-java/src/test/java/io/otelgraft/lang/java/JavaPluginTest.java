package io.otelgraft.lang.java;

import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.testkit.LanguagePluginContract;

final class JavaPluginTest implements LanguagePluginContract {
  @Override
  public LanguagePlugin plugin() {
    return new JavaPlugin();
  }
}
