package io.otelgraft.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.resource.Settings;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Settings that are never chosen are never tried. */
final class AnySettingsIT {
  private static final int CASES = 2_000;

  @Test
  void each_setting_that_there_is_is_chosen_now_and_then() {
    Set<String> chosen = new TreeSet<>();
    for (int seed = 1; seed <= CASES; seed++) {
      Map<String, String> settings = AnySettings.of(Choices.of(seed), Shop.PROMISES.languages());
      chosen.addAll(settings.keySet());
    }

    assertThat(Settings.keys())
        .isNotEmpty()
        .allSatisfy(key ->
            assertThat(chosen)
                .as(key.name())
                .anyMatch(name -> name.equals(key.name()) || name.startsWith(key.name() + ".")));
  }
}
