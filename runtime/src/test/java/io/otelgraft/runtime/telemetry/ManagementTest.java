package io.otelgraft.runtime.telemetry;

import static io.otelgraft.runtime.watch.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.common.tls.Tls;
import io.otelgraft.core.document.Json;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.runtime.server.Health;
import io.otelgraft.runtime.server.HealthCheck;
import io.otelgraft.runtime.server.Management;
import io.otelgraft.runtime.server.Server;
import io.otelgraft.runtime.server.Webhook;
import io.otelgraft.runtime.settings.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server as the kubelet, Prometheus and an API server see it. */
final class ManagementTest {
  private final Shop shop = new Shop();
  private final Telemetry telemetry =
      new Telemetry(
          new Metrics("1.2.3", shop.state(new Validity(Shop.NOON, Shop.NOON))), Optional.empty());
  private volatile Health plugins = Health.OK;
  private volatile Health decisions = Health.OK;
  private Server server;

  private record Check(String name, Supplier<Health> now) implements HealthCheck {
    @Override
    public Health health() {
      return now.get();
    }
  }

  private record Reply(int status, String type, String body) {}

  @BeforeEach
  void start() throws IOException {
    ServerSettings settings =
        ServerSettings.builder()
            .set("server.address", "127.0.0.1")
            .set("server.port", "0")
            .set("management.address", "127.0.0.1")
            .set("management.port", "0")
            .set("page.enabled", "false")
            .build();
    server =
        Server.start(
            settings,
            Tls.builder().enabled(false).build(),
            List.of(new Webhook(Webhook.PODS, shop.pods())),
            List.of(telemetry),
            new Management(
                List.of(
                    new Check("plugins", () -> plugins), new Check("resources", () -> Health.OK)),
                List.of(new Check("decisions", () -> decisions)),
                telemetry.metrics()::scrape),
            _ -> {});
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Reply get(String path, String accept) throws IOException {
    return reply(connect(server.managementPort(), path, accept));
  }

  private static HttpURLConnection connect(int port, String path, String accept)
      throws IOException {
    var connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:%d%s".formatted(port, path)).toURL().openConnection();
    connection.setRequestProperty("Accept", accept);
    return connection;
  }

  private static Reply reply(HttpURLConnection connection) throws IOException {
    try (InputStream body =
        connection.getResponseCode() < 400
            ? connection.getInputStream()
            : connection.getErrorStream()) {
      return new Reply(
          connection.getResponseCode(),
          connection.getContentType(),
          new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void a_probe_is_answered_with_a_line_for_each_check() throws IOException {
    assertThat(get("/readyz", "*/*"))
        .isEqualTo(
            new Reply(
                200,
                "text/plain; charset=utf-8",
                "[+]plugins ok\n[+]resources ok\n[+]shutdown ok\nreadyz check passed\n"));
    assertThat(get("/livez?verbose", "*/*").body())
        .isEqualTo("[+]decisions ok\nlivez check passed\n");
  }

  @Test
  void what_is_not_well_is_told_and_only_what_failed_fails() throws IOException {
    plugins = Health.degraded("refused x.jar: no jar\nat all");
    assertThat(get("/readyz", "*/*").status()).isEqualTo(200);
    assertThat(get("/readyz", "*/*").body())
        .startsWith("[+]plugins ok: refused x.jar: no jar at all\n");

    plugins = Health.failed("there are none");
    assertThat(get("/readyz", "*/*").status()).isEqualTo(503);
    assertThat(get("/readyz", "*/*").body())
        .startsWith("[-]plugins failed: there are none\n")
        .endsWith("readyz check failed\n");
    assertThat(get("/livez", "*/*").status()).isEqualTo(200);

    decisions = Health.failed("stuck");
    assertThat(get("/livez", "*/*").status()).isEqualTo(503);
  }

  @Test
  void a_program_gets_json() throws IOException {
    plugins = Health.failed("there are none");

    Reply reply = get("/readyz", "application/json");

    assertThat(reply.type()).isEqualTo("application/json");
    ObjectNode json = Json.read(reply.body().getBytes(StandardCharsets.UTF_8));
    assertThat(json.toString())
        .isEqualTo(
            """
            {"status":"failed","checks":[\
            {"name":"plugins","status":"failed","message":"there are none"},\
            {"name":"resources","status":"ok"},{"name":"shutdown","status":"ok"}]}\
            """);
  }

  @Test
  @Compatibility("2-webhook")
  void what_is_posted_is_counted_and_logged() throws IOException {
    try (var logged = LoggedLines.json()) {
      HttpURLConnection review = connect(server.port(), Webhook.PODS, "application/json");
      review.setRequestMethod("POST");
      review.setRequestProperty("Content-Type", "application/json");
      review.setDoOutput(true);
      review.getOutputStream().write(Shop.review("cart", Shop.TYPO, "cart:1", false));
      assertThat(reply(review).body()).contains("\"allowed\":false");
      // It is told after the answer was sent, in the log last.
      eventually(() -> assertThat(logged.lines()).isNotEmpty());

      Reply scrape = get("/metrics", "text/plain");

      assertThat(scrape.type()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
      assertThat(
              Samples.of(scrape.body().getBytes(StandardCharsets.UTF_8))
                  .value(
                      "graft_admission_reviews_total{dry_run=\"false\",outcome=\"rejected\","
                          + "path=\"/mutate-v1-pod\",reason=\"InstrumentationNotFound\"}"))
          .isOne();
      assertThat(logged.objects())
          .extracting(line -> line.path("graft.outcome").asText())
          .containsExactly("rejected");
    }
  }
}
