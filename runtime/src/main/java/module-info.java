/** What touches the world: the command line. */
@SuppressWarnings("requires-automatic") // java-diff-utils: an automatic module with a fixed name
module io.otelgraft.runtime {
  requires info.picocli;
  requires io.github.javadiffutils;
  requires io.otelgraft.core;
}
