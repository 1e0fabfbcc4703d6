package io.otelgraft.lang.php;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the container with the agent's image does: copy the agent, and write the ini file by which
 * PHP loads the build that is for it.
 *
 * <p>Nobody sees at admission which PHP an image has, but PHP knows, and its ini files may refer to
 * the constants that it has by then: version, and whether it is thread-safe. The C library is none
 * of them; but directories that do not exist are passed over in {@code PHP_INI_SCAN_DIR}, and one
 * exists with glibc only. The path that comes of it leads to one build. If there is none, or it is
 * of no use after all, PHP says so when it starts, and goes on without.
 *
 * <p>Can be run again, as the kubelet does when a pod is restarted. What differs comes as arguments
 * or in the first lines. There is no {@code $(...)} in it, as that is a reference to a variable in
 * {@code args} of Kubernetes.
 */
final class DeliveryScript {

  /** The directory whose ini file tells the C library, below the agent's. */
  static final String LIBC = "/libc/";

  /** The name of the directory with the ini file that loads the agent. */
  static final String INI = "ini";

  /** Where glibc has the locales that were compiled; no other C library reads these. */
  static final String OF_GLIBC = "/usr/lib/locale";

  /**
   * What OpenTelemetry's SDK reads from ini files where it finds no variable: FPM empties the
   * environment of its workers unless told otherwise.
   */
  private static final List<String> CONFIGURATION =
      List.of(
          "OTEL_PHP_AUTOLOAD_ENABLED",
          "OTEL_PHP_DETECTORS",
          "OTEL_PHP_DISABLED_INSTRUMENTATIONS",
          "OTEL_PHP_EXCLUDED_URLS",
          "OTEL_PHP_LOG_DESTINATION",
          "OTEL_PHP_TRACES_PROCESSOR",
          "OTEL_SDK_DISABLED",
          "OTEL_LOG_LEVEL",
          "OTEL_SERVICE_NAME",
          "OTEL_RESOURCE_ATTRIBUTES",
          "OTEL_PROPAGATORS",
          "OTEL_TRACES_SAMPLER",
          "OTEL_TRACES_SAMPLER_ARG",
          "OTEL_TRACES_EXPORTER",
          "OTEL_METRICS_EXPORTER",
          "OTEL_LOGS_EXPORTER",
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_PROTOCOL",
          "OTEL_EXPORTER_OTLP_HEADERS",
          "OTEL_EXPORTER_OTLP_TIMEOUT",
          "OTEL_EXPORTER_OTLP_CERTIFICATE",
          "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
          "OTEL_EXPORTER_OTLP_CLIENT_KEY",
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
          "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
          "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
          "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
          "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
          "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
          "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
          "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL",
          "OTEL_EXPORTER_OTLP_LOGS_HEADERS");

  private static final String SCRIPT =
      """
      set -eu
      umask 022

      leave() {
        echo "$1: PHP starts as it was" >&2
        [ ! -w /dev/termination-log ] || echo "$1: PHP starts as it was" >/dev/termination-log
        exit 0
      }

      # What a start left that did not end.
      rm -rf "$agent/extensions" "$agent/packages"
      for build in "$source"/*/*/*; do
        [ -f "$build/opentelemetry.so" ] && [ -f "$build/autoload.php" ] || continue
        of=${build#"$source"/}
        api=${of%%/*}
        libc=${of#*/}
        libc=${libc%%/*}
        case $api in
      VERSIONS
          [0-9].[0-9]*) version=$api ;;
          *) continue ;;
        esac
        case ${of##*/} in
          non-zts) zts=0 ;;
          zts) zts=1 ;;
          *) continue ;;
        esac
        [ -z "$only" ] || [ "$only" = "$version" ] || continue
        mkdir -p "$agent/extensions/$version-$libc-zts$zts"
        cp "$build/opentelemetry.so" "$agent/extensions/$version-$libc-zts$zts/"
        # What is written in PHP is the same in all builds for one version.
        if [ ! -d "$agent/packages/$version" ]; then
          mkdir -p "$agent/packages/$version"
          cp -r "$build/." "$agent/packages/$version"
          rm -f "$agent/packages/$version/opentelemetry.so"
        fi
      done
      [ -d "$agent/packages" ] ||
        leave "the agent's image has no opentelemetry.so and autoload.php in $source/API/LIBC/THREADS${only:+ for PHP $only}"

      for libc in glibc musl; do
        mkdir -p "$agent/libc/$libc"
        echo "graft.libc = $libc" >"$agent/libc/$libc/libc.ini"
      done

      cat >"$agent/attach.php" <<'END'
      <?php
      // Written by Graft, and run by PHP before the application. Whatever is wrong with the agent, the application runs: so
      // this is read by each version of PHP, and leaves no variable behind.
      call_user_func(function () {
          $autoload = __DIR__ . '/packages/' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION . '/autoload.php';
          try {
              foreach (array(EXTENSIONS) as $tracer) {
                  if (extension_loaded($tracer)) {
                      return;
                  }
              }
              if (extension_loaded('opentelemetry') && is_file($autoload)) {
                  require_once $autoload;
              }
          } catch (Throwable $e) {
              error_log('OpenTelemetry is not loaded: ' . $e->getMessage());
          }
      });
      // What the application itself has run first.
      if (function_exists('get_cfg_var') && !in_array(get_cfg_var('graft.first'), array(false, '', 'none', __FILE__), true)) {
          require get_cfg_var('graft.first');
      }
      END

      # Directory and home of the agent, for each place where it is mounted.
      while [ $# -gt 0 ]; do
        mkdir -p "$agent/$1"
        cat >"$agent/$1/opentelemetry.ini" <<END
      ; Written by Graft. Constants of PHP and what was read before tell which build of the extension is for this PHP.
      extension = "$2/extensions/"PHP_MAJOR_VERSION"."PHP_MINOR_VERSION"-"\\${graft.libc}"-zts"PHP_ZTS"/opentelemetry.so"
      graft.first = \\${auto_prepend_file}
      auto_prepend_file = "$2/attach.php"
      ; Where FPM empties the environment of its workers, OpenTelemetry finds its variables here.
      CONFIGURATION
      END
        shift 2
      done
      """;

  private DeliveryScript() {}

  /**
   * The script.
   *
   * @param source where the agent's image has the agent
   * @param agent where it finds the agent's volume
   * @param only the version of PHP to copy the agent for; the empty string for all
   */
  static String of(String source, String agent, String only) {
    return "source=%s\nagent=%s\nonly=%s\n".formatted(source, agent, only)
        + SCRIPT
            .replace(
                "VERSIONS",
                Arrays.stream(PhpApi.values())
                    .map(api -> "    " + api.date() + ") version=" + api.version() + " ;;")
                    .collect(Collectors.joining("\n")))
            .replace(
                "EXTENSIONS",
                Tracers.EXTENSIONS.stream()
                    .map(name -> "'" + name + "'")
                    .collect(Collectors.joining(", ")))
            .replace(
                "CONFIGURATION",
                CONFIGURATION.stream()
                    .map(name -> name + " = \\${" + name + "}")
                    .collect(Collectors.joining("\n")));
  }
}
