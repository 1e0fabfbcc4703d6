package io.otelgraft.runtime.server;

/**
 * Is told of each answer, after it was sent, on the thread that serves the connection: what takes
 * long belongs elsewhere. What it throws is logged and harms nobody.
 */
@FunctionalInterface
public interface AnswerListener {

  /** Takes note of an answer. */
  void answered(Answered answered);

  /** Takes note of a request that was refused unseen; by itself, does not. */
  default void refused(Refusal refusal) {}
}
