package io.otelgraft.core.resource;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known of the cluster's software, as far as it decides what a pod may ask for.
 *
 * @param version the oldest version of Kubernetes among API servers and nodes, such as {@code
 *     v1.35.2}; empty if nobody said
 * @param runtimes the container runtimes of the nodes as {@code
 *     status.nodeInfo.containerRuntimeVersion} names them, each once; empty if nobody said
 */
public record ClusterFacts(Optional<String> version, List<String> runtimes) {

  /** A cluster of which nothing is known. */
  public static final ClusterFacts UNKNOWN = new ClusterFacts(Optional.empty(), List.of());

  private static final Pattern VERSION = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(\\D.*)?");
  private static final Pattern RUNTIME = Pattern.compile("([a-z][a-z-]*)://(.+)");

  /**
   * From this version on image volumes are on without a feature gate.
   *
   * @see <a href="https://kep.k8s.io/4639">KEP-4639</a>
   */
  private static final Release KUBERNETES = new Release(1, 35);

  /**
   * Older ones take no image volumes, or mount the whole image whatever path of it is asked for.
   */
  private static final Release CONTAINERD = new Release(2, 2);

  private static final Release CRI_O = new Release(1, 33);

  private record Release(int major, int minor) {
    boolean isBefore(Release other) {
      return major < other.major || (major == other.major && minor < other.minor);
    }

    @Override
    public String toString() {
      return major + "." + minor;
    }
  }

  /**
   * Takes what is known.
   *
   * @throws IllegalArgumentException if the version or a runtime is not of its form
   */
  public ClusterFacts {
    runtimes = List.copyOf(runtimes);
    if (version.isPresent() && release(version.get()).isEmpty()) {
      throw new IllegalArgumentException(
          "\"" + version.get() + "\" is not a version of Kubernetes such as 1.35");
    }
    for (String runtime : runtimes) {
      Matcher parts = RUNTIME.matcher(runtime);
      if (!parts.matches() || release(parts.group(2)).isEmpty()) {
        throw new IllegalArgumentException(
            "\"" + runtime + "\" is not a container runtime such as containerd://2.2.0");
      }
    }
  }

  private static Optional<Release> release(String version) {
    Matcher parts = VERSION.matcher(version);
    return parts.matches()
        ? Optional.of(
            new Release(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2))))
        : Optional.empty();
  }

  /**
   * Why pods of the cluster may not have image volumes of which a part is mounted.
   *
   * @return empty if they may
   */
  public Optional<String> withoutImageVolumes() {
    if (version.isEmpty()) {
      return Optional.of("the cluster's version is not known (setting cluster.version)");
    }
    if (runtimes.isEmpty()) {
      return Optional.of("the nodes' container runtimes are not known (setting cluster.runtimes)");
    }
    return unfit();
  }

  /**
   * Why what is known rules out image volumes.
   *
   * @return empty if nothing does; what is not known may
   */
  Optional<String> unfit() {
    if (version.flatMap(ClusterFacts::release).filter(it -> it.isBefore(KUBERNETES)).isPresent()) {
      return Optional.of(
          "Kubernetes %s has no image volumes; %s has".formatted(version.get(), KUBERNETES));
    }
    for (String runtime : runtimes) {
      Matcher parts = RUNTIME.matcher(runtime);
      Optional<Release> release = parts.matches() ? release(parts.group(2)) : Optional.empty();
      Optional<Release> needed = parts.matches() ? needed(parts.group(1)) : Optional.empty();
      if (needed.isEmpty() || release.isEmpty() || release.get().isBefore(needed.get())) {
        return Optional.of(
            "the container runtime %s cannot mount parts of images; containerd %s and CRI-O %s can"
                .formatted(runtime, CONTAINERD, CRI_O));
      }
    }
    return Optional.empty();
  }

  private static Optional<Release> needed(String runtime) {
    return switch (runtime) {
      case "containerd" -> Optional.of(CONTAINERD);
      case "cri-o" -> Optional.of(CRI_O);
      default -> Optional.empty();
    };
  }
}
