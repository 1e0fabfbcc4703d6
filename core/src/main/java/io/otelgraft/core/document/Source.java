package io.otelgraft.core.document;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A text with a name, and where its lines are. Every offset in this package is one into the text of
 * a source.
 *
 * @param name for messages; may be empty
 * @param text everything, byte order mark and line breaks included
 */
record Source(String name, String text) {

  static final char BYTE_ORDER_MARK = '\uFEFF';

  static Source of(String name, byte[] bytes) {
    try {
      return new Source(
          name, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException notUtf8) {
      throw notUtf8(name, bytes);
    }
  }

  static DocumentException notUtf8(String name, byte[] bytes) {
    int mark = bytes.length < 2 ? 0 : ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
    String found =
        mark == 0xfeff || mark == 0xfffe
            ? "the text is UTF-16, as PowerShell's redirection writes it"
            : "the text is not valid UTF-8";
    return new DocumentException(name, null, found + "; save it as UTF-8");
  }

  DocumentException problem(int offset, String problem) {
    return new DocumentException(name, position(offset), problem);
  }

  Position position(int offset) {
    int line = 1;
    for (int at = 0; at < offset; at++) {
      char c = text.charAt(at);
      if (isBreak(c) && !(c == '\r' && text.startsWith("\n", at + 1))) {
        line++;
      }
    }
    return new Position(line, column(offset) + 1);
  }

  /** Returns how many characters stand before this one in its line; a byte order mark is none. */
  int column(int offset) {
    int start = startOfLine(offset);
    return offset - start - (start == 0 && offset > 0 && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0);
  }

  int startOfLine(int offset) {
    int at = offset;
    while (at > 0 && !isBreak(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  /** Returns the offset of the line break that ends this line; the text's length if none does. */
  int endOfLine(int offset) {
    int at = offset;
    while (at < text.length() && !isBreak(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Returns where the line after this one starts; the text's length if there is none. */
  int nextLine(int offset) {
    int end = endOfLine(offset);
    return text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length());
  }

  /** Returns the white space at the start of this line. */
  String indentation(int offset) {
    int start = startOfLine(offset);
    int end = start;
    while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
      end++;
    }
    return text.substring(start, end);
  }

  /** Returns where the line break starts that ends the line before the one that starts here. */
  int beforeBreak(int startOfLine) {
    return startOfLine >= 2 && text.startsWith("\r\n", startOfLine - 2)
        ? startOfLine - 2
        : startOfLine - 1;
  }

  /**
   * Returns the first offset from this one on, but before the limit, at which there is no white
   * space; else the limit.
   */
  int skipSpace(int offset, int limit) {
    int at = offset;
    while (at < limit && isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Whether a line ends within this range. */
  boolean hasBreak(int from, int to) {
    for (int at = from; at < to; at++) {
      if (isBreak(text.charAt(at))) {
        return true;
      }
    }
    return false;
  }

  static boolean isBreak(char c) {
    return c == '\n' || c == '\r';
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || isBreak(c);
  }
}
