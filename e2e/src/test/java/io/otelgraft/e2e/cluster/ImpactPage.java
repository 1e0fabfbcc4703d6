package io.otelgraft.e2e.cluster;

import io.otelgraft.e2e.cluster.Impact.Delivery;
import io.otelgraft.e2e.cluster.Impact.Language;
import io.otelgraft.e2e.cluster.Impact.Run;
import io.otelgraft.e2e.cluster.Impact.Sampled;
import io.otelgraft.e2e.cluster.MeasuredPod.Init;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;

/** The page {@code docs/performance-impact.md}, of what was measured. */
final class ImpactPage {

  private static final double MIB = 1024 * 1024;
  private static final double MICROS = 1e6;
  private static final String NONE = "–";

  private final Impact impact;

  private ImpactPage(Impact impact) {
    this.impact = impact;
  }

  /**
   * Writes it.
   *
   * @param machine where and when it was measured, in a sentence
   * @param load how pods were asked once they were warm
   */
  static String of(Impact impact, String machine, Meter.Load load) {
    return new ImpactPage(impact).text(machine, load);
  }

  private String text(String machine, Meter.Load load) {
    return """
    # What injection costs a pod

    The tables of the specification's "Performance Impact", measured. This page is written by

        ./mvnw verify -pl e2e -am -Dtest=NoSuch -Dit.test=ImpactClusterIT -Dgraft.e2e.impact=write \\
          -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

    which takes 12 minutes; nothing else should run meanwhile. %s
    Others than the pod that was measured and who asked it took %s %% of the processors at that time, in the median, the cluster
    itself and the Collector among them. **Where that is more than 25 %%, only the order of magnitude of starts and CPU says
    something**; memory and sizes hardly depend on it.

    Each pod is a greeter of `e2e/manifests` with the language's real agent, as Graft injects it with the agent's own
    settings, beside the same pod without. The applications do next to nothing with a request, so that **percentages are
    those of the worst case**: what an application of one's own pays is the time per request, and the memory. Agents: %s.

    ## Memory

    MiB, every request sampled. The init container's is its peak: nearly all of it is the cache of the files that it copies, which
    the kernel drops when memory is short. It has ended before the application starts, so that no pod ever needs the total at
    once; it is there as the specification has it.

    | language, delivery | init container | runtime overhead | total per pod |
    |---|---|---|---|
    %s

    ## CPU

    Beside the same pod without an agent; delivery by copy (Go: a sidecar). Of the init container, it is the average of
    thousandths of a processor while it runs.

    | language | phase | CPU usage | duration |
    |---|---|---|---|
    %s

    ## Start

    Seconds and MiB: the median of %d pods, and ± half of what is between the smallest and the largest.

    | language | delivery | agent's image | init container runs | … CPU | … peak memory | pod begins to process starts | process starts to first answer | all of it | added |
    |---|---|---|---|---|---|---|---|---|---|
    %s

    - **Agent's image**: as the node's container engine stores it, here in layers that are not compressed, of the agent and a busybox.
    - **Init container**: its own times, as the CRI has them; CPU and peak as they were read last, every 2 ms. Its CPU is limited to
      half a processor by Graft's defaults.
    - **Pod begins to process starts**: from the pod's cgroup, the first that the kubelet makes, until the CRI notes that the
      application's container has started. The kubelet looks once a second which containers have ended, so that any init
      container costs up to a second beside its own time. Images are on the node: nothing is pulled.
    - **First answer**: the application is asked every 2 ms. Go's answers within the milliseconds that it takes to note its
      start, and does not wait for its agent, which attaches later.

    ## Requests

    One client, one request after the other; %d times %d seconds after a warm-up. Memory in MiB after all of them, CPU in
    microseconds per request: the median, and ± half of what is between the smallest and the largest of these times.

    | language | delivery | sampled | resident memory | added | with the cache of files | CPU per request | added | spans per request |
    |---|---|---|---|---|---|---|---|---|
    %s

    - **All is the whole pod's**, by its cgroup: application, agent, sandbox; of Go the sidecar, too.
    - **Resident memory** is what cannot be dropped. With the cache of files: copied agents are in each pod's, mounted ones are once
      on the node, accounted to the pod that read them first.
    - **Spans per request** are those that reached the Collector. Some agents report each step of the framework as well (Node.js: four
      spans). Asked as fast as it answers, an agent whose queue is full lets spans go: where there are fewer than were sampled, its
      figures are lower than those of one that loses nothing.
    """
        .formatted(
            machine,
            number(100 * others()),
            versions(),
            memory(),
            cpu(),
            impact.runs().stream().map(Run::sampled).distinct().count(),
            start(),
            load.repetitions(),
            load.each(),
            requests());
  }

  private double others() {
    return Figure.of(impact.runs().stream().map(run -> run.pod().others()).toList()).median();
  }

  private String versions() {
    StringJoiner versions = new StringJoiner(", ");
    for (Language language : impact.languages()) {
      versions.add(language.title() + " " + language.version());
    }
    return versions.toString();
  }

  private String memory() {
    List<String> rows = new ArrayList<>();
    for (Language language : impact.languages()) {
      double without = resident(language, Delivery.NONE).median();
      for (Delivery delivery : language.deliveries()) {
        MeasuredPod pod = impact.run(language, delivery, Sampled.ALL).pod();
        double init = pod.init().map(each -> each.peak() / MIB).orElse(0.0);
        double overhead = pod.resident() / MIB - without;
        rows.add(
            row(
                language.title() + ", " + delivery.title(),
                init == 0 ? NONE : number(init),
                number(overhead),
                number(init + overhead)));
      }
    }
    return String.join("\n", rows);
  }

