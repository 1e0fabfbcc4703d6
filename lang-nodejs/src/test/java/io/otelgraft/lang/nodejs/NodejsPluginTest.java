package io.otelgraft.lang.nodejs;

import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.testkit.LanguagePluginContract;

final class NodejsPluginTest implements LanguagePluginContract {
  @Override
  public LanguagePlugin plugin() {
    return new NodejsPlugin();
  }
}
