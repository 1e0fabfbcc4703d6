/** What touches the world: the command line, and the server. */
@SuppressWarnings(
    "requires-automatic") // java-diff-utils, OpenTelemetry, Prometheus' client: with fixed names
module io.otelgraft.runtime {
  requires static com.google.errorprone.annotations;
  requires static io.otelgraft.cluster; // There for `graft operate` only.
  requires info.picocli;
  requires io.github.javadiffutils;
  requires io.helidon.common.parameters;
  requires io.helidon.common.tls;
  requires io.helidon.http;
  requires io.helidon.webserver;
  requires io.opentelemetry.api;
  requires io.opentelemetry.context;
  requires io.opentelemetry.sdk;
  requires io.opentelemetry.sdk.autoconfigure;
  requires io.opentelemetry.sdk.autoconfigure.spi;
  requires io.opentelemetry.sdk.common;
  requires io.opentelemetry.sdk.trace;
  requires io.otelgraft.core;
  requires io.prometheus.metrics.core;
  requires io.prometheus.metrics.instrumentation.jvm;
  requires io.prometheus.metrics.model;
  requires io.prometheus.writer.text;
  requires java.logging;
  requires java.net.http; // By which OpenTelemetry sends.
  requires jdk.unsupported;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;

  provides java.net.spi.InetAddressResolverProvider with
      io.otelgraft.runtime.server.AddressesWithoutNames;
  provides System.LoggerFinder with
      io.otelgraft.runtime.telemetry.SystemLogs;

  // The JDK makes a JulLogs by its name.
  opens io.otelgraft.runtime.telemetry to
      java.logging;
}
