/** What touches the world: the command line. */
module io.otelgraft.runtime {
  requires info.picocli;
  requires io.otelgraft.core;
}
