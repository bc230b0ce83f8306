# Puts the real OpenClaw and its Node in place, and builds the program. Sourced by what compares the two.
# Sets $node, and exports OPENCLAW_PACKAGE and OPENCLAW_HARDEN_BIN; reads OPENCLAW_HARDEN_CACHE, OPENCLAW_HARDEN_BIN
# and $openclaw_version, where it is not the supported one.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${OPENCLAW_HARDEN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/openclaw-harden-tests}
openclaw_version=${openclaw_version:-2026.9.6}
early_version=2026.3.7
node_version=24.21.0

fail() {
  echo "$1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

need_npm() {
  command -v npm >/dev/null && return
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null ||
    fail "The suite needs npm to install OpenClaw: please install Node.js with npm."
  echo "installing npm through apt-get"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq npm; } >/dev/null ||
    fail "npm could not be installed through apt-get."
}

# Puts one npm package into a folder of its own. The folder appears only when the package is whole, so an
# installation that was cut short is begun again.
install_package() { # FOLDER PACKAGE NPM-OPTIONS...; $overrides: what takes the place of packages that npm no longer has
  local folder=$1 package=$2
  shift 2
  [[ -d $folder ]] && return
  need_npm
  mkdir -p "$cache"
  local half
  half=$(mktemp -d "$cache/installing.XXXXXX")
  echo "{\"private\": true, \"overrides\": ${overrides:-{\}}}" >"$half/package.json"
  for attempt in 1 2 3 4; do
    echo "installing $package (attempt $attempt)"
    if (cd "$half" && npm install "$package" --no-audit --no-fund --loglevel=error "$@" </dev/null); then
      mv -T "$half" "$folder" 2>/dev/null || rm -rf "$half" # another run was faster
      return
    fi
    sleep $((attempt * 5))
  done
  rm -rf "$half"
  fail "npm could not install $package; what it said stands above."
}

install_package "$cache/node-$node_version" "node@$node_version"
install_package "$cache/openclaw-$openclaw_version" "openclaw@$openclaw_version" --ignore-scripts

overrides='{"libsignal": "npm:is-number@7.0.0", "cssomnom": "npm:cssom@0.5.0"}' \
  install_package "$cache/openclaw-$early_version" "openclaw@$early_version" --ignore-scripts --legacy-peer-deps

node=$(find "$cache/node-$node_version/node_modules" -path '*/bin/node' -type f -perm -u+x 2>/dev/null | head -n 1)
[[ -n $node ]] && "$node" --version >/dev/null || fail "There is no Node that starts in $cache/node-$node_version: remove the folder and try again."
export OPENCLAW_PACKAGE=$cache/openclaw-$openclaw_version/node_modules/openclaw
export OPENCLAW_EARLY_PACKAGE=$cache/openclaw-$early_version/node_modules/openclaw
[[ -f $OPENCLAW_PACKAGE/openclaw.mjs && -f $OPENCLAW_EARLY_PACKAGE/openclaw.mjs ]] || fail "There is no OpenClaw in $OPENCLAW_PACKAGE: remove the folder and try again."

if [[ -z ${OPENCLAW_HARDEN_BIN:-} ]]; then
  (cd "$root" && cargo build --release --locked) || fail "The program does not build."
  target=${CARGO_TARGET_DIR:-$root/target}
  export OPENCLAW_HARDEN_BIN=$target/release/openclaw-harden
fi
[[ -x $OPENCLAW_HARDEN_BIN ]] || fail "There is no program at $OPENCLAW_HARDEN_BIN."
OPENCLAW_HARDEN_BIN=$(realpath "$OPENCLAW_HARDEN_BIN")
