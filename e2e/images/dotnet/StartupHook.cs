using System;

/** Stands in for the startup hook of OpenTelemetry's agent: says that it ran, and where the agent is. */
internal class StartupHook {
  public static void Initialize() {
    Console.Error.WriteLine("stand-in for the startup hook: ran from " + Environment.GetEnvironmentVariable("OTEL_DOTNET_AUTO_HOME"));
  }
}
