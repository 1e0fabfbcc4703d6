/** Instruments PHP workloads. */
module io.otelgraft.lang.php {
  requires io.otelgraft.spi;

  provides io.otelgraft.spi.LanguagePlugin with
      io.otelgraft.lang.php.PhpPlugin;
}
