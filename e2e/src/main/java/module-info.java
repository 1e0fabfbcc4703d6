/**
 * Real agents in real processes, started with what Graft injects. Tests and the demonstration only.
 */
module io.otelgraft.e2e {
  requires com.fasterxml.jackson.databind;
  requires com.google.protobuf;
  requires com.google.protobuf.util;
  requires io.grpc;
  requires io.grpc.netty.shaded;
  requires io.grpc.stub;
  requires io.opentelemetry.proto;
  requires java.net.http;
  requires jdk.compiler;
  requires jdk.httpserver;
  requires jdk.jartool;
  requires jdk.management;
  requires org.yaml.snakeyaml;
  requires zjsonpatch;

  uses java.util.spi.ToolProvider;
}
