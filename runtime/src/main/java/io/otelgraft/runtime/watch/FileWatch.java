package io.otelgraft.runtime.watch;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;
import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Tells when files have changed and are at rest again.
 *
 * <p>What counts is a look at what the files are: number, size and time of what each path leads to,
 * through all links. So it makes no difference whether a file is edited, replaced by renaming, or
 * comes with a mounted ConfigMap or Secret, whose links are swapped, nor whether the file system
 * tells of changes. Where it does, through {@link WatchService}, the look follows at once; it comes
 * every two seconds in any case.
 *
 * <p>A change is told once nothing has changed for a tenth of a second, or at the latest after five
 * seconds, and again after another three: a second edit within the clock's grain that keeps the
 * size leaves no trace. So whoever is told compares what is in the files; being told has to be
 * cheap.
 *
 * <p>All that happens on one thread, that of a platform: a network file system that does not answer
 * would hold one of the few carriers of virtual threads. Thread-safe.
 */
public final class FileWatch implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(FileWatch.class.getName());

  /**
   * How fast it goes.
   *
   * @param quiet how long nothing may have changed before a change is told
   * @param patience after how long a change is told even if it goes on
   * @param period how long until the next look if no event comes
   * @param confirmation how long after a change it is told again
   */
  record Pace(Duration quiet, Duration patience, Duration period, Duration confirmation) {
    static final Pace STANDARD =
        new Pace(
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3));
  }

  private final Pace pace;

  /** Null where there is none. */
  private final WatchService events;

  private final List<Watched> watched = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private FileWatch(Pace pace, WatchService events) {
    this.pace = pace;
    this.events = events;
    this.thread = Thread.ofPlatform().daemon().name("file-watch").unstarted(this::run);
  }

  /** Starts to watch nothing as yet. */
  public static FileWatch start() {
    WatchService events = null;
    try {
      events = FileSystems.getDefault().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      // On Linux: fs.inotify.max_user_instances, which all containers of a user on a node share.
      LOG.log(
          INFO,
          "changes of files are noticed within "
              + Pace.STANDARD.period.toSeconds()
              + " s, not at once: "
              + e.getMessage());
    }
    return start(Pace.STANDARD, events);
  }

  static FileWatch start(Pace pace, WatchService events) {
    FileWatch watch = new FileWatch(pace, events);
    watch.thread.start();
    return watch;
  }

  /**
   * Watches files from now on, until the watch is closed. Call it before the files are read for the
   * first time: then no change falls in between.
   *
   * @param what what to call them in the log
   * @param paths the files, and the folders in which others may appear; asked at every look. What
   *     does not exist may come
   * @param changed is told of changes, on the watch's thread; gives whether it could read all, and
   *     is told again after a while if not: a file whose permissions are mended looks as before
   */
  public void watch(
      String what, Supplier<? extends Collection<Path>> paths, BooleanSupplier changed) {
    watched.add(new Watched(what, paths, changed));
  }

  /** Ends the watching; waits a little for what is just being told. Nothing is told afterwards. */
  @Override
  public void close() {
    closed.countDown();
    try {
      if (events != null) {
        events.close();
      }
      // Not interrupted: that would end whatever file a listener reads.
      thread.join(pace.patience);
    } catch (IOException e) {
      LOG.log(DEBUG, "cannot end the events of files", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      Duration next = Duration.ZERO;
      while (!waitForEvents(next)) {
        next = pace.period;
        for (Watched one : watched) {
          Duration wanted = one.lookWithoutFail();
          next = wanted.compareTo(next) < 0 ? wanted : next;
        }
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      // Closed; nobody else interrupts this thread.
    }
  }

  /** Waits until it is time to look; true when the watch was closed. */
  private boolean waitForEvents(Duration atMost) throws InterruptedException {
    if (events == null) {
      return closed.await(atMost.toNanos(), NANOSECONDS);
    }
    WatchKey key = events.poll(atMost.toNanos(), NANOSECONDS);
    if (key == null) {
      return closed.getCount() == 0;
    }
    // They come in bursts, and one look is enough for all of them.
    boolean ended = closed.await(pace.quiet.toNanos() / 4, NANOSECONDS);
    while (key != null) {
      key.pollEvents();
      key.reset();
      key = events.poll();
    }
    return ended;
  }

  /** Some files, and what is known of them. Used by the thread alone, once it is made. */
  private final class Watched {
    private final String what;
    private final Supplier<? extends Collection<Path>> paths;
    private final BooleanSupplier changed;

    private Map<Path, Stamp> stamps;
    private Map<Path, WatchKey> keys = Map.of();

    /** Whether there is a change to tell, which was first and last seen at these times. */
    private boolean changing;

    private long firstSeen;
    private long lastSeen;

    /** Whether to tell of it once more, and when. */
    private boolean confirming;

    private long confirmation;
    private String lastFailure = "";

    Watched(String what, Supplier<? extends Collection<Path>> paths, BooleanSupplier changed) {
      this.what = what;
      this.paths = paths;
      this.changed = changed;
      this.stamps = stamps();
      register(stamps);
    }

    /** As {@link #look}; what goes wrong must not end the watching for all. */
    Duration lookWithoutFail() {
      try {
        return look();
      } catch (ClosedWatchServiceException e) {
        throw e;
      } catch (RuntimeException | Error e) {
        logOnce("failed to look for changes of " + what, e);
        return pace.period;
      }
    }

    /**
     * Looks for changes and tells of them.
     *
     * @return after how long to look again, at the latest
     */
    Duration look() {
      Map<Path, Stamp> now = stamps();
      register(now);
      long time = System.nanoTime();
      if (!now.equals(stamps)) {
        stamps = now;
        firstSeen = changing ? firstSeen : time;
        lastSeen = time;
        changing = true;
      }
      if (changing) {
        if (time - lastSeen < pace.quiet.toNanos() && time - firstSeen < pace.patience.toNanos()) {
          return pace.quiet;
        }
        changing = false;
        tell();
        confirmLater();
      } else if (confirming && time - confirmation >= 0) {
        confirming = false;
        if (!tell()) {
          confirmLater();
        }
      }
      return pace.period;
    }

    private boolean tell() {
      try {
        return changed.getAsBoolean();
      } catch (RuntimeException | Error e) {
        logOnce("failed to take a change of " + what, e);
        return false;
      }
    }

    private void logOnce(String message, Throwable e) {
      if (!lastFailure.equals(e.toString())) {
        lastFailure = e.toString();
        LOG.log(WARNING, message, e);
      }
    }

    private void confirmLater() {
      confirming = true;
      confirmation = System.nanoTime() + pace.confirmation.toNanos();
    }

    private Map<Path, Stamp> stamps() {
      Map<Path, Stamp> found = new HashMap<>();
      for (Path path : paths.get()) {
        found.put(path, Stamp.of(path));
      }
      return found;
    }

    /** Asks for the events of the folders, and of those that the files are in. */
    private void register(Map<Path, Stamp> found) {
      if (events == null || (found.equals(stamps) && allValid())) {
        return;
      }
      Map<Path, WatchKey> next = new HashMap<>();
      found.forEach((path, stamp) -> {
        Path folder = stamp.folder() ? path : path.toAbsolutePath().getParent();
        if (folder != null && !next.containsKey(folder)) {
          register(folder, next);
        }
      });
      keys.values().stream().filter(key -> !next.containsValue(key)).forEach(this::cancel);
      keys = next;
    }

    private void register(Path folder, Map<Path, WatchKey> next) {
      try {
        next.put(folder, folder.register(events, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE));
      } catch (IOException e) {
        // On Linux: fs.inotify.max_user_watches, or the folder is not there.
        LOG.log(DEBUG, "no events of " + folder, e);
      }
    }

    private boolean allValid() {
      return !keys.isEmpty() && keys.values().stream().allMatch(WatchKey::isValid);
    }

    /** Others may watch the same folder, by the same key. */
    private void cancel(WatchKey key) {
      if (watched.stream().noneMatch(other -> other != this && other.keys.containsValue(key))) {
        key.cancel();
      }
    }
  }
}
