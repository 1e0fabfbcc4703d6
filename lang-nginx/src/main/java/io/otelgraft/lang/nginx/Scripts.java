package io.otelgraft.lang.nginx;

/**
 * What is done to the configuration when a pod starts. Both scripts can be run again, as the
 * kubelet does when a pod is restarted.
 *
 * <p>What users say comes as arguments and variables, never as part of a script. There is no {@code
 * $(...)} in them, as that is a reference to a variable in {@code args} of Kubernetes.
 */
final class Scripts {
  /** A container that is no server may be named beside one, and has to start as well. */
  private static final String COPY =
      """
      set -eu
      umask 022
      if [ ! -d "$1" ]; then
        echo "there is no $1: nothing is copied" >&2
        exit 0
      fi
      cp -rf "$1/." "$copy"
      PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/nginx/sbin:/usr/local/openresty/nginx/sbin
      nginx -v 2>"$copy/version.txt" || echo "nginx -v failed: the version is not known" >&2
      """;

  private static final String ATTACH =
      """
      set -eu
      umask 022
      export LC_ALL=C
      main=$1
      shift

      leave() {
        echo "$1: the server starts as it was" >&2
        [ ! -w /dev/termination-log ] || echo "$1: the server starts as it was" >/dev/termination-log
        exit 0
      }

      cd "$copy"
      [ -f "$main" ] || leave "there is no $main"
      version=
      [ ! -f version.txt ] || read -r version <version.txt || :
      version=${version##*/}
      version=${version%% *}
      case $version in
        '' | *[!0-9.]*) leave "the version of nginx is not known" ;;
      esac
      module=WebServerModule/Nginx/$version/ngx_http_opentelemetry_module.so
      [ -f "$source/$module" ] || leave "the agent's image has no module for nginx $version"
      if find . -type f -exec \\
        grep -Eq '^[[:space:]]*load_module[[:space:]].*ngx_(http_opentelemetry|otel)_module[.]so' {} ';' -exec \\
        echo loaded ';' 2>/dev/null | grep -qx loaded; then
        leave "the configuration loads a module of OpenTelemetry already"
      fi

      # Loads the module, and includes the agent's configuration at the beginning of the block http.
      awk -v "module=$home/$module" -- '
        BEGIN { print "env OTEL_RESOURCE_ATTRIBUTES;"; print "load_module " module ";" }
        {
          at = 0
          for (i = 1; !done && i <= length($0); i++) {
            c = substr($0, i, 1)
            if (quote != "") {
              if (c == "\\\\") i++
              else if (c == quote) quote = ""
            } else if (word == "" && c == "#") break
            else if (word == "" && (c == "\\"" || c == "\\047")) { quote = c; last = "" }
            else if (c == "\\\\") { word = word "?"; i++ }
            else if (c ~ /[[:space:];{}]/) {
              if (word != "") last = word
              word = ""
              if (c == "{") { if (depth++ == 0 && last == "http") { at = i; done = 1 } }
              if (c == "}") depth--
              if (c ~ /[;{}]/) last = ""
            } else word = word c
          }
          if (quote == "" && word != "") { last = word; word = "" }
          if (!at) print
          else {
            print substr($0, 1, at)
            print "include opentelemetry/agent.conf;"
            print substr($0, at + 1)
          }
        }
        END { exit !done }' "$main" >.nginx.new || {
        rm .nginx.new
        leave "$main has no block http of its own"
      }

      cp -rf "$source/." "$agent"
      mkdir -p "$agent/logs" opentelemetry
      chmod 1777 "$agent/logs"
      sed "s|__agent_log_dir__|$home/logs|g" "$agent/conf/opentelemetry_sdk_log4cxx.xml.template" \\
        >"$agent/conf/opentelemetry_sdk_log4cxx.xml"

      # Prints the text, then the directives that came as arguments.
      awk -- '
        function argument(value, quoted, i, c) {
          if (value ~ /^[A-Za-z0-9_.,:\\/@%+=~*?-]+$/) return value
          for (i = 1; i <= length(value); i++) {
            c = substr(value, i, 1)
            if (c == "\\n") c = "\\\\n"
            else if (c == "\\r") c = "\\\\r"
            else if (c == "\\"" || c == "\\\\") c = "\\\\" c
            quoted = quoted c
          }
          return "\\"" quoted "\\""
        }
        BEGIN {
          text = ENVIRON["OTEL_NGINX_AGENT_CONF"]
          mark = "<<SID-PLACEHOLDER>>"
          while (at = index(text, mark)) {
            printf "%s%s", substr(text, 1, at - 1), argument(ENVIRON["OTEL_NGINX_SERVICE_INSTANCE_ID"])
            text = substr(text, at + length(mark))
          }
          print text
          for (i = 1; i < ARGC; i += 2) print ARGV[i] " " argument(ARGV[i + 1]) ";"
        }' "$@" >opentelemetry/agent.conf

      chmod u+w "$main" 2>/dev/null || :
      if [ -w "$main" ]; then
        cat .nginx.new >"$main"
        rm .nginx.new
      else
        # Of another user, who has to be able to copy it again.
        mv -f .nginx.new "$main"
        chmod a+w "$main"
      fi
      chmod -R u+w . 2>/dev/null || :
      """;

  private Scripts() {}

  /**
   * The script of the clone of a server, which copies its configuration and asks for its version.
   *
   * @param copy where it finds the volume for the copy
   */
  static String copy(String copy) {
    return "copy=" + copy + "\n" + COPY;
  }

  /**
   * The script of the container with the agent's image.
   *
   * @param source where that image has the agent
   * @param agent where it finds the agent's volume
   * @param copy where it finds the copy of the configuration
   * @param home where the server finds the agent's volume
   */
  static String attach(String source, String agent, String copy, String home) {
    return "source=%s\nagent=%s\ncopy=%s\nhome=%s\n".formatted(source, agent, copy, home) + ATTACH;
  }
}
