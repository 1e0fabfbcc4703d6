package io.otelgraft.lang.nginx;

import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.testkit.LanguagePluginContract;

final class NginxPluginTest implements LanguagePluginContract {
  @Override
  public LanguagePlugin plugin() {
    return new NginxPlugin();
  }
}
