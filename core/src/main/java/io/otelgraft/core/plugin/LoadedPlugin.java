package io.otelgraft.core.plugin;

import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Problems;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Verdict;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A language plugin that is in use, behind a guard: whatever it throws becomes a {@link
 * PluginFailure}, and it sees no class loader but its own.
 *
 * <p>Every {@link Throwable} is caught. A plugin without a frame of stack left, compiled against
 * something that is not there, or out of memory fails alone; the memory that it held is free once
 * its frames are gone. A process that should end on {@link OutOfMemoryError} is started with {@code
 * -XX:+ExitOnOutOfMemoryError}, which acts before any handler.
 *
 * <p>After three failures in a row to examine, or three in a row to inject, the plugin is set aside
 * until its jar is replaced: it is broken, while one that fails now and then over years has its
 * reasons in some pods. A failure to validate is told to the author of the resource and sets
 * nothing aside: nobody's resource is to take a language from everybody's pods. It is also set
 * aside for as long as a call that ran into its {@link Deadline} has not returned: so a loop
 * without an end costs no more threads than were inside when it was noticed, and a plugin that was
 * merely slow on a starved machine comes back.
 *
 * <p>Thread-safe.
 */
public final class LoadedPlugin {
  private static final int FAILURES_IN_A_ROW = 3;

  /** Resources are read where nobody else watches the time: at start, or when one changes. */
  private static final Deadline VALIDATION = new Deadline(2);

  private final LanguagePlugin plugin;
  private final Language language;
  private final Origin origin;
  private final boolean examines;
  private final Patience patience;
  private final String injectAnnotation;
  private final String containerNamesAnnotation;
  private final Operation examine = new Operation("examine", FAILURES_IN_A_ROW);
  private final Operation inject = new Operation("inject", FAILURES_IN_A_ROW);
  private final Operation validate = new Operation("validate", Integer.MAX_VALUE);
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger runaways = new AtomicInteger();
  private volatile String lastFailure;
  private volatile boolean broken;

  LoadedPlugin(LanguagePlugin plugin, Language language, Origin origin) {
    this(plugin, language, origin, true, Patience.OF_A_WEBHOOK);
  }

  private LoadedPlugin(
      LanguagePlugin plugin,
      Language language,
      Origin origin,
      boolean examines,
      Patience patience) {
    this.plugin = Objects.requireNonNull(plugin, "plugin");
    this.language = Objects.requireNonNull(language, "language");
    this.origin = Objects.requireNonNull(origin, "origin");
    this.examines = examines;
    this.patience = Objects.requireNonNull(patience, "patience");
    this.injectAnnotation = Catalogue.ANNOTATION_PREFIX + Names.injectKey(language);
    this.containerNamesAnnotation = Catalogue.ANNOTATION_PREFIX + language.containerNamesKey();
  }

  /** What the plugin declares. */
  public Language language() {
    return language;
  }

  /** The language's identifier. */
  public String id() {
    return language.id();
  }

  /** The key of the annotation that asks for the language, with its prefix. */
  public String injectAnnotation() {
    return injectAnnotation;
  }

  /** The older key of that which names the language's containers, with its prefix, if any. */
  public Optional<String> olderContainerNamesAnnotation() {
    return language.olderContainerNamesKey().map(key -> Catalogue.ANNOTATION_PREFIX + key);
  }

  /** The key of the annotation that names the language's containers, with its prefix. */
  public String containerNamesAnnotation() {
    return containerNamesAnnotation;
  }

  /**
   * The key of the annotation in which the OpenTelemetry Operator notes, on its resources, the
   * image that is its default for the language.
   */
  public String operatorDefaultImageAnnotation() {
    return Catalogue.ANNOTATION_PREFIX + "default-auto-instrumentation-" + id() + "-image";
  }

  /**
   * The plugin's name in the plugins folder: {@code lang-x.jar}, or {@code lang-x/} for a folder;
   * the class's name for a plugin that was made without a jar.
   */
  public String name() {
    return origin.name();
  }

  /** The module that provides the plugin; the empty string for a plugin without a named module. */
  public String module() {
    return origin.module();
  }

