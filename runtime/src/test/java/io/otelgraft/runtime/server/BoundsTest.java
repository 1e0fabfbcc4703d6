package io.otelgraft.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.common.tls.Tls;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.server.RawClient.Response;
import io.otelgraft.runtime.settings.ServerSettings;
import io.otelgraft.runtime.settings.ServerSettings.Log;
import io.otelgraft.runtime.telemetry.Logging;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server does with more than it can take, byte for byte, without TLS. */
final class BoundsTest {
  private static final String PODS = Webhook.PODS;
  private static final String REVIEW =
      """
      {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"42",\
      "operation":"CREATE","kind":{"group":"","version":"v1","kind":"Pod"},\
      "resource":{"group":"","version":"v1","resource":"pods"},"namespace":"shop",\
      "object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"cart"},\
      "spec":{"containers":[{"name":"app","image":"cart:1"}]}}}}\
      """;
  private static final String JSON = "Content-Type: application/json";

  @TempDir private Path folder;
  private Plugins plugins;
  private Server server;

  /** One permit for each review that may go on; by default there are more than enough. */
  private Semaphore mayGoOn = new Semaphore(Integer.MAX_VALUE);

  /** What a review throws. */
  private volatile Error bug;

  private final Semaphore begun = new Semaphore(0);
  private final BlockingQueue<Refusal> refusals = new LinkedBlockingQueue<>();

  @BeforeEach
  void openPlugins() {
    plugins = Plugins.open(folder);
  }

  @AfterEach
  void stop() {
    mayGoOn.release(1_000_000 - Math.min(1_000_000, mayGoOn.availablePermits()));
    if (server != null) {
      server.close();
    }
    plugins.close();
  }

  /** Starts a server with these settings beside those of a test. */
  private void start(Map<String, String> given) throws IOException {
    start(given, Connections.IDLE);
  }

  private void start(Map<String, String> given, Duration idle) throws IOException {
    ServerSettings.Builder settings =
        ServerSettings.builder()
            .set("server.address", "127.0.0.1")
            .set("server.port", "0")
            .set("management.address", "127.0.0.1")
            .set("management.port", "0")
            .set("page.enabled", "false");
    given.forEach(settings::set);
    Admission admission =
        new Admission(
            () -> {
              begun.release();
              mayGoOn.acquireUninterruptibly();
              if (bug != null) {
                throw bug;
              }
              return plugins.current();
            },
            FileResources.of(List.of(), "default", Settings.standard()),
            Settings.standard(),
            new Deadline(1));
    server =
        Server.start(
            settings.build(),
            Tls.builder().enabled(false).build(),
            List.of(new Webhook(PODS, Reviewer.ofPods(admission))),
            List.of(
                new AnswerListener() {
                  @Override
                  public void answered(Answered answered) {}

                  @Override
                  public void refused(Refusal refusal) {
                    refusals.add(refusal);
                  }
                }),
            new Management(List.of(), List.of(), () -> new Scrape("text/plain", new byte[0])),
            _ -> {},
            idle);
  }

  private RawClient client() throws IOException {
    return new RawClient(server.port());
  }

  private static void assertAllowed(Response response) {
    assertThat(response.status()).isEqualTo(200);
    assertThat(json(response).at("/response/allowed").asBoolean()).isTrue();
    assertThat(json(response).at("/response/uid").asText()).isEqualTo("42");
  }

  private void assertRefused(Response response, Refusal refusal, String advice) throws Exception {
    assertThat(response.status()).isEqualTo(refusal.status());
    assertThat(response.headers()).containsEntry("content-type", "application/json");
    ObjectNode status = json(response);
    assertThat(status.path("kind").asText()).isEqualTo("Status");
    assertThat(status.path("code").asInt()).isEqualTo(refusal.status());
    assertThat(status.path("message").asText()).contains(advice);
    assertThat(refusals.poll(10, TimeUnit.SECONDS)).isEqualTo(refusal);
  }

