/** Instruments Node.js workloads. */
module io.otelgraft.lang.nodejs {
  requires io.otelgraft.spi;

  provides io.otelgraft.spi.LanguagePlugin with
      io.otelgraft.lang.nodejs.NodejsPlugin;
}
