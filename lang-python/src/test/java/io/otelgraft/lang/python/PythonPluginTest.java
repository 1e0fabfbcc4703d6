package io.otelgraft.lang.python;

import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.testkit.LanguagePluginContract;

final class PythonPluginTest implements LanguagePluginContract {
  @Override
  public LanguagePlugin plugin() {
    return new PythonPlugin();
  }
}
