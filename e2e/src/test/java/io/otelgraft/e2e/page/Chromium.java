package io.otelgraft.e2e.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A tab of a Chromium without a window, driven over its DevTools protocol. It finds no host but
 * this machine.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">Chrome DevTools Protocol</a>
 */
final class Chromium implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Keys that are not letters, with the codes of Windows that browsers go by. */
  private static final Map<String, Integer> KEYS =
      Map.of("Tab", 9, "Enter", 13, "Escape", 27, " ", 32);

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final WebSocket socket;

  /** The program; empty if there is none on this machine. */
  static Optional<Path> program() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(name ->
            Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts one.
   *
   * @param program the program
   * @param profile an empty folder for all that it writes
   */
  Chromium(Path program, Path profile) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-extensions",
                "--disable-sync",
                "--no-first-run"));
    if (System.getProperty("user.name").equals("root")) {
      command.add("--no-sandbox");
    }
    command.add("about:blank");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("output.log").toFile());
    builder.environment().put("TMPDIR", profile.toString());
    process = builder.start();
    try {
      Path ports = profile.resolve("DevToolsActivePort");
      await("started", () -> Files.exists(ports) && lines(ports).size() == 2);
      socket =
          http.newWebSocketBuilder()
              .buildAsync(tab(lines(ports).getFirst()), new Listener())
              .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
              .join();
    } catch (RuntimeException | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
    Stream.of("Page", "Runtime", "Log", "Network").forEach(domain -> send(domain + ".enable"));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URI tab(String port) {
    HttpRequest list =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build();
    try {
      for (JsonNode target : MAPPER.readTree(http.send(list, BodyHandlers.ofString()).body())) {
        if (target.path("type").asText().equals("page")) {
          return URI.create(target.path("webSocketDebuggerUrl").asText());
        }
      }
      throw new IllegalStateException("Chromium has no tab");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Puts messages together, and hands answers to those who asked. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        take(message.toString());
        message.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void take(String message) {
    try {
      JsonNode json = MAPPER.readTree(message);
      if (json.has("id")) {
        pending.remove(json.path("id").asInt()).complete(json);
      } else {
        events.add(json);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An object of the protocol. */
  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  JsonNode send(String method) {
    return send(method, object());
  }

  /**
   * Gives a command.
   *
   * @return its result
   * @throws IllegalStateException if it fails, as when the page goes away meanwhile
   */
  JsonNode send(String method, ObjectNode parameters) {
    ObjectNode command = object().put("id", ids.incrementAndGet()).put("method", method);
    command.set("params", parameters);
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    pending.put(command.path("id").asInt(), answer);
    socket.sendText(command.toString(), true).join();
    JsonNode json = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (json.has("error")) {
      throw new IllegalStateException(method + ": " + json.path("error"));
    }
    return json.path("result");
  }

  /** Goes to a page, and returns when it is there. */
  void open(URI page) {
    send("Page.navigate", object().put("url", page.toString()));
    await("document.readyState === 'complete' && location.href === " + quoted(page.toString()));
  }

  /** Sizes the page as on a screen of that width, and in the colours that its user prefers. */
  void show(int width, int height, String colours) {
    send(
        "Emulation.setDeviceMetricsOverride",
        object()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
    ObjectNode media = object();
    media
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", colours);
    send("Emulation.setEmulatedMedia", media);
  }

  /** Whether pages may run scripts. */
  void scripts(boolean allowed) {
    send("Emulation.setScriptExecutionDisabled", object().put("value", !allowed));
  }

  /** Computes something in the page, promises included. */
  JsonNode evaluate(String expression) {
    JsonNode result =
        send(
            "Runtime.evaluate",
            object()
                .put("expression", expression)
                .put("awaitPromise", true)
                .put("returnByValue", true));
    assertThat(result.path("exceptionDetails").isMissingNode())
        .as("%s: %s", expression.substring(0, Math.min(200, expression.length())), result)
        .isTrue();
    return result.path("result").path("value");
  }

  /** Waits until something is true in the page, or in the one that it leads to. */
  void await(String condition) {
    await(
        condition,
        () -> {
          try {
            return evaluate(condition).asBoolean();
          } catch (IllegalStateException e) {
            // One page goes, the other is not there yet.
            return false;
          }
        });
  }

  private void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(process.isAlive()).as("Chromium runs").isTrue();
      assertThat(System.nanoTime() - end).as("in time: %s", what).isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** Presses a key: one that has a name. */
  void press(String key) {
    ObjectNode stroke =
        object()
            .put("key", key)
            .put("code", key.isBlank() ? "Space" : key)
            .put("windowsVirtualKeyCode", KEYS.get(key));
    ObjectNode down = stroke.deepCopy().put("type", "keyDown");
    if (key.equals("Enter")) {
      down.put("text", "\r");
    } else if (key.equals(" ")) {
      down.put("text", " ");
    }
    send("Input.dispatchKeyEvent", down);
    send("Input.dispatchKeyEvent", stroke.put("type", "keyUp"));
  }

  /** Types a text into what has the focus. */
  void type(String text) {
    send("Input.insertText", object().put("text", text));
  }

  /** Presses the tabulator until something has the focus, as who has no mouse does. */
  void tabTo(String selector) {
    for (int presses = 0; presses < 100; presses++) {
      press("Tab");
      if (evaluate("document.activeElement.matches(" + quoted(selector) + ")").asBoolean()) {
        return;
      }
    }
    throw new AssertionError(selector + " is not reached by the keyboard");
  }

  /** A text as JavaScript has it. */
  static String quoted(String text) {
    return JsonNodeFactory.instance.textNode(text).toString();
  }

  /** All that the page has asked for. */
  List<URI> requests() {
    return events.stream()
        .filter(event -> event.path("method").asText().equals("Network.requestWillBeSent"))
        .map(event -> URI.create(event.at("/params/request/url").asText()))
        .toList();
  }

  /** What is in the console that should not be: errors, and what the browser refused. */
  List<String> complaints() {
    return events.stream()
        .filter(event ->
            switch (event.path("method").asText()) {
              case "Runtime.exceptionThrown" -> true;
              case "Runtime.consoleAPICalled" ->
                  List.of("error", "warning").contains(event.at("/params/type").asText());
              case "Log.entryAdded" ->
                  List.of("error", "warning").contains(event.at("/params/entry/level").asText());
              default -> false;
            })
        .map(JsonNode::toString)
        .toList();
  }

  /** Ends it with all its processes: they write to the profile until then. */
  @Override
  public void close() {
    socket.abort();
    http.close();
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    process.destroy();
    for (ProcessHandle one : all.reversed()) {
      try {
        one.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (TimeoutException | ExecutionException e) {
        one.destroyForcibly();
      } catch (InterruptedException e) {
        one.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
