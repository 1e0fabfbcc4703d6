package io.otelgraft.runtime.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A pod before and after a decision, compressed: the second has little that the first has not, and
 * as trees both would take twenty times as much.
 */
final class PackedPods {

  /** Of a review that is not about a pod. */
  static final PackedPods NONE = new PackedPods(new byte[0], 0);

  private final byte[] packed;

  /** The length of the first when it is not packed. */
  private final int first;

  private PackedPods(byte[] packed, int first) {
    this.packed = packed;
    this.first = first;
  }

  /**
   * Packs a pod.
   *
   * @param before the pod as it came
   * @param after the pod as it was to be; equal if nothing was to be changed
   */
  static PackedPods of(ObjectNode before, ObjectNode after) {
    byte[] first = Json.write(before);
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      ByteArrayOutputStream packed = new ByteArrayOutputStream(first.length / 2);
      try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
        out.write(first);
        if (!after.equals(before)) {
          out.write(Json.write(after));
        }
      }
      return new PackedPods(packed.toByteArray(), first.length);
    } catch (IOException impossible) {
      throw new UncheckedIOException("Packing in memory", impossible);
    } finally {
      deflater.end();
    }
  }

  /** What it takes in memory. */
  int bytes() {
    return packed.length;
  }

  /** Pods as trees that are the caller's own. */
  record Pods(ObjectNode before, ObjectNode after) {}

  /**
   * Unpacks them.
   *
   * @throws IllegalStateException if there are none
   */
  Pods unpack() {
    if (first == 0) {
      throw new IllegalStateException("There are no pods");
    }
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      byte[] before = in.readNBytes(first);
      byte[] after = in.readAllBytes();
      return new Pods(Json.read(before), Json.read(after.length == 0 ? before : after));
    } catch (IOException impossible) {
      throw new UncheckedIOException("Unpacking in memory", impossible);
    }
  }
}
