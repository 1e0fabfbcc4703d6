package io.otelgraft.e2e.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.e2e.Finished;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./demo} as its users start it. What it tells is {@link DemoIT}'s. */
class DemoCommandIT {

  private static final Checkout CHECKOUT = new Checkout(Path.of("..").toAbsolutePath().normalize());
  private static final long SECONDS = 180;

  /** By which it knows that it need not build. */
  private final Path built = CHECKOUT.file("target/demo/built");

  private Optional<FileTime> builtBefore = Optional.empty();

  /** Maven has built all of it just now, and is not to be started by itself. */
  @BeforeEach
  void all_is_built() throws IOException {
    if (Files.exists(built)) {
      builtBefore = Optional.of(Files.getLastModifiedTime(built));
    } else {
      Files.createDirectories(built.getParent());
      Files.createFile(built);
    }
    Files.setLastModifiedTime(built, FileTime.from(Instant.now()));
  }

  @AfterEach
  void what_is_known_to_be_built_is_as_before() throws IOException {
    if (builtBefore.isPresent()) {
      Files.setLastModifiedTime(built, builtBefore.get());
    } else {
      Files.delete(built);
    }
  }

  private static List<String> languages() {
    Finished prepare =
        Finished.run(
            new ProcessBuilder(CHECKOUT.file("e2e/prepare").toString(), "--languages"), "");
    return List.of(prepare.output().strip().split(" "));
  }

  @Test
  void kept_it_runs_until_Ctrl_C_without_the_languages_that_are_left_out() throws Exception {
    // In a group of its own, which takes SIGINT also where whoever runs this does not.
    List<String> command =
        new ArrayList<>(
            List.of("env", "--default-signal=INT", "setsid", CHECKOUT.file("demo").toString()));
    command.add("--keep");
    languages().forEach(language -> command.addAll(List.of("--without", language)));
    Process demo = new ProcessBuilder(command).redirectErrorStream(true).start();
    Printed printed = new Printed(demo);
    try {
      printed.await("Each trace is shown as it comes");
      assertThat(printed.text())
          .contains("One trace through Java\n", "All of it runs until Ctrl-C")
          .doesNotContain("FAILED");
      for (String language : languages()) {
        assertThat(printed.text()).contains("left out: " + language + ": as asked\n");
      }
      for (Application application : Application.ALONE) {
        assertThat(printed.text()).doesNotContain(application.title() + ", e2e/manifests");
      }

      int shown = printed.text().length();
      assertThat(get(printed.found("curl (http://\\S+/hello/you)"))).contains("Java greets you");
      printed.await("greeter-java", shown, "trace ");
      assertThat(get(printed.found("web page +(http://\\S+)"))).contains("<html");
      Path resources = Path.of(printed.found("resources +(/\\S+), watched"));
      assertThat(resources).isNotEmptyDirectory();
      List<ProcessHandle> running = demo.descendants().toList();
      assertThat(running).as("graft serve and the pod's").hasSizeGreaterThanOrEqualTo(2);

      // As a terminal does, to all that runs in it.
      Finished.run(new ProcessBuilder("sh", "-c", "kill -INT -" + demo.pid()), "");

      assertThat(demo.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(demo.exitValue()).as("ended by SIGINT").isEqualTo(130);
      assertThat(running).noneMatch(ProcessHandle::isAlive);
      assertThat(resources).doesNotExist();
      assertThat(CHECKOUT.file("target/demo/graft-serve.log")).isNotEmptyFile();
      assertThat(printed.text()).doesNotContain("FAILED");
    } finally {
      demo.descendants().forEach(ProcessHandle::destroyForcibly);
      demo.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--frobnicate, '--frobnicate is none of --keep, --without LANGUAGE, --help'",
    "go, 'go is none of --keep, --without LANGUAGE, --help'",
    "--without, --without needs one of: LANGUAGES",
    "--without cobol, --without needs one of: LANGUAGES",
    "--without java, --without needs one of: LANGUAGES",
    "'--without go --keep --without', --without needs one of: LANGUAGES",
  })
  void what_it_does_not_know_is_one_line_that_says_what_it_knows(String options, String told) {
    List<String> command = new ArrayList<>(List.of(CHECKOUT.file("demo").toString()));
    command.addAll(List.of(options.split(" ")));

    Finished demo = Finished.run(new ProcessBuilder(command), "");

    assertThat(demo.exit()).isEqualTo(2);
    assertThat(demo.output()).isEmpty();
    assertThat(demo.errors())
        .isEqualTo(
            told.replace("LANGUAGES", String.join(" ", languages()))
                + "; ./demo --help says more\n");
  }

  @Test
  void asked_for_help_it_says_what_it_shows_and_each_option() {
    Finished demo =
        Finished.run(new ProcessBuilder(CHECKOUT.file("demo").toString(), "--help"), "");

    assertThat(demo.exit()).isZero();
    assertThat(demo.output())
        .startsWith("Shows Graft at work")
        .contains("./demo --keep ", "./demo --without LANGUAGE ");
  }

  private static String get(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
          .body();
    }
  }

  /** What a process prints, as it comes. */
  private static final class Printed {

    private final StringBuilder text = new StringBuilder();
    private boolean ended;

    Printed(Process process) {
      BufferedReader reader = process.inputReader(UTF_8);
      Thread.ofVirtual()
          .start(() -> {
            try (reader) {
              for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
              }
            } catch (IOException e) {
              add("nothing more could be read: " + e);
            }
            end();
          });
    }

    private synchronized void add(String line) {
      text.append(line).append('\n');
      notifyAll();
    }

    private synchronized void end() {
      ended = true;
      notifyAll();
    }

    synchronized String text() {
      return text.toString();
    }

    /** The first group of what matches. */
    String found(String pattern) {
      Matcher matcher = Pattern.compile(pattern).matcher(text());
      assertThat(matcher.find()).as(pattern + " in " + text()).isTrue();
      return matcher.group(1);
    }

    void await(String wanted) throws InterruptedException, TimeoutException {
      await(wanted, 0, wanted);
    }

    /** Waits until both have come after so many characters. */
    synchronized void await(String wanted, int from, String also)
        throws InterruptedException, TimeoutException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (text.indexOf(wanted, from) < 0 || text.indexOf(also, from) < 0) {
        long left = end - System.nanoTime();
        if (left <= 0 || ended) {
          throw new TimeoutException("no " + wanted + " in " + text);
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    }
  }
}
