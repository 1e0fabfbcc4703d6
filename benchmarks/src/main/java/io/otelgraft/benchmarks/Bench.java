package io.otelgraft.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
      description = "Measure these only: function.")
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
    List<Part> parts = List.of(new PureFunction(distribution, PureFunction.Effort.FULL));
    ObjectNode before = compare == null ? null : stored(compare);
    Machine machine = Machine.here();
    out.print(machine.text());
    if (!machine.isQuiet()) {
      out.printf(
          "WARNING: others are using this machine; the figures are worse than on a quiet one%n");
    }
    Progress progress = new Progress(out);
    for (Part part : parts) {
      if (only.isEmpty() || only.contains(part.name())) {
        part.measure(progress);
      }
    }
    progress.step("done");
    Report report = new Report(machine, progress.figures());
    out.print(report.table());
    if (json != null) {
      Files.writeString(json, report.pretty());
    }
    if (before == null) {
      return 0;
    }
    out.printf("%nCompared to %s%n%n%s", compare, report.comparedTo(before));
    if (failSlower == null) {
      return 0;
    }
    List<String> worse = report.worseThan(before, failSlower / 100);
    worse.forEach(name -> out.printf("worse by more than %.0f %%: %s%n", failSlower, name));
    return worse.isEmpty() ? 0 : 1;
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
