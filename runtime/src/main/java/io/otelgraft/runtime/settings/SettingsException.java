package io.otelgraft.runtime.settings;

/**
 * A setting that cannot be used. The message says where it stands, what is wrong with it and which
 * name or value was probably meant: {@code graft.yaml:3:1: unknown setting cluster-nmae, did you
 * mean cluster-name?}.
 */
public final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SettingsException(String where, String problem) {
    super(where + ": " + problem, null, false, false);
  }
}
