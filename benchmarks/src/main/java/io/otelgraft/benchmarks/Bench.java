package io.otelgraft.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code ./bench}: measures Graft, prints its figures beside their limits. */
@Command(
    name = "./bench",
    description = {
      "Measures the Graft of this checkout and prints its figures beside their limits.",
      "Takes less than five minutes, once everything is built. See docs/performance.md."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class Bench implements Callable<Integer> {

  @Option(names = "--json", paramLabel = "FILE", description = "Store the run in FILE, too.")
  private Path json;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description = "Show what differs from the run stored in FILE.")
  private Path compare;

  @Option(
      names = "--fail-slower",
      paramLabel = "PERCENT",
      description =
          "With --compare: fail if a figure is worse by more than that, and by more than the"
              + " noise.")
  private Double failSlower;

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description = "Measure these only: start, load, large, swap, function, image.")
  private List<String> only = List.of();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Option(names = "--help", usageHelp = true, description = "Print this.")
  private boolean help;

  private final PrintStream out = System.out;

  private Bench() {}

  /** Exits with 1 if {@code --fail-slower} found something, or if something cannot be measured. */
  public static void main(String[] arguments) {
    Bench bench = new Bench();
    System.exit(new CommandLine(bench).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Distribution distribution = Distribution.given();
    List<Part> parts = asked(distribution);
    ObjectNode before = compare == null ? null : stored(compare);
    Machine machine = Machine.here();
    out.print(machine.text());
    if (!machine.isQuiet()) {
      out.printf(
          "WARNING: others are using this machine; the figures are worse than on a quiet one%n");
    }
    Progress progress = new Progress(out);
    progress.step("making the AOT caches");
    distribution.makeCaches();
    boolean all = true;
    for (Part part : parts) {
      all &= measured(part, progress);
    }
    progress.step("done");
    Report report = new Report(machine, progress.figures());
    out.printf("%n%s", report.table());
    if (json != null) {
      Files.writeString(json, report.pretty());
    }
    boolean noSlower = isNoSlower(report, before);
    return all && noSlower ? 0 : 1;
  }

  private List<Part> asked(Distribution distribution) {
    List<Part> parts =
        List.of(
            new Start(distribution, 5),
            new ServerUnderLoad(distribution, ServerUnderLoad.Effort.FULL),
            new LargeCluster(distribution, 1_500, Duration.ofSeconds(5)),
            new PluginSwap(distribution, 4, 1_000, Duration.ofSeconds(5)),
            new PureFunction(distribution, PureFunction.Effort.FULL),
            new Image(distribution.image(), 5));
    List<String> names = parts.stream().map(Part::name).toList();
    if (!names.containsAll(only)) {
      throw new ParameterException(
          new CommandLine(this),
          "there is no part %s; the parts are %s"
              .formatted(String.join(",", only), String.join(", ", names)));
    }
    return only.isEmpty()
        ? parts
        : parts.stream().filter(part -> only.contains(part.name())).toList();
  }

  /** Whether it could be measured; if not, it says why, and the other parts are still measured. */
  private boolean measured(Part part, Progress progress) {
    try {
      part.measure(progress);
      return true;
    } catch (IllegalStateException e) {
      progress.step("FAILED: " + part.name() + ": " + e.getMessage());
      return false;
    }
  }

  private boolean isNoSlower(Report report, ObjectNode before) {
    if (before == null) {
      return true;
    }
    out.printf("%nCompared to %s%n%n%s", compare, report.comparedTo(before));
    if (failSlower == null) {
      return true;
    }
    List<String> worse = report.worseThan(before, failSlower / 100);
    worse.forEach(name -> out.printf("worse by more than %.0f %%: %s%n", failSlower, name));
    return worse.isEmpty();
  }

  private ObjectNode stored(Path file) throws IOException {
    try {
      return Json.read(Files.readAllBytes(file));
    } catch (DocumentException e) {
      throw new ParameterException(
          new CommandLine(this), file + " is no run that --json stored: " + e.getMessage());
    }
  }
}
