package io.otelgraft.core.resource;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a field stands in a document.
 *
 * @param pointer for programs: {@code /spec/env/0/name}
 * @param text for people: {@code spec.env[0].name}
 */
record FieldPath(JsonPointer pointer, String text) {

  /** The document itself. */
  static final FieldPath ROOT = new FieldPath(JsonPointer.empty(), "");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern STEP = Pattern.compile("\\[(\\d{1,9})]|[^.\\[]+");

  /** Where a pointer points; a step of digits is taken for the index of an item. */
  static FieldPath of(JsonPointer pointer) {
    FieldPath path = ROOT;
    for (JsonPointer step = pointer; !step.matches(); step = step.tail()) {
      path =
          step.getMatchingIndex() >= 0
              ? path.item(step.getMatchingIndex())
              : path.field(step.getMatchingProperty());
    }
    return path;
  }

  FieldPath field(String name) {
    boolean plain = PLAIN.matcher(name).matches();
    String step = plain ? (text.isEmpty() ? "" : ".") + name : "[\"" + name + "\"]";
    return new FieldPath(pointer.appendProperty(name), text + step);
  }

  FieldPath item(int index) {
    return new FieldPath(pointer.appendIndex(index), text + "[" + index + "]");
  }

  /**
   * A path as plugins write it, from here on: {@code extensions[0].dir}; this one for the empty
   * path.
   */
  FieldPath then(String relative) {
    FieldPath path = this;
    Matcher step = STEP.matcher(relative);
    while (step.find()) {
      path =
          step.group(1) == null
              ? path.field(step.group())
              : path.item(Integer.parseInt(step.group(1)));
    }
    return path;
  }

  @Override
  public String toString() {
    return text;
  }
}
