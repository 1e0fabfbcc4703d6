package io.otelgraft.lang.sdk;

import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import java.net.URI;

/**
 * Workloads that bring an OpenTelemetry SDK of their own. They get the runtime's common
 * configuration and nothing else: no agent, no volume, no section in the resource.
 */
public final class SdkPlugin implements LanguagePlugin {

  @Override
  public Language language() {
    return Language.named("sdk")
        .title("SDK only")
        .documentation(
            URI.create("https://opentelemetry.io/docs/languages/sdk-configuration/general/"))
        .order(80)
        .build();
  }
}
