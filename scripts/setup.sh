#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up everything that the project needs on Debian 12, Debian 13 or a relative of theirs. Safe to
# run again: it looks first and installs only what is missing.
#   scripts/setup.sh          what running the plugin and its tests needs
#   scripts/setup.sh shots    also what the photographs of a real window need
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
root=$PWD
minimum=3.40
packages=(qgis python3-qgis python3-gdal python3-venv python3-psycopg2 python3-jinja2 python3-pyqt6
          pyqt6-dev-tools pyqt5-dev-tools qttools5-dev-tools xvfb openbox fonts-open-sans zip
          postgresql postgresql-postgis)
if [ "${1:-}" = shots ]; then packages+=(chromium); fi

# Another project's environment, interpreter or pip target must not reach into this one.
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV PIP_TARGET PIP_PREFIX PIP_USER PIP_CONSTRAINT
unset PIP_REQUIRE_VIRTUALENV QGIS_PLUGINPATH QGIS_PREFIX_PATH
export PYTHONNOUSERSITE=1 PATH="/usr/sbin:/usr/bin:/sbin:/bin:$PATH"

# QGIS's own interpreter, never the first python3 on PATH, which may be another one.
python=/usr/bin/python3
complete=build/venv/.complete

say() { printf '[set-up] %s\n' "$*" >&2; }
fail() { printf '[set-up] %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "Packages have to be installed: run this once as root, or install them: ${packages[*]}"; fi
}

codename() { (. /etc/os-release && echo "${VERSION_CODENAME:-}"); }
qgis_version() { dpkg-query -W -f='${db:Status-Status} ${Version}' qgis 2>/dev/null | sed -n 's/^installed //p'; }
candidate() { apt-cache policy qgis | awk '/Candidate:/ {print $2}'; }
new_enough() { [ -n "$1" ] && [ "$1" != "(none)" ] && dpkg --compare-versions "${1#*:}" ge "$minimum"; }

# The packages that are not installed, one a line.
missing_packages() {
  dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null |
    sed -n 's/^installed //p' | sort -u | comm -13 - <(printf '%s\n' "${packages[@]}" | sort -u)
}

# Prints "uri signed-by" of the configured archive that serves the suite $1, from either format of
# apt's sources. A key that is written out inside the file is not repeated: apt trusts its own keys.
archive_of() {
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    [ -f "$file" ] || continue
    case $file in
      *.sources) sed 's/^[ \t]*$//; /^#/d' "$file" | awk -v suite="$1" 'BEGIN {RS=""; FS="\n"} {
          uri=""; key=""; hit=0; binary=0; off=0
          for (i = 1; i <= NF; i++) {
            n = split($i, word, /[ \t]+/)
            field = tolower(word[1])
            if (field == "uris:") uri = word[2]
            if (field == "signed-by:" && word[2] ~ /^\//) key = word[2]
            if (field == "enabled:" && tolower(word[2]) == "no") off = 1
            if (field == "types:") for (j = 2; j <= n; j++) if (word[j] == "deb") binary = 1
            if (field == "suites:") for (j = 2; j <= n; j++) if (word[j] == suite) hit = 1
          }
          if (hit && binary && !off && uri != "") print uri, key }' ;;
      *.list | */sources.list) sed 's/#.*//' "$file" | awk -v suite="$1" '$1 == "deb" {
          key=""; i = 2
          if ($2 ~ /^\[/) { while ($i !~ /\]$/) i++; opt = $0; i++
            if (match(opt, /signed-by=[^] ]+/)) key = substr(opt, RSTART + 10, RLENGTH - 10) }
          if ($(i + 1) == suite) print $i, key }' ;;
    esac
  done | sed -n 1p
}

enable_backports() {
  local name uri key
  name=$(codename)
  [ -n "$name" ] || fail "QGIS $minimum or newer is needed, and this system does not tell its release."
  read -r uri key < <(archive_of "$name") || true
  [ -n "${uri:-}" ] || fail "QGIS $minimum or newer is needed; no apt source for $name was found."
  say "the distribution's QGIS is older than $minimum: enabling $name-backports on the mirror in use"
  { echo "Types: deb"; echo "URIs: $uri"; echo "Suites: $name-backports"; echo "Components: main"
    [ -z "${key:-}" ] || echo "Signed-By: $key"; } |
    as_root tee /etc/apt/sources.list.d/calval-backports.sources >/dev/null
  as_root apt-get update -qq
}

