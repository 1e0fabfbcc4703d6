package io.otelgraft.core.plugin;

import java.io.IOException;
import java.nio.file.Path;

/** Why a jar cannot be used, as one line for {@link RefusedPlugin#reason()}. */
final class Unusable extends Exception {
  private static final long serialVersionUID = 1L;

  Unusable(String reason) {
    super(reason, null, false, false);
  }

  /** Says that a jar cannot be read to its end. What to do about it is for the caller to add. */
  static String incomplete(Path jar, IOException e) {
    return jar.getFileName() + " is not a complete jar (" + Thrown.message(e) + ")";
  }

  /** Says that class files are newer than this JVM. */
  static String tooNew(String what) {
    return "is compiled for a newer JVM ("
        + what
        + "); compile it with --release "
        + Runtime.version().feature();
  }
}
