package io.otelgraft.runtime.watch;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Problem;
import io.otelgraft.core.resource.ResourceSource;
import io.otelgraft.core.resource.Resources;
import io.otelgraft.core.resource.Resources.Accepted;
import io.otelgraft.core.resource.Resources.Invalid;
import io.otelgraft.core.resource.Resources.Lookup;
import io.otelgraft.core.resource.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Resources that stand in files which may change at any time.
 *
 * <ul>
 *   <li>An {@code Instrumentation} that is changed to something that is not valid stays in force as
 *       it was last accepted.
 *   <li>A file that cannot be read, or holds no YAML, keeps what it gave before; likewise a file or
 *       folder that was named and is not there. For as long as that is so, what is not known counts
 *       as not confirmed: nobody is rejected for it.
 *   <li>A file that holds fewer documents than before may be half written. It keeps what it gave
 *       before until it has stayed as it is for a while.
 *   <li>What is deleted from a folder is gone. Who uses it is not known here, and an answer that
 *       depends on what this process has seen since its start would differ between two of them.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class WatchedResources implements ResourceSource {

  private static final System.Logger LOG = System.getLogger(WatchedResources.class.getName());
  private static final int MOST_NAMES = 10;

  /** How long a file that lost documents has to stay as it is until they count as deleted. */
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private final List<Path> named;
  private final Supplier<Catalogue> catalogue;
  private Map<Path, Content> contents = Map.of();
  private Map<Path, Shrunk> shrunk = Map.of();
  private volatile State state;

  /** A file as it was when it could last be read. */
  private record Content(String digest, List<Document> documents) {}

  /** A file that holds fewer documents than before, and since when ({@link System#nanoTime()}). */
  private record Shrunk(String digest, long since) {}

  /** What is in force. */
  private record State(FileResources resources, Map<String, String> unreadable) {}

  /** One reading of all files. */
  private static final class Reading {
    private final Map<Path, Content> contents = new LinkedHashMap<>();
    private final Map<Path, Shrunk> shrunk = new HashMap<>();
    private final Map<String, String> unreadable = new TreeMap<>();
    private final Set<Path> changed = new LinkedHashSet<>();
  }

  private WatchedResources(
      List<Path> named, String defaultNamespace, Settings settings, Supplier<Catalogue> catalogue) {
    this.named = List.copyOf(named);
    this.catalogue = catalogue;
    this.state = new State(FileResources.of(List.of(), defaultNamespace, settings), Map.of());
  }

  /**
   * Reads files and follows them from now on.
   *
   * @param named files, and folders whose manifests are read with those of their folders
   * @param defaultNamespace where an {@code Instrumentation} stands that names no namespace
   * @param catalogue gives the languages by which it is judged what is valid
   */
  public static WatchedResources follow(
      FileWatch watch,
      List<Path> named,
      String defaultNamespace,
      Settings settings,
      Supplier<Catalogue> catalogue) {
    WatchedResources resources = new WatchedResources(named, defaultNamespace, settings, catalogue);
    watch.watch("resources", resources::paths, resources::read);
    resources.read();
    return resources;
  }

  @Override
  public Resources at(Catalogue languages) {
    return state.resources.at(languages);
  }

  /** All Instrumentations by {@code namespace/name}, in no order. */
  public Map<String, Lookup> all(Catalogue languages) {
    return state.resources.all(languages);
  }

  /** All that is wrong with the resources, with places; also what is no more than questionable. */
  public List<Problem> problems(Catalogue languages) {
    return state.resources.problems(languages);
  }

  /**
   * What cannot be read, a line each that says why; what it gave before stays in force. Empty if
   * all is well.
   */
  public List<String> unreadable() {
    return lines(state.unreadable);
  }

  private List<Path> paths() {
    List<Path> paths = new ArrayList<>(named);
    for (Path path : named) {
      if (Files.isDirectory(path)) {
        Listing listing = ManifestFiles.in(path);
        paths.addAll(listing.folders());
        paths.addAll(listing.files());
      }
    }
    return paths;
  }

  /**
   * Reads what has changed.
   *
   * @return whether all could be read
   */
  private synchronized boolean read() {
    Reading reading = new Reading();
    for (Path path : named) {
      if (Files.isDirectory(path)) {
        Listing listing = ManifestFiles.in(path);
        listing.files().forEach(file -> read(file, false, reading));
        listing.failures().forEach((failed, e) -> keep(failed, why(e), reading));
      } else {
        read(path, true, reading);
      }
    }
    shrunk = reading.shrunk;
    Set<Path> gone = new LinkedHashSet<>(contents.keySet());
    gone.removeAll(reading.contents.keySet());
    if (!reading.changed.isEmpty()
        || !gone.isEmpty()
        || !reading.unreadable.equals(state.unreadable)) {
      contents = reading.contents;
      replace(reading, gone);
    }
    return reading.unreadable.isEmpty();
  }

  private void read(Path file, boolean hasToBeThere, Reading reading) {
    if (reading.contents.containsKey(file)) {
      return;
    }
    try {
      byte[] bytes = Files.readAllBytes(file);
      String digest = sha256(bytes);
      Content before = contents.get(file);
      if (before != null && before.digest.equals(digest)) {
        reading.contents.put(file, before);
      } else {
        List<Document> documents = Documents.read(file.toString(), bytes).list();
        if (before != null
            && documents.size() < before.documents.size()
            && !settled(file, digest, reading)) {
          keep(file, "holds fewer documents than before, and may be half written", reading);
        } else {
          reading.contents.put(file, new Content(digest, documents));
          reading.changed.add(file);
        }
      }
    } catch (NoSuchFileException e) {
      // Deleted since the folder was listed, unless it was named.
      if (hasToBeThere) {
        keep(file, "does not exist", reading);
      }
    } catch (IOException e) {
      keep(file, why(e), reading);
    } catch (DocumentException e) {
      keep(file, e.getMessage(), reading);
    }
  }

  /** Whether a file that lost documents has been as it is for long enough. */
  private boolean settled(Path file, String digest, Reading reading) {
    long now = System.nanoTime();
    Shrunk known = shrunk.get(file);
    Shrunk seen = known != null && known.digest.equals(digest) ? known : new Shrunk(digest, now);
    if (now - seen.since >= SETTLED.toNanos()) {
      return true;
    }
    reading.shrunk.put(file, seen);
    return false;
  }

  /** Keeps what a file gave before, or all files of a folder. */
  private void keep(Path failed, String why, Reading reading) {
    String name = failed.toString();
    reading.unreadable.put(name, why.startsWith(name) ? why : name + ": " + why);
    contents.forEach((file, content) -> {
      if (file.startsWith(failed)) {
        reading.contents.putIfAbsent(file, content);
      }
    });
  }

  private static String why(IOException e) {
    return "cannot be read: " + (e instanceof NoSuchFileException ? "it does not exist" : e);
  }

  private void replace(Reading reading, Set<Path> gone) {
    Catalogue languages = catalogue.get();
    State before = state;
    List<Document> documents = new ArrayList<>();
    contents.values().forEach(content -> documents.addAll(content.documents));
    FileResources next = before.resources.next(documents, reading.unreadable.isEmpty(), languages);
    // From now on they are asked for the places of mistakes, if at all.
    documents.forEach(Document::shrink);
    state = new State(next, Map.copyOf(reading.unreadable));
    tell(reading, gone, before, languages);
  }

  private void tell(Reading reading, Set<Path> gone, State before, Catalogue languages) {
    Map<String, Lookup> all = state.resources.all(languages);
    LOG.log(
        INFO,
        "resources: "
            + all.size()
            + " Instrumentations, "
            + contents.size()
            + " files"
            + names("; read ", reading.changed)
            + names("; gone ", gone));
    reading.unreadable.forEach((name, line) -> {
      if (!line.equals(before.unreadable.get(name))) {
        LOG.log(WARNING, line + "; what it gave before stays in force");
      }
    });
    before.unreadable.keySet().stream()
        .filter(name -> !reading.unreadable.containsKey(name))
        .forEach(name -> LOG.log(INFO, name + " can be read again"));
    Map<String, Lookup> known = before.resources.all(languages);
    all.forEach((reference, lookup) -> {
      String trouble = trouble(lookup);
      if (!trouble.isEmpty() && !trouble.equals(trouble(known.get(reference)))) {
        LOG.log(WARNING, "Instrumentation " + reference + " " + trouble);
      }
    });
  }

  private static String trouble(Lookup lookup) {
    return switch (lookup) {
      case Invalid(List<Problem> problems) -> "is not valid: " + joined(problems);
      case Accepted(_, List<Problem> ofNewer) when !ofNewer.isEmpty() ->
          "was changed to something that is not valid, so its last valid generation stays in force: "
              + joined(ofNewer);
      case null, default -> "";
    };
  }

  private static String joined(List<Problem> problems) {
    return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
  }

  private static String names(String lead, Set<Path> files) {
    if (files.isEmpty()) {
      return "";
    }
    String names =
        files.stream().limit(MOST_NAMES).map(Path::toString).collect(Collectors.joining(", "));
    int more = files.size() - MOST_NAMES;
    return lead + names + (more > 0 ? " and " + more + " more" : "");
  }

  private static List<String> lines(Map<String, String> unreadable) {
    return unreadable.values().stream().sorted().toList();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each JVM has SHA-256", e);
    }
  }
}
