/** Configures the OpenTelemetry SDK that a workload brings itself. */
module io.otelgraft.lang.sdk {
  requires io.otelgraft.spi;

  provides io.otelgraft.spi.LanguagePlugin with
      io.otelgraft.lang.sdk.SdkPlugin;
}
