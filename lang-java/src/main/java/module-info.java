/** Instruments Java workloads. */
module io.otelgraft.lang.java {
  requires io.otelgraft.spi;

  provides io.otelgraft.spi.LanguagePlugin with
      io.otelgraft.lang.java.JavaPlugin;
}
