package io.otelgraft.lang.ruby;

import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.testkit.LanguagePluginContract;

final class RubyPluginTest implements LanguagePluginContract {
  @Override
  public LanguagePlugin plugin() {
    return new RubyPlugin();
  }
}
