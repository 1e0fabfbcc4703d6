package io.otelgraft.runtime.watch;

import static io.otelgraft.runtime.watch.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FileWatchTest {

  /** Looks so seldom that what is noticed comes from an event. */
  private static final FileWatch.Pace BY_EVENTS =
      new FileWatch.Pace(
          Duration.ofMillis(40), Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofHours(1));

  private static final FileWatch.Pace BY_LOOKING =
      new FileWatch.Pace(
          Duration.ofMillis(40), Duration.ofMinutes(5), Duration.ofMillis(10), Duration.ofHours(1));

  /** How changes are noticed: where the file system tells of them, and where it does not. */
  enum Noticed {
    BY_EVENTS {
      @Override
      FileWatch start() throws IOException {
        WatchService events = FileSystems.getDefault().newWatchService();
        return FileWatch.start(FileWatchTest.BY_EVENTS, events);
      }
    },
    BY_LOOKING {
      @Override
      FileWatch start() {
        return FileWatch.start(FileWatchTest.BY_LOOKING, null);
      }
    };

    abstract FileWatch start() throws IOException;
  }

  @TempDir private Path folder;
  private FileWatch watch;

  /** What the file held at each time that a change was told; empty while there is none. */
  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    if (watch != null) {
      watch.close();
    }
  }

  private void watch(Noticed noticed, Path file) throws IOException {
    watch = noticed.start();
    tell(file, file.getParent());
  }

  /** Has the content of the first told whenever one of them changes. */
  private void tell(Path... files) {
    watch.watch(
        "a file",
        () -> List.of(files),
        () -> {
          told.add(content(files[0]));
          return true;
        });
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private String next() throws InterruptedException {
    return told.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void one_that_cannot_say_where_its_files_are_does_not_end_the_watching_of_others()
      throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "1");
    watch = Noticed.BY_LOOKING.start();
    AtomicInteger asked = new AtomicInteger();
    watch.watch(
        "files that fail",
        () -> {
          if (asked.incrementAndGet() > 1) {
            throw new IllegalStateException("no longer");
          }
          return List.of();
        },
        () -> true);
    tell(file);
    eventually(() -> assertThat(asked).hasValueGreaterThan(3));

    Files.writeString(file, "22");

    assertThat(next()).isEqualTo("22");
  }

  @ParameterizedTest
  @EnumSource
  void a_file_is_edited_replaced_deleted_and_comes_again(Noticed noticed) throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "1");
    watch(noticed, file);

    Files.writeString(file, "22");
    assertThat(next()).isEqualTo("22");
    Files.move(Files.writeString(folder.resolve("tmp"), "33"), file, ATOMIC_MOVE);
    assertThat(next()).isEqualTo("33");
    Files.delete(file);
    assertThat(next()).isEmpty();
    Files.writeString(file, "4");
    assertThat(next()).isEqualTo("4");
  }

  @ParameterizedTest
  @EnumSource
  void a_mounted_volume_swaps_its_links(Noticed noticed) throws Exception {
    MountedVolume volume = new MountedVolume(folder);
    volume.update(Map.of("a", "1".getBytes(UTF_8)));
    watch(noticed, folder.resolve("a"));

    for (String content : List.of("2", "3", "4")) {
      volume.update(Map.of("a", content.getBytes(UTF_8)));
      assertThat(next()).isEqualTo(content);
    }
  }

  @Test
  void what_is_still_being_written_is_left_alone() throws Exception {
    // Longer than a busy machine keeps the writer waiting between two writes.
    FileWatch.Pace patient =
        new FileWatch.Pace(
            Duration.ofSeconds(2),
            Duration.ofMinutes(5),
            Duration.ofMillis(10),
            Duration.ofHours(1));
    Path file = Files.writeString(folder.resolve("a"), "");
    watch = FileWatch.start(patient, null);
    tell(file);

    try (OutputStream slow = Files.newOutputStream(file)) {
      for (int i = 0; i < 30; i++) {
        slow.write('x');
        slow.flush();
        TimeUnit.MILLISECONDS.sleep(5); // A slow writer is what this is about.
      }
    }

    assertThat(next()).isEqualTo("x".repeat(30));
  }

  @Test
  void a_folder_is_deleted_with_all_that_is_in_it_and_comes_back() throws Exception {
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Path file = Files.writeString(sub.resolve("a"), "1");
    watch(Noticed.BY_LOOKING, file);

    Files.delete(file);
    Files.delete(sub);
    eventually(() -> assertThat(told).contains(""));
    told.clear();
    Files.createDirectory(sub);
    Files.writeString(file, "2");
    eventually(() -> assertThat(told).contains("2"));
  }

  @Test
  void events_come_again_from_a_folder_that_was_replaced() throws Exception {
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Path file = Files.writeString(sub.resolve("a"), "1");
    watch(Noticed.BY_EVENTS, file);
    // The folder around it is watched too, or nothing would tell that the new one has come.
    watch.watch("around", () -> List.of(folder, sub), () -> true);

    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(other.resolve("a"), "2");
    Files.move(sub, folder.resolve("old"));
    Files.move(other, sub);
    eventually(() -> assertThat(told).contains("2"));
    Files.writeString(file, "33");
    eventually(() -> assertThat(told).contains("33"));
  }

  @Test
  void a_file_that_never_rests_is_told_all_the_same() throws Exception {
    FileWatch.Pace impatient =
        new FileWatch.Pace(
            Duration.ofSeconds(1),
            Duration.ofMillis(50),
            Duration.ofMillis(10),
            Duration.ofHours(1));
    Path file = Files.writeString(folder.resolve("a"), "1");
    watch = FileWatch.start(impatient, FileSystems.getDefault().newWatchService());
    CountDownLatch changed = new CountDownLatch(1);
    watch.watch(
        "a file",
        () -> List.of(file),
        () -> {
          changed.countDown();
          return true;
        });

    for (int i = 0; changed.getCount() > 0 && i < 4_000; i++) {
      Files.writeString(file, "x".repeat(i % 100));
      TimeUnit.MILLISECONDS.sleep(5); // The writer's pace.
    }

    assertThat(changed.getCount()).isZero();
  }

  @Test
  void a_change_is_told_again_since_another_may_leave_no_trace() throws Exception {
    FileWatch.Pace confirming =
        new FileWatch.Pace(
            Duration.ofMillis(20),
            Duration.ofMinutes(5),
            Duration.ofMillis(10),
            Duration.ofMillis(300));
    Path file = Files.writeString(folder.resolve("a"), "1");
    watch = FileWatch.start(confirming, null);
    tell(file);

    Files.writeString(file, "22");
    assertThat(next()).isEqualTo("22");
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "33");
    Files.setLastModifiedTime(file, time);
    eventually(() -> assertThat(told).contains("33"));
  }

  @Test
  void one_that_could_not_read_all_is_told_until_it_could() throws Exception {
    FileWatch.Pace confirming =
        new FileWatch.Pace(
            Duration.ofMillis(10),
            Duration.ofMinutes(5),
            Duration.ofMillis(5),
            Duration.ofMillis(10));
    Path file = Files.writeString(folder.resolve("a"), "1");
    AtomicInteger times = new AtomicInteger();
    watch = FileWatch.start(confirming, null);
    watch.watch("a file", () -> List.of(file), () -> times.incrementAndGet() == 5);

    Files.writeString(file, "22");

    eventually(() -> assertThat(times).hasValue(5));
  }

  @Test
  void the_failure_of_one_does_not_end_the_watching_for_the_others() throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "1");
    watch = Noticed.BY_LOOKING.start();
    watch.watch(
        "one that fails",
        () -> List.of(file),
        () -> {
          throw new StackOverflowError();
        });
    tell(file);

    Files.writeString(file, "22");
    assertThat(next()).isEqualTo("22");
    Files.writeString(file, "3");
    assertThat(next()).isEqualTo("3");
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_told_after_the_end_and_no_thread_stays(Noticed noticed) throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "1");
    watch(noticed, file);

    watch.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("file-watch");
    Files.writeString(file, "22");
    assertThat(told).isEmpty();
  }
}
