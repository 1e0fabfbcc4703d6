/** A connection to a Kubernetes API server that carries trees, not typed models. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // With fixed names.
module io.otelgraft.cluster {
  exports io.otelgraft.cluster;

  requires com.google.gson;
  requires io.kubernetes.client.java;
  requires io.kubernetes.client.java.api;
  requires io.kubernetes.client.java.extended;
  requires transitive io.otelgraft.core;
  requires okhttp3;
}
