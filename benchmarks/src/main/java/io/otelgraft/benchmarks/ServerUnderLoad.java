package io.otelgraft.benchmarks;

import io.otelgraft.benchmarks.ClosedLoad.Clients;
import io.otelgraft.benchmarks.ClosedLoad.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The server over TLS with keep-alive, in turn with one that does nothing: throughput and latency
 * at the limit, latency at a fixed rate, memory.
 *
 * @param distribution what is measured
 * @param effort how long
 */
record ServerUnderLoad(Distribution distribution, Effort effort) implements Part {

  /** Where pods are reviewed. */
  static final String PODS = "/mutate-v1-pod";

  private static final int MANY = 8;

  /** A server whose compilers take less of a processor than this is warm. */
  private static final double WARM = 0.1;

  /**
   * How much is measured.
   *
   * @param warmups how often a server is driven at most until its compilers have nothing to do
   * @param warmup how long each time
   * @param rounds in each of which both servers are measured, so that what slows the machine slows
   *     both
   * @param round how long each is measured in a round
   * @param pace how long the fixed rate is kept up
   * @param perSecond the fixed rate
   */
  record Effort(
      int warmups, Duration warmup, int rounds, Duration round, Duration pace, int perSecond) {

    /** What figures are made with. */
    static final Effort FULL =
        new Effort(
            8, Duration.ofSeconds(5), 3, Duration.ofSeconds(2), Duration.ofSeconds(6), 1_000);

    /** Just enough to see that everything works; its figures mean nothing. */
    static final Effort LEAST =
        new Effort(1, Duration.ofSeconds(3), 1, Duration.ofSeconds(1), Duration.ofSeconds(1), 100);

    /** Before each round: connections are made, and the other server's heat is gone. */
    Duration again() {
      return round.dividedBy(4);
    }
  }

  /** One thing that is measured in each round. */
  private record Lane(ServerProcess server, String path, Reviews review, List<Result> results) {

    double[] all(ToDoubleFunction<Result> value) {
      return results.stream().mapToDouble(value).toArray();
    }
  }

  @Override
  public String name() {
    return "load";
  }

  @Override
  public void measure(Progress progress) {
    try (Workplace workplace = Workplace.open();
        ServerProcess graft =
            ServerProcess.graft(
                distribution, workplace, distribution.plugins(), workplace.resources())) {
      Map<Reviews, byte[]> answers = new EnumMap<>(Reviews.class);
      List<Path> files = new ArrayList<>();
      for (Reviews review : Reviews.values()) {
        byte[] answer = answer(workplace, graft, review);
        answers.put(review, answer);
        files.add(write(workplace, review, answer));
      }
      try (ServerProcess nothing = ServerProcess.doingNothing(graft, workplace, files)) {
        new Run(progress, workplace, graft, nothing, answers).all();
      }
    }
  }

  /** The answer to a review, which has to be the right one. */
  static byte[] answer(Workplace workplace, ServerProcess graft, Reviews review) {
    try (Exchange exchange =
        new Exchange(workplace.credentials(), graft.port(), PODS, review.bytes())) {
      Exchange.Answer answer = exchange.post();
      review.requireRight(answer);
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException("Graft does not answer", e);
    }
  }

