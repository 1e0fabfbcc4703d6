package io.otelgraft.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link ReviewBenchmark} with JMH in JVMs of its own.
 *
 * @param distribution what is measured
 * @param effort how long
 */
record PureFunction(Distribution distribution, Effort effort) implements Part {

  /** The budget for the whole of an admission of a 5 KB review, in µs. */
  private static final double BUDGET = 50;

  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /**
   * How much is measured.
   *
   * @param warmups iterations that do not count
   * @param iterations those that count; their scatter is the noise
   * @param iteration how long each of them is
   */
  record Effort(int warmups, int iterations, TimeValue iteration) {

    /** What figures are made with. */
    static final Effort FULL = new Effort(24, 6, TimeValue.milliseconds(500));

    /** Just enough to see that everything works; its figures mean nothing. */
    static final Effort LEAST = new Effort(0, 1, TimeValue.milliseconds(20));
  }

  @Override
  public String name() {
    return "function";
  }

  @Override
  public void measure(Progress progress) {
    for (Reviews review : Reviews.values()) {
      String pod = review.name().toLowerCase(Locale.ROOT);
      progress.step("the pure function, " + pod + " pod");
      RunResult run = run("review", review);
      Figure time = time("function." + pod, "review to answer, " + pod + " pod", run);
      progress.add(review == Reviews.ANNOTATED ? time.limit(BUDGET) : time);
      progress.add(
          Figure.of(
              "function." + pod + ".allocated",
              "  it allocates",
              scores(run, ALLOCATED, 1.0 / 1024),
              Unit.KIBIBYTES));
    }
    for (String step : List.of("read", "decide", "write")) {
      progress.step("the pure function, annotated pod, " + step + " alone");
      progress.add(
          time(
              "function.annotated." + step,
              "  " + step + " alone, annotated pod",
              run(step, Reviews.ANNOTATED)));
    }
  }

  private static Figure time(String name, String title, RunResult run) {
    return Figure.of(name, title, scores(run, "", 1), Unit.MICROSECONDS);
  }

  /** One score for each iteration: the primary one, or the secondary one of that label. */
  private static double[] scores(RunResult run, String secondary, double factor) {
    List<Double> scores = new ArrayList<>();
    for (BenchmarkResult fork : run.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        Result<?> result =
            secondary.isEmpty()
                ? iteration.getPrimaryResult()
                : iteration.getSecondaryResults().get(secondary);
        scores.add(result.getScore() * factor);
      }
    }
    return scores.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private RunResult run(String method, Reviews review) {
    try {
      Collection<RunResult> results =
          new Runner(
                  new OptionsBuilder()
                      .include(ReviewBenchmark.class.getName() + "\\." + method + "$")
                      .param("review", review.name())
                      .jvmArgs(jvmOptions())
                      .addProfiler(GCProfiler.class)
                      .forks(1)
                      .warmupIterations(effort.warmups())
                      .warmupTime(effort.iteration())
                      .measurementIterations(effort.iterations())
                      .measurementTime(effort.iteration())
                      .shouldFailOnError(true)
                      .verbosity(VerboseMode.SILENT)
                      .build())
              .run();
      return results.iterator().next();
    } catch (RunnerException e) {
      throw new IllegalStateException("JMH could not measure " + method, e);
    }
  }

  /**
   * The collector of {@code graft serve}, and its kind of threads; JMH itself uses {@code Unsafe}.
   */
  private String[] jvmOptions() {
    List<String> options = new ArrayList<>(distribution.jvmOptions("io.otelgraft.core"));
    options.add("-XX:+UseSerialGC");
    options.add("-Djmh.executor=VIRTUAL");
    options.add("--sun-misc-unsafe-memory-access=allow");
    return options.toArray(String[]::new);
  }
}
