/** What the author of a plugin tests it with. */
module io.otelgraft.testkit {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive io.otelgraft.spi;
  requires io.otelgraft.core;
  requires transitive org.junit.jupiter.api;

  exports io.otelgraft.testkit;
}
