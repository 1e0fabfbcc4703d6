package io.otelgraft.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.SilentCloseable;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.common.tls.Tls;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.server.Management;
import io.otelgraft.runtime.server.Scrape;
import io.otelgraft.runtime.server.Server;
import io.otelgraft.runtime.server.Webhook;
import io.otelgraft.runtime.settings.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes over a connection: bytes that are requests, or were. Without TLS. */
final class FuzzServerIT {
  private static final Server SERVER = server();

  private static final byte[] REVIEW =
      Review.of(
          Fragments.yaml(
              "{apiVersion: v1, kind: Pod, metadata: {name: cart, namespace: shop}, spec:"
                  + " {containers: [{name: app, image: 'shop/cart:1.2'}]}}"),
          Optional.empty());

  /** What a client may be told, whatever it sent; 100 is half an answer. */
  private static final Set<String> STATUSES =
      Set.of("100", "200", "400", "404", "405", "413", "415");

  private static final Pattern ANSWER =
      Pattern.compile(
          "HTTP/1\\.1 (\\d{3}) [^\\r]*\\r\\n((?:[^\\r\\n]+\\r\\n)*)\\r\\n", Pattern.DOTALL);
  private static final Pattern LENGTH =
      Pattern.compile("(?i)^content-length: *(\\d+)\\r?$", Pattern.MULTILINE);

  private static Server server() {
    Admission admission =
        new Admission(
            () -> Shop.CATALOGUE,
            FileResources.of(
                Documents.read("shop", Shop.RESOURCES).list(), "default", Settings.standard()),
            Settings.standard(),
            new Deadline());
    try {
      return Server.start(
          ServerSettings.builder()
              .set("server.address", "127.0.0.1")
              .set("server.port", "0")
              .set("server.request-limit", "100000")
              .set("management.address", "127.0.0.1")
              .set("management.port", "0")
              .set("page.enabled", "false")
              .build(),
          Tls.builder().enabled(false).build(),
          List.of(
              new Webhook(Webhook.PODS, Reviewer.ofPods(admission)),
              new Webhook(Webhook.WORKLOADS, Reviewer.ofWorkloads(admission))),
          List.of(),
          new Management(List.of(), List.of(), () -> new Scrape("text/plain", new byte[0])),
          _ -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<byte[]> seeds() {
    String type = "Content-Type: application/json";
    String body = new String(REVIEW, UTF_8);
    String whole = head("POST", Webhook.PODS, type, "Content-Length: " + body.length()) + body;
    return Stream.of(
            whole,
            whole + whole,
            head("POST", Webhook.WORKLOADS, type + "; charset=utf-8", "Content-Length: 2") + "{}",
            head("POST", Webhook.PODS, type, "Transfer-Encoding: chunked")
                + chunk(body.substring(0, 10))
                + chunk(body.substring(10))
                + chunk(""),
            head("POST", Webhook.PODS, type, "Transfer-Encoding: chunked", "Trailer: X")
                + "2;x=y\r\n{}\r\n0\r\nX: y\r\n\r\n",
            head("POST", Webhook.PODS, type, "Content-Length: 100001"),
            head("POST", Webhook.PODS, type, "Expect: 100-continue", "Content-Length: 2") + "{}",
            head("POST", Webhook.PODS, "Content-Type: text/plain", "Content-Length: 2") + "{}",
            head("POST", Webhook.PODS, type, "traceparent: 00-1-2-01", "Content-Length: 2") + "{}",
            head("POST", "/nowhere?x=%2f", "Connection: close"),
            head("GET", Webhook.PODS, "Connection: Upgrade", "Upgrade: h2c"),
            head("HEAD", "/"),
            head("OPTIONS", "*"),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .map(request -> request.getBytes(UTF_8));
  }

  private static String head(String method, String path, String... headers) {
    return "%s %s HTTP/1.1\r\nHost: graft\r\n%s\r\n"
        .formatted(method, path, headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n");
  }

  private static String chunk(String text) {
    return "%x\r\n%s\r\n".formatted(text.length(), text);
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatever_a_connection_brings_it_is_answered_or_ended_and_the_server_goes_on(byte[] sent) {
    Promise.isKept(() -> {
      List<String> breaches = new ArrayList<>();
      first(answer(sent)).ifPresent(breaches::add);
      byte[] head =
          head(
                  "POST",
                  Webhook.PODS,
                  "Content-Type: application/json",
                  "Content-Length: " + REVIEW.length)
              .getBytes(UTF_8);
      byte[] request = new byte[head.length + REVIEW.length];
      System.arraycopy(head, 0, request, 0, head.length);
      System.arraycopy(REVIEW, 0, request, head.length, REVIEW.length);
      String next = answer(request);
      if (!next.startsWith("HTTP/1.1 200 ") || !next.contains("\"uid\":\"u-1\"")) {
        breaches.add("the next review is answered with: " + next);
      }
      return breaches;
    });
  }

  /** All that the server says until it ends the connection, to which nothing comes any more. */
  private static String answer(byte[] sent) {
    // Jazzer reports each connection that the fuzzed code makes; this one is the test's.
    try (SilentCloseable _ =
            BugDetectors.allowNetworkConnections((_, port) -> port == SERVER.port());
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), SERVER.port())) {
      socket.setSoTimeout(20_000);
      try {
        socket.getOutputStream().write(sent);
        socket.shutdownOutput();
      } catch (SocketException e) {
        // It has seen enough; what it said before counts.
      }
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (SocketException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is wrong with the first of the answers; empty if nothing is, or there is none. */
  private static Optional<String> first(String answers) {
    if (answers.isEmpty()) {
      return Optional.empty();
    }
    Matcher answer = ANSWER.matcher(answers);
    if (!answer.lookingAt() || !STATUSES.contains(answer.group(1))) {
      return Optional.of("no answer that a client may get: " + answers);
    }
    Matcher length = LENGTH.matcher(answer.group(2));
    String rest = answers.substring(answer.end());
    if (!length.find() || rest.isEmpty()) {
      return Optional.empty();
    }
    try {
      ObjectNode body =
          Json.read(rest.substring(0, Integer.parseInt(length.group(1))).getBytes(ISO_8859_1));
      return body.has("kind") ? Optional.empty() : Optional.of("an answer of no kind: " + body);
    } catch (DocumentException | IndexOutOfBoundsException e) {
      return Optional.of("an answer that is no JSON: " + answers);
    }
  }
}
