package io.otelgraft.core.document;

/**
 * A place in a text.
 *
 * @param line the line, counted from 1
 * @param column the column, counted from 1 in UTF-16 units as editors and SARIF do
 */
public record Position(int line, int column) {

  /** Returns the place as compilers write it: {@code 12:5}. */
  @Override
  public String toString() {
    return line + ":" + column;
  }
}
