/** What the author of a plugin tests it with. */
module io.otelgraft.testkit {
  requires transitive io.otelgraft.spi;
  requires io.otelgraft.core;
  requires transitive org.junit.jupiter.api;
}
