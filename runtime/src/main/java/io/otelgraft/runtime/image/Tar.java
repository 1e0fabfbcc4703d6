package io.otelgraft.runtime.image;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * The JSON documents of a tar archive, which may be compressed with gzip. Layers are passed over:
 * they are large, and nobody asks for them.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html">pax, for the
 *     formats ustar and pax; long names are also read as GNU tar writes them</a>
 */
final class Tar {
  private static final int BLOCK = 512;

  /** Longer than any configuration of an image. */
  private static final long LONGEST = 8L << 20;

  /** As much as all of them may take. */
  private static final long MOST = 64L << 20;

  private static final String CUT = "it ends too early";

  private static final int NAME = 0;
  private static final int SIZE = 124;
  private static final int TYPE = 156;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;

  private final InputStream in;
  private final Map<String, byte[]> documents = new HashMap<>();
  private long kept;

  private Tar(InputStream in) {
    this.in = in;
  }

  /**
   * Reads an archive.
   *
   * @return the documents by their paths, without {@code ./} before them
   * @throws IOException if it is no such archive, or ends too early
   */
  static Map<String, byte[]> documents(Path file) throws IOException {
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      stream.mark(2);
      boolean gzip = stream.read() == 0x1f && stream.read() == 0x8b;
      stream.reset();
      Tar tar =
          new Tar(gzip ? new BufferedInputStream(new GZIPInputStream(stream), 1 << 16) : stream);
      tar.read();
      return tar.documents;
    }
  }

  private void read() throws IOException {
    String longName = null;
    byte[] header = new byte[BLOCK];
    while (in.readNBytes(header, 0, BLOCK) == BLOCK) {
      if (isEmpty(header)) {
        return;
      }
      check(header);
      long size = number(header, SIZE, 12);
      switch (header[TYPE]) {
        case 'L' -> longName = text(content(size), 0, (int) size);
        case 'x' -> longName = pax(content(size));
        case '0', 0 -> {
          file(longName == null ? name(header) : longName, size);
          longName = null;
        }
        default -> {
          skip(size);
          longName = null;
        }
      }
      skip((BLOCK - size % BLOCK) % BLOCK);
    }
    throw new EOFException(CUT);
  }

  private void file(String name, long size) throws IOException {
    if (size == 0 || size > LONGEST) {
      skip(size);
      return;
    }
    int first = in.read();
    if (first != '{' && first != '[') {
      skip(size - 1);
      return;
    }
    kept += size;
    if (kept > MOST) {
      throw new IOException("it holds more JSON than any image has");
    }
    byte[] document = new byte[(int) size];
    document[0] = (byte) first;
    readFully(document, 1);
    documents.put(name.startsWith("./") ? name.substring(2) : name, document);
  }

  private byte[] content(long size) throws IOException {
    if (size < 0 || size > LONGEST) {
      throw new IOException("a header of it is longer than any name");
    }
    byte[] content = new byte[(int) size];
    readFully(content, 0);
    return content;
  }

  private void readFully(byte[] into, int from) throws IOException {
    if (in.readNBytes(into, from, into.length - from) < into.length - from) {
      throw new EOFException(CUT);
    }
  }

  private void skip(long bytes) throws IOException {
    try {
      in.skipNBytes(bytes);
    } catch (EOFException e) {
      throw new IOException(CUT, e);
    }
  }

  /** The path among the records of an extended header: {@code LENGTH path=VALUE}, a line each. */
  private static String pax(byte[] records) {
    for (String line : new String(records, StandardCharsets.UTF_8).split("\n", -1)) {
      int path = line.indexOf(" path=");
      if (path > 0) {
        return line.substring(path + " path=".length());
      }
    }
    return null;
  }

  private static boolean isEmpty(byte[] header) {
    for (byte octet : header) {
      if (octet != 0) {
        return false;
      }
    }
    return true;
  }

  /** The sum of all octets, those of the sum itself taken for blanks. */
  private static void check(byte[] header) throws IOException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    if (sum != number(header, 148, 8)) {
      throw new IOException("it is no tar archive");
    }
  }

  private static String name(byte[] header) {
    String name = text(header, NAME, 100);
    String prefix =
        text(header, MAGIC, 5).equals("ustar") && header[MAGIC + 5] == 0
            ? text(header, PREFIX, 155)
            : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String text(byte[] octets, int from, int length) {
    int end = from;
    while (end < from + length && octets[end] != 0) {
      end++;
    }
    return new String(octets, from, end - from, StandardCharsets.UTF_8);
  }

  /** A number in octal digits, or in binary if its first bit is set. */
  private static long number(byte[] header, int from, int length) throws IOException {
    if ((header[from] & 0x80) != 0) {
      long number = header[from] & 0x7f;
      for (byte octet : Arrays.copyOfRange(header, from + 1, from + length)) {
        number = (number << 8) | (octet & 0xff);
      }
      if (number < 0) {
        throw new IOException("it is no tar archive");
      }
      return number;
    }
    String digits = text(header, from, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("it is no tar archive", e);
    }
  }
}
