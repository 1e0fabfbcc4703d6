package io.otelgraft.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.fixtures.ApiServerStandIn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InformerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NAMESPACES = "/api/v1/namespaces";

  private final AtomicInteger changes = new AtomicInteger();
  private ApiServerStandIn standIn = new ApiServerStandIn();

  @TempDir private Path folder;
  private ApiServer server;
  private Informer informer;

  @BeforeEach
  void follow() throws IOException {
    list(namespace("shop", 1));
    server = ApiServer.connect(Optional.of(standIn.kubeconfig(folder)));
    informer = server.follow(ApiResource.NAMESPACES, changes::incrementAndGet);
    eventually(() -> informer.isFilled() && informer.cutOffSince().isEmpty());
  }

  @AfterEach
  void close() {
    informer.close();
    server.close();
    standIn.close();
  }

  private void list(String... objects) {
    standIn.on(
        "GET /api/v1/namespaces",
        200,
        """
        {
          "apiVersion": "v1",
          "kind": "NamespaceList",
          "metadata": {"resourceVersion": "5"},
          "items": [%s]
        }
        """
            .formatted(String.join(",", objects)));
  }

  private static String namespace(String name, int version) {
    return """
    {
      "apiVersion": "v1",
      "kind": "Namespace",
      "metadata": {
        "name": "%1$s",
        "uid": "%1$s",
        "resourceVersion": "%2$d",
        "managedFields": [{"manager": "kubectl"}],
        "annotations": {"team": "a"}
      }
    }
    """
        .formatted(name, version);
  }

  private List<String> known() {
    List<String> names = new ArrayList<>();
    informer.each(one -> names.add(one.name()));
    return names.stream().sorted().toList();
  }

  private static void eventually(BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("in time").isBefore(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  @Test
  void what_was_there_is_known_without_the_bookkeeping_of_others() {
    assertThat(known()).containsExactly("shop");
    informer.each(one -> {
      assertThat(one.tree().path("metadata").has("managedFields")).isFalse();
      assertThat(one.tree().path("metadata").path("annotations").path("team").asText())
          .isEqualTo("a");
    });
  }

  @Test
  void what_changes_is_known_at_once() {
    int before = changes.get();
    standIn.tell(NAMESPACES, "ADDED", namespace("bank", 6));
    eventually(() -> known().equals(List.of("bank", "shop")));
    standIn.tell(NAMESPACES, "DELETED", namespace("shop", 7));
    eventually(() -> known().equals(List.of("bank")));

    eventually(() -> changes.get() >= before + 2);
  }

  @Test
  void after_a_watch_has_ended_the_next_one_goes_on() {
    standIn.endWatch();
    standIn.tell(NAMESPACES, "ADDED", namespace("bank", 6));

    eventually(() -> known().equals(List.of("bank", "shop")));
    assertThat(informer.cutOffSince()).isEmpty();
  }

  @Test
  void a_version_that_has_expired_is_read_anew() {
    list(namespace("bank", 8));
    standIn.tell(NAMESPACES, "ERROR", "{\"kind\":\"Status\",\"code\":410,\"message\":\"too old\"}");

    eventually(() -> known().equals(List.of("bank")));
    eventually(() -> informer.cutOffSince().isEmpty());
  }

  @Test
  void what_is_told_in_another_way_in_the_same_version_is_known_after_reading_anew() {
    List<Informer.Known> before = new ArrayList<>();
    informer.each(before::add);
    int changesBefore = changes.get();
    list(namespace("shop", 1).replace("\"team\": \"a\"", "\"team\": \"b\""));

    informer.readAnew();

    eventually(() -> teams().equals(List.of("b")));
    eventually(() -> changes.get() > changesBefore);
    informer.each(one -> assertThat(one.isStill(before.getFirst())).isFalse());
    assertThat(informer.cutOffSince()).as("nothing was cut").isEmpty();
    // For who serves the watch that was given up, and has not noticed.
    standIn.endWatch();
    standIn.tell(NAMESPACES, "ADDED", namespace("bank", 6));
    eventually(() -> known().equals(List.of("bank", "shop")));
  }

  @Test
  void what_is_to_be_read_anew_while_it_is_read_is_read_once_more() {
    standIn.hold();
    long before = lists();
    try (Informer late = server.follow(ApiResource.NAMESPACES, changes::incrementAndGet)) {
      eventually(() -> lists() == before + 1);

      late.readAnew();
      standIn.release();

      eventually(() -> lists() > before + 1);
      eventually(late::isFilled);
    }
  }

  private long lists() {
    return standIn.asked().stream().filter(request -> !request.contains("watch=true")).count();
  }

  private List<String> teams() {
    List<String> teams = new ArrayList<>();
    informer.each(
        one -> teams.add(one.tree().path("metadata").path("annotations").path("team").asText()));
    return teams;
  }

  @Test
  void a_cut_shows_and_what_was_known_stays_until_the_api_server_is_back() {
    int port = standIn.port();
    standIn.breakWatch();
    standIn.close();
    eventually(() -> informer.cutOffSince().isPresent());
    assertThat(informer.trouble()).isPresent();
    assertThat(known()).containsExactly("shop");

    standIn = new ApiServerStandIn(port);
    list(namespace("bank", 8), namespace("shop", 1));
    // Who was connected before asks for what came since, others for all there is.
    standIn.tell(NAMESPACES, "ADDED", namespace("bank", 8));

    eventually(() -> informer.cutOffSince().isEmpty());
    assertThat(informer.trouble()).isEmpty();
    eventually(() -> known().equals(List.of("bank", "shop")));
  }
}
