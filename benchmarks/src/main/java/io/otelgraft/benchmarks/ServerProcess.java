package io.otelgraft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/** A server that is measured: {@code graft serve}, or the one that does nothing. */
final class ServerProcess implements AutoCloseable {

  /** Much longer than any server takes that works. */
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

  private final Process process;
  private final long startedAt;
  private final int port;
  private final int managementPort;
  private final Path log;
  private long readyAt;

  private ServerProcess(ProcessBuilder builder, int port, int managementPort, Path log) {
    this.port = port;
    this.managementPort = managementPort;
    this.log = log;
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    this.startedAt = System.nanoTime();
    try {
      this.process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Also when the run is ended from outside.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
  }

  /**
   * Starts Graft, and waits until it says that it is ready.
   *
   * @param plugins the folder of the plugins
   * @param resources file or folder of Instrumentations and Namespaces
   */
  static ServerProcess graft(
      Distribution distribution, Workplace workplace, Path plugins, Path resources) {
    return graft(distribution::command, workplace, plugins, resources);
  }

  /**
   * The same, started in another way.
   *
   * @param command the command line for arguments
   */
  static ServerProcess graft(
      Function<String[], ProcessBuilder> command,
      Workplace workplace,
      Path plugins,
      Path resources) {
    int port = freePort();
    int managementPort = freePort();
    String[] arguments = {
      "serve",
      "--plugins",
      plugins.toString(),
      "--resources",
      resources.toString(),
      "--settings",
      "/dev/null",
      "--set",
      "server.address=127.0.0.1",
      "--set",
      "server.port=" + port,
      "--set",
      "server.tls.certificate=" + workplace.credentials().certificate(),
      "--set",
      "server.tls.key=" + workplace.credentials().key(),
      "--set",
      "management.address=127.0.0.1",
      "--set",
      "management.port=" + managementPort,
      "--set",
      "page.port=0",
      "--set",
      "server.drain-delay=1ms"
    };
    ServerProcess server =
        new ServerProcess(
            command.apply(arguments), port, managementPort, workplace.newFile("graft", ".log"));
    server.awaitReady();
    return server;
  }

  /**
   * Starts the yardstick: the same Helidon in a JVM with the same options, which reads what is
   * posted and answers with what it was given.
   *
   * @param like the Graft that it is compared to
   * @param answers files of the answers, each served under its name
   */
  static ServerProcess doingNothing(ServerProcess like, Workplace workplace, List<Path> answers) {
    int port = freePort();
    List<String> command = new ArrayList<>(like.jvm());
    command.add("--class-path=" + System.getProperty("java.class.path"));
    command.add("--add-modules=io.otelgraft.runtime");
    command.add(DoNothingServer.class.getName());
    command.add(Integer.toString(port));
    command.add(workplace.credentials().key().toString());
    command.add(workplace.credentials().certificate().toString());
    answers.forEach(answer -> command.add(answer.toString()));
    ServerProcess server =
        new ServerProcess(
            new ProcessBuilder(command), port, port, workplace.newFile("nothing", ".log"));
    server.await(() -> accepts(port));
    return server;
  }

  /** The JVM and its options, but for the AOT cache, which is of other classes. */
  private List<String> jvm() {
    try {
      String all = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
      List<String> options = new ArrayList<>();
      for (String word : all.split("\0", -1)) {
        if (word.endsWith("/jvm/main")) {
          return options;
        }
        if (!word.startsWith("-XX:AOTCache")) {
          options.add(word);
        }
      }
      throw new IllegalStateException("not started by the launcher: " + all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The options of the JVM that decide how fast it is and how much memory it takes. */
  List<String> tuning() {
    return jvm().stream()
        .flatMap(ServerProcess::words)
        .filter(word -> word.startsWith("-X") && !word.startsWith("-Xlog"))
        .toList();
  }

  /** An option, or those in a file of them. */
  private static Stream<String> words(String option) {
    if (!option.startsWith("@")) {
      return Stream.of(option);
    }
    try {
      return Files.readAllLines(Path.of(option.substring(1))).stream()
          .filter(line -> !line.startsWith("#"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    await(() -> answersReady(managementPort));
    readyAt = System.nanoTime();
  }

  private void await(BooleanSupplier condition) {
    long end = startedAt + LONGEST_START.toNanos();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        close();
        throw new IllegalStateException("a server did not start; it printed:\n" + printed());
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean answersReady(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(1000);
      socket
          .getOutputStream()
          .write(
              "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return new String(status, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens with TLS. */
  int port() {
    return port;
  }

  /** From the start of the process until it answered that it is ready, in ns. */
  long startToReady() {
    return readyAt - startedAt;
  }

  /** From the start of the process until now, in ns. */
  long sinceStart() {
    return System.nanoTime() - startedAt;
  }

  /** The processor time that its compilers have taken so far. */
  Duration compilers() {
    return Compilers.timeOf(process.pid());
  }

  /** The memory it has now. */
  Memory memory() {
    return Memory.of(process.pid());
  }

  /** All it printed. */
  String printed() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
