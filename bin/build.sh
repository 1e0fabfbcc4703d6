# What ./verify, ./demo and ./bench share: to say how far they are, to install what is missing, to run Maven.
# For bash, to be sourced in the root of the checkout after bin/jdk.sh; `logs` is the folder for what steps print.

# What tests and the demonstration fetch and build is kept here, under names made of its content: outside of the checkout,
# so that a fresh clone on the same machine does not fetch it again.
export GRAFT_CACHE=${GRAFT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/graft}
mkdir -p "$GRAFT_CACHE" "$logs"

say() { printf '[%4d s] %s\n' "$SECONDS" "$*"; }

fail() {
  say "FAILED: $1"
  exit 1
}

# Runs the step named $1, the rest as its command, with all it prints in a log of its own.
step() {
  local name=$1 log=$logs/${1//[^A-Za-z0-9]/-}.log
  shift
  say "$name"
  if ! "$@" >"$log" 2>&1; then
    tail -n 20 "$log"
    fail "$name; all of its output: $log"
  fi
}

# As step, for a command that takes minutes and says on file descriptor 3 how far it is.
long_step() {
  local name=$1 log=$logs/${1//[^A-Za-z0-9]/-}.log
  shift
  say "$name"
  if ! "$@" 3>&1 >"$log" 2>&1 | while IFS= read -r line; do say "  $line"; done; then
    tail -n 20 "$log"
    fail "$name; all of its output: $log"
  fi
}

apt_updated=false
apt_install() {
  if ! $apt_updated; then
    apt-get update || return 1
    apt_updated=true
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Installs the packages $2… unless the command $1 works.
need() {
  local check=$1
  shift
  if sh -c "$check" >/dev/null 2>&1; then
    return
  fi
  can_apt || fail "needs the Debian packages $* or their like; install them and run this again"
  step "installing $*" apt_install "$@"
}

install_jdk() {
  if find_java 25 'java javac' 2>/dev/null; then
    return
  fi
  if can_apt; then
    step 'installing a JDK 25' apt_install openjdk-25-jdk-headless
  fi
  find_java 25 'java javac' || fail 'no JDK 25'
}

# The lines of Maven's output that say how far it is and how the tests went.
progress() {
  local line
  while IFS= read -r line; do
    case "$line" in
      '[INFO] Building Graft'*'['*/*) say "${line#\[INFO\] }" ;;
      '['*'] Tests run:'*) printf '         %s\n' "$line" ;;
    esac
  done
}

# Runs Maven with the arguments $2…, which is what is called $1.
maven() {
  local log=$logs/maven.log name=$1
  shift
  say "$name, ./mvnw $*"
  if ! ./mvnw -B -ntp -fae "$@" 2>&1 | tee "$log" | progress; then
    grep -E '^\[ERROR\]' "$log" | head -n 60 || true
    fail "./mvnw $*; all of its output: $log"
  fi
}
