package io.otelgraft.lang.dotnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TracersTest {

  /** As the guides of their vendors have them, for each name and class identifier that is known. */
  private static final List<String> OTHERS =
      List.of(
          "/opt/datadog/Datadog.Trace.ClrProfiler.Native.so",
          "/usr/local/newrelic-dotnet-agent/libNewRelicProfiler.so",
          "/app/hook.dll:/elastic/ElasticApmAgentStartupHook.dll",
          "/elastic_apm_profiler/libelastic_apm_profiler.so",
          "Elastic.Apm.Extensions.Hosting",
          "/opt/appdynamics/dotnet/Startup.dll",
          "/opt/dotnet-agent/libappdprofiler.so",
          "/opt/dynatrace/agent/lib64/libloader.so",
          "/opt/oneagent/agent/lib64/liboneagentloader.so",
          "/app/instana_tracing/CoreProfiler.so",
          "Company.Startup;SkyAPM.Agent.AspNetCore",
          "/opt/signalfx/SignalFx.Tracing.ClrProfiler.Native.so",
          "/opt/splunk-otel-dotnet/hook.dll",
          "Microsoft.ApplicationInsights.StartupBootstrapper",
          "/app/SolarWinds.APM.StartupHook.dll",
          "{846F5F1C-F9AE-4B07-969E-05C26BC060D8}",
          "{36032161-FFC0-4B61-B559-F6C5D41BAE5A}",
          "{FA65FE15-F085-4681-9B20-95E04F6C03CC}",
          "{57e1aa68-2229-41aa-9931-a6e93bbc64d8}",
          "{B7038F67-52FC-4DA2-AB02-969B3C1EDA03}",
          "{B4C89B0F-9908-4F73-9F59-0D77C5A06874}");

  static List<String> others() {
    return OTHERS;
  }

  @ParameterizedTest
  @MethodSource("others")
  void tracers_are_known_by_their_files_assemblies_and_class_identifiers(String value) {
    assertThat(Tracers.isAnother(value)).isTrue();
    assertThat(Tracers.isOpenTelemetry(value)).isFalse();
  }

  @Test
  void each_name_and_class_identifier_has_a_case() {
    assertThat(Stream.concat(Tracers.NAMES.stream(), Tracers.CLASSES.stream()))
        .allSatisfy(name ->
            assertThat(OTHERS)
                .as(name)
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "./instrument.sh",
        "/app/instrument.sh",
        ". $HOME/.otel-dotnet-auto/instrument.sh && exec dotnet shop.dll",
        "./instrument.sh dotnet shop.dll",
        "source '/otel-dotnet-auto/instrument.sh'; dotnet shop.dll",
      })
  void the_script_that_sets_OpenTelemetrys_agent_up_is_recognised(String word) {
    assertThat(Tracers.attaches(word)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dotnet", "shop.dll", "./instrument.shop", "./my-instrument.sh", "instrument"})
  void other_commands_are_not_taken_for_it(String word) {
    assertThat(Tracers.attaches(word)).isFalse();
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
