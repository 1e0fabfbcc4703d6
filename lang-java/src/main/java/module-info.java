/** Instruments Java workloads. */
module io.otelgraft.lang.java {
  requires io.otelgraft.spi;
}
