/** Instruments Go workloads. */
module io.otelgraft.lang.go {
  requires io.otelgraft.spi;

  provides io.otelgraft.spi.LanguagePlugin with
      io.otelgraft.lang.go.GoPlugin;
}
