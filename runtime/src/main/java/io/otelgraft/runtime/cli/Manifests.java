package io.otelgraft.runtime.cli;

import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Documents;
import io.otelgraft.runtime.watch.Listing;
import io.otelgraft.runtime.watch.ManifestFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the files that a user names. */
final class Manifests {

  /** By which a user names standard input among files. */
  static final String STANDARD_INPUT = "-";

  private final InputStream in;

  /** Reads {@code -} from this stream. */
  Manifests(InputStream in) {
    this.in = in;
  }

  /**
   * A text of Kubernetes objects.
   *
   * @param name what the user calls it
   * @param documents what is in it
   */
  record Manifest(String name, Documents documents) {}

  /**
   * Reads files, those in folders and their folders by name, and standard input.
   *
   * @throws CommandFailure for what cannot be read
   */
  List<Manifest> read(List<String> names) {
    Set<String> files = new LinkedHashSet<>();
    for (String name : names) {
      Path path = Path.of(name);
      if (!name.equals(STANDARD_INPUT) && Files.isDirectory(path)) {
        addFolder(path, files);
      } else {
        files.add(name);
      }
    }
    List<Manifest> manifests = new ArrayList<>(files.size());
    for (String file : files) {
      String name = name(file);
      manifests.add(new Manifest(name, documents(name, bytes(file))));
    }
    return manifests;
  }

  /** What to call a file in messages. */
  static String name(String file) {
    return file.equals(STANDARD_INPUT) ? "stdin" : file;
  }

  /** The documents of all files, in their order. */
  static List<Document> documents(List<Manifest> manifests) {
    List<Document> documents = new ArrayList<>();
    manifests.forEach(manifest -> documents.addAll(manifest.documents().list()));
    return documents;
  }

  private static Documents documents(String name, byte[] text) {
    try {
      return Documents.read(name, text);
    } catch (DocumentException e) {
      throw new CommandFailure(e.getMessage());
    }
  }

  /**
   * The bytes of a file, or of standard input.
   *
   * @throws CommandFailure if it cannot be read
   */
  byte[] bytes(String file) {
    try {
      return file.equals(STANDARD_INPUT) ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new CommandFailure(file + ": there is no such file or folder");
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static void addFolder(Path folder, Set<String> files) {
    Listing listing = ManifestFiles.in(folder);
    listing
        .failures()
        .forEach((path, e) -> {
          throw unreadable(path.toString(), e);
        });
    if (listing.files().isEmpty()) {
      throw new CommandFailure(
          folder
              + ": there is no file in this folder that ends in "
              + String.join(", ", ManifestFiles.ENDINGS));
    }
    listing.files().forEach(file -> files.add(file.toString()));
  }

  private static CommandFailure unreadable(String name, IOException e) {
    return new CommandFailure("%s: cannot be read: %s".formatted(name, e));
  }
}
