package io.otelgraft.e2e.demo;

import io.otelgraft.e2e.images.Images;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What {@code ./demo} starts once all is built. */
final class Demo {

  /** What is said at its end, if all that was shown is true. */
  static final String DONE = "done; what was shown is what happened";

  private final Checkout checkout;
  private final Screen screen;
  private final Path logs;
  private volatile boolean ends;

  private Demo(Checkout checkout, Screen screen) {
    this.checkout = checkout;
    this.screen = screen;
    this.logs = checkout.file("target/demo");
  }

  /**
   * Runs the demonstration and ends with 0 if all that it showed is true, else with 1.
   *
   * @param arguments {@code ROOT SECONDS}: the checkout, and how long it took to get here; then any
   *     of {@code --colours}, {@code --keep}, {@code --without LANGUAGE=REASON}
   */
  public static void main(String[] arguments) {
    List<String> given = Arrays.asList(arguments);
    Screen screen =
        new Screen(
            System.out,
            given.contains("--colours"),
            Duration.ofSeconds(Long.parseLong(given.get(1))));
    Demo demo = new Demo(new Checkout(Path.of(given.getFirst())), screen);
    System.exit(demo.run(without(given), given.contains("--keep")) ? 0 : 1);
  }

  /** Says what runs before the story is told. */
  static void introduce(Stage stage, Screen screen) {
    screen.progress(
        "graft serve answers at %s; its certificate is the one that is trusted"
            .formatted(stage.server().podWebhook()));
    screen.progress(
        "an OTLP endpoint listens at %s (gRPC) and %s (HTTP)"
            .formatted(stage.collector().grpc(), stage.collector().http()));
  }

  private static Map<String, String> without(List<String> given) {
    Map<String, String> reasons = new TreeMap<>();
    for (int at = 0; at < given.size() - 1; at++) {
      if (given.get(at).equals("--without")) {
        String[] pair = given.get(at + 1).split("=", 2);
        reasons.put(pair[0], pair.length == 2 ? pair[1] : "as asked");
      }
    }
    return reasons;
  }

  private boolean run(Map<String, String> without, boolean keep) {
    // Whoever stops it does not want to hear that what runs has ended.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ends = true));
    try {
      List<Application> chain = remaining(Application.CHAIN, without);
      List<Application> alone = remaining(Application.ALONE, without);
      Images images = new Images(checkout.file("e2e/images"), screen::progress);
      try (Stage stage = new Stage(checkout, images, chain, alone, logs)) {
        introduce(stage, screen);
        Told told = new Story(checkout, stage, chain, alone, screen).tell();
        screen.line("");
        if (keep) {
          keep(stage, told);
        }
      }
      screen.progress(screen.green(DONE));
      return true;
    } catch (IOException | RuntimeException | LinkageError e) {
      fail(e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<Application> remaining(List<Application> all, Map<String, String> without) {
    List<Application> remaining = new ArrayList<>();
    for (Application application : all) {
      String reason = without.get(application.language());
      if (reason == null) {
        remaining.add(application);
      } else {
        screen.leftOut(application.language(), reason);
      }
    }
    return remaining;
  }

  private void fail(Throwable e) {
    if (ends) {
      return;
    }
    StringWriter all = new StringWriter();
    e.printStackTrace(new PrintWriter(all, true));
    Path log = logs.resolve("failure.log");
    try {
      Files.createDirectories(logs);
      Files.writeString(log, all.toString());
    } catch (IOException unwritten) {
      System.err.print(all);
    }
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    screen.line("");
    screen.progress(
        screen.red("FAILED: " + message) + "; more in " + log + ", and the logs beside it");
  }

  /** Shows what can be asked, and each trace that comes, until the process is ended. */
  private void keep(Stage stage, Told told) {
    screen.progress(screen.bold("All of it runs until Ctrl-C"));
    List<List<String>> rows = new ArrayList<>();
    told.greeters()
        .forEach((application, greeter) ->
            rows.add(
                List.of(
                    application.title(),
                    "curl " + greeter.url() + "/hello/you",
                    told.reports(application) ? "" : screen.dim("# reports nothing"))));
    rows.add(List.of("web page", stage.server().page().toString()));
    rows.add(
        List.of(
            "webhook",
            "curl --cacert %s -d @review.json %s"
                .formatted(stage.server().certificate(), stage.server().podWebhook())));
    rows.add(List.of("resources", stage.resources() + ", watched"));
    rows.add(List.of("plugins", stage.plugins() + ", watched"));
    rows.add(List.of("log", stage.server().log().toString()));
    screen.table(rows);
    screen.line("Each trace is shown as it comes; of requests to Flask, one of ten has one.");
    Blocks blocks = new Blocks(screen);
    Set<String> known = new HashSet<>();
    Trace.of(stage.collector().spans().all()).forEach(trace -> known.add(trace.id()));
    while (true) {
      Trace next =
          stage
              .collector()
              .spans()
              .await(
                  "no trace",
                  spans ->
                      Trace.of(spans).stream()
                          .filter(trace -> trace.isWhole(told.chain().unanswered()))
                          .filter(trace -> !known.contains(trace.id()))
                          .findFirst(),
                  Duration.ofDays(36_500));
      known.add(next.id());
      blocks.trace(next);
    }
  }
}
