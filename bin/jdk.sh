# Finds a JDK for the script that sources this file (mvnw, verify, the launcher of the distribution).
# POSIX sh; its variables begin with jdk_. No JVM is started to ask for its version, as the file `release` of a JDK says it.
# (`java -version` takes a tenth of a second.)

# The feature version (25 for 25.0.3) of the Java installation in folder $1; nothing when it is none.
java_feature_version() {
  [ -x "$1/bin/java" ] || return 0
  if [ -r "$1/release" ]; then
    while IFS='=' read -r jdk_key jdk_value; do
      [ "$jdk_key" = JAVA_VERSION ] || continue
      jdk_value=${jdk_value#\"}
      echo "${jdk_value%%[!0-9]*}"
      return 0
    done <"$1/release"
  fi
  "$1/bin/java" -version 2>&1 | sed -n 's/^[a-z]* version "\([0-9]*\).*/\1/p'
}

# Whether folder $1 holds Java $2 or newer with all the commands that $3 names ("java", "java javac").
is_java() {
  for jdk_command in $3; do
    [ -x "$1/bin/$jdk_command" ] || return 1
  done
  jdk_version=$(java_feature_version "$1")
  [ "${jdk_version:-0}" -ge "$2" ]
}

# Sets JAVA_HOME to an installation of Java $1 or newer that has the commands $2 (default: java).
# The first that fits: JAVA_HOME itself, `java` on the PATH, the folders where installers put them.
# Says what to install, and returns 1, when there is none.
find_java() {
  jdk_commands=${2:-java}
  if [ -n "${JAVA_HOME:-}" ] && is_java "$JAVA_HOME" "$1" "$jdk_commands"; then
    return 0
  fi
  jdk_on_path=$(command -v java || true)
  # macOS has a /usr/bin/java that only asks for a JDK: java_home is its way to find one.
  if [ -x /usr/libexec/java_home ]; then
    jdk_mac_home=$(/usr/libexec/java_home -v "$1+" 2>/dev/null || true)
  fi
  for jdk_home in \
    "${jdk_on_path:+$(dirname "$(dirname "$(readlink -f "$jdk_on_path" || echo "$jdk_on_path")")")}" \
    "${jdk_mac_home:-}" \
    /usr/lib/jvm/* /usr/lib64/jvm/* /opt/* /opt/java/* /usr/local/* /usr/local/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
    "${HOME:-/nonexistent}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/nonexistent}"/.local/share/mise/installs/java/* "${HOME:-/nonexistent}"/.asdf/installs/java/*; do
    if [ -n "$jdk_home" ] && is_java "$jdk_home" "$1" "$jdk_commands"; then
      JAVA_HOME=$jdk_home
      return 0
    fi
  done
  echo "error: Java $1 or newer is needed and none was found in JAVA_HOME, on the PATH or in the usual folders." \
    "Install one (for example Eclipse Temurin $1) and set JAVA_HOME to its folder." >&2
  return 1
}
