package io.otelgraft.core.resource;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator says of the images of all that is added to pods: where they are pulled from, and
 * which may be.
 *
 * @param registry the registry that has them all, with a path if need be; empty to leave them where
 *     they are
 * @param pullSecrets names of Secrets in the pods' namespaces to pull them with
 * @param allowed patterns of images and digests that may be used; empty for all
 * @param requireDigests whether an image has to be named by its digest
 * @param digests the digests that images are pinned to, by their names as resources have them
 */
public record AgentImages(
    Optional<String> registry,
    List<String> pullSecrets,
    List<String> allowed,
    boolean requireDigests,
    Map<String, String> digests) {
  private static final String DIGEST = "sha256:";

  public AgentImages {
    pullSecrets = List.copyOf(pullSecrets);
    allowed = List.copyOf(allowed);
    digests = Map.copyOf(digests);
  }

  /** The image that is pulled for one that a resource, a setting or a plugin names. */
  public String resolve(String image) {
    String pinned = digests.get(image);
    String name = pinned == null || image.indexOf('@') >= 0 ? image : image + "@" + pinned;
    if (registry.isEmpty() || name.startsWith(registry.get() + "/")) {
      return name;
    }
    int slash = name.indexOf('/');
    String host = slash < 0 ? "" : name.substring(0, slash);
    // As container engines tell a registry from the first part of a path on Docker Hub.
    boolean isHost = host.indexOf('.') >= 0 || host.indexOf(':') >= 0 || host.equals("localhost");
    String path = isHost ? name.substring(slash + 1) : slash < 0 ? "library/" + name : name;
    return registry.get() + "/" + path;
  }

  /**
   * Says why an image may not be used, as the end of a sentence.
   *
   * @param image as {@link #resolve} gives it
   * @return empty if it may
   */
  public Optional<String> refusal(String image) {
    int at = image.indexOf('@');
    if (requireDigests && at < 0) {
      return Optional.of(
          "is named by a tag, and agent-images.require-digests asks for a digest: "
              + "IMAGE@sha256:...");
    }
    if (allowed.isEmpty()) {
      return Optional.empty();
    }
    String digest = at < 0 ? "" : image.substring(at + 1);
    for (String pattern : allowed) {
      if (pattern.startsWith(DIGEST) ? pattern.equals(digest) : Glob.matches(pattern, image)) {
        return Optional.empty();
      }
    }
    return Optional.of(
        "is not among those that agent-images.allowed names: " + String.join(", ", allowed));
  }
}
