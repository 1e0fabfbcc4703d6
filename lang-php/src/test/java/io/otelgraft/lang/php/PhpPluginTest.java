package io.otelgraft.lang.php;

import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.testkit.LanguagePluginContract;

final class PhpPluginTest implements LanguagePluginContract {
  @Override
  public LanguagePlugin plugin() {
    return new PhpPlugin();
  }
}
