package io.otelgraft.lang.dotnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.spi.Variable;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProfilerSettingTest {

  @ParameterizedTest
  @CsvSource({
    "CORECLR_PROFILER, {918728DD-259F-4A6A-AC2B-B85E1B658318}",
    "CORECLR_PROFILER, {918728dd-259f-4a6a-ac2b-b85e1b658318}",
    "DOTNET_PROFILER, {918728DD-259F-4A6A-AC2B-B85E1B658318}",
    "CORECLR_PROFILER_PATH, /otel/linux-arm64/OpenTelemetry.AutoInstrumentation.Native.so",
  })
  void OpenTelemetrys_own_profiler_may_be_chosen(String name, String value) {
    assertThat(new ProfilerSetting(Variable.of(name, value)).isForeign()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "CORECLR_PROFILER, {BD1A650D-AC5D-4896-B64F-D6FA25D6B26A}",
    "CORECLR_PROFILER, 918728DD-259F-4A6A-AC2B-B85E1B658318",
    "CORECLR_PROFILER, ''",
    "CORECLR_PROFILER, /otel/OpenTelemetry.AutoInstrumentation.Native.so",
    "CORECLR_PROFILER_PATH, /app/profiler.so",
    "CORECLR_PROFILER_PATH_64, /app/NotOpenTelemetry.AutoInstrumentation.Native.so",
    "DOTNET_PROFILER_PATH_ARM64, {918728DD-259F-4A6A-AC2B-B85E1B658318}",
  })
  void any_other_is_foreign(String name, String value) {
    assertThat(new ProfilerSetting(Variable.of(name, value)).isForeign()).isTrue();
  }

  @Test
  void what_comes_by_reference_may_be_any() {
    Variable reference =
        Variable.from("CORECLR_PROFILER", Map.of("configMapKeyRef", Map.of("key", "class")));
    assertThat(new ProfilerSetting(reference).isForeign()).isTrue();
  }
}
