package io.otelgraft.core.injection;

import java.util.ArrayList;
import java.util.List;

/**
 * The {@code $(NAME)} references of an env value, read as the kubelet reads them: {@code $$} stands
 * for a dollar sign, and what is not closed is text.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/">
 *     Dependent environment variables</a>
 */
final class References {
  private References() {}

  /** Whether a text can be the name of a variable, as ConfigMaps have it among their keys. */
  static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
      if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-' || c == '.'))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** The names referred to, in the order of the text. */
  static List<String> in(String text) {
    int at = text.indexOf("$(");
    if (at < 0) {
      return List.of();
    }
    List<String> names = new ArrayList<>(2);
    for (int i = text.indexOf('$'); i >= 0 && i + 1 < text.length(); i = text.indexOf('$', i)) {
      char next = text.charAt(i + 1);
      int end = next == '(' ? text.indexOf(')', i + 2) : -1;
      if (end > 0) {
        names.add(text.substring(i + 2, end));
        i = end;
      } else {
        i += next == '$' ? 2 : 1;
      }
    }
    return names;
  }
}
