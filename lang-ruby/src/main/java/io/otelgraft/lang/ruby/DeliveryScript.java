package io.otelgraft.lang.ruby;

import java.util.List;

/**
 * What the container with the agent's image does: copy the agent, and write the file that Ruby
 * loads before the application. Ruby does not start if that file is missing or fails, so it is
 * written first, and does not fail.
 *
 * <p>Can be run again, as the kubelet does when a pod is restarted. There is no {@code $(...)} in
 * it, as that is a reference to a variable in {@code args} of Kubernetes.
 */
final class DeliveryScript {

  /** The file that Ruby loads, below the agent's directory and without its ending. */
  static final String ATTACH = "/attach";

  /**
   * Gems that an application names in its bundle if it has a tracer of its own; where one of them
   * is there, the agent stays out.
   */
  private static final List<String> TRACERS =
      List.of(
          "datadog",
          "ddtrace",
          "newrelic_rpm",
          "elastic-apm",
          "appsignal",
          "scout_apm",
          "skylight",
          "instana",
          "onesdk_ruby",
          "solarwinds_apm",
          "opentelemetry-sdk");

  private static final String SCRIPT =
      """
      set -eu
      umask 022

      cat >"$agent/attach.rb" <<'END'
      # Written by Graft, and loaded by each Ruby before the application. Whatever is wrong with the agent, the application
      # starts: so each version of Ruby reads this, and nothing is raised.
      begin
        path = $LOAD_PATH.dup
        locks = [ENV['BUNDLE_GEMFILE'], 'Gemfile'].compact.map { |name| "#{name}.lock" } << 'gems.locked'
        lock = locks.find { |file| File.file?(file) }
        tracer = lock && File.read(lock)[/^ {4}(TRACERS) \\(/, 1]
        raise "#{lock} has #{tracer}" if tracer

        require 'rbconfig'
        # glibc and musl take each other's libraries, and crash in them.
        libc = RbConfig::CONFIG['host_os'].include?('musl') ? 'musl' : 'glibc'
        home, entry = [
          [File.join(__dir__, libc), 'opentelemetry-auto-instrumentation.rb'],
          [File.join(__dir__, libc), 'src/autoinstrumentation.rb'],
          ([__dir__, 'src/autoinstrumentation.rb'] if libc == 'glibc')
        ].compact.find { |directory, file| File.file?(File.join(directory, file)) }
        raise "there is no agent for #{libc}" unless home

        # Libraries in C that were not built for several versions of Ruby are for this one.
        built = Dir[File.join(home, 'extensions', '*', '*')].map { |directory| File.basename(directory) }.uniq
        unless built.empty? || built.include?(Gem.extension_api_version)
          raise "the agent was built for Ruby #{built.join(' and ')}, and this is #{Gem.extension_api_version}"
        end
        ENV['OTEL_RUBY_ADDITIONAL_GEM_PATH'] ||= home
        require File.join(home, entry)
      rescue ScriptError, StandardError => e
        $LOAD_PATH.replace(path) if path
        warn "OpenTelemetry is not loaded: #{e.message}"
      end
      END

      for entry in src/autoinstrumentation.rb glibc/opentelemetry-auto-instrumentation.rb musl/opentelemetry-auto-instrumentation.rb \\
        glibc/src/autoinstrumentation.rb musl/src/autoinstrumentation.rb; do
        [ ! -f "$source/$entry" ] || found=$entry
      done
      if [ -z "${found-}" ]; then
        message="the agent's image has neither $source/src/autoinstrumentation.rb nor the like in glibc or musl: Ruby starts as it was"
        echo "$message" >&2
        [ ! -w /dev/termination-log ] || echo "$message" >/dev/termination-log
        exit 0
      fi
      cp -r "$source/." "$agent"
      """;

  private DeliveryScript() {}

  /**
   * The script.
   *
   * @param source where the agent's image has the agent
   * @param agent where it finds the agent's volume
   */
  static String of(String source, String agent) {
    return "source=%s\nagent=%s\n".formatted(source, agent)
        + SCRIPT.replace("TRACERS", String.join("|", TRACERS));
  }
}
