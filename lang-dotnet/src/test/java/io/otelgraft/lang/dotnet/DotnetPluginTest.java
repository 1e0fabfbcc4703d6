package io.otelgraft.lang.dotnet;

import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.testkit.LanguagePluginContract;

final class DotnetPluginTest implements LanguagePluginContract {
  @Override
  public LanguagePlugin plugin() {
    return new DotnetPlugin();
  }
}
