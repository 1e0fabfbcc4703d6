package io.otelgraft.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A running {@code graft serve}, reachable from this machine only. Closing it stops it. */
public final class GraftServer implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final int OK = 200;

  private final Process process;
  private final URI webhooks;
  private final URI management;
  private final URI page;
  private final Path certificate;
  private final Path log;
  // Where the virtual machine ends before this is closed, nobody else would end it.
  private final AtExit atExit;

  /**
   * Starts a server and waits until it is ready.
   *
   * @param resources the folder with its Instrumentations
   * @param plugins the folder with its languages
   * @param certificate the file that it writes its certificate to
   * @param log the file that it writes its log to
   * @param settings more of them, {@code KEY=VALUE} each
   * @throws IllegalStateException when it ends or is not ready in time; the message has its log
   */
  public static GraftServer start(
      Graft graft, Path resources, Path plugins, Path certificate, Path log, String... settings)
      throws IOException, InterruptedException {
    int port = Greeter.freePort();
    int managementPort = Greeter.freePort();
    int pagePort = Greeter.freePort();
    List<String> arguments =
        new ArrayList<>(
            List.of("serve", "--resources", resources.toString(), "--plugins", plugins.toString()));
    List<String> all =
        new ArrayList<>(
            List.of(
                "server.address=" + LOOPBACK,
                "server.port=" + port,
                "server.tls.write-certificate=" + certificate,
                // There are no clients that have to go elsewhere first.
                "server.drain-delay=1ms",
                "management.address=" + LOOPBACK,
                "management.port=" + managementPort,
                "page.port=" + pagePort));
    all.addAll(List.of(settings));
    all.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    Process process =
        graft
            .command(arguments.toArray(String[]::new))
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(log.toFile())
            .start();
    GraftServer server =
        new GraftServer(
            process,
            URI.create("https://" + LOOPBACK + ":" + port),
            URI.create("http://" + LOOPBACK + ":" + managementPort),
            URI.create("http://" + LOOPBACK + ":" + pagePort + "/"),
            certificate,
            log);
    try {
      server.awaitReady();
      return server;
    } catch (RuntimeException | InterruptedException e) {
      server.close();
      throw e;
    }
  }

  private GraftServer(
      Process process, URI webhooks, URI management, URI page, Path certificate, Path log) {
    this.process = process;
    this.webhooks = webhooks;
    this.management = management;
    this.page = page;
    this.certificate = certificate;
    this.log = log;
    atExit = AtExit.run(this::stop);
  }

  private void awaitReady() throws InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    HttpRequest ready =
        HttpRequest.newBuilder(management.resolve("/readyz")).timeout(START).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (true) {
        if (!process.isAlive()) {
          throw failure("ended with " + process.exitValue());
        }
        if (System.nanoTime() > end) {
          throw failure("is not ready within " + START.toSeconds() + " s");
        }
        try {
          if (client.send(ready, BodyHandlers.discarding()).statusCode() == OK) {
            return;
          }
        } catch (IOException e) {
          // It does not listen yet.
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }

  private IllegalStateException failure(String what) {
    return new IllegalStateException("graft serve %s; its log: %s".formatted(what, log));
  }

  /** The URL of the webhook for pods. */
  public URI podWebhook() {
    return webhooks.resolve("/mutate-v1-pod");
  }

  /** The web page. */
  public URI page() {
    return page;
  }

  /** The PEM file with the certificate to trust. */
  public Path certificate() {
    return certificate;
  }

  /** The file with all that it says. */
  public Path log() {
    return log;
  }

  private void stop() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
    atExit.close();
  }
}
