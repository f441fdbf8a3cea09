# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Read by scripts/qgis and scripts/qgis_process: QGIS with the plugin enabled and its optional packages
# visible, in a profile of its own under build/, so that the user's stays as it is.
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
[ -f "$root/build/venv/.complete" ] || "$root/scripts/setup.sh" </dev/null >&2

# CALVAL_PROFILE: another folder for the profile, such as an empty one.
profile=${CALVAL_PROFILE:-$root/build/profile}
settings=$profile/profiles/default/QGIS/QGIS3.ini
if ! grep -qs '^calval_toolbox=true' "$settings"; then
  mkdir -p "$(dirname "$settings")"
  printf '[PythonPlugins]\ncalval_toolbox=true\n' >>"$settings"
fi
packages=("$root"/build/venv/lib/python3*/site-packages)

# QGIS embeds Python and looks for its home through the first python3 on PATH: let that be its own.
unset PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV PYTHONDONTWRITEBYTECODE
export PATH="/usr/bin:/bin:$PATH" PYTHONNOUSERSITE=1
export PYTHONPATH="${packages[0]}" PYTHONPYCACHEPREFIX="$root/build/pycache"
export NUMBA_CACHE_DIR="$root/build/numba" XDG_CACHE_HOME="$root/build/cache"
export QGIS_CUSTOM_CONFIG_PATH="$profile" QGIS_PLUGINPATH="$root/build/plugins"
if [ -z "${XDG_RUNTIME_DIR:-}" ]; then
  export XDG_RUNTIME_DIR="$root/build/run"
  mkdir -p -m 700 "$XDG_RUNTIME_DIR"
fi
