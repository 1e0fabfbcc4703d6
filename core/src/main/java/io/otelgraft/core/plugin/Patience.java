package io.otelgraft.core.plugin;

import java.time.Duration;

/** How long a caller waits for what plugins take part in, before it goes on without. */
public enum Patience {
  /**
   * An API server's, which asks for an answer within a few seconds: all tries of a decision
   * together stay under two.
   */
  OF_A_WEBHOOK(Duration.ofSeconds(1), Duration.ofMillis(250), Duration.ofSeconds(1)),
  /**
   * That of whoever runs a command, for whom it is better to wait on a busy machine than to get
   * another result.
   */
  OF_A_COMMAND(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10));

  private final Duration firstTry;
  private final Duration eachFurtherTry;
  private final Duration validation;

  Patience(Duration firstTry, Duration eachFurtherTry, Duration validation) {
    this.firstTry = firstTry;
    this.eachFurtherTry = eachFurtherTry;
    this.validation = validation;
  }

  /** For the first try of a decision. */
  public Duration firstTry() {
    return firstTry;
  }

  /** For each try after one that did not succeed. */
  public Duration eachFurtherTry() {
    return eachFurtherTry;
  }

  /** For what one plugin says of one resource. */
  public Duration validation() {
    return validation;
  }
}