  /** The module's version; the empty string for a module without one. */
  public String version() {
    return origin.version();
  }

  /**
   * SHA-256 of the plugin's files, in hexadecimal digits: plugins with the same digest do the same.
   * The empty string for a plugin that was made without a jar, or whose jar is gone.
   */
  public String digest() {
    return origin.digest().get();
  }

  /**
   * Asks the plugin about a container.
   *
   * @throws PluginFailure if it cannot answer
   */
  public void examine(Target target, Verdict verdict) {
    if (examines) {
      examine.guarded(() -> plugin.examine(target, verdict));
    }
  }

  /** The same plugin, which is not asked about any container. */
  LoadedPlugin unexamined() {
    return new LoadedPlugin(plugin, language, origin, false, patience);
  }

  /** The same plugin, which is waited for as long as this. */
  LoadedPlugin with(Patience other) {
    return new LoadedPlugin(plugin, language, origin, examines, other);
  }

  /**
   * Lets the plugin inject its language.
   *
   * @throws PluginFailure if it does not come to an end
   */
  public void inject(Injection injection) {
    inject.guarded(() -> plugin.inject(injection));
  }

  /**
   * Lets the plugin validate its section of a resource, within {@link Patience#validation}.
   *
   * @param problems not to be looked at unless this returns: a plugin that overran may still use it
   * @throws PluginFailure if it cannot answer
   */
  public void validate(Section section, Problems problems) {
    try {
      VALIDATION.run(
          patience.validation(),
          () -> {
            validate.guarded(() -> plugin.validate(section, problems));
            return true;
          });
    } catch (TimeoutException e) {
      throw new PluginFailure(this, "could not be asked to validate: the machine is too busy");
    }
  }

  /** How often the plugin has failed since it was loaded. */
  public int failures() {
    return failures.get();
  }

  /** What was wrong when it failed last; empty if it never did. */
  public Optional<String> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  /** Whether the plugin is set aside: every call fails at once. */
  public boolean quarantined() {
    return broken || runaways.get() > 0;
  }

  @Override
  public String toString() {
    return origin.name() + " (" + language.id() + ")";
  }

  /** The loader of the plugin's classes. */
  ClassLoader loader() {
    return plugin.getClass().getClassLoader();
  }

  /** One of the things that a plugin is asked to do. */
  final class Operation {
    private final String name;
    private final int mostFailures;
    private final AtomicInteger failuresInARow = new AtomicInteger();

    private Operation(String name, int mostFailures) {
      this.name = name;
      this.mostFailures = mostFailures;
    }

    private void guarded(Runnable call) {
      if (quarantined()) {
        throw uncounted("is set aside: it " + lastFailure);
      }
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      Deadline.Run<?> run = Deadline.Run.current();
      if (run != null) {
        run.enter(this);
      }
      String failure = null;
      boolean inTime = true;
      thread.setContextClassLoader(loader());
      try {
        call.run();
      } catch (Throwable thrown) {
        failure = "failed in " + name + ": " + Thrown.describe(thrown);
      } finally {
        thread.setContextClassLoader(before);
        inTime = run == null || run.leave(this);
      }
      if (failure == null && inTime) {
        succeeded();
      } else if (failure != null) {
        // What an abandoned call ends with has been counted, and is often but its interrupt.
        throw inTime ? failed(failure) : uncounted(failure);
      }
    }

    /** It has not come back within its deadline. Ends with {@link #returned()}. */
    PluginFailure overran(String limit) {
      runaways.incrementAndGet();
      return failed("did not return within " + limit);
    }

    /** A call that had overrun its deadline came back after all. */
    void returned() {
      runaways.decrementAndGet();
    }

    /** A failure that does not count. */
    PluginFailure uncounted(String what) {
      return new PluginFailure(LoadedPlugin.this, what);
    }

    private PluginFailure failed(String what) {
      lastFailure = what;
      failures.incrementAndGet();
      if (failuresInARow.incrementAndGet() >= mostFailures) {
        broken = true;
      }
      return new PluginFailure(LoadedPlugin.this, what);
    }

    private void succeeded() {
      if (failuresInARow.get() != 0) {
        failuresInARow.set(0);
      }
    }
  }
}
