package io.otelgraft.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.runtime.server.Answered;
import io.otelgraft.runtime.settings.ServerSettings.Log;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DecisionLogTest {
  private final Shop shop = new Shop();
  private final DecisionLog log = new DecisionLog();
  private LoggedLines logged = LoggedLines.json();

  @AfterEach
  void stopListening() {
    logged.close();
  }

  private void log(Answered... answers) {
    for (Answered answered : answers) {
      log.log(answered, Optional.empty());
    }
  }

  private ObjectNode only() {
    assertThat(logged.objects()).hasSize(1);
    return logged.objects().getFirst();
  }

  @Test
  void an_injected_pod_is_one_line_with_all_that_decided() {
    log(shop.pod("cart", Shop.QUILL, "cart:1"));

    assertThat(only().toString())
        .isEqualTo(
            """
            {"timestamp":"2026-03-01T12:00:00.000Z","severity":"INFO",\
            "logger":"io.otelgraft.admission",\
            "message":"CREATE Pod shop/cart: injected quill into app by shop/standard",\
            "graft.outcome":"injected","graft.reason":"Injected","graft.languages":["quill"],\
            "graft.instrumentations":["shop/standard@3"],"graft.catalogue.generation":1,\
            "graft.warnings":[],"graft.request.uid":"u-1","graft.request.operation":"CREATE",\
            "graft.request.kind":"Pod","graft.request.name":"cart","graft.request.dry_run":false,\
            "k8s.namespace.name":"shop","url.path":"/mutate-v1-pod","graft.duration_ms":0.25}\
            """);
  }

  @Test
  void a_rejected_pod_is_told_with_what_its_user_was_told() {
    Answered rejected = shop.pod("cart", Shop.TYPO, "cart:1");

    log(rejected);

    assertThat(only().path("graft.outcome").asText()).isEqualTo("rejected");
    assertThat(only().path("graft.reason").asText()).isEqualTo("InstrumentationNotFound");
    assertThat(only().path("message").asText())
        .startsWith("CREATE Pod shop/cart: rejected: ")
        .contains("shop/standrad")
        .endsWith(rejected.answer().message().orElseThrow());
  }

  @Test
  void a_language_that_stands_down_is_told_as_a_warning_to_the_user() {
    log(shop.pod("cart", Shop.QUILL, "old:1"));

    assertThat(only().path("severity").asText()).isEqualTo("INFO");
    assertThat(only().path("graft.reason").asText()).isEqualTo("TooOld");
    assertThat(only().path("graft.warnings").get(0).asText()).contains("the runtime is too old");
  }

  @Test
  void a_failure_of_a_plugin_is_a_warning_to_the_operator() {
    log(shop.pod("cart", Shop.EMBER, "cart:1"));

    assertThat(only().path("severity").asText()).isEqualTo("WARN");
    assertThat(only().path("graft.reason").asText()).isEqualTo("PluginFailed");
  }

  @Test
  void pods_that_ask_for_nothing_are_told_at_debug_only() {
    Answered plain = shop.pod("cart", "{}", "cart:1");
    log(plain);
    assertThat(logged.text()).isEmpty();

    logged = new LoggedLines(Log.Format.JSON, Level.DEBUG);
    log(plain);
    assertThat(only().path("severity").asText()).isEqualTo("DEBUG");
    assertThat(only().path("graft.outcome").asText()).isEqualTo("unchanged");
  }

  @Test
  void a_denied_instrumentation_and_what_is_no_review_are_told() {
    log(shop.instrumentation("{mode: perhaps}"), shop.nonsense());

    assertThat(logged.objects())
        .extracting(line -> line.path("graft.outcome").asText())
        .containsExactly("denied", "malformed");
    assertThat(logged.objects().getFirst().path("message").asText()).contains("perhaps");
    assertThat(logged.objects().getLast().path("message").asText()).contains("apiVersion");
  }

  @Test
  void values_of_the_environment_never_get_into_a_line() {
    logged = new LoggedLines(Log.Format.TEXT, Level.TRACE);

    log(
        shop.pod("a", Shop.QUILL, "cart:1"),
        shop.pod("b", Shop.TYPO, "cart:1"),
        shop.pod("c", Shop.EMBER, "cart:1"),
        shop.pod("d", "{}", "cart:1"));

    assertThat(logged.lines()).hasSize(4);
    assertThat(logged.text()).doesNotContain("hunter2");
  }

  @Test
  void a_flood_of_the_same_is_ten_lines_a_minute_and_a_count() {
    Answered rejected = shop.pod("cart-7d4b9c6f5-", Shop.TYPO, "cart:1");
    for (int i = 0; i < 1_000; i++) {
      log(Shop.later(rejected, Duration.ofMillis(i)));
    }
    log(shop.pod("till-5c9d8b7f6-", Shop.TYPO, "till:1"));
    assertThat(logged.objects()).hasSize(DecisionLog.BURST + 1);

    log(Shop.later(rejected, Duration.ofSeconds(61)));

    assertThat(logged.objects()).hasSize(DecisionLog.BURST + 3);
    ObjectNode count = logged.objects().get(DecisionLog.BURST + 1);
    assertThat(count.path("graft.repeated").asInt()).isEqualTo(990);
    assertThat(count.path("message").asText()).endsWith("(990 more like this)");
    assertThat(count.path("graft.request.name").asText()).isEqualTo("cart-7d4b9c6f5-");
    assertThat(logged.objects().getLast().has("graft.repeated")).isFalse();
  }

  @Test
  void what_was_held_back_is_told_before_the_end() {
    Answered rejected = shop.pod("cart", Shop.TYPO, "cart:1");
    for (int i = 0; i <= DecisionLog.BURST; i++) {
      log(rejected);
    }

    log.tellRest();
    log.tellRest();

    assertThat(logged.objects()).hasSize(DecisionLog.BURST + 1);
    assertThat(logged.objects().getLast().path("graft.repeated").asInt()).isOne();
  }

  @Test
  void each_field_of_a_line_is_in_the_guide_and_each_of_the_guide_in_a_line() throws IOException {
    log.log(
        shop.pod("cart", Shop.QUILL, "cart:1"),
        Optional.of(new SpanIds("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")));
    Logging.write(
        LogLine.of(Level.ERROR, "io.otelgraft", "failed", new IllegalStateException("why")));
    for (int i = 0; i <= DecisionLog.BURST; i++) {
      log(shop.pod("cart", Shop.TYPO, "cart:1"));
    }
    log.tellRest();

    Set<String> told = new TreeSet<>();
    logged.objects().forEach(line -> line.fieldNames().forEachRemaining(told::add));
    assertThat(told).isEqualTo(Guide.firstCells("field"));
  }
}
