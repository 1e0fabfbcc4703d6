package io.otelgraft.core.admission;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Fits warnings into the headers in which the API server hands them on. It passes over a warning
 * with a control character in it, and once all of a request have more than 4096 characters it cuts
 * each to 256 and drops the last. Then it is done here, where it can be said. As long as they fit,
 * they stay whole: what is looked for comes first in a message, what to do last.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response">Response</a>
 */
final class Warnings {
  private static final int MOST_TOGETHER = 4096;
  private static final int MOST_OF_ONE = 256;

  private Warnings() {}

  /** What the user is to read, as it is sent. */
  static List<String> fitted(List<String> texts) {
    if (texts.isEmpty()) {
      return texts;
    }
    Set<String> lines = LinkedHashSet.newLinkedHashSet(texts.size());
    int total = 0;
    for (String text : texts) {
      String line = oneLine(text);
      total += lines.add(line) ? length(line) : 0;
    }
    return total <= MOST_TOGETHER ? List.copyOf(lines) : shortened(lines);
  }

  private static List<String> shortened(Set<String> lines) {
    List<String> shortened = new ArrayList<>();
    int left = MOST_TOGETHER - MOST_OF_ONE;
    for (String line : lines) {
      String start = cut(line);
      left -= length(start);
      if (left < 0) {
        shortened.add(
            "graft: there are %d more warnings; graft explain shows them all"
                .formatted(lines.size() - shortened.size()));
        break;
      }
      shortened.add(start);
    }
    return List.copyOf(shortened);
  }

  private static String cut(String line) {
    return length(line) <= MOST_OF_ONE
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MOST_OF_ONE - 1)) + "…";
  }

  private static int length(String line) {
    return line.codePointCount(0, line.length());
  }

  private static String oneLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return withoutControls(text);
      }
    }
    return text;
  }

  private static String withoutControls(String text) {
    StringBuilder line = new StringBuilder(text);
    for (int i = 0; i < line.length(); i++) {
      if (Character.isISOControl(line.charAt(i))) {
        line.setCharAt(i, ' ');
      }
    }
    return line.toString();
  }
}
