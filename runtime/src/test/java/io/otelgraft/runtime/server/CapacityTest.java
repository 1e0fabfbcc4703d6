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
    assertThat(capacity.takeMemory(LONGEST)).isTrue();
    assertThat(capacity.takeMemory(1 << 20)).isFalse();

    capacity.giveMemoryBack(LONGEST);

    assertThat(capacity.takeMemory(1 << 20)).isTrue();
  }

  @Test
  void the_review_of_an_ordinary_pod_needs_nothing_of_what_is_set_aside_for_large_ones() {
    assertThat(capacity.takeMemory(LONGEST)).isTrue();

    assertThat(capacity.takeMemory(20_000)).isTrue();
    capacity.giveMemoryBack(20_000);

    assertThat(capacity.takeMemory(1 << 20)).as("what small ones give back").isFalse();
  }
}
