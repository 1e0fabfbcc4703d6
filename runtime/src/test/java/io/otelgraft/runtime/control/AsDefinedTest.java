package io.otelgraft.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class AsDefinedTest {
  private final AtomicLong generation = new AtomicLong(1);
  private final AtomicInteger readings = new AtomicInteger();
  private final AsDefined duty = new AsDefined(generation::get, readings::incrementAndGet);

  @Test
  void all_are_read_anew_after_a_change_of_the_definition_and_a_round_later() {
    fulfil(4);
    assertThat(readings).hasValue(2);

    generation.set(2);
    fulfil(1);
    assertThat(readings).hasValue(3);
    fulfil(3);
    assertThat(readings).hasValue(4);
  }

  @Test
  void a_definition_that_changes_in_each_round_has_them_read_in_each() {
    for (int i = 0; i < 5; i++) {
      generation.incrementAndGet();
      fulfil(1);
    }
    assertThat(readings).hasValue(5);
  }

  private void fulfil(int rounds) {
    for (int i = 0; i < rounds; i++) {
      duty.fulfil(false);
    }
  }
}
