#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up everything that the project needs on Debian 12, Debian 13 or a relative of theirs. Safe to run again:
# it looks first and installs only what is missing.
#   scripts/setup.sh          what running the plugin and its tests needs
#   scripts/setup.sh shots    also what the screenshots of a real window need
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
minimum=3.40
packages=(qgis python3-qgis python3-gdal python3-venv python3-pyqt6 python3-psycopg2 python3-jinja2
          pyqt5-dev-tools qttools5-dev-tools xvfb openbox fonts-open-sans)
if [ "${1:-}" = shots ]; then packages+=(xdotool imagemagick chromium); fi

say() { printf '[set-up] %s\n' "$*"; }
fail() { printf '[set-up] %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "Packages have to be installed: run this once as root, or install them yourself: ${packages[*]}"; fi
}

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }
qgis_version() { dpkg-query -W -f='${Version}' qgis 2>/dev/null || true; }
candidate() { apt-cache policy qgis | awk '/Candidate:/ {print $2}'; }
new_enough() { [ -n "$1" ] && [ "$1" != "(none)" ] && dpkg --compare-versions "$1" ge "$minimum"; }

# Prints "uri signed-by" of the configured archive that serves the suite $1, from either format of apt's sources.
archive_of() {
  local files=(/etc/apt/sources.list /etc/apt/sources.list.d/*) file
  for file in "${files[@]}"; do
    [ -f "$file" ] || continue
    case $file in
      *.sources) awk -v suite="$1" 'BEGIN {RS=""; FS="\n"} {
          uri=""; key=""; hit=0
          for (i = 1; i <= NF; i++) {
            n = split($i, word, /[ \t]+/)
            if (word[1] == "URIs:") uri = word[2]
            if (word[1] == "Signed-By:" && n > 1) key = word[2]
            if (word[1] == "Suites:") for (j = 2; j <= n; j++) if (word[j] == suite) hit = 1
          }
          if (hit && uri != "") print uri, key }' "$file" ;;
      *.list) sed 's/#.*//' "$file" | awk -v suite="$1" '$1 == "deb" {
          key=""; i = 2
          if ($2 ~ /^\[/) { while ($i !~ /\]$/) i++; opt = $0; i++
            if (match(opt, /signed-by=[^] ]+/)) key = substr(opt, RSTART + 10, RLENGTH - 10) }
          if ($(i + 1) == suite) print $i, key }' ;;
    esac
  done | head -n 1
}

enable_backports() {
  local codename uri key
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  [ -n "$codename" ] || fail "QGIS $minimum or newer is needed and this system does not tell its release name."
  read -r uri key < <(archive_of "$codename") || true
  [ -n "${uri:-}" ] || fail "QGIS $minimum or newer is needed; no apt source for $codename was found to read the mirror from."
  say "the distribution's QGIS is older than $minimum: enabling $codename-backports on the mirror in use"
  { echo "Types: deb"; echo "URIs: $uri"; echo "Suites: $codename-backports"; echo "Components: main"
    [ -z "${key:-}" ] || echo "Signed-By: $key"; } |
    as_root tee /etc/apt/sources.list.d/calval-backports.sources >/dev/null
  as_root apt-get update -qq
}

install_packages() {
  local missing=() package target=()
  for package in "${packages[@]}"; do installed "$package" || missing+=("$package"); done
  new_enough "$(qgis_version)" || missing+=(qgis)
  [ "${#missing[@]}" -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "This set-up knows Debian and its relatives. Elsewhere: see 'By hand' in README.md."
  say "installing: ${missing[*]}"
  as_root apt-get update -qq
  if ! new_enough "$(qgis_version)" && ! new_enough "$(candidate)"; then
    local codename; codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    apt-cache policy qgis | grep -q "$codename-backports" || enable_backports
    target=(-t "$codename-backports")
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${target[@]}" "${missing[@]}" >"$root/build/apt.log" 2>&1 ||
    fail "apt-get could not install everything; its words are in build/apt.log."
  new_enough "$(qgis_version)" || fail "QGIS $minimum or newer is needed, and only $(qgis_version) could be installed."
}

# QGIS's own interpreter, never the first python3 on PATH, which may be another one.
find_python() {
  local python
  for python in /usr/bin/python3; do
    "$python" -c 'import qgis.core' 2>/dev/null && { echo "$python"; return; }
  done
  fail "QGIS's Python interpreter was not found: /usr/bin/python3 cannot import qgis."
}

make_environment() {
  local python=$1 wanted numpy
  numpy=$("$python" -c 'import numpy; print(numpy.__version__)')
  # The bindings of the system's GDAL were built for the system's numpy: the environment must not bring another one.
  wanted=$({ "$python" --version; echo "$numpy"; cat requirements.txt requirements-dev.txt; } | sha256sum)
  if [ "$(cat build/venv/.complete 2>/dev/null)" = "$wanted" ]; then return; fi
  say "making the Python environment in build/venv"
  # The project's own interpreter must not see another project's environment.
  unset PYTHONPATH PYTHONHOME VIRTUAL_ENV
  if [ ! -x build/venv/bin/python ] || ! build/venv/bin/python -c 'import qgis.core' 2>/dev/null; then
    rm -rf build/venv
    "$python" -m venv --system-site-packages build/venv
  fi
  echo "numpy==$numpy" >build/constraints.txt
  build/venv/bin/python -m pip install -q --disable-pip-version-check -c build/constraints.txt \
    -r requirements.txt -r requirements-dev.txt >build/pip.log 2>&1 ||
    fail "pip could not install the Python packages; its words are in build/pip.log."
  echo "$wanted" >build/venv/.complete
}

mkdir -p build/plugins
install_packages
make_environment "$(find_python)"
ln -sfn "$root" build/plugins/calval_toolbox
say "ready: QGIS $(qgis_version), $(build/venv/bin/python --version)"