  private static Path write(Workplace workplace, Reviews review, byte[] answer) {
    try {
      return Files.write(workplace.folder().resolve(yardstick(review).substring(1)), answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String yardstick(Reviews review) {
    return "/" + name(review) + ".answer";
  }

  private static String name(Reviews review) {
    return review.name().toLowerCase(Locale.ROOT);
  }

  /** One measurement with servers that run. */
  private final class Run {
    private final Progress progress;
    private final Workplace workplace;
    private final ServerProcess graft;
    private final ServerProcess nothing;
    private final Map<Reviews, byte[]> answers;
    private final ClosedLoad load;

    Run(
        Progress progress,
        Workplace workplace,
        ServerProcess graft,
        ServerProcess nothing,
        Map<Reviews, byte[]> answers) {
      this.progress = progress;
      this.workplace = workplace;
      this.graft = graft;
      this.nothing = nothing;
      this.answers = answers;
      this.load = new ClosedLoad(workplace);
    }

    void all() {
      warmUp();
      closed(Clients.http1(MANY), "" + MANY, MANY + " connections");
      closed(Clients.http1(1), "1", "1 connection");
      if (Exchange.offersHttp2(workplace.credentials(), graft.port())) {
        closed(Clients.http2(MANY), "http2", "1 connection of HTTP/2");
      }
      for (Reviews review : Reviews.values()) {
        paced(review);
      }
      Memory memory = graft.memory();
      progress.add(
          Figure.of("load.memory", "memory under load, peak RSS", memory.peak(), Unit.MEBIBYTES)
              .limit(150));
      progress.add(
          Figure.of("load.memory.pss", "  PSS afterwards", memory.proportional(), Unit.MEBIBYTES));
    }

    private void warmUp() {
      progress.step("warming up the server; JVM: %s".formatted(String.join(" ", graft.tuning())));
      for (Reviews review : Reviews.values()) {
        warmUp(new Lane(graft, PODS, review, new ArrayList<>()));
      }
      progress.step("warming up the server that does nothing");
      warmUp(new Lane(nothing, yardstick(Reviews.ANNOTATED), Reviews.ANNOTATED, new ArrayList<>()));
    }

    /** A slow machine's compilers take longer than a quick one's. */
    private void warmUp(Lane lane) {
      double compiling = 1;
      for (int i = 0; i < effort.warmups() && compiling > WARM; i++) {
        Duration before = lane.server().compilers();
        drive(lane, Clients.http1(MANY), effort.warmup());
        Duration taken = lane.server().compilers().minus(before);
        compiling = (double) taken.toMillis() / effort.warmup().toMillis();
      }
    }

    private void drive(Lane lane, Clients clients, Duration duration) {
      lane.results()
          .add(
              load.run(
                  lane.server(), lane.path(), lane.review(), clients, effort.again(), duration));
    }

    /** As much as goes. */
    private void closed(Clients clients, String key, String title) {
      progress.step(
          "as much as goes over %s, %d rounds of %s"
              .formatted(title, effort.rounds(), seconds(effort.round())));
      Map<Reviews, Lane> measured = new EnumMap<>(Reviews.class);
      Map<Reviews, Lane> yardsticks = new EnumMap<>(Reviews.class);
      for (Reviews review : Reviews.values()) {
        measured.put(review, new Lane(graft, PODS, review, new ArrayList<>()));
        yardsticks.put(review, new Lane(nothing, yardstick(review), review, new ArrayList<>()));
      }
      for (int round = 0; round < effort.rounds(); round++) {
        for (Reviews review : Reviews.values()) {
          drive(yardsticks.get(review), clients, effort.round());
          drive(measured.get(review), clients, effort.round());
        }
      }
      for (Reviews review : Reviews.values()) {
        requireSameProtocol(measured.get(review), yardsticks.get(review));
        report(
            "load." + name(review) + "." + key,
            name(review) + " pods, " + title,
            clients.equals(Clients.http1(MANY)),
            measured.get(review),
            yardsticks.get(review));
      }
    }

    private static void requireSameProtocol(Lane one, Lane other) {
      String protocol = one.results().getFirst().protocol();
      if (!protocol.equals(other.results().getFirst().protocol())) {
        throw new IllegalStateException(
            "Graft speaks %s, and the yardstick %s"
                .formatted(protocol, other.results().getFirst().protocol()));
      }
    }

    private void report(String name, String title, boolean limited, Lane measured, Lane yardstick) {
      Figure rate =
          Figure.of(name + ".rate", title, measured.all(Result::perSecond), Unit.PER_SECOND);
      progress.add(limited ? rate.limit(10_000) : rate);
      progress.add(latency(name + ".p50", "  p50", measured, 50));
      Figure p99 = latency(name + ".p99", "  p99", measured, 99);
      progress.add(limited ? p99.limit(5) : p99);
      progress.add(latency(name + ".p99.9", "  p99.9", measured, 99.9));
      progress.add(
          Figure.of(
              name + ".yardstick",
              "  the server that does nothing",
              yardstick.all(Result::perSecond),
              Unit.PER_SECOND));
      double[] shares = new double[measured.results().size()];
      for (int i = 0; i < shares.length; i++) {
        shares[i] = measured.results().get(i).perSecond() / yardstick.results().get(i).perSecond();
      }
      Figure share = Figure.of(name + ".share", "  share of that", shares, Unit.SHARE);
      progress.add(limited ? share.limit(0.7) : share);
    }

    private Figure latency(String name, String title, Lane lane, double percentile) {
      return Figure.of(
          name, title, lane.all(result -> result.millis(percentile)), Unit.MILLISECONDS);
    }

    /** A fixed rate, far below what goes. */
    private void paced(Reviews review) {
      progress.step(
          "%,d %s pods a second at fixed times, %s"
              .formatted(effort.perSecond(), name(review), seconds(effort.pace())));
      PacedLoad pace = new PacedLoad(workplace.credentials(), MANY, effort.perSecond());
      PacedLoad.Latencies latencies = new PacedLoad.Latencies(answers.get(review));
      pace.run(graft, PODS, review, effort.pace(), latencies);
      PacedLoad.Latencies yardstick = new PacedLoad.Latencies(answers.get(review));
      pace.run(nothing, yardstick(review), review, effort.pace(), yardstick);
      String name = "paced." + name(review);
      String title =
          String.format(
              Locale.ROOT, "%s pods, %,d/s at fixed times", name(review), effort.perSecond());
      progress.add(
          Figure.of(name + ".p50", title + ", p50", latencies.millis(50), Unit.MILLISECONDS));
      progress.add(Figure.of(name + ".p99", "  p99", latencies.millis(99), Unit.MILLISECONDS));
      progress.add(
          Figure.of(name + ".p99.9", "  p99.9", latencies.millis(99.9), Unit.MILLISECONDS));
      progress.add(
          Figure.of(
              name + ".yardstick.p99",
              "  the server that does nothing, p99",
              yardstick.millis(99),
              Unit.MILLISECONDS));
      progress.add(
          Figure.of(name + ".wrong", "  wrong answers", latencies.wrong(), Unit.ERRORS).limit(0));
    }
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
