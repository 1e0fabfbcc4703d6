package io.otelgraft.core.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Tells by content whether jars are the same. */
final class Digest {
  private Digest() {}

  /**
   * SHA-256 of the names and contents of files, in hexadecimal digits.
   *
   * @throws IOException if one of them cannot be read
   */
  static String of(List<Path> files) throws IOException {
    MessageDigest sum = sha256();
    for (Path file : files) {
      sum.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
      // The digest of the content, whose length is fixed: so no name can pass for content.
      sum.update(content(file));
    }
    return HexFormat.of().formatHex(sum.digest());
  }

  /** The same; the empty string if one of them cannot be read. */
  static String ifReadable(List<Path> files) {
    try {
      return of(files);
    } catch (IOException e) {
      return "";
    }
  }

  private static byte[] content(Path file) throws IOException {
    try (var bytes = new DigestInputStream(Files.newInputStream(file), sha256())) {
      bytes.transferTo(OutputStream.nullOutputStream());
      return bytes.getMessageDigest().digest();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each JVM has SHA-256", e);
    }
  }
}
