/** The service provider interface of Graft: what a language plugin compiles against. */
module io.otelgraft.spi {
  exports io.otelgraft.spi;
}
