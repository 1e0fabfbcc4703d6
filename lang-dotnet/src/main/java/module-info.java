/** Instruments .NET workloads. */
module io.otelgraft.lang.dotnet {
  requires io.otelgraft.spi;

  provides io.otelgraft.spi.LanguagePlugin with
      io.otelgraft.lang.dotnet.DotnetPlugin;
}
