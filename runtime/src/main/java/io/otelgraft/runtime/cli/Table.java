package io.otelgraft.runtime.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text with columns as wide as they need to be. */
final class Table {

  private static final String GAP = "   ";

  private final Style style;
  private final String[] headings;
  private final List<String[]> rows = new ArrayList<>();

  /** With headings and no rows. */
  Table(Style style, String... headings) {
    this.style = style;
    this.headings = headings;
  }

  /** Adds a row with as many cells as there are headings. */
  void row(String... cells) {
    rows.add(cells);
  }

  @Override
  public String toString() {
    int[] widths = new int[headings.length];
    List<String[]> all = new ArrayList<>(rows);
    all.addFirst(headings);
    for (String[] row : all) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int n = 0; n < all.size(); n++) {
      String[] row = all.get(n);
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(i == 0 ? "" : GAP).append(row[i]).repeat(" ", widths[i] - row[i].length());
      }
      String stripped = line.toString().stripTrailing();
      text.append(n == 0 ? style.bold(stripped) : stripped).append('\n');
    }
    return text.toString();
  }
}