  private static ObjectNode json(Response response) {
    return Json.read(response.body().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void reviews_are_answered_one_after_the_other_over_one_connection() throws Exception {
    start(Map.of());
    try (var client = client()) {
      for (int i = 0; i < 3; i++) {
        assertAllowed(client.post(PODS, REVIEW).response());
      }
    }
  }

  @Test
  void reviews_that_are_sent_ahead_are_all_answered_also_where_the_reader_is_renewed()
      throws Exception {
    start(Map.of());
    int reviews = 2 * Connections.REQUESTS_OF_A_READER + 10;
    try (RawClient client = client()) {
      for (int sent = 0; sent < reviews; sent += 10) {
        for (int i = 0; i < 10; i++) {
          client.post(PODS, REVIEW);
        }
        for (int i = 0; i < 10; i++) {
          assertAllowed(client.response());
        }
      }
    }
  }

  @Test
  void a_body_that_says_it_is_too_long_is_refused_before_a_byte_of_it_is_sent() throws Exception {
    start(Map.of());
    try (var client = client()) {
      client.send(RawClient.head(PODS, JSON, "Content-Length: 8388609"));

      assertRefused(client.response(), Refusal.TOO_LARGE, "8388608 bytes");
    }
  }

  @Test
  void a_client_that_sends_on_gets_the_refusal_and_not_a_reset() throws Exception {
    start(Map.of("server.request-limit", "1000"));
    try (var client = client()) {
      client.send(RawClient.head(PODS, JSON, "Content-Length: 4000000"));
      client.send("x".repeat(4_000_000));

      assertRefused(client.response(), Refusal.TOO_LARGE, "1000 bytes");
    }
  }

  @Test
  void a_body_in_chunks_is_read_up_to_the_limit_and_no_further() throws Exception {
    start(Map.of("server.request-limit", "1000"));
    try (var client = client()) {
      client.send(RawClient.head(PODS, JSON, "Transfer-Encoding: chunked"));
      client.send("1f4\r\n" + "x".repeat(500) + "\r\n");
      client.send("1f5\r\n");

      assertRefused(client.response(), Refusal.TOO_LARGE, "1000 bytes");
    }
    try (var client = client()) {
      client.send(RawClient.head(PODS, JSON, "Transfer-Encoding: chunked"));
      for (int at = 0; at < REVIEW.length(); at += 100) {
        String chunk = REVIEW.substring(at, Math.min(at + 100, REVIEW.length()));
        client.send("%x\r\n%s\r\n".formatted(chunk.length(), chunk));
      }

      assertAllowed(client.send("0\r\n\r\n").response());
    }
  }

  @Test
  void a_body_in_chunks_that_are_none_is_the_clients_mistake() throws Exception {
    start(Map.of());
    for (String chunk : List.of("2;x=y\r\n{}\r\n", "zz\r\n{}\r\n", "-2\r\n{}\r\n", "\r\n")) {
      try (var client = client()) {
        client.send(RawClient.head(PODS, JSON, "Transfer-Encoding: chunked") + chunk);

        assertRefused(client.response(), Refusal.MALFORMED, "HTTP/1.1");
      }
    }
  }

  @Test
  void a_body_that_ends_before_its_end_is_the_clients_mistake() throws Exception {
    start(Map.of());
    for (String begun : List.of("Content-Length: 10", "Transfer-Encoding: chunked")) {
      try (var client = client()) {
        client.send(RawClient.head(PODS, JSON, begun) + "2\r\n{}").endSending();

        assertRefused(client.response(), Refusal.MALFORMED, "HTTP/1.1");
      }
    }
  }

  @Test
  void a_client_that_asks_first_is_told_to_go_on_only_if_its_body_is_wanted() throws Exception {
    start(Map.of());
    try (var client = client()) {
      client.send(RawClient.head(PODS, JSON, "Expect: 100-continue", "Content-Length: 9000000"));
      assertRefused(client.response(), Refusal.TOO_LARGE, "8388608 bytes");
    }
    try (var client = client()) {
      client.send(
          RawClient.head(
              PODS, "Content-Type: text/plain", "Expect: 100-continue", "Content-Length: 9"));
      assertRefused(client.response(), Refusal.WRONG_CONTENT_TYPE, "application/json");
    }
    try (var client = client()) {
      client.send(
          RawClient.head(PODS, JSON, "Expect: 100-continue", "Content-Length: " + REVIEW.length()));
      assertThat(client.response().status()).isEqualTo(100);
      assertAllowed(client.send(REVIEW).response());
    }
  }

  @Test
  void what_is_no_post_of_json_to_a_webhook_is_refused_with_what_to_do() throws Exception {
    start(Map.of());
    try (var client = client()) {
      client.send("GET %s HTTP/1.1\r\nHost: graft\r\n\r\n".formatted(PODS));
      Response response = client.response();
      assertRefused(response, Refusal.WRONG_METHOD, "POST an AdmissionReview");
      assertThat(response.headers()).containsEntry("allow", "POST");

      client.send("GET /other HTTP/1.1\r\nHost: graft\r\n\r\n");
      assertRefused(client.response(), Refusal.UNKNOWN_PATH, PODS);

      client.send(RawClient.head(PODS, "Content-Length: 2") + "{}");
      assertRefused(client.response(), Refusal.WRONG_CONTENT_TYPE, "application/json");
    }
    try (var client = client()) {
      String json = "Content-Type: Application/JSON; charset=utf-8";
      client.send(RawClient.head(PODS, json, "Content-Length: " + REVIEW.length()) + REVIEW);
      assertAllowed(client.response());
    }
  }

  @Test
  void what_is_not_http_and_a_head_without_end_are_refused() throws Exception {
    start(Map.of());
    for (String odd : List.of("what is this", "PO(T / HTTP/1.1", "P\u00f6ST / HTTP/1.1", "")) {
      try (var client = client()) {
        client.send(odd + "\r\n\r\n");
        assertRefused(client.response(), Refusal.MALFORMED, "HTTP/1.1");
        assertThat(client.isClosedWithoutAWord()).isTrue();
      }
    }
    try (var client = client()) {
      assertAllowed(client.post(PODS, REVIEW).response());
      client.send("PO(T / HTTP/1.1\r\n\r\n");
      assertRefused(client.response(), Refusal.MALFORMED, "HTTP/1.1");
    }
    try (var client = client()) {
      client.send(RawClient.head(PODS, "X-Long: " + "x".repeat(20_000)));
      assertRefused(client.response(), Refusal.MALFORMED, "16 KB");
    }
    try (var client = client()) {
      assertAllowed(client.post(PODS, REVIEW).response());
    }
  }

  /** Each is counted, and none is told in the log, which anybody could fill so. */
  @Test
  void requests_that_are_none_are_refused_without_a_line_in_the_log() throws Exception {
    start(Map.of());
    String post = "POST " + PODS + " HTTP/1.1\r\nHost: graft\r\n" + JSON + "\r\n";
    List<String> malformed =
        List.of(
            "what is this\r\n\r\n",
            "\r\n\r\n",
            "PO(T / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.0\r\nHost: graft\r\n\r\n",
            "GET / FOO/1.1\r\nHost: graft\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET /%zz HTTP/1.1\r\nHost: graft\r\n\r\n",
            "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: graft\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            post + "X\r\n\r\n",
            post + "X(: y\r\n\r\n",
            post + "X: \u0001\r\n\r\n",
            post + "X: " + "x".repeat(20_000) + "\r\n\r\n",
            post + "Content-Length: many\r\n\r\n",
            post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
            post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            post + "Transfer-Encoding: gzip\r\n\r\n",
            post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nno trailer\r\n\r\n",
            post + "Content-Length: 9\r\n\r\n{}");
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    Logging.configure(new Log(Log.Format.TEXT, Level.INFO), log);
    try {
      for (String request : malformed) {
        try (var client = client()) {
          Response response = client.send(request).endSending().response();

          assertThat(response.status()).as(request).isBetween(400, 499);
          assertThat(refusals.poll(10, TimeUnit.SECONDS)).as(request).isEqualTo(Refusal.MALFORMED);
          assertThat(client.isClosedWithoutAWord()).as(request).isTrue();
        }
      }
    } finally {
      Logging.configure(new Log(Log.Format.TEXT, Level.WARNING), System.err);
    }
    assertThat(log.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void what_is_wrong_on_the_port_of_health_is_no_review_that_was_refused() throws Exception {
    start(Map.of());
    try (var probe = new RawClient(server.managementPort())) {
      Response response =
          probe.send(RawClient.head("/livez", "Content-Length: 9000000")).response();
      assertThat(response.status()).isEqualTo(413);
      assertThat(response.body()).contains("a request to this port has no body");
    }
    assertThat(refusals).isEmpty();
  }

  @Test
  void who_says_nothing_or_stops_in_the_middle_is_cut_off() throws Exception {
    start(Map.of("server.request-timeout", "300ms"));
    try (var silent = client();
        var halfLine = client().send("POST /mut");
        var halfHead = client().send("POST %s HTTP/1.1\r\nHost: gr".formatted(PODS));
        var halfBody =
            client().send(RawClient.head(PODS, JSON, "Content-Length: 100") + "{\"kind\"")) {
      for (RawClient client : List.of(silent, halfLine, halfHead, halfBody)) {
        assertThat(client.isClosedWithoutAWord()).isTrue();
        assertThat(refusals.poll(10, TimeUnit.SECONDS)).isEqualTo(Refusal.TOO_SLOW);
      }
    }
  }

  @Test
  void who_trickles_gets_no_more_time_than_who_stops() throws Exception {
    start(Map.of("server.request-timeout", "500ms"));
    long start = System.nanoTime();
    try (var client = client()) {
      client.send(RawClient.head(PODS, JSON, "Content-Length: 1000000"));
      assertThatThrownBy(
              () -> {
                while (true) {
                  client.send(" ");
                  assertThat(client.hasMore()).isFalse();
                  LockSupport.parkNanos(20_000_000);
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(refusals).containsExactly(Refusal.TOO_SLOW);
  }

  @Test
  void who_announces_large_bodies_and_sends_nothing_keeps_no_large_body_out() throws Exception {
    start(Map.of());
    int longest = 8 << 20;
    // As many as all memory for bodies would be for, had it been set aside for them.
    int enough = (int) (Runtime.getRuntime().maxMemory() / 12 / longest) + 1;
    List<RawClient> silent = new ArrayList<>();
    try (var client = client()) {
      for (int i = 0; i < enough; i++) {
        RawClient one = client();
        silent.add(one);
        one.send(RawClient.head(PODS, JSON, "Content-Length: " + longest) + "{");
      }
      String large = REVIEW + " ".repeat(longest - REVIEW.length());
      assertAllowed(client.post(PODS, large).response());
      assertThat(refusals).isEmpty();
    } finally {
      for (RawClient one : silent) {
        one.close();
      }
    }
  }

  @Test
  void a_large_body_in_chunks_arrives_as_a_whole() throws Exception {
    start(Map.of());
    try (var client = client()) {
      client.send(RawClient.head(PODS, JSON, "Transfer-Encoding: chunked"));
      String large = REVIEW + " ".repeat(300_000);
      for (int at = 0; at < large.length(); at += 10_000) {
        String chunk = large.substring(at, Math.min(at + 10_000, large.length()));
        client.send("%x\r\n%s\r\n".formatted(chunk.length(), chunk));
      }

      assertAllowed(client.send("0\r\n\r\n").response());
    }
  }

  @Test
  void who_does_not_take_the_answers_is_cut_off() throws Exception {
    start(Map.of("server.request-timeout", "300ms"));
    try (var client = client()) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  client.post(PODS, REVIEW);
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(refusals.poll(10, TimeUnit.SECONDS)).isEqualTo(Refusal.TOO_SLOW);
  }

  @Test
  void a_connection_without_a_request_stays_for_the_next_one() throws Exception {
    start(Map.of("server.request-timeout", "200ms"));
    try (var idle = client();
        var silent = client()) {
      assertAllowed(idle.post(PODS, REVIEW).response());
      assertThat(silent.isClosedWithoutAWord()).isTrue();

      assertAllowed(idle.post(PODS, REVIEW).response());
    }
  }

  @Test
  void who_asks_once_and_stays_silent_is_closed_and_takes_nobody_s_place() throws Exception {
    start(
        Map.of("server.connections", "2", "server.concurrency", "1", "server.queue", "1"),
        Duration.ofMillis(300));
    try (var first = client();
        var second = client();
        var third = client()) {
      assertAllowed(first.post(PODS, REVIEW).response());
      // The only review that may be answered at a time is not the silent one's.
      assertAllowed(second.post(PODS, REVIEW).response());
      third.post(PODS, REVIEW);
      assertThat(third.hasMore()).as("both connections are taken").isFalse();

      assertThat(first.isClosedWithoutAWord()).isTrue();
      assertThat(second.isClosedWithoutAWord()).isTrue();
      assertAllowed(third.response());
      assertThat(refusals).as("to ask for nothing is no mistake").isEmpty();
    }
  }

  @Test
  void who_asks_again_before_that_is_not_closed() throws Exception {
    start(Map.of(), Duration.ofSeconds(1));
    long start = System.nanoTime();
    try (var busy = client();
        var silent = client()) {
      assertAllowed(silent.post(PODS, REVIEW).response());
      do {
        assertAllowed(busy.post(PODS, REVIEW).response());
      } while (System.nanoTime() - start < Duration.ofMillis(1_500).toNanos());

      assertThat(silent.isClosedWithoutAWord()).isTrue();
      assertAllowed(busy.post(PODS, REVIEW).response());
    }
  }

  @Test
  void a_client_that_says_so_is_closed_after_its_answer() throws Exception {
    start(Map.of());
    try (var client = client()) {
      String close = "Connection: close";
      client.send(RawClient.head(PODS, JSON, close, "Content-Length: " + REVIEW.length()) + REVIEW);

      Response response = client.response();
      assertAllowed(response);
      assertThat(response.headers()).containsEntry("connection", "close");
      assertThat(client.isClosedWithoutAWord()).isTrue();
    }
  }

  @Test
  void who_finds_the_queue_full_is_refused_at_once_and_those_in_it_are_answered() throws Exception {
    mayGoOn = new Semaphore(0);
    start(Map.of("server.concurrency", "1", "server.queue", "1"));
    try (var first = client();
        var second = client();
        var third = client()) {
      first.post(PODS, REVIEW);
      assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      // One of these two waits; the other finds the place taken.
      second.post(PODS, REVIEW);
      third.post(PODS, REVIEW);
      assertThat(refusals.poll(10, TimeUnit.SECONDS)).isEqualTo(Refusal.QUEUE_FULL);
      mayGoOn.release(4);

      assertAllowed(first.response());
      List<Response> others = List.of(second.response(), third.response());
      assertThat(others).extracting(Response::status).containsExactlyInAnyOrder(200, 429);
      Response refused = others.get(others.get(0).status() == 429 ? 0 : 1);
      assertThat(refused.headers()).containsEntry("retry-after", "1");
      assertThat(json(refused).path("reason").asText()).isEqualTo("TooManyRequests");
      // The connection is as good as before.
      assertAllowed(second.post(PODS, REVIEW).response());
      assertAllowed(third.post(PODS, REVIEW).response());
    }
  }

  @Test
  void who_has_waited_for_as_long_as_an_api_server_can_is_refused() throws Exception {
    mayGoOn = new Semaphore(0);
    start(Map.of("server.concurrency", "1"));
    try (var first = client();
        var second = client()) {
      first.post(PODS, REVIEW);
      assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      long start = System.nanoTime();
      second.post(PODS, REVIEW);

      assertRefused(second.response(), Refusal.WAITED_TOO_LONG, "try again");
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Capacity.PATIENCE);
      mayGoOn.release();
      assertAllowed(first.response());
    }
  }

  @Test
  void there_are_so_many_connections_and_the_next_waits_for_one_to_end() throws Exception {
    start(Map.of("server.connections", "2"));
    try (var first = client();
        var second = client();
        var third = client()) {
      assertAllowed(first.post(PODS, REVIEW).response());
      assertAllowed(second.post(PODS, REVIEW).response());
      third.post(PODS, REVIEW);
      assertAllowed(second.post(PODS, REVIEW).response());
      assertThat(third.hasMore()).isFalse();

      first.leave();
      assertAllowed(third.response());
    }
  }

  @Test
  void a_stopping_server_ends_what_began_and_answers_what_was_on_its_way() throws Exception {
    mayGoOn = new Semaphore(0);
    start(Map.of());
    try (var busy = client();
        var idle = client();
        var quick = client();
        var sending = client()) {
      mayGoOn.release(2);
      assertAllowed(idle.post(PODS, REVIEW).response());
      assertAllowed(quick.post(PODS, REVIEW).response());
      begun.drainPermits();
      busy.post(PODS, REVIEW);
      assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      sending.send(RawClient.head(PODS, JSON, "Content-Length: " + REVIEW.length()));

      CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
      awaitRefusedConnection();
      quick.post(PODS, REVIEW);
      sending.send(REVIEW);
      assertThat(stopped).isNotDone();
      mayGoOn.release(3);

      for (RawClient client : List.of(busy, quick, sending)) {
        Response response = client.response();
        assertAllowed(response);
        assertThat(response.headers()).containsEntry("connection", "close");
        assertThat(client.isClosedWithoutAWord()).isTrue();
      }
      assertThat(idle.isClosedWithoutAWord()).isTrue();
      assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
    }
  }

  private void awaitRefusedConnection() throws IOException {
    int port = server.port();
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() - end < 0) {
      try (var another = new RawClient(port)) {
        assertThat(another).isNotNull();
      } catch (ConnectException e) {
        return;
      }
    }
    throw new AssertionError("the server still accepts connections");
  }

  @Test
  void a_draining_server_serves_on_but_is_not_ready_and_sends_its_clients_away() throws Exception {
    start(Map.of());
    try (var probe = new RawClient(server.managementPort());
        var client = client()) {
      probe.send("GET /readyz HTTP/1.1\r\nHost: graft\r\n\r\n");
      assertThat(probe.response().status()).isEqualTo(200);

      server.drain();
      probe.send("GET /readyz HTTP/1.1\r\nHost: graft\r\n\r\n");
      client.post(PODS, REVIEW);

      assertThat(probe.response().status()).isEqualTo(503);
      Response response = client.response();
      assertAllowed(response);
      assertThat(response.headers()).containsEntry("connection", "close");
      assertThat(client.isClosedWithoutAWord()).isTrue();
    }
  }

  @Test
  void a_port_that_is_taken_is_told_with_the_setting_that_changes_it() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> start(Map.of("management.port", String.valueOf(port))))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("127.0.0.1:%d, Address already in use", port)
          .hasMessageContaining("management.port");
    }
    assertThatThrownBy(() -> start(Map.of("server.address", "192.0.2.1")))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("192.0.2.1:0")
        .hasMessageContaining("server.address");
  }

  @Test
  void an_error_in_a_review_is_answered_and_the_next_one_as_if_nothing_had_been() throws Exception {
    start(Map.of());
    bug = new AssertionError("a bug of Graft's");
    try (var client = client()) {
      Response response = client.post(PODS, REVIEW).response();
      assertThat(response.status()).isEqualTo(500);
      assertThat(json(response).path("kind").asText()).isEqualTo("Status");
      assertThat(response.body()).doesNotContain("bug of Graft's");

      bug = null;
      assertAllowed(client.post(PODS, REVIEW).response());
    }
  }

  @Test
  void nobody_is_asked_for_the_name_of_a_client() throws Exception {
    // Of the addresses for documentation, which has no name: a DNS would be asked.
    InetAddress address = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});

    assertThat(address.getHostName()).isEqualTo("192.0.2.1");
    assertThat(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}).getHostName())
        .as("what the files of this machine say is not asked either")
        .isEqualTo("127.0.0.1");
    assertThat(InetAddress.getByName("localhost").isLoopbackAddress()).isTrue();
  }

  @Test
  void many_clients_at_once_all_get_an_answer_or_are_told_to_come_again() throws Exception {
    start(Map.of("server.concurrency", "2", "server.queue", "5"));
    List<CompletableFuture<List<Integer>>> clients = new ArrayList<>();
    CountDownLatch together = new CountDownLatch(1);
    for (int i = 0; i < 50; i++) {
      CompletableFuture<List<Integer>> client = new CompletableFuture<>();
      clients.add(client);
      Thread.ofVirtual()
          .start(() -> {
            List<Integer> statuses = new ArrayList<>();
            try (var raw = client()) {
              together.await();
              for (int k = 0; k < 20; k++) {
                statuses.add(raw.post(PODS, REVIEW).response().status());
              }
              client.complete(statuses);
            } catch (Exception e) {
              client.completeExceptionally(e);
            }
          });
    }
    together.countDown();
    for (var client : clients) {
      assertThat(client.get(30, TimeUnit.SECONDS)).hasSize(20).isSubsetOf(200, 429);
    }
  }
}
