/** Instruments nginx servers. */
module io.otelgraft.lang.nginx {
  requires io.otelgraft.spi;

  provides io.otelgraft.spi.LanguagePlugin with
      io.otelgraft.lang.nginx.NginxPlugin;
}
