/** What a plugin of Graft compiles against. Needs the JDK, nothing else. */
module io.otelgraft.spi {}
