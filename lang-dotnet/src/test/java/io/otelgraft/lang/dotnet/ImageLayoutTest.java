package io.otelgraft.lang.dotnet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageLayoutTest {

  @ParameterizedTest
  @ValueSource(strings = {"1.0.0", "1.2.0", "v1.15.0", "1.15.0-2", "0.7.0", "1.15.999999"})
  void images_before_1_16_0_have_directories_for_x64(String tag) {
    assertThat(ImageLayout.ofTag(tag)).contains(ImageLayout.X64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.16.0", "v1.16.0", "1.17.0-1", "1.100.0", "2.0.0", "1.16.0_internal"})
  void later_ones_have_neutral_directories(String tag) {
    assertThat(ImageLayout.ofTag(tag)).contains(ImageLayout.NEUTRAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"latest", "main", "8.0", "1", "1.16", "2026-11-22", "pr-1.16.0", "1.9999999.0"})
  void other_tags_tell_nothing(String tag) {
    assertThat(ImageLayout.ofTag(tag)).isEmpty();
  }

  @Test
  void each_layout_has_a_profiler_for_each_C_library() {
    assertThat(ImageLayout.X64.profiler(false))
        .isEqualTo("/linux-x64/OpenTelemetry.AutoInstrumentation.Native.so");
    assertThat(ImageLayout.X64.profiler(true))
        .isEqualTo("/linux-musl-x64/OpenTelemetry.AutoInstrumentation.Native.so");
    assertThat(ImageLayout.NEUTRAL.profiler(false))
        .isEqualTo("/linux/OpenTelemetry.AutoInstrumentation.Native.so");
    assertThat(ImageLayout.NEUTRAL.profiler(true))
        .isEqualTo("/linux-musl/OpenTelemetry.AutoInstrumentation.Native.so");
  }
}
