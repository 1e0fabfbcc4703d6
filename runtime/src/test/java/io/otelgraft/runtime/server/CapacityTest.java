package io.otelgraft.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.runtime.settings.ServerSettings;
import io.otelgraft.runtime.settings.ServerSettings.Bounds;
import org.junit.jupiter.api.Test;

final class CapacityTest {
  private static final Bounds BOUNDS = ServerSettings.standard().bounds();
  private static final int LONGEST = BOUNDS.requestLimit();

  /** A heap that has room for one body of the longest. */
  private final Capacity capacity = new Capacity(BOUNDS, 12L * LONGEST);

  @Test
  void a_large_body_waits_for_the_memory_that_another_has() {
    try (Capacity.Memory large = capacity.memory();
        Capacity.Memory other = capacity.memory()) {
      assertThat(large.isEnoughFor(LONGEST)).isTrue();
      assertThat(other.isEnoughFor(1 << 20)).isFalse();

      large.giveBack();

      assertThat(other.isEnoughFor(1 << 20)).isTrue();
    }
  }

  @Test
  void the_review_of_an_ordinary_pod_needs_nothing_of_what_is_set_aside_for_large_ones() {
    try (Capacity.Memory large = capacity.memory();
        Capacity.Memory other = capacity.memory()) {
      assertThat(large.isEnoughFor(LONGEST)).isTrue();

      try (Capacity.Memory small = capacity.memory()) {
        assertThat(small.isEnoughFor(20_000)).isTrue();
      }

      assertThat(other.isEnoughFor(1 << 20)).as("what small ones give back").isFalse();
    }
  }

  @Test
  void what_is_set_aside_grows_with_what_has_arrived_and_is_given_back_as_a_whole() {
    try (Capacity.Memory growing = capacity.memory();
        Capacity.Memory other = capacity.memory()) {
      assertThat(growing.isEnoughFor(LONGEST / 2)).isTrue();
      assertThat(growing.isEnoughFor(LONGEST / 2)).isTrue();
      assertThat(other.isEnoughFor(LONGEST / 2)).as("the other half").isTrue();
      assertThat(growing.isEnoughFor(LONGEST)).isFalse();

      growing.giveBack();

      assertThat(other.isEnoughFor(LONGEST)).isTrue();
    }
  }
}
