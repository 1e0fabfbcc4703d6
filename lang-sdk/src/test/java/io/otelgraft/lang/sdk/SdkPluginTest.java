package io.otelgraft.lang.sdk;

import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.testkit.LanguagePluginContract;

final class SdkPluginTest implements LanguagePluginContract {
  @Override
  public LanguagePlugin plugin() {
    return new SdkPlugin();
  }
}
