package io.otelgraft.core.resource;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.Optional;

/**
 * What is wrong with a resource, in words for its author.
 *
 * @param severity whether the resource can be used all the same
 * @param path the field in the document: {@code /spec/sampler/argument}; where a field is missing,
 *     the object that lacks it
 * @param message the field in the user's spelling, what was found there and what is allowed: {@code
 *     spec.sampler.argument "5" is not a ratio from 0 to 1}
 * @param fix what to write instead, in the imperative; the empty string when the message says it
 *     all
 * @param place where that is in a file; empty for a resource that did not come from one
 */
public record Problem(
    Severity severity, JsonPointer path, String message, String fix, Optional<Place> place) {

  /** How bad it is. */
  public enum Severity {
    /** The resource cannot be used: no pod is injected by it. */
    ERROR,
    /** The resource is used, but probably not as meant. */
    WARNING
  }

  /**
   * A place in a file.
   *
   * @param file as the user gave it
   * @param line from 1
   * @param column from 1
   */
  public record Place(String file, int line, int column) {
    @Override
    public String toString() {
      return file + ":" + line + ":" + column;
    }
  }

  /** An error whose place is not known. */
  public static Problem error(JsonPointer path, String message, String fix) {
    return new Problem(Severity.ERROR, path, message, fix, Optional.empty());
  }

  /** A warning whose place is not known. */
  public static Problem warning(JsonPointer path, String message, String fix) {
    return new Problem(Severity.WARNING, path, message, fix, Optional.empty());
  }

  /** This problem, with its place. */
  public Problem at(Place where) {
    return new Problem(severity, path, message, fix, Optional.of(where));
  }

  /** The field for people: {@code spec.env[0].name}; the empty string for the document itself. */
  public String field() {
    return FieldPath.of(path).text();
  }

  /** Whether the resource cannot be used. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /**
   * Place, message and fix in one line: {@code app.yaml:7:5: spec.mode "off" is not enforce or
   * observe}.
   */
  @Override
  public String toString() {
    return place.map(where -> where + ": ").orElse("")
        + message
        + (fix.isEmpty() ? "" : "; " + fix);
  }
}
