package io.otelgraft.runtime.cli;

import io.otelgraft.runtime.explanation.Phrase;
import java.util.List;

/** How text stands out on a terminal; elsewhere it is left as it is. */
final class Style {

  private static final String RESET = "\033[0m";

  private final boolean colours;

  private Style(boolean colours) {
    this.colours = colours;
  }

  /** That of standard output. */
  static Style of(Surroundings surroundings) {
    return new Style(surroundings.colours());
  }

  String bold(String text) {
    return in("\033[1m", text);
  }

  /** For what matters less. */
  String dim(String text) {
    return in("\033[2m", text);
  }

  /** For what is wrong. */
  String red(String text) {
    return in("\033[31m", text);
  }

  /** For what may be wrong. */
  String yellow(String text) {
    return in("\033[33m", text);
  }

  /** For what is well. */
  String green(String text) {
    return in("\033[32m", text);
  }

  /** For names. */
  String cyan(String text) {
    return in("\033[36m", text);
  }

  /** A text whose parts stand out by what they are. */
  String text(List<Phrase> phrases) {
    StringBuilder text = new StringBuilder();
    for (Phrase phrase : phrases) {
      String words = phrase.text();
      text.append(
          switch (phrase.tone()) {
            case PLAIN -> words;
            case STRONG -> bold(words);
            case DIM -> dim(words);
            case GOOD -> green(words);
            case DOUBTFUL -> yellow(words);
            case BAD -> red(words);
            case NAME -> cyan(words);
          });
    }
    return text.toString();
  }

  private String in(String code, String text) {
    return colours && !text.isEmpty() ? code + text + RESET : text;
  }
}
