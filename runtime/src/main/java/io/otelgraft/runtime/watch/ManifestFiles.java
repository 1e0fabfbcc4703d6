package io.otelgraft.runtime.watch;

import java.nio.file.Path;
import java.util.List;

/** Which files of a folder hold Kubernetes objects. */
public final class ManifestFiles {

  /** What their names end in. */
  public static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

  private ManifestFiles() {}

  /** The manifests in a folder and in its folders; those in hidden folders are copies. */
  public static Listing in(Path folder) {
    return Listing.of(folder, file -> ENDINGS.stream().anyMatch(file.toString()::endsWith));
  }
}
