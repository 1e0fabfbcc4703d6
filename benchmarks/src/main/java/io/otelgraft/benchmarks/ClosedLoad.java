package io.otelgraft.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * As much as the server answers: each connection posts as soon as it has the answer before. Made by
 * h2load, a native program, which leaves most of the processors to the server.
 *
 * <p>Its latencies are those of a server at its limit, and leave out what would have come while the
 * server kept a connection waiting. {@link PacedLoad} has those of a server with time to spare.
 *
 * @see <a href="https://nghttp2.org/documentation/h2load.1.html">h2load</a>
 */
final class ClosedLoad {

  private final Workplace workplace;

  ClosedLoad(Workplace workplace) {
    this.workplace = workplace;
  }

  /** How many connections, and how many requests are under way on each. */
  record Clients(int connections, int streams) {

    /** HTTP/1.1: one request at a time on each connection. */
    static Clients http1(int connections) {
      return new Clients(connections, 1);
    }

    /** HTTP/2 on one connection, as an API server has it. */
    static Clients http2(int streams) {
      return new Clients(1, streams);
    }

    private boolean isHttp1() {
      return streams == 1;
    }
  }

  /**
   * What came of it.
   *
   * @param perSecond the answers
   * @param latencies in µs
   * @param protocol with which cipher and over which version of HTTP
   */
  record Result(double perSecond, Histogram latencies, String protocol) {

    /** A quantile of the latencies, in ms. */
    double millis(double percentile) {
      return latencies.getValueAtPercentile(percentile) / 1000.0;
    }
  }

  /**
   * Posts a review for a while.
   *
   * @param warmup before what counts; not 0
   * @param duration what counts
   * @throws IllegalStateException if an answer is none of 200, or a connection breaks
   */
  Result run(
      ServerProcess server,
      String path,
      Reviews review,
      Clients clients,
      Duration warmup,
      Duration duration) {
    Path log = workplace.newFile("h2load", ".log");
    ProcessBuilder command =
        new ProcessBuilder(
            "h2load",
            clients.isHttp1() ? "--h1" : "--npn-list=h2",
            "--threads=1",
            "--clients=" + clients.connections(),
            "--max-concurrent-streams=" + clients.streams(),
            "--warm-up-time=" + warmup.toMillis() + "ms",
            "--duration=" + duration.toMillis() + "ms",
            "--data=" + workplace.body(review),
            "--header=content-type: application/json",
            "--log-file=" + log,
            "https://127.0.0.1:" + server.port() + path);
    String printed = Processes.run(command);
    Histogram latencies = latencies(log, printed);
    return new Result(
        latencies.getTotalCount() / (duration.toMillis() / 1000.0), latencies, protocol(printed));
  }

  /** Reads the log: per request its start, the status, and the µs that it took. */
  static Histogram latencies(Path log, String printed) {
    Histogram latencies = new Histogram(3);
    try (BufferedReader lines = Files.newBufferedReader(log)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] columns = line.split("\t", -1);
        if (!columns[1].equals("200")) {
          throw new IllegalStateException("an answer was " + columns[1] + ":\n" + printed);
        }
        latencies.recordValue(Long.parseLong(columns[2]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (latencies.getTotalCount() == 0) {
      throw new IllegalStateException("nothing was answered:\n" + printed);
    }
    return latencies;
  }

  private static String protocol(String printed) {
    StringBuilder protocol = new StringBuilder();
    for (String line : printed.lines().toList()) {
      for (String key : new String[] {"TLS Protocol: ", "Cipher: ", "Application protocol: "}) {
        if (line.startsWith(key)) {
          protocol.append(protocol.isEmpty() ? "" : ", ").append(line.substring(key.length()));
        }
      }
    }
    return protocol.toString();
  }
}
