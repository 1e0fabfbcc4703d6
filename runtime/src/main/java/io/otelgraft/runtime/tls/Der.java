package io.otelgraft.runtime.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Writes what certificates and keys are made of, in the Distinguished Encoding Rules (X.690).
 *
 * <p>Each method gives a whole element: its tag, its length and its content.
 */
final class Der {
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int EXPLICIT = 0xa0;
  private static final int IMPLICIT = 0x80;

  private static final int LONGEST_SHORT_LENGTH = 127;
  private static final int FIRST_YEAR_OF_GENERALIZED_TIME = 2050;
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter GENERALIZED =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  static final byte[] TRUE = {0x01, 1, (byte) 0xff};

  private Der() {}

  static byte[] sequence(byte[]... elements) {
    return element(SEQUENCE, elements);
  }

  static byte[] integer(BigInteger value) {
    return element(INTEGER, value.toByteArray());
  }

  static byte[] octets(byte[] content) {
    return element(OCTET_STRING, content);
  }

  /** A bit string of whole bytes. */
  static byte[] bits(byte[] content) {
    return element(BIT_STRING, new byte[] {0}, content);
  }

  /**
   * A bit string of named bits.
   *
   * @param unused how many bits at the end are not there
   */
  static byte[] namedBits(int content, int unused) {
    return element(BIT_STRING, new byte[] {(byte) unused, (byte) content});
  }

  /** Wraps an element, as {@code [number] EXPLICIT} says. */
  static byte[] explicit(int number, byte[] element) {
    return element(EXPLICIT | number, element);
  }

  /** A content whose type is known by the number, as {@code [number] IMPLICIT} says. */
  static byte[] implicit(int number, byte[] content) {
    return element(IMPLICIT | number, content);
  }

  /**
   * An object identifier.
   *
   * @param arcs its numbers; the second is below 40
   */
  static byte[] identifier(int... arcs) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(40 * arcs[0] + arcs[1]);
    for (int i = 2; i < arcs.length; i++) {
      for (int shift = 28; shift > 0; shift -= 7) {
        if ((arcs[i] >>> shift) != 0) {
          content.write(((arcs[i] >>> shift) & 0x7f) | 0x80);
        }
      }
      content.write(arcs[i] & 0x7f);
    }
    return element(OBJECT_IDENTIFIER, content.toByteArray());
  }

  /** A time to the second, in the form that RFC 5280 (4.1.2.5) asks for. */
  static byte[] time(Instant time) {
    boolean utc = time.atOffset(ZoneOffset.UTC).getYear() < FIRST_YEAR_OF_GENERALIZED_TIME;
    String text = (utc ? UTC : GENERALIZED).format(time);
    return element(utc ? UTC_TIME : GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] element(int tag, byte[]... contents) {
    int length = 0;
    for (byte[] content : contents) {
      length += content.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    if (length <= LONGEST_SHORT_LENGTH) {
      out.write(length);
    } else {
      byte[] number = BigInteger.valueOf(length).toByteArray();
      int from = number[0] == 0 ? 1 : 0;
      out.write(0x80 | (number.length - from));
      out.write(number, from, number.length - from);
    }
    for (byte[] content : contents) {
      out.writeBytes(content);
    }
    return out.toByteArray();
  }
}
