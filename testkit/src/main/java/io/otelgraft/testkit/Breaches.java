package io.otelgraft.testkit;

import java.util.ArrayList;
import java.util.List;
import org.opentest4j.AssertionFailedError;

/** Fails a test with all that is wrong. */
final class Breaches {
  private Breaches() {}

  static void none(List<String> breaches) {
    if (!breaches.isEmpty()) {
      throw new AssertionFailedError(String.join("\n", breaches));
    }
  }

  static void none(Guarantee guarantee, List<Trial> trials) {
    List<String> all = new ArrayList<>();
    for (Trial trial : trials) {
      for (String breach : guarantee.breaches(trial)) {
        all.add(trial.story() + ": " + breach);
      }
    }
    none(all);
  }
}
