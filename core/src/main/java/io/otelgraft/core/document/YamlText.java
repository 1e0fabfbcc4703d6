package io.otelgraft.core.document;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * A part of a source as SnakeYAML's scanner reads it. Other than SnakeYAML's own reader it gives
 * marks whose index is an offset into the source, and takes time that is linear in the text: that
 * one copies all of a long scalar for each further thousand characters.
 *
 * <p>Characters are UTF-16 units. The scanner sees a character outside the basic plane as two,
 * neither of which means anything to YAML, and puts them together again.
 */
final class YamlText extends StreamReader {

  private static final int[] NO_SNIPPET = {};

  private final String text;
  private final int limit;
  private int at;
  private int line;
  private int column;

  YamlText(Source source, int from, int limit) {
    super("");
    this.text = source.text();
    this.limit = limit;
    this.at = from;
  }

  @Override
  public Mark getMark() {
    return new Mark("", at, line, column, NO_SNIPPET, 0);
  }

  @Override
  public void forward() {
    forward(1);
  }

  @Override
  public void forward(int length) {
    for (int end = Math.min(at + length, limit); at < end; at++) {
      char c = text.charAt(at);
      // YAML 1.1 has three more line breaks than others know.
      if (c == '\n'
          || (c == '\r' && peek(1) != '\n')
          || c == '\u0085'
          || c == '\u2028'
          || c == '\u2029') {
        line++;
        column = 0;
      } else {
        column++;
      }
    }
  }

  @Override
  public int peek() {
    return peek(0);
  }

  @Override
  public int peek(int ahead) {
    return at + ahead < limit ? text.charAt(at + ahead) : '\0';
  }

  @Override
  public String prefix(int length) {
    return text.substring(at, Math.min(at + length, limit));
  }

  @Override
  public String prefixForward(int length) {
    String prefix = prefix(length);
    at += prefix.length();
    column += prefix.length();
    return prefix;
  }

  @Override
  public int getColumn() {
    return column;
  }

  @Override
  public int getDocumentIndex() {
    return 0;
  }

  @Override
  public void resetDocumentIndex() {
    // The text is in memory already: there is nothing to limit.
  }

  @Override
  public int getIndex() {
    return at;
  }

  @Override
  public int getLine() {
    return line;
  }
}
