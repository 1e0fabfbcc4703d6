/** Everything that decides, as pure functions: plugins, resources, injection, admission. */
module io.otelgraft.core {
  exports io.otelgraft.core.admission;
  exports io.otelgraft.core.document;
  exports io.otelgraft.core.injection;
  exports io.otelgraft.core.plugin;
  exports io.otelgraft.core.resource;

  requires transitive com.fasterxml.jackson.databind;
  requires transitive io.otelgraft.spi;
  requires org.yaml.snakeyaml;

  uses io.otelgraft.spi.LanguagePlugin;
}
