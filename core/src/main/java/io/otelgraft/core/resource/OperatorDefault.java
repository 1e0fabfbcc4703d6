package io.otelgraft.core.resource;

import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.spi.Language;
import java.lang.module.ModuleDescriptor.Version;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An agent's image that the OpenTelemetry Operator wrote into a resource, as its default at that
 * time: an annotation of the resource notes the same image. It counts as not given, so that no pod
 * is left with an agent that nobody chose; unless Graft's default lies beyond a version which the
 * plugin says no upgrade crosses by itself. The resource stays as it is in either case.
 *
 * @param field where the resource names it: {@code spec.x.image}
 * @param annotation the key of the annotation
 * @param image what the operator wrote
 * @param replacement Graft's default, of the settings or of the plugin
 * @param barrier the version between both that keeps the image; empty if Graft's default counts
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-operator/tree/main/internal/instrumentation/upgrade">The
 *     operator's own upgrade</a>
 */
public record OperatorDefault(
    String field, String annotation, String image, String replacement, Optional<String> barrier) {

  /** A version as images have it for a tag, {@code v0.24.0} or {@code 2.0.0-rc.1}. */
  private static final Pattern VERSION =
      Pattern.compile("v?([0-9]{1,9}(?:[.][0-9]{1,9}){0,2}(?:-[0-9A-Za-z][0-9A-Za-z.-]*)?)");

  /** Judges what the operator wrote into the section of a plugin's language. */
  static OperatorDefault of(
      LoadedPlugin plugin, FieldPath field, String image, String replacement) {
    return new OperatorDefault(
        field.toString(),
        plugin.operatorDefaultImageAnnotation(),
        image,
        replacement,
        barrier(plugin.language(), image, replacement));
  }

  /** Whether the image stays, although nobody chose it. */
  public boolean stays() {
    return barrier.isPresent();
  }

  /** What becomes of the image, and why. */
  public String message() {
    return "%s \"%s\" is what the OpenTelemetry Operator wrote there as its default, as annotation %s says: %s"
        .formatted(
            field,
            image,
            annotation,
            barrier
                .map(version ->
                    "it stays, as version %s lies between it and Graft's default %s, and no agent is moved across that without being asked for"
                        .formatted(version, replacement))
                .orElseGet(() ->
                    "it counts as not given, and Graft's default %s is used"
                        .formatted(replacement)));
  }

  /** How to choose otherwise. */
  public String fix() {
    return barrier
        .map(version ->
            "read what changed in %s, then remove %s, or name the image to use"
                .formatted(version, field))
        .orElseGet(() -> "remove the annotation to keep the image");
  }

  /**
   * The version that keeps the agent where it is. Where one of both images has a tag that is no
   * version, or none, only what is named as such a version counts.
   */
  private static Optional<String> barrier(Language language, String image, String replacement) {
    Optional<String> from = ImageName.of(image).tag();
    Optional<String> to = ImageName.of(replacement).tag();
    Optional<Version> older = from.flatMap(OperatorDefault::version);
    Optional<Version> newer = to.flatMap(OperatorDefault::version);
    return language.neverUpgradeAcross().stream()
        .filter(barrier ->
            version(barrier)
                .filter(_ -> older.isPresent() && newer.isPresent())
                .map(version -> liesBetween(version, older.get(), newer.get()))
                .orElseGet(() -> to.filter(barrier::equals).isPresent() && !from.equals(to)))
        .findFirst();
  }

  /** Whether one of both is older than a version, and the other is not. */
  private static boolean liesBetween(Version version, Version one, Version other) {
    return one.compareTo(version) < 0 != other.compareTo(version) < 0;
  }

  private static Optional<Version> version(String tag) {
    Matcher matcher = VERSION.matcher(tag);
    return matcher.matches() ? Optional.of(Version.parse(matcher.group(1))) : Optional.empty();
  }
}
