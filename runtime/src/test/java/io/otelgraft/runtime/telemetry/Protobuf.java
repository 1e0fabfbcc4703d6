package io.otelgraft.runtime.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads what is nested in a message of Protocol Buffers, by the numbers of fields.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>
 */
final class Protobuf {

  private final byte[] message;
  private int at;

  private Protobuf(byte[] message) {
    this.message = message;
  }

  /** The texts, bytes or messages at the end of a path of field numbers. */
  static List<byte[]> at(byte[] message, int... path) {
    List<byte[]> found = List.of(message);
    for (int number : path) {
      List<byte[]> next = new ArrayList<>();
      found.forEach(one -> next.addAll(new Protobuf(one).fields(number)));
      found = next;
    }
    return found;
  }

  private List<byte[]> fields(int number) {
    List<byte[]> found = new ArrayList<>();
    while (at < message.length) {
      long tag = varint();
      switch ((int) (tag & 7)) {
        case 0 -> varint();
        case 1 -> at += Long.BYTES;
        case 2 -> {
          int length = (int) varint();
          if (tag >>> 3 == number) {
            found.add(Arrays.copyOfRange(message, at, at + length));
          }
          at += length;
        }
        case 5 -> at += Integer.BYTES;
        default -> throw new AssertionError("no wire type at " + at);
      }
    }
    return found;
  }

  private long varint() {
    long value = 0;
    int shift = 0;
    byte next;
    do {
      next = message[at++];
      value |= (next & 0x7FL) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }
}
