/** Instruments Apache HTTPD servers. */
module io.otelgraft.lang.httpd {
  requires io.otelgraft.spi;

  provides io.otelgraft.spi.LanguagePlugin with
      io.otelgraft.lang.httpd.HttpdPlugin;
}
