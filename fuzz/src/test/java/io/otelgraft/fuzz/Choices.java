package io.otelgraft.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What a generator decides by: at random, or as recorded. Whatever is generated is thus a list of
 * small numbers, and a simpler one comes of a list that is shorter or has smaller numbers, as long
 * as a generator puts what is simple first.
 */
final class Choices {
  private final int[] recorded;
  private final RandomGenerator random;
  private int[] made = new int[256];
  private int count;

  private Choices(int[] recorded, RandomGenerator random) {
    this.recorded = recorded;
    this.random = random;
  }

  /** At random, the same for the same seed. */
  static Choices of(long seed) {
    return new Choices(new int[0], new SplittableRandom(seed));
  }

  /** As recorded; where that ends, the simplest. */
  static Choices of(int[] recorded) {
    return new Choices(recorded, null);
  }

  /** What was chosen so far. */
  int[] made() {
    return Arrays.copyOf(made, count);
  }

  /** A number from 0 up to and without a bound. */
  int below(int bound) {
    int choice = random != null ? random.nextInt(bound) : 0;
    if (count < recorded.length) {
      choice = Math.min(recorded[count], bound - 1);
    }
    if (count == made.length) {
      made = Arrays.copyOf(made, count * 2);
    }
    made[count++] = choice;
    return choice;
  }

  /** Whether something happens that does so in some of a hundred cases. */
  boolean percent(int share) {
    return below(100) >= 100 - share;
  }

  /** One of these, the simplest first. */
  @SafeVarargs
  final <T> T of(T... options) {
    return options[below(options.length)];
  }

  /** One of these, the simplest first. */
  <T> T of(List<T> options) {
    return options.get(below(options.size()));
  }
}
