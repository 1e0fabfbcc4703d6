/** A connection to a Kubernetes API server that carries trees, not typed models. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // With fixed names.
module io.otelgraft.cluster {
  exports io.otelgraft.cluster;

  requires com.google.gson;
  requires io.kubernetes.client.java;
  requires io.kubernetes.client.java.api;
  requires io.kubernetes.client.java.extended;
  requires transitive io.otelgraft.core;
  requires java.logging;
  requires okhttp3;

  // What the client uses and, having no descriptor, does not say.
  requires org.apache.commons.codec;
  requires org.apache.commons.collections4;
  requires org.apache.commons.io;
  requires org.apache.commons.lang3;
  requires org.slf4j;
}
