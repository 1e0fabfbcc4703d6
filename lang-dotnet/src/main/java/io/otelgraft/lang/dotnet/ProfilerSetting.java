package io.otelgraft.lang.dotnet;

import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A variable by which a container chooses the profiler that CoreCLR loads. It loads one only, so
 * class identifier and library have to be of the same profiler.
 *
 * @param variable the variable with its value
 * @see <a href="https://learn.microsoft.com/dotnet/core/runtime-config/debugging-profiling">Runtime
 *     configuration options for debugging and profiling</a>
 */
record ProfilerSetting(Variable variable) {

  /** The class identifier of OpenTelemetry's profiler. */
  static final String CLASS = "{918728DD-259F-4A6A-AC2B-B85E1B658318}";

  /** The file that OpenTelemetry's profiler is. */
  static final String LIBRARY = "OpenTelemetry.AutoInstrumentation.Native.so";

  /**
   * The paths for one architecture count before that for any. From .NET 11 on each name may begin
   * with {@code DOTNET_} as well.
   */
  private static final List<String> VARIABLES =
      List.of(
          "CORECLR_PROFILER",
          "CORECLR_PROFILER_PATH",
          "CORECLR_PROFILER_PATH_64",
          "CORECLR_PROFILER_PATH_32",
          "CORECLR_PROFILER_PATH_ARM64",
          "CORECLR_PROFILER_PATH_ARM32",
          "DOTNET_PROFILER",
          "DOTNET_PROFILER_PATH",
          "DOTNET_PROFILER_PATH_64",
          "DOTNET_PROFILER_PATH_32",
          "DOTNET_PROFILER_PATH_ARM64",
          "DOTNET_PROFILER_PATH_ARM32");

  /** The settings that a target has already. */
  static List<ProfilerSetting> of(Target target) {
    List<ProfilerSetting> found = new ArrayList<>(0);
    for (String name : VARIABLES) {
      target.env().get(name).map(ProfilerSetting::new).ifPresent(found::add);
    }
    return found;
  }

  /** The variable by which a target chooses another profiler than OpenTelemetry's, if it does. */
  static Optional<Variable> foreign(Target target) {
    return of(target).stream()
        .filter(ProfilerSetting::isForeign)
        .map(ProfilerSetting::variable)
        .findFirst();
  }

  /**
   * Whether it chooses another profiler than OpenTelemetry's, or may do so as it comes by
   * reference.
   */
  boolean isForeign() {
    return variable
        .literal()
        .filter(
            variable.name().endsWith("_PROFILER")
                ? CLASS::equalsIgnoreCase
                : ProfilerSetting::isLibrary)
        .isEmpty();
  }

  private static boolean isLibrary(String path) {
    return path.endsWith("/" + LIBRARY);
  }
}
