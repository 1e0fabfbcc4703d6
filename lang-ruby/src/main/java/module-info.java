/** Instruments Ruby workloads. */
module io.otelgraft.lang.ruby {
  requires io.otelgraft.spi;

  provides io.otelgraft.spi.LanguagePlugin with
      io.otelgraft.lang.ruby.RubyPlugin;
}
