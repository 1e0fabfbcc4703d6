package io.otelgraft.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.otelgraft.runtime.settings.ServerSettings.Log;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

final class LoggingTest {

  @Test
  void a_line_for_people_says_when_how_grave_and_what() {
    try (var logged = new LoggedLines(Log.Format.TEXT, Level.INFO)) {
      Logging.write(
          new LogLine(
              Shop.NOON,
              Level.WARNING,
              "io.otelgraft.x",
              "ready",
              Map.of("graft.languages", List.of("quill", "the ember"), "graft.warnings", List.of()),
              Optional.empty()));

      assertThat(logged.text())
          .isEqualTo("2026-03-01T12:00:00.000Z WARN  ready graft.languages=quill,\"the ember\"\n");
    }
  }

  @Test
  void what_others_tell_is_logged_alike_and_less_of_it() {
    // As the JDK does with the first line; here somebody logged before this test.
    var _ = new JulLogs();
    try (var logged = LoggedLines.json()) {
      System.getLogger("io.helidon.webserver").log(Level.INFO, "chatter");
      System.getLogger("io.helidon.webserver").log(Level.WARNING, "port {0,number,#} in use", 9443);
      Logger.getLogger("a.library").info("chatter");
      Logger.getLogger("a.library").severe("trouble");
      System.getLogger("io.otelgraft").log(Level.INFO, "ready");
      System.getLogger("io.otelgraft").log(Level.DEBUG, "details");

      assertThat(logged.objects())
          .extracting(
              line -> line.path("severity").asText(),
              line -> line.path("logger").asText(),
              line -> line.path("message").asText())
          .containsExactly(
              tuple("WARN", "io.helidon.webserver", "port 9443 in use"),
              tuple("ERROR", "a.library", "trouble"),
              tuple("INFO", "io.otelgraft", "ready"));
    }
  }

  @Test
  void at_debug_libraries_are_heard_as_well() {
    try (var logged = new LoggedLines(Log.Format.TEXT, Level.DEBUG)) {
      System.getLogger("io.helidon.webserver").log(Level.INFO, "bound");
      System.getLogger("io.helidon.webserver").log(Level.DEBUG, "chatter");

      assertThat(logged.text()).containsOnlyOnce("\n").contains(" io.helidon.webserver: bound");
    }
  }

  @Test
  void an_exception_is_a_field_in_json_and_a_trace_for_people() {
    Exception thrown = new IllegalStateException("why");
    try (var logged = LoggedLines.json()) {
      System.getLogger("io.otelgraft").log(Level.ERROR, "failed", thrown);

      assertThat(logged.objects()).hasSize(1);
      assertThat(logged.objects().getFirst().path("exception.type").asText())
          .isEqualTo("java.lang.IllegalStateException");
      assertThat(logged.objects().getFirst().path("exception.stacktrace").asText())
          .contains("at io.otelgraft.runtime");
    }
    try (var logged = new LoggedLines(Log.Format.TEXT, Level.INFO)) {
      System.getLogger("io.otelgraft").log(Level.ERROR, "failed", thrown);

      assertThat(logged.lines().getFirst()).endsWith(" ERROR failed");
      assertThat(logged.lines().get(1)).isEqualTo("java.lang.IllegalStateException: why");
    }
  }

  @Test
  void nothing_from_outside_begins_a_line_of_its_own_or_moves_the_cursor() {
    String forged = "ok\n2026-03-01T12:00:00.000Z INFO  all is well\u001b[2J \u2028 {0} }";
    for (Log.Format format : Log.Format.values()) {
      try (var logged = new LoggedLines(format, Level.INFO)) {
        System.getLogger("io.otelgraft").log(Level.INFO, forged);

        assertThat(logged.text().codePoints().filter(Character::isISOControl))
            .containsExactly((int) '\n');
        assertThat(logged.text()).endsWith("\n");
      }
    }
  }

  @Test
  void lines_of_many_threads_stay_whole() throws InterruptedException {
    try (var logged = LoggedLines.json()) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        threads.add(
            Thread.startVirtualThread(() -> {
              for (int n = 0; n < 100; n++) {
                System.getLogger("io.otelgraft").log(Level.INFO, "x".repeat(500));
              }
            }));
      }
      for (Thread thread : threads) {
        thread.join();
      }

      assertThat(logged.objects()).hasSize(2_000);
    }
  }
}
