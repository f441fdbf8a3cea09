# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Read by scripts/qgis and scripts/qgis_process: QGIS with the plugin enabled and its optional packages
# visible, in a profile of its own under build/, so that the user's stays as it is.
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
profile=$root/build/profile/profiles/default/QGIS/QGIS3.ini

if [ ! -f "$root/build/venv/.complete" ] || ! grep -qs '^calval_toolbox=true' "$profile"; then
  "$root/scripts/setup.sh" </dev/null >&2
fi
packages=("$root"/build/venv/lib/python3*/site-packages)

# QGIS embeds Python and looks for its home through the first python3 on PATH: let that be its own.
unset PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV PYTHONDONTWRITEBYTECODE
export PATH="/usr/bin:/bin:$PATH" PYTHONNOUSERSITE=1
export PYTHONPATH="${packages[0]}" PYTHONPYCACHEPREFIX="$root/build/pycache"
export NUMBA_CACHE_DIR="$root/build/numba" XDG_CACHE_HOME="$root/build/cache"
export QGIS_CUSTOM_CONFIG_PATH="$root/build/profile" QGIS_PLUGINPATH="$root/build/plugins"
if [ -z "${XDG_RUNTIME_DIR:-}" ]; then
  export XDG_RUNTIME_DIR="$root/build/run"
  mkdir -p -m 700 "$XDG_RUNTIME_DIR"
fi
