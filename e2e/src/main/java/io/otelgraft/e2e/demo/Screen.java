package io.otelgraft.e2e.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Where the demonstration prints: progress with the time, and blocks with what is shown. */
final class Screen {

  private final PrintStream out;
  private final boolean colours;
  private final long began;
  private int step;

  /**
   * A screen.
   *
   * @param colours whether it is a terminal
   * @param elapsed how long all this has taken already
   */
  Screen(PrintStream out, boolean colours, Duration elapsed) {
    this.out = out;
    this.colours = colours;
    this.began = System.nanoTime() - elapsed.toNanos();
  }

  /** Says what is being done. */
  void progress(String what) {
    long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
    out.println(dim("[%4d s] ".formatted(seconds)) + what);
  }

  /** Says that a language is left out. */
  void leftOut(String language, String reason) {
    progress(yellow("left out: " + language + ": " + reason));
  }

  /** Begins the next step. */
  void heading(String title) {
    step++;
    out.println();
    progress(bold(step + "  " + title));
  }

  /** A line of a block. */
  void line(String text) {
    out.println(text.isEmpty() ? "" : "  " + text);
  }

  /** Lines of a block in columns as wide as they need to be. */
  void table(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        if (widths.size() == column) {
          widths.add(0);
        }
        widths.set(column, Math.max(widths.get(column), visible(row.get(column))));
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        int missing = column == row.size() - 1 ? 0 : widths.get(column) + 2 - visible(cell);
        line.append(cell).repeat(' ', missing);
      }
      line(line.toString().stripTrailing());
    }
  }

  /** Text that fits, with its beginning and its end: names stand there, and versions. */
  static String shortened(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int end = width * 9 / 20;
    return text.substring(0, width - end - 1) + "…" + text.substring(text.length() - end);
  }

  /** The length without what colours it. */
  private static int visible(String text) {
    return text.replaceAll("\033\\[\\d+m", "").length();
  }

  String bold(String text) {
    return in(1, text);
  }

  /** For what matters less. */
  String dim(String text) {
    return in(2, text);
  }

  /** For what is refused. */
  String red(String text) {
    return in(31, text);
  }

  /** For what is added. */
  String green(String text) {
    return in(32, text);
  }

  /** For warnings. */
  String yellow(String text) {
    return in(33, text);
  }

  /** For names. */
  String cyan(String text) {
    return in(36, text);
  }

  private String in(int colour, String text) {
    return colours && !text.isEmpty() ? "\033[" + colour + "m" + text + "\033[0m" : text;
  }
}
