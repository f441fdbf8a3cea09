#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Photographs of a real QGIS with the plugin, under a virtual screen, into build/shots: docks, dialogs,
# the menu, themes and sizes, and the reports as a browser shows them.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
out=$PWD/build/shots
work=$PWD/build/shots-profile
rm -rf "$out" "$work"; mkdir -p "$out" "$work"

trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
exec 3<>"$work/display"
# Of its own it says 100 dpi, which QGIS takes for a scale of 1.04: lines of one pixel get lost.
Xvfb -displayfd 3 -screen 0 1600x1000x24 -dpi 96 -nolisten tcp 2>/dev/null &
for _ in $(seq 50); do [ -s "$work/display" ] && break; sleep 0.1; done
export DISPLAY=":$(<"$work/display")" CALVAL_PROFILE="$work" CALVAL_SHOTS="$out" CALVAL_TOURS=$PWD/scripts/shots LC_ALL=C.UTF-8
unset QT_QPA_PLATFORM
# Without a window manager windows have odd sizes and dialogs no frame.
openbox >/dev/null 2>&1 &

# Real series for the panel of calibrations: CALVAL_CALIBRATION names the folder of the tutorial, and
# CALVAL_MADE one that keeps what was made of them.
export CALVAL_MADE=${CALVAL_MADE:-$work/calibration}
# A run of the land-cover chain: CALVAL_LAND_COVER names its folder.
# Real elevation models and images: CALVAL_DEM names a folder with srtm_coregistration and sim.
[ -z "${CALVAL_CALIBRATION:-}" ] || [ -e "$CALVAL_MADE/clouds.gpkg" ] ||
  scripts/shots/calibrate.sh "$CALVAL_CALIBRATION" "$CALVAL_MADE" >"$work/calibrate.log" 2>&1

# $1 names the tour, the rest goes to QGIS.
visit() {
  local name=$1; shift
  CALVAL_TOUR=$name timeout 400 scripts/qgis --nologo "$@" --code scripts/shots/tour.py \
    >"$out/$name.log" 2>&1 || { tail -n 20 "$out/$name.log"; echo "[shots] $name failed" >&2; exit 1; }
}
# Names of tours as arguments: only these; none: all.
tours=("$@")
[ $# -gt 0 ] || tours=(first picked series series_dark series_large residual_map live columns narrow dark large
  calibration calibration_dark calibration_large elevation elevation_tiles elevation_dark elevation_large
  french series_french french calibration_french french elevation_french)
[ $# -gt 0 ] || [ -z "${CALVAL_LAND_COVER:-}" ] ||
  tours+=(land_cover land_cover_dark land_cover_large french land_cover_french)
for tour in "${tours[@]}"; do visit "$tour"; done
[ ! -f "$out/failed" ] || { cat "$out"/*.log; exit 1; }
rm -f "$out"/*.log

browser=$(command -v chromium || command -v chromium-browser || true)
if [ -n "$browser" ]; then
  for page in "$work"/profiles/default/calval/example/*.html help/html/index.html help/html/panels/*.html; do
    [ -f "$page" ] || continue
    "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1100,2600 \
      --screenshot="$out/page_$(basename "$page" .html).png" "file://$(readlink -f "$page")" \
      >/dev/null 2>&1 || echo "[shots] $page could not be photographed" >&2
  done
else
  echo "[shots] no chromium: pages were not photographed" >&2
fi
ls "$out"
