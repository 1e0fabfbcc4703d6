package io.otelgraft.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraceExportTest {
  private static final String BASE = "OTEL_EXPORTER_OTLP_ENDPOINT";

  private static Optional<TraceExport> export(Map<String, String> environment) {
    return TraceExport.of(Optional.empty(), environment);
  }

  private static String endpoint(Optional<TraceExport> export) {
    return export.orElseThrow().properties().get("otel.exporter.otlp.traces.endpoint");
  }

  @ParameterizedTest
  @CsvSource({
    "http://collector:4318, http://collector:4318/v1/traces",
    "http://collector:4318/, http://collector:4318/v1/traces",
    "https://otlp.example/base, https://otlp.example/base/v1/traces",
    "http://collector:4318/v1/traces, http://collector:4318/v1/traces",
    "http://collector:4317, http://collector:4318/v1/traces",
    "http://[::1]:4318, http://[::1]:4318/v1/traces"
  })
  void the_path_for_traces_is_added_to_an_endpoint(String given, String used) {
    assertThat(endpoint(export(Map.of(BASE, given)))).isEqualTo(used);
    assertThat(endpoint(TraceExport.of(Optional.of(given), Map.of()))).isEqualTo(used);
  }

  @Test
  void an_endpoint_for_traces_is_used_as_it_is() {
    assertThat(
            endpoint(
                export(
                    Map.of(
                        BASE,
                        "http://a:4318",
                        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                        "http://b:4318/in"))))
        .isEqualTo("http://b:4318/in");
  }

  @Test
  void the_setting_counts_before_the_environment() {
    assertThat(
            endpoint(
                TraceExport.of(
                    Optional.of("http://mine:4318"),
                    Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://theirs:4318/in"))))
        .isEqualTo("http://mine:4318/v1/traces");
  }

  @Test
  void who_asks_for_grpc_is_told_what_is_done_instead() {
    Optional<TraceExport> byPort = export(Map.of(BASE, "http://collector:4317"));
    Optional<TraceExport> byProtocol =
        export(Map.of(BASE, "http://collector:4317", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"));

    assertThat(byProtocol).isEqualTo(byPort);
    assertThat(
            endpoint(
                export(Map.of(BASE, "http://collector", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"))))
        .isEqualTo("http://collector:4318/v1/traces");
    assertThat(byPort.orElseThrow().warning()).contains("gRPC").contains("port 4318");
    assertThat(export(Map.of(BASE, "http://collector:4318")).orElseThrow().warning()).isEmpty();
  }

  @Test
  void without_an_endpoint_or_when_switched_off_there_are_no_traces() {
    assertThat(export(Map.of())).isEmpty();
    assertThat(export(Map.of(BASE, " "))).isEmpty();
    assertThat(export(Map.of(BASE, "http://a:4318", "OTEL_SDK_DISABLED", "True"))).isEmpty();
    assertThat(export(Map.of(BASE, "http://a:4318", "OTEL_TRACES_EXPORTER", "none"))).isEmpty();
  }

  @Test
  void what_is_no_url_is_refused_without_being_repeated() {
    for (String wrong : new String[] {"collector:4318", "ftp://me:hunter2@a", "http://", "a b"}) {
      assertThatThrownBy(() -> TraceExport.of(Optional.of(wrong), Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("telemetry.endpoint is not an OTLP endpoint such as http://collector:4318");
    }
  }

  @Test
  void a_password_is_sent_and_not_told() {
    TraceExport export = export(Map.of(BASE, "http://me:hunter2@a:4318")).orElseThrow();

    assertThat(export.properties().toString()).contains("me:hunter2@a");
    assertThat(export.destination()).isEqualTo("http://a:4318/v1/traces");
  }
}
