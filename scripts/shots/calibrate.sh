#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs and studies of real series for the photographs of the panel of calibrations.
#   calibrate.sh SERIES FOLDER    SERIES: as CALVAL_CALIBRATION; FOLDER: for what is made
set -euo pipefail
series=$1 folder=$2
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
mkdir -p "$folder"
run() { scripts/qgis_process run "$@"; }

run calval:importmeasurements -- INPUT="$series/dimitri_timeseries" DATABASE="$folder/calibration.gpkg"
common=(DATABASE="$folder/calibration.gpkg" REFERENCE_SENSOR=MERIS
  REFERENCE_VERSION=3rd_Reprocessing ATMOSPHERE="$series")
run calval:calibratedesert -- "${common[@]}" TARGET_SENSOR=AATSR SITES=Libya4,DomeC \
  SPECTRAL_METHOD=spline,monotone OUTPUT="$folder/aatsr.gpkg"
modis=(TARGET_SENSOR=MODISA SITES=Libya4 BANDS=466,554,646,857)
run calval:calibratedesert -- "${common[@]}" "${modis[@]}" OUTPUT="$folder/modis.gpkg"
run calval:desertuncertainty -- "${common[@]}" "${modis[@]}" OUTPUT="$folder/budget.gpkg" \
  CORRELATION="$folder/correlation.csv"
run calval:antarcticcloudimpact -- "${common[@]}" TARGET_SENSOR=AATSR SITES=DomeC \
  OUTPUT="$folder/impact.gpkg"

# There is no real series over clouds: a simulated one, in a database of its own.
build/venv/bin/python scripts/demo.py --calibration --data "$folder/simulated"
run calval:importmeasurements -- INPUT="$folder/simulated/clouds_S2A.csv" \
  DATABASE="$folder/clouds_database.gpkg"
run calval:calibrateclouds -- DATABASE="$folder/clouds_database.gpkg" TARGET_SENSOR=S2A/MSI \
  REFERENCE_BAND=B04 SITES=Clouds OUTPUT="$folder/clouds.gpkg"