# The tests start a PostgreSQL of their own: its packages must not start one for the whole machine.
no_own_server() {
  if [ -e /etc/postgresql-common ]; then return; fi
  as_root mkdir -p /etc/postgresql-common
  echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
}

install_packages() {
  local missing suite=()
  if ! command -v dpkg-query >/dev/null; then
    command -v qgis_process >/dev/null && "$python" -c 'import qgis.core' 2>/dev/null && return
    fail "This set-up knows Debian and its relatives. Elsewhere: see 'By hand' in README.md."
  fi
  # An old QGIS counts as missing, so that it is brought up to date.
  mapfile -t missing < <(missing_packages;
    new_enough "$(qgis_version)" || printf '%s\n' qgis python3-qgis)
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sed '/^$/d' | sort -u)
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "installing with apt: ${missing[*]}"
  as_root apt-get update -qq || say "apt-get update had complaints; going on with what it knows"
  if ! new_enough "$(qgis_version)" && ! new_enough "$(candidate)"; then
    apt-cache policy qgis | grep -q "$(codename)-backports" || enable_backports
    suite=(-t "$(codename)-backports")
  fi
  no_own_server
  as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=300 "${suite[@]}" "${missing[@]}" >build/apt.log 2>&1 ||
    { tail -n 5 build/apt.log >&2; fail "apt-get could not install everything: build/apt.log"; }
  new_enough "$(qgis_version)" ||
    fail "QGIS $minimum or newer is needed, and only $(qgis_version) could be installed."
}

# What the environment was made for: place, interpreter, numpy and GDAL of the system.
system() {
  echo "$root"
  readlink -f "$python"
  dpkg-query -W -f='${db:Status-Status} ${Package} ${Version}\n' python3 python3-numpy python3-gdal \
    python3-qgis 2>/dev/null || true
}
fingerprint() { system; cat requirements.txt requirements-dev.txt; }

make_environment() {
  local numpy
  "$python" -c 'import qgis.core' || fail "$python cannot import qgis: QGIS's interpreter was not found."
  numpy=$("$python" -c 'import numpy; print(numpy.__version__)')
  say "making the Python environment in build/venv"
  if [ "$(system)" != "$(cat build/venv/.system 2>/dev/null)" ]; then
    rm -rf build/venv
    "$python" -m venv --system-site-packages build/venv
    system >build/venv/.system
  fi
  # The bindings of the system's GDAL were built for the system's numpy: no other one may come.
  echo "numpy==$numpy" >build/constraints.txt
  build/venv/bin/python -m pip install -q --disable-pip-version-check -c build/constraints.txt \
    -r requirements.txt -r requirements-dev.txt >build/pip.log 2>&1 ||
    { tail -n 5 build/pip.log >&2; fail "pip could not install the Python packages: build/pip.log"; }
  PYQTGRAPH_QT_LIB=PyQt5 build/venv/bin/python -c \
    'import numpy, osgeo.gdal_array, scipy.stats, pyqtgraph, qgis.core' ||
    fail "The Python environment in build/venv is broken: remove it and run this again."
}

# QGIS finds the plugin through a link under its own name.
link_plugin() {
  mkdir -p build/plugins
  [ "$(readlink build/plugins/calval_toolbox)" = "$root" ] ||
    ln -sfn "$root" build/plugins/calval_toolbox
}

# Help pages and translations are made from their sources whenever one of those is newer.
make_texts() {
  [ -f build/.texts ] && [ -d help/html ] &&
    [ -z "$(find help resources/i18n scripts/build_help.py scripts/build_translations.py \
      -not -path 'help/html*' -not -name '*.qm' -newer build/.texts -print -quit)" ] && return
  touch build/.texts.new
  build/venv/bin/python scripts/build_help.py
  build/venv/bin/python scripts/build_translations.py
  mv build/.texts.new build/.texts
}

mkdir -p build
exec 9>build/.lock
flock 9  # two set-ups at a time would write the same files
install_packages
now=$(fingerprint)
if [ "$now" != "$(cat "$complete" 2>/dev/null)" ] || [ ! -x build/venv/bin/python ]; then
  make_environment
  fingerprint >"$complete"
  say "ready: QGIS $(qgis_version), $(build/venv/bin/python --version)"
fi
link_plugin
make_texts
