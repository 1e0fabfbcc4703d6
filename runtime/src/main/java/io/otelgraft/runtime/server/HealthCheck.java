package io.otelgraft.runtime.server;

/** One of the things that a probe asks about. Asked every few seconds, so it answers at once. */
public interface HealthCheck {

  /** What it looks at, in a word that stands in the probe's answer: {@code plugins}. */
  String name();

  /** How that is now. */
  Health health();
}
