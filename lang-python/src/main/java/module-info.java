/** Instruments Python workloads. */
module io.otelgraft.lang.python {
  requires io.otelgraft.spi;

  provides io.otelgraft.spi.LanguagePlugin with
      io.otelgraft.lang.python.PythonPlugin;
}
