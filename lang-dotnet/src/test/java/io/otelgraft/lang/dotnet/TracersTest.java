package io.otelgraft.lang.dotnet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TracersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/opt/datadog/Datadog.Trace.ClrProfiler.Native.so",
        "/usr/local/newrelic-dotnet-agent/libNewRelicProfiler.so",
        "/app/hook.dll:/elastic/ElasticApmAgentStartupHook.dll",
        "/elastic_apm_profiler/libelastic_apm_profiler.so",
        "/opt/appdynamics/libappdprofiler.so",
        "/app/instana_tracing/CoreProfiler.so",
        "Company.Startup;SkyAPM.Agent.AspNetCore",
        "{36032161-FFC0-4B61-B559-F6C5D41BAE5A}",
        "{57e1aa68-2229-41aa-9931-a6e93bbc64d8}",
      })
  void tracers_are_known_by_their_files_assemblies_and_class_identifiers(String value) {
    assertThat(Tracers.isAnother(value)).isTrue();
    assertThat(Tracers.isOpenTelemetry(value)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/app/hooks/Warmup.dll",
        "/dotnet/Pyroscope.Profiler.Native.so",
        "{BD1A650D-AC5D-4896-B64F-D6FA25D6B26A}",
        "Microsoft.AspNetCore.Watch.BrowserRefresh",
      })
  void other_profilers_and_hooks_are_not_taken_for_one(String value) {
    assertThat(Tracers.isAnother(value)).isFalse();
    assertThat(Tracers.isOpenTelemetry(value)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/app/hook.dll:/otel/net/OpenTelemetry.AutoInstrumentation.StartupHook.dll",
        "OpenTelemetry.AutoInstrumentation.AspNetCoreBootstrapper",
      })
  void OpenTelemetrys_own_agent_is_no_other_one(String value) {
    assertThat(Tracers.isOpenTelemetry(value)).isTrue();
    assertThat(Tracers.isAnother(value)).isFalse();
  }
}
