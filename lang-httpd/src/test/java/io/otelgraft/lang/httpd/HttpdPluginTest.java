package io.otelgraft.lang.httpd;

import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.testkit.LanguagePluginContract;

final class HttpdPluginTest implements LanguagePluginContract {
  @Override
  public LanguagePlugin plugin() {
    return new HttpdPlugin();
  }
}
