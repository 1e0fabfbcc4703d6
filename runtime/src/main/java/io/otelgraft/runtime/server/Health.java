package io.otelgraft.runtime.server;

/**
 * How something is.
 *
 * @param state whether it can be worked with
 * @param message why it is not well, in a line; the empty string if it is
 */
public record Health(State state, String message) {

  /** Whether something can be worked with. */
  public enum State {
    /** All is well. */
    OK,
    /** Not all is well, but nothing gets better by asking another replica. */
    DEGRADED,
    /** Not to be worked with: the probe fails. */
    FAILED
  }

  /** All is well. */
  public static final Health OK = new Health(State.OK, "");

  /** Not all is well, for this reason, but the probe passes. */
  public static Health degraded(String message) {
    return new Health(State.DEGRADED, message);
  }

  /** The probe fails, for this reason. */
  public static Health failed(String message) {
    return new Health(State.FAILED, message);
  }
}
