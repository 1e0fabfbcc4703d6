package io.otelgraft.lang.go;

import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.testkit.LanguagePluginContract;

final class GoPluginTest implements LanguagePluginContract {
  @Override
  public LanguagePlugin plugin() {
    return new GoPlugin();
  }
}
