/** Instruments Node.js workloads. */
module io.otelgraft.lang.nodejs {
  requires io.otelgraft.spi;
}
