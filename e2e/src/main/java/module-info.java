/** Real agents in real processes, started with what Graft injects. Tests only. */
module io.otelgraft.e2e {
  requires io.otelgraft.core;
}
