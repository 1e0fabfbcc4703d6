/** What the author of a plugin tests it with. */
@SuppressWarnings("requires-automatic") // java-diff-utils: an automatic module with a fixed name
module io.otelgraft.testkit {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive io.otelgraft.spi;
  requires io.github.javadiffutils;
  requires io.otelgraft.core;
  requires transitive org.junit.jupiter.api;
  requires org.opentest4j;

  exports io.otelgraft.testkit;
}
