package io.otelgraft.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.core.resource.Problem;
import io.otelgraft.core.resource.Resources.Accepted;
import io.otelgraft.core.resource.Resources.Lookup;
import io.otelgraft.fixtures.PluginJar;
import io.otelgraft.runtime.server.Health;
import io.otelgraft.runtime.server.Health.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What takes a replica out of service, and what does not. */
final class HealthTest {

  @Nested
  final class OfPlugins {
    @TempDir private Path folder;
    private Plugins plugins;
    private PluginHealth check;
    private Path quill;

    @BeforeEach
    void load() {
      quill = PluginJar.language("quill").in(folder);
      PluginJar.language("ember").in(folder);
      plugins = Plugins.open(folder);
      check = new PluginHealth(plugins::current);
    }

    @AfterEach
    void end() {
      plugins.close();
    }

    private Health health() {
      plugins.reload();
      return check.health();
    }

    @Test
    void with_all_that_were_there_all_is_well() {
      assertThat(health()).isEqualTo(Health.OK);
    }

    @Test
    void a_jar_that_was_there_and_is_gone_takes_the_replica_out_until_it_is_back()
        throws IOException {
      byte[] jar = Files.readAllBytes(quill);
      Files.delete(quill);
      assertThat(health())
          .isEqualTo(
              Health.failed(
                  "quill.jar, which brought quill, is gone; put the jar back, or start Graft anew"
                      + " to go without it"));

      Files.write(quill, jar);
      assertThat(health()).isEqualTo(Health.OK);
    }

    @Test
    void a_jar_of_another_name_with_the_same_language_is_no_loss() throws IOException {
      Files.move(quill, quill.resolveSibling("quill-2.jar"));

      assertThat(health()).isEqualTo(Health.OK);
    }

    @Test
    void a_jar_that_was_added_while_serving_is_missed_as_well() throws IOException {
      Path nib = PluginJar.language("nib").in(folder);
      assertThat(health()).isEqualTo(Health.OK);

      Files.delete(nib);

      assertThat(health().state()).isEqualTo(State.FAILED);
    }

    @Test
    void a_jar_that_cannot_be_used_is_told_and_the_replica_stays() throws IOException {
      Files.writeString(folder.resolve("broken.jar"), "no jar");

      assertThat(health().state()).isEqualTo(State.DEGRADED);
      assertThat(health().message()).startsWith("refused broken.jar: ");
    }

    @Test
    void without_any_plugin_the_replica_is_of_no_use(@TempDir Path empty) {
      try (Plugins none = Plugins.open(empty)) {
        assertThat(new PluginHealth(none::current).health())
            .isEqualTo(Health.failed("there are no language plugins"));
      }
    }

    @Test
    void a_plugin_that_is_set_aside_is_told_and_the_replica_stays() {
      Shop shop = new Shop();
      for (int i = 0; i < 3; i++) {
        shop.pod("a", Shop.EMBER, "cart:1");
      }

      Health health = new PluginHealth(() -> shop.catalogue).health();

      assertThat(health.state()).isEqualTo(State.DEGRADED);
      assertThat(health.message()).contains("(ember) is set aside: it failed in inject");
    }
  }

  @Nested
  final class OfResources {
    private final Shop shop = new Shop();

    @Test
    void what_is_not_valid_is_told_and_the_replica_stays() {
      ResourceHealth check = new ResourceHealth(() -> shop.resources.all(shop.catalogue), List::of);

      assertThat(check.health()).isEqualTo(Health.degraded("not valid: shop/wrong"));
    }

    @Test
    void an_earlier_generation_in_force_and_a_file_that_cannot_be_read_are_told() {
      Map<String, Lookup> all = new HashMap<>(shop.resources.all(shop.catalogue));
      all.remove("shop/wrong");
      all.computeIfPresent(
          "shop/standard",
          (_, known) ->
              new Accepted(
                  ((Accepted) known).instrumentation(),
                  List.of(Problem.error(JsonPointer.empty(), "x", ""))));

      assertThat(new ResourceHealth(() -> all, () -> List.of("a.yaml: cannot be read")).health())
          .isEqualTo(
              Health.degraded(
                  "a.yaml: cannot be read; changed to something that is not valid, so that its last"
                      + " valid generation is in force: shop/standard"));
    }

    @Test
    void with_nothing_at_all_all_is_well() {
      assertThat(new ResourceHealth(Map::of, List::of).health()).isEqualTo(Health.OK);
    }
  }

  @Nested
  final class OfTheCertificate {
    private final Instant begin = Instant.parse("2026-01-01T00:00:00Z");
    private final Instant end = Instant.parse("2026-04-01T00:00:00Z");

    private Health at(Instant now) {
      return at(now, Optional.empty());
    }

    private Health at(Instant now, Optional<String> refused) {
      return new CertificateHealth(
              () -> new Validity(begin, end), () -> refused, InstantSource.fixed(now))
          .health();
    }

    @Test
    void tells_of_a_renewal_that_could_not_be_used() {
      assertThat(at(begin, Optional.of("tls.key is not the key of tls.crt")))
          .isEqualTo(
              Health.degraded(
                  "tls.key is not the key of tls.crt; the one before is served until 2026-04-01T00:00:00Z"));
    }

    @Test
    void is_well_until_it_is_about_to_end() {
      assertThat(at(begin)).isEqualTo(Health.OK);
      assertThat(at(end.minus(Duration.ofDays(4)))).isEqualTo(Health.OK);
      assertThat(at(end.minus(Duration.ofDays(2))))
          .isEqualTo(Health.degraded("expires at 2026-04-01T00:00:00Z; renew it"));
    }

    @Test
    void takes_the_replica_out_when_no_client_can_trust_it() {
      assertThat(at(end.plusSeconds(1)))
          .isEqualTo(Health.failed("expired at 2026-04-01T00:00:00Z; renew it"));
      assertThat(at(begin.minusSeconds(1)))
          .isEqualTo(Health.failed("is not valid before 2026-01-01T00:00:00Z; look at the clock"));
    }
  }

  @Test
  void threads_that_can_decide_are_alive_enough() {
    assertThat(new DecisionHealth(new Shop().deadline).health()).isEqualTo(Health.OK);
  }
}
