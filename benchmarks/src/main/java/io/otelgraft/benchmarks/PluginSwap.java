package io.otelgraft.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * A plugin's jar is replaced while reviews come at a fixed rate: until when the old one answers,
 * how long answers take meanwhile, whether one is wrong.
 *
 * @param distribution what is measured
 * @param swaps how often
 * @param perSecond how many reviews come
 * @param each how long they come for each swap
 */
record PluginSwap(Distribution distribution, int swaps, int perSecond, Duration each)
    implements Part {

  private static final int CONNECTIONS = 8;
  private static final String JAR = "graft-lang-java.jar";

  /** The image that the plugin comes with; its tag is a constant of the jar. */
  private static final Pattern IMAGE = Pattern.compile("autoinstrumentation-java:([0-9.]+)\"");

  private static final String OTHER_TAG = "0.0.0-bench";

  @Override
  public String name() {
    return "swap";
  }

  @Override
  public void measure(Progress progress) {
    try (Workplace workplace = Workplace.open()) {
      Path plugins = copy(distribution.plugins(), workplace.folder().resolve("plugins"));
      try (ServerProcess graft =
          ServerProcess.graft(distribution, workplace, plugins, workplace.resources())) {
        byte[] answer = ServerUnderLoad.answer(workplace, graft, Reviews.ANNOTATED);
        String tag = tag(answer);
        Version old = new Version(read(plugins.resolve(JAR)), answer);
        Version other =
            new Version(
                PluginJar.withConstant(plugins.resolve(JAR), tag, OTHER_TAG),
                retagged(answer, tag));
        progress.step(
            "a plugin replaced %d times under %,d pods a second".formatted(swaps, perSecond));
        List<Swap> all = new ArrayList<>();
        for (int i = 0; i < swaps; i++) {
          Swap swap = i % 2 == 0 ? new Swap(old, other) : new Swap(other, old);
          swap.run(workplace, graft, plugins);
          all.add(swap);
        }
        report(progress, all);
      }
    }
  }

  private void report(Progress progress, List<Swap> all) {
    progress.add(
        Figure.of(
            "swap.takes",
            "plugin replaced, until it answers",
            all.stream().mapToDouble(swap -> swap.took() / 1e9).toArray(),
            Unit.SECONDS));
    for (double percentile : new double[] {50, 99, 100}) {
      String name = percentile == 100 ? "max" : "p%.0f".formatted(percentile);
      progress.add(
          Figure.of(
              "swap." + name,
              "  %s, %,d/s at fixed times".formatted(name, perSecond),
              all.stream().mapToDouble(swap -> swap.millis(percentile)).toArray(),
              Unit.MILLISECONDS));
    }
    progress.add(
        Figure.of(
                "swap.wrong",
                "  wrong answers",
                all.stream().mapToInt(Swap::wrong).sum(),
                Unit.ERRORS)
            .limit(0));
  }

  /** A version of the plugin, and what Graft answers with it. */
  private static final class Version {
    private final byte[] jar;
    private final byte[] answer;

    Version(byte[] jar, byte[] answer) {
      this.jar = jar;
      this.answer = answer;
    }

    boolean gives(Exchange.Answer given) {
      return given.status() == 200 && Arrays.equals(given.body(), answer);
    }
  }

  /** One replacement. */
  private final class Swap implements PacedLoad.Listener {
    private final Version from;
    private final Version to;
    private final Histogram micros = new Histogram(3);
    private final CompletableFuture<Long> answered = new CompletableFuture<>();
    private long moved;
    private int wrong;

    Swap(Version from, Version to) {
      this.from = from;
      this.to = to;
    }

    void run(Workplace workplace, ServerProcess graft, Path plugins) {
      PacedLoad load = new PacedLoad(workplace.credentials(), CONNECTIONS, perSecond);
      CompletableFuture<Void> running =
          CompletableFuture.runAsync(
              () -> load.run(graft, ServerUnderLoad.PODS, Reviews.ANNOTATED, each, this));
      Path ready = workplace.newFile("plugin", ".jar");
      try {
        Files.write(ready, to.jar);
        TimeUnit.MILLISECONDS.sleep(each.toMillis() / 5);
        moved = System.nanoTime();
        // By rename, so that nobody reads half of it.
        Files.move(ready, plugins.resolve(JAR), StandardCopyOption.ATOMIC_MOVE);
        running.get();
        answered.get(0, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        throw new IllegalStateException(
            "the new plugin did not answer within " + each + "; Graft printed:\n" + graft.printed(),
            e);
      } catch (IOException | ExecutionException e) {
        throw new IllegalStateException("a plugin could not be replaced under load", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }

    @Override
    public synchronized void answered(long planned, long sent, long at, Exchange.Answer answer) {
      micros.recordValue((at - planned) / 1000);
      if (to.gives(answer)) {
        answered.complete(at);
      } else if (!from.gives(answer) || (answered.isDone() && sent > answered.join())) {
        // Neither of the two, or the old one although the new one had answered before it was asked.
        wrong++;
      }
    }

    /** From the replacement until the new version's first answer, in ns. */
    long took() {
      return answered.join() - moved;
    }

    double millis(double percentile) {
      return micros.getValueAtPercentile(percentile) / 1000.0;
    }

    int wrong() {
      return wrong;
    }
  }

  private static String tag(byte[] answer) {
    Matcher image = IMAGE.matcher(patch(Json.read(answer)));
    if (!image.find()) {
      throw new IllegalStateException("no image of the plugin's own in the patch");
    }
    return image.group(1);
  }

  private static String patch(JsonNode review) {
    return new String(
        Base64.getDecoder().decode(review.path("response").path("patch").asText()), UTF_8);
  }

  private static byte[] retagged(byte[] answer, String tag) {
    ObjectNode review = Json.read(answer);
    String patch = patch(review).replace(":" + tag + "\"", ":" + OTHER_TAG + "\"");
    ((ObjectNode) review.path("response"))
        .put("patch", Base64.getEncoder().encodeToString(patch.getBytes(UTF_8)));
    return Json.write(review);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path copy(Path folder, Path to) {
    try (Stream<Path> files = Files.list(folder)) {
      Files.createDirectory(to);
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
