package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * A Secret or ConfigMap with the exporter's certificates, mounted read-only.
 *
 * @param kind what the object is
 * @param object the object's name, in the pod's namespace
 * @param volume the volume's name, a DNS label
 * @param path where it is mounted
 * @param source the field that names the object
 */
record CertificateMount(Kind kind, String object, String volume, String path, String source) {
  /** A DNS label, of which Kubernetes takes 63 characters. */
  private static final int LONGEST_NAME = 63;

  /** What holds certificates. */
  enum Kind {
    SECRET("secret", "secretName"),
    CONFIG_MAP("configMap", "name");

    private final String key;
    private final String nameKey;

    Kind(String key, String nameKey) {
      this.key = key;
      this.nameKey = nameKey;
    }

    /** As the kind of an object is written. */
    String title() {
      return Character.toUpperCase(key.charAt(0)) + key.substring(1);
    }

    String word() {
      return key.toLowerCase(Locale.ROOT);
    }
  }

  static CertificateMount of(Kind kind, String object, String source) {
    String volume = volumeName("otel-auto-" + kind.word() + "-", object);
    return new CertificateMount(kind, object, volume, mountPath(kind, object), source);
  }

  static String mountPath(Kind kind, String object) {
    return "/otel-auto-instrumentation-" + kind.word() + "-" + object;
  }

  /**
   * The object's name behind the prefix. It may be longer than a volume's and have dots in it; a
   * name that has to be changed ends in a hash, so that two objects never share a volume.
   */
  private static String volumeName(String prefix, String object) {
    String name = prefix + object;
    if (name.length() <= LONGEST_NAME && object.indexOf('.') < 0) {
      return name;
    }
    String hash = "-" + Integer.toHexString(object.hashCode());
    String head =
        name.substring(0, Math.min(name.length(), LONGEST_NAME - hash.length())).replace('.', '-');
    return head + hash;
  }

  /** The volume as a pod lists it. */
  ObjectNode toVolume() {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("name", volume);
    entry.putObject(kind.key).put(kind.nameKey, object);
    return entry;
  }
}
