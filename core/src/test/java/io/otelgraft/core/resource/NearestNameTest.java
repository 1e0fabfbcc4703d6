package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestNameTest {

  @Test
  void the_name_with_the_fewest_slips_is_meant() {
    assertThat(NearestName.of("endpiont", List.of("exporter", "endpoint"))).contains("endpoint");
    assertThat(NearestName.of("sampler", List.of("exporter", "endpoint"))).isEmpty();
  }

  /** Comparing two of these would take ten gigabytes. */
  @Test
  void what_is_longer_than_names_can_be_is_not_compared() {
    String name = "a".repeat(50_000);

    assertThat(NearestName.of(name + "b", List.of(name))).isEmpty();
    assertThat(NearestName.of("a".repeat(250), List.of(name, "a".repeat(251))))
        .contains("a".repeat(251));
  }
}
