/** Everything that decides, as pure functions: plugins, resources, injection, admission. */
module io.otelgraft.core {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive io.otelgraft.spi;
  requires org.yaml.snakeyaml;
}
