package io.otelgraft.core.plugin;

/** Why a jar cannot be used, as one line for {@link RefusedPlugin#reason()}. */
final class Unusable extends Exception {
  private static final long serialVersionUID = 1L;

  Unusable(String reason) {
    super(reason, null, false, false);
  }
}
