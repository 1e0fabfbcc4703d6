package io.otelgraft.runtime.control;

import io.otelgraft.core.resource.Instrumentation;
import java.util.function.LongSupplier;

/**
 * That Instrumentations are known with all that their definition has.
 *
 * <p>While an API server still has the old definition, it tells objects without the fields that are
 * new, and does not tell them again when it has the new one: their versions are the same. So all
 * are read anew after each change of the definition, and once more a round later, as one of several
 * API servers may learn of it last.
 */
final class AsDefined implements Duty {

  private static final int ROUNDS = 2;

  private final LongSupplier generation;
  private final Runnable readAnew;
  private long seen = -1;
  private int rounds;

  /**
   * @param generation the definition's in the cluster at the moment
   * @param readAnew has the Instrumentations read anew
   */
  AsDefined(LongSupplier generation, Runnable readAnew) {
    this.generation = generation;
    this.readAnew = readAnew;
  }

  @Override
  public String name() {
    return Instrumentation.KIND + "s as defined";
  }

  @Override
  public void fulfil(boolean leads) {
    long now = generation.getAsLong();
    if (now != seen) {
      seen = now;
      rounds = ROUNDS;
    }
    if (rounds > 0) {
      rounds--;
      readAnew.run();
    }
  }
}
