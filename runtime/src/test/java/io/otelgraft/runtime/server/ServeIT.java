package io.otelgraft.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.common.tls.Tls;
import io.otelgraft.core.document.Json;
import io.otelgraft.runtime.server.RawClient.Response;
import io.otelgraft.runtime.tls.Issuer;
import io.otelgraft.runtime.tls.Issuer.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged server with its launcher, as a process of its own, over TLS, and with more to do
 * than it can. Whatever it answers has to be right; how quick it is, is for the benchmark to say.
 */
final class ServeIT {
  private static final Path GRAFT = Path.of("target/graft").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Pattern PORTS =
      Pattern.compile("webhooks on https://127.0.0.1:(\\d+), health on http://127.0.0.1:(\\d+)");

  /** An API server gives up then. */
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private static final int MEGABYTE = 1 << 20;

  @TempDir private Path folder;
  private final Tls trustAll = Tls.builder().trustAll(true).build();
  private Process process;
  private Path log;
  private int port;
  private int managementPort;

  /** The patch of each right answer to a {@link #review}. */
  private String right;

  @AfterEach
  void end() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  private Process launch(String... settings) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(GRAFT.resolve("bin/graft").toString());
    command.add("serve");
    command.addAll(List.of("--resources", GRAFT.resolve("examples/flask.yaml").toString()));
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    log = Files.createTempFile(folder, "serve", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("GRAFT_"));
    // Its cache is made in the background of the first run, which would be part of the load.
    builder.environment().put("GRAFT_AOT", "off");
    return builder.redirectOutput(log.toFile()).start();
  }

  private void start(String... settings) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "server.address=127.0.0.1",
                "server.port=0",
                "management.address=127.0.0.1",
                "management.port=0",
                "page.enabled=false"));
    all.addAll(List.of(settings));
    process = launch(all.toArray(String[]::new));
    await(() -> log().contains("ready") || !process.isAlive());
    Matcher ports = PORTS.matcher(log());
    assertThat(ports.find()).as("ready, in %s", log()).isTrue();
    port = Integer.parseInt(ports.group(1));
    managementPort = Integer.parseInt(ports.group(2));
    try (var client = client()) {
      right = patch(answer(client.post(Webhook.PODS, review("first", "")).response()));
    }
    assertThat(new String(Base64.getDecoder().decode(right), StandardCharsets.UTF_8))
        .contains("PYTHONPATH");
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("deadline").isNegative();
      LockSupport.parkNanos(20_000_000);
    }
  }

  private RawClient client() throws IOException {
    return new RawClient(trustAll.sslContext().getSocketFactory().createSocket("127.0.0.1", port));
  }

  /** What the kernel says that the process has in memory. */
  private long residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid()))).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow()
        / 1024;
  }

  private static String review(String uid, String extra) {
    return """
    {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"%s",\
    "operation":"CREATE","kind":{"group":"","version":"v1","kind":"Pod"},\
    "resource":{"group":"","version":"v1","resource":"pods"},"namespace":"my-app",\
    "object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"cart","annotations":\
    {"instrumentation.opentelemetry.io/inject-python":"true"}},\
    "spec":{"containers":[{"name":"app","image":"cart:1"}]%s}}}}\
    """
        .formatted(uid, extra);
  }

  /** Whether a review was injected or put off; anything else fails. */
  private boolean isInjected(String uid, Response response) {
    ObjectNode answer = answer(response);
    if (response.status() == 429) {
      assertThat(answer.path("kind").asText()).isEqualTo("Status");
      assertThat(response.headers()).containsKey("retry-after");
      return false;
    }
    assertThat(response.status()).as(response.body()).isEqualTo(200);
    assertThat(answer.at("/response/uid").asText()).isEqualTo(uid);
    assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
    assertThat(patch(answer)).isEqualTo(right);
    return true;
  }

  private static ObjectNode answer(Response response) {
    return Json.read(response.body().getBytes(StandardCharsets.UTF_8));
  }

  private static String patch(ObjectNode answer) {
    return answer.at("/response/patch").asText();
  }

  private void assertAnswersAsEver() throws IOException {
    try (var client = client()) {
      for (int i = 0; i < 20; i++) {
        assertThat(isInjected("u" + i, client.post(Webhook.PODS, review("u" + i, "")).response()))
            .isTrue();
      }
    }
  }

  private static <T> List<T> together(int clients, Callable<T> work) throws Exception {
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        futures.add(threads.submit(work));
      }
      for (Future<T> future : futures) {
        results.add(future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      }
    }
    return results;
  }

  @Test
  void ten_times_what_it_can_take_on_costs_neither_memory_nor_right_answers() throws Exception {
    start("server.concurrency=2", "server.queue=18", "server.request-timeout=1m");
    Queue<Duration> answered = new ConcurrentLinkedQueue<>();
    Queue<Integer> putOff = new ConcurrentLinkedQueue<>();
    AtomicBoolean enough = new AtomicBoolean();
    Callable<Void> client =
        () -> {
          try (var connection = client()) {
            for (int i = 0; !enough.get(); i++) {
              String uid = "u" + i;
              long start = System.nanoTime();
              Response response = connection.post(Webhook.PODS, review(uid, "")).response();
              if (isInjected(uid, response)) {
                answered.add(Duration.ofNanos(System.nanoTime() - start));
              } else {
                putOff.add(i);
              }
            }
          }
          return null;
        };
    List<Long> memory = new ArrayList<>();
    try (ExecutorService load = Executors.newSingleThreadExecutor()) {
      Future<List<Void>> clients = load.submit(() -> together(190, client));
      await(() -> answered.size() > 1000 && !putOff.isEmpty());
      for (int half = 0; half < 2; half++) {
        memory.add(mostMemory(Duration.ofSeconds(5)));
      }
      enough.set(true);
      clients.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    assertThat(putOff).as("put off").hasSizeGreaterThan(100);
    List<Duration> slowestLast = answered.stream().sorted().toList();
    assertThat(slowestLast.get(slowestLast.size() * 99 / 100)).isLessThan(TIMEOUT);
    assertThat(memory.get(1)).as("MB resident, in both halves").isLessThan(memory.get(0) * 5 / 4);
    assertThat(memory.get(1)).as("MB resident").isLessThan(280);
    assertAnswersAsEver();
  }

  /** What is asked for at each path, and in which way it is answered there and nowhere else. */
  @Test
  void each_webhook_answers_at_its_path() throws Exception {
    start();
    String typo = "\"spec\":{\"sampler\":{\"type\":\"sometimes\"}}";
    try (var client = client()) {
      ObjectNode defaulted =
          answer(
              client
                  .post(Webhook.INSTRUMENTATION_DEFAULTS, created("Instrumentation", typo))
                  .response());
      assertThat(defaulted.at("/response/allowed").asBoolean()).isTrue();

      ObjectNode validated =
          answer(
              client.post(Webhook.INSTRUMENTATIONS, created("Instrumentation", typo)).response());
      assertThat(validated.at("/response/allowed").asBoolean()).isFalse();
      assertThat(validated.at("/response/status/message").asText())
          .contains("spec.sampler.type", "sometimes", "parentbased_always_on");

      String template =
          "\"spec\":{\"template\":{\"metadata\":{\"annotations\":"
              + "{\"instrumentation.opentelemetry.io/inject-python\":\"nobody\"}},"
              + "\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"cart:1\"}]}}}";
      ObjectNode warned =
          answer(client.post(Webhook.WORKLOADS, created("Deployment", template)).response());
      assertThat(warned.at("/response/allowed").asBoolean()).isTrue();
      assertThat(warned.at("/response/warnings").toString()).contains("my-app/nobody");
      assertThat(patch(warned)).isEmpty();
    }
  }

  private static String created(String kind, String content) {
    String group = kind.equals("Deployment") ? "apps" : "opentelemetry.io";
    String version = kind.equals("Deployment") ? "v1" : "v1alpha1";
    return """
    {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u",\
    "operation":"CREATE","kind":{"group":"%1$s","version":"%2$s","kind":"%3$s"},\
    "namespace":"my-app","name":"cart","object":{"apiVersion":"%1$s/%2$s","kind":"%3$s",\
    "metadata":{"name":"cart","namespace":"my-app"},%4$s}}}\
    """
        .formatted(group, version, kind, content);
  }

  /** A client that may connect anew without a word would not see it. */
  @Test
  void certificates_are_replaced_under_load_and_no_connection_is_dropped() throws Exception {
    Issuer issuer = Issuer.root("root");
    serve(issuer.issue("EC"));
    start(
        "server.tls.certificate=" + folder.resolve("tls.crt"),
        "server.tls.key=" + folder.resolve("tls.key"));
    AtomicLong answers = new AtomicLong();
    AtomicBoolean enough = new AtomicBoolean();
    Callable<Integer> client =
        () -> {
          int own = 0;
          try (var connection = client()) {
            while (!enough.get()) {
              String uid = "u" + own++;
              Response response = connection.post(Webhook.PODS, review(uid, "")).response();
              assertThat(isInjected(uid, response)).isTrue();
              answers.incrementAndGet();
            }
          }
          return own;
        };
    try (ExecutorService load = Executors.newSingleThreadExecutor()) {
      Future<List<Integer>> clients = load.submit(() -> together(8, client));
      for (int swap = 0; swap < 6; swap++) {
        Issued next = issuer.issue(swap % 2 == 0 ? "RSA" : "EC");
        serve(next);
        await(() -> clients.isDone() || shown().equals(next.certificate()));
        long before = answers.get();
        await(() -> clients.isDone() || answers.get() > before + 80);
      }
      enough.set(true);
      assertThat(clients.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .allSatisfy(own -> assertThat(own).isGreaterThan(10));
    }
  }

  private void serve(Issued issued) throws Exception {
    Files.writeString(folder.resolve("tls.key"), issued.keyPem());
    Files.writeString(folder.resolve("tls.crt"), issued.certificatePem());
  }

  /** The certificate that a new connection gets. */
  private Certificate shown() {
    try (SSLSocket socket =
        (SSLSocket) trustAll.sslContext().getSocketFactory().createSocket("127.0.0.1", port)) {
      return socket.getSession().getPeerCertificates()[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long mostMemory(Duration time) throws IOException {
    long most = 0;
    for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() - end < 0; ) {
      most = Math.max(most, residentMegabytes());
      LockSupport.parkNanos(50_000_000);
    }
    return most;
  }

  @Test
  void a_hundred_clients_with_the_longest_body_there_may_be_do_not_end_it() throws Exception {
    start("server.request-timeout=1m");
    // Few large values, and as many small ones as fit.
    String large = ",\"x\":\"" + "x".repeat(8 * MEGABYTE - 1000) + "\"";
    String many = ",\"x\":[" + "{},".repeat((8 * MEGABYTE - 1000) / 3) + "{}]";
    for (String extra : List.of(large, many)) {
      byte[] body = review("big", extra).getBytes(StandardCharsets.UTF_8);
      List<Response> responses =
          together(
              100,
              () -> {
                try (var client = client()) {
                  return client.postUntilAnswered(Webhook.PODS, body);
                }
              });

      assertThat(process.isAlive()).as(log()).isTrue();
      assertThat(responses)
          .extracting(Response::status)
          .isSubsetOf(200, 400, 429)
          .contains(extra.equals(large) ? 200 : 400);
    }
    assertAnswersAsEver();
  }

  @Test
  void no_request_fails_when_it_is_terminated_under_load() throws Exception {
    start("server.drain-delay=1s");
    AtomicBoolean signalled = new AtomicBoolean();
    Callable<Integer> client =
        () -> {
          for (int answers = 0; ; answers++) {
            RawClient connection;
            try {
              connection = client();
              // Now the server knows of it.
              connection.shakeHands();
            } catch (IOException e) {
              assertThat(signalled).isTrue();
              return answers;
            }
            try (connection) {
              while (true) {
                Response response = connection.post(Webhook.PODS, review("u", "")).response();
                assertThat(isInjected("u", response)).isTrue();
                answers++;
                if (response.headers().get("connection").equals("close")) {
                  break;
                }
              }
            }
          }
        };
    try (ExecutorService load = Executors.newSingleThreadExecutor()) {
      Future<List<Integer>> clients = load.submit(() -> together(10, client));
      await(() -> process.isAlive() && log().contains("ready"));
      LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
      signalled.set(true);
      process.destroy();
      await(() -> status("/readyz") == 503);

      assertThat(clients.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).allMatch(some -> some > 0);
    }
    assertThat(process.waitFor(PATIENCE)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private int status(String path) {
    try (var probe = new RawClient(managementPort)) {
      return probe
          .send("GET %s HTTP/1.1\r\nHost: graft\r\n\r\n".formatted(path))
          .response()
          .status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_second_signal_ends_it_at_once() throws Exception {
    start("server.drain-delay=1h");
    process.destroy();
    await(() -> log().contains("stopping"));
    assertThat(process.isAlive()).isTrue();
    process.destroy();

    assertThat(process.waitFor(PATIENCE)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
  }

  @Test
  void who_opens_a_connection_and_shakes_no_hands_is_cut_off() throws Exception {
    start("server.request-timeout=3s");
    try (var halfOpen = new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
        var noTls = new RawClient(port).send("GET / HTTP/1.1\r\nHost: graft\r\n\r\n")) {
      assertThat(halfOpen.isClosedWithoutAWord()).isTrue();
      noTls.isClosedWithoutAWord();
    }
    assertAnswersAsEver();
    assertThat(log()).doesNotContain("Exception", "\tat ");
  }

  @Test
  void a_port_that_is_taken_is_told_in_one_line_and_exit_code_2() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      process =
          launch(
              "server.address=127.0.0.1",
              "server.port=" + taken.getLocalPort(),
              "management.port=0",
              "page.enabled=false");
      assertThat(process.waitFor(PATIENCE)).isTrue();
      assertThat(process.exitValue()).isEqualTo(2);
      assertThat(log().lines())
          .doesNotContain("ready")
          .noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "))
          .last(InstanceOfAssertFactories.STRING)
          .startsWith("graft: cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void after_the_end_nobody_listens() throws Exception {
    start("server.drain-delay=1ms");
    process.destroy();
    assertThat(process.waitFor(PATIENCE)).isTrue();

    assertThatThrownBy(this::client).isInstanceOf(ConnectException.class);
  }

  /** As helm test asks it: over the network, with nothing but the certificate authority. */
  @Test
  void who_asks_it_by_the_command_line_gets_its_answer_if_he_trusts_it() throws Exception {
    Path authority = folder.resolve("ca.crt");
    Path review = Files.writeString(folder.resolve("review.json"), review("u1", ""));
    start("server.tls.write-certificate=" + authority);
    String webhook = "https://localhost:%d%s".formatted(port, Webhook.PODS);

    Asked asked = ask("--server", webhook, "--ca", authority.toString(), "-f", review.toString());
    assertThat(asked.exit()).as(asked.printed()).isZero();
    assertThat(isInjected("u1", new Response(200, Map.of(), asked.printed()))).isTrue();

    assertThat(ask("--server", webhook, "-f", review.toString()))
        .satisfies(untrusted -> {
          assertThat(untrusted.exit()).isEqualTo(2);
          assertThat(untrusted.printed())
              .startsWith("graft: " + webhook + " is not trusted (")
              .endsWith("); name the file of its certificate authority with --ca\n");
        });

    String elsewhere = webhook + "s";
    assertThat(
            ask("--server", elsewhere, "--ca", authority.toString(), "-f", review.toString())
                .printed())
        .startsWith("graft: " + elsewhere + " answered 404: ")
        .containsOnlyOnce("\n");
  }

  private record Asked(int exit, String printed) {}

  private static Asked ask(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(GRAFT.resolve("bin/graft").toString(), "admit"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("GRAFT_"));
    builder.environment().put("GRAFT_AOT", "off");
    Process asking = builder.start();
    asking.getOutputStream().close();
    String printed = new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(asking.waitFor(PATIENCE)).isTrue();
    return new Asked(asking.exitValue(), printed);
  }
}