  private Figure resident(Language language, Delivery delivery) {
    return impact.figure(language, delivery, pod -> pod.resident() / MIB);
  }

  private String cpu() {
    List<String> rows = new ArrayList<>();
    for (Language language : impact.languages()) {
      Delivery delivery = language.deliveries().getFirst();
      if (delivery == Delivery.COPY) {
        Figure time = init(language, Init::time);
        rows.add(
            row(
                language.title(),
                "init container",
                number(1000 * init(language, Init::cpu).median() / time.median()) + "m",
                number(time.median()) + " s"));
      }
      rows.add(
          row(
              language.title(),
              "application startup",
              added(
                  impact.figure(language, delivery, MeasuredPod::startCpu).median(),
                  impact.figure(language, Delivery.NONE, MeasuredPod::startCpu).median()),
              signed(
                      impact.figure(language, delivery, MeasuredPod::untilAnswered).median()
                          - impact
                              .figure(language, Delivery.NONE, MeasuredPod::untilAnswered)
                              .median())
                  + " s"));
      double without = impact.cpuPerRequest(language).median();
      for (Sampled sampled : List.of(Sampled.ALL, Sampled.TENTH, Sampled.NONE)) {
        if (impact.runs().stream().anyMatch(run -> run.sampled() == sampled)) {
          double with =
              Figure.of(impact.run(language, delivery, sampled).pod().cpuPerRequest()).median();
          rows.add(
              row(
                  language.title(),
                  "steady state, %d %% sampled".formatted(sampled.percent()),
                  "%s: %s µs per request"
                      .formatted(added(with, without), signed(MICROS * (with - without))),
                  "continuous"));
        }
      }
    }
    return String.join("\n", rows);
  }

  private Figure init(Language language, ToDoubleFunction<Init> measured) {
    return impact.figure(
        language, Delivery.COPY, pod -> measured.applyAsDouble(pod.init().orElseThrow()));
  }

  private String start() {
    List<String> rows = new ArrayList<>();
    for (Language language : impact.languages()) {
      rows.add(start(language, Delivery.NONE));
      for (Delivery delivery : language.deliveries()) {
        rows.add(start(language, delivery));
      }
    }
    return String.join("\n", rows);
  }

  private String start(Language language, Delivery delivery) {
    boolean copied = delivery == Delivery.COPY;
    Figure all = impact.figure(language, delivery, ImpactPage::all);
    Figure without = impact.figure(language, Delivery.NONE, ImpactPage::all);
    boolean none = delivery == Delivery.NONE;
    return row(
        language.title(),
        delivery.title(),
        none ? NONE : number(impact.imageSizeOf(language) / MIB),
        copied ? figure(init(language, Init::time)) : NONE,
        copied ? figure(init(language, Init::cpu)) : NONE,
        copied ? figure(init(language, init -> init.peak() / MIB)) : NONE,
        figure(impact.figure(language, delivery, MeasuredPod::untilStarted)),
        figure(impact.figure(language, delivery, MeasuredPod::untilAnswered)),
        figure(all),
        none ? NONE : signed(all.median() - without.median()));
  }

  private static double all(MeasuredPod pod) {
    return pod.untilStarted() + pod.untilAnswered();
  }

  private String requests() {
    List<String> rows = new ArrayList<>();
    for (Language language : impact.languages()) {
      Figure resident = resident(language, Delivery.NONE);
      Figure cpu = impact.cpuPerRequest(language);
      rows.add(
          row(
              language.title(),
              Delivery.NONE.title(),
              NONE,
              figure(resident),
              NONE,
              figure(impact.figure(language, Delivery.NONE, pod -> pod.memory() / MIB)),
              micros(cpu),
              NONE,
              NONE));
      for (Delivery delivery : language.deliveries()) {
        for (Run run : impact.runs()) {
          if (run.language() == language && run.delivery() == delivery) {
            rows.add(requests(run, resident.median(), cpu.median()));
          }
        }
      }
    }
    return String.join("\n", rows);
  }

  private static String requests(Run run, double residentWithout, double cpuWithout) {
    double resident = run.pod().resident() / MIB;
    Figure cpu = Figure.of(run.pod().cpuPerRequest());
    return row(
        run.language().title(),
        run.delivery().title(),
        run.sampled().percent() + " %",
        number(resident),
        signed(resident - residentWithout),
        number(run.pod().memory() / MIB),
        micros(cpu),
        signed(MICROS * (cpu.median() - cpuWithout)),
        number(run.spansPerRequest()));
  }

  private static String micros(Figure seconds) {
    return figure(new Figure(MICROS * seconds.median(), MICROS * seconds.spread()));
  }

  private static String figure(Figure figure) {
    return number(figure.median()) + " ± " + number(figure.spread());
  }

  private static String added(double with, double without) {
    return signed(Math.rint(100 * (with / without - 1))) + " %";
  }

  private static String signed(double number) {
    return (number < 0 ? "−" : "+") + number(Math.abs(number));
  }

  /** With as many digits as mean something. */
  private static String number(double number) {
    boolean whole = Math.abs(number) >= 10 || number == Math.rint(number);
    String text = String.format(Locale.ROOT, whole ? "%.0f" : "%.2f", number);
    return text.replace("-0.00", "0.00");
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
