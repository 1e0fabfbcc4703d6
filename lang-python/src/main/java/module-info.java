/** Instruments Python workloads. */
module io.otelgraft.lang.python {
  requires io.otelgraft.spi;
}
