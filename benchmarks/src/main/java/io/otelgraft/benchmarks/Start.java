package io.otelgraft.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * How long a server and a command take from the start of the process, with the AOT cache that Graft
 * makes at its first run, and the memory of a server that has nothing to do.
 *
 * @param distribution what is measured
 * @param repetitions how often each
 */
record Start(Distribution distribution, int repetitions) implements Part {

  @Override
  public String name() {
    return "start";
  }

  @Override
  public void measure(Progress progress) {
    serve(progress);
    inject(progress);
  }

  private void serve(Progress progress) {
    progress.step("graft serve, started %d times".formatted(repetitions));
    List<Double> ready = new ArrayList<>();
    List<Double> answered = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    List<Double> proportional = new ArrayList<>();
    try (Workplace workplace = Workplace.open()) {
      for (int i = 0; i < repetitions; i++) {
        try (ServerProcess graft =
            ServerProcess.graft(
                distribution, workplace, distribution.plugins(), workplace.resources())) {
          ready.add(graft.startToReady() / 1e9);
          ServerUnderLoad.answer(workplace, graft, Reviews.ANNOTATED);
          answered.add(graft.sinceStart() / 1e9);
          Memory memory = graft.memory();
          resident.add(memory.resident());
          proportional.add(memory.proportional());
        }
      }
    }
    progress.add(
        Figure.of("start.ready", "graft serve, start to ready", array(ready), Unit.SECONDS)
            .limit(0.8));
    progress.add(
        Figure.of(
            "start.answered", "  start to the first pod injected", array(answered), Unit.SECONDS));
    progress.add(
        Figure.of("start.memory", "  idle after that, RSS", array(resident), Unit.MEBIBYTES)
            .limit(110));
    progress.add(
        Figure.of(
            "start.memory.pss", "  idle after that, PSS", array(proportional), Unit.MEBIBYTES));
  }

  private void inject(Progress progress) {
    progress.step("graft inject, run %d times".formatted(repetitions));
    List<Double> took = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      long start = System.nanoTime();
      String printed =
          Processes.run(
              distribution.command("inject", "-f", distribution.example("flask.yaml").toString()));
      took.add((System.nanoTime() - start) / 1e9);
      if (!printed.contains("PYTHONPATH")) {
        throw new IllegalStateException("graft inject did not inject:\n" + printed);
      }
    }
    progress.add(
        Figure.of("inject", "graft inject, start to finish", array(took), Unit.SECONDS).limit(0.7));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
