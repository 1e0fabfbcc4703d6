package io.otelgraft.core.resource;

import io.otelgraft.spi.Image;
import java.util.Optional;

/**
 * An image's name, taken apart. Names that no registry would take are taken apart as well as can
 * be; the kubelet is the one to refuse them.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/containers/images/#image-names">Image names</a>
 */
public final class ImageName implements Image {
  private final String repository;
  private final Optional<String> tag;
  private final Optional<String> digest;

  private ImageName(String repository, Optional<String> tag, Optional<String> digest) {
    this.repository = repository;
    this.tag = tag;
    this.digest = digest;
  }

  /** Takes {@code registry:port/path:tag@digest} apart. */
  public static ImageName of(String name) {
    int at = name.indexOf('@');
    String tagged = at < 0 ? name : name.substring(0, at);
    int colon = tagged.lastIndexOf(':');
    // A colon before a slash is that of the registry's port.
    boolean hasTag = colon > tagged.lastIndexOf('/');
    return new ImageName(
        hasTag ? tagged.substring(0, colon) : tagged,
        hasTag ? given(tagged.substring(colon + 1)) : Optional.empty(),
        at < 0 ? Optional.empty() : given(name.substring(at + 1)));
  }

  private static Optional<String> given(String part) {
    return part.isEmpty() ? Optional.empty() : Optional.of(part);
  }

  @Override
  public String repository() {
    return repository;
  }

  @Override
  public Optional<String> tag() {
    return tag;
  }

  @Override
  public Optional<String> digest() {
    return digest;
  }

  /**
   * What the name says of the version of what is in the image: tag, digest, or {@code tag@digest}.
   * {@code latest} says nothing.
   *
   * @see <a href="https://opentelemetry.io/docs/specs/semconv/non-normative/k8s-attributes/">How
   *     {@code service.version} is to be calculated</a>
   */
  public Optional<String> version() {
    Optional<String> telling = tag.filter(name -> !name.equals("latest"));
    if (digest.isEmpty()) {
      return telling;
    }
    return telling.isEmpty() ? digest : Optional.of(telling.get() + "@" + digest.get());
  }

  @Override
  public String toString() {
    return repository
        + tag.map(name -> ":" + name).orElse("")
        + digest.map(name -> "@" + name).orElse("");
  }
}
