package io.otelgraft.lang.httpd;

/**
 * What is done to the configuration when a pod starts: the clone of a server copies it; the
 * container with the agent's image copies the agent, writes its configuration beside the server's
 * and includes it there. Both scripts can be run again, as the kubelet does when a pod is
 * restarted.
 *
 * <p>What users say comes as arguments and variables, never as part of a script. There is no {@code
 * $(...)} in them, as that is a reference to a variable in {@code args} of Kubernetes.
 */
final class Scripts {
  /** A container that is no server may be named beside one, and has to start as well. */
  private static final String COPY =
      """
      if [ ! -d "$1" ]; then
        echo "there is no $1: nothing is copied" >&2
        exit 0
      fi
      cp -r "$1/." "$copy"
      """;

  private static final String ATTACH =
      """
      set -eu
      umask 022
      export LC_ALL=C
      directory=$1
      shift

      leave() {
        echo "$1: the server starts as it was" >&2
        [ ! -w /dev/termination-log ] || echo "$1: the server starts as it was" >/dev/termination-log
        exit 0
      }

      cd "$copy"
      main=httpd.conf
      [ -f $main ] || main=apache2.conf
      [ -f $main ] || leave "$directory has neither httpd.conf nor apache2.conf"
      [ -f "$source/$module" ] || leave "the agent's image has no $module"
      if find . -type f ! -name opentemetry_agent.conf -exec \\
        grep -Eiq '^[[:space:]]*LoadModule[[:space:]]+otel_apache_module[[:space:]]' {} ';' -exec \\
        echo loaded ';' 2>/dev/null | grep -qx loaded; then
        leave "$directory loads the module already"
      fi

      cp -rf "$source/." "$agent"
      mkdir -p "$agent/logs"
      chmod 1777 "$agent/logs"
      sed "s|__agent_log_dir__|$home/logs|g" "$agent/conf/opentelemetry_sdk_log4cxx.xml.template" \\
        >"$agent/conf/opentelemetry_sdk_log4cxx.xml"

      # Prints the text, then the directives that came as arguments.
      awk -- '
        function argument(value, quoted, i, c) {
          if (value ~ /^[A-Za-z0-9_.,:\\/@%+=~*?-]+$/) return value
          for (i = 1; i <= length(value); i++) {
            c = substr(value, i, 1)
            if (c == "\\n" || c == "\\r") c = " "
            if (c == "\\"" || c == "\\\\") c = "\\\\" c
            if (c == "$" && substr(value, i) ~ /^[$]+[{]/) c = ""
            quoted = quoted c
          }
          return "\\"" quoted "\\""
        }
        BEGIN {
          text = ENVIRON["OTEL_APACHE_AGENT_CONF"]
          mark = "<<SID-PLACEHOLDER>>"
          while (at = index(text, mark)) {
            printf "%s%s", substr(text, 1, at - 1), argument(ENVIRON["APACHE_SERVICE_INSTANCE_ID"])
            text = substr(text, at + length(mark))
          }
          print text
          for (i = 1; i < ARGC; i += 2) print ARGV[i] " " argument(ARGV[i + 1])
        }' "$@" >opentemetry_agent.conf

      include="Include $directory/opentemetry_agent.conf"
      if ! grep -qxF "$include" $main; then
        { cat $main && printf '\\n%s\\n' "$include"; } >.$main.new
        chmod u+w $main 2>/dev/null || :
        if [ -w $main ]; then
          cat .$main.new >$main
          rm .$main.new
        else
          # Of another user, who has to be able to copy it again.
          mv -f .$main.new $main
          chmod a+w $main
        fi
      fi
      chmod -R u+w . 2>/dev/null || :
      """;

  private Scripts() {}

  /**
   * The script of the clone of a server, which copies its configuration.
   *
   * @param copy where it finds the volume for the copy
   */
  static String copy(String copy) {
    return "copy=" + copy + "\n" + COPY;
  }

  /**
   * The script of the container with the agent's image.
   *
   * @param source where the agent's image has the agent
   * @param agent where it finds the agent's volume
   * @param copy where it finds the copy of the configuration
   * @param home where the server finds the agent's volume
   * @param module the server's module in the agent's directory
   */
  static String attach(String source, String agent, String copy, String home, String module) {
    return "source=%s\nagent=%s\ncopy=%s\nhome=%s\nmodule=%s\n"
            .formatted(source, agent, copy, home, module)
        + ATTACH;
  }
}
