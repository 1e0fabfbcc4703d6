package io.otelgraft.core.resource;

/** Patterns in which {@code *} stands for any characters, also for none. */
public final class Glob {
  private Glob() {}

  /** Whether a pattern stands for all of a text. */
  public static boolean matches(String pattern, String text) {
    int at = 0;
    int in = 0;
    int star = -1;
    int from = 0;
    while (at < text.length()) {
      if (in < pattern.length() && pattern.charAt(in) == '*') {
        star = in++;
        from = at;
      } else if (in < pattern.length() && pattern.charAt(in) == text.charAt(at)) {
        in++;
        at++;
      } else if (star >= 0) {
        // The last star takes one character more; those before it need no second try.
        in = star + 1;
        at = ++from;
      } else {
        return false;
      }
    }
    while (in < pattern.length() && pattern.charAt(in) == '*') {
      in++;
    }
    return in == pattern.length();
  }
}
