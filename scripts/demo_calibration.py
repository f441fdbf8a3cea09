# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated Sentinel-2A, 2B and 2C over a desert, and clouds: gains and a drift are planted,
sought, and compared. ``demo.py --calibration`` runs it.

    build/venv/bin/python scripts/demo_calibration.py [--data] [FOLDER]

``FOLDER`` takes the place of ``build/demo_calibration``; with ``--data`` only the data are made, in
FOLDER.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from demo_run import ROOT, Demo, from_here, pictures, read

STEPS = 6
DAYS = 1460
NAMES = {
    "B02": 490.0, "B03": 560.0, "B04": 665.0, "B05": 705.0, "B07": 783.0, "B8A": 865.0,
    "B11": 1610.0,
}  # fmt: skip
GAINS = {"B02": 1.010, "B04": 0.985, "B8A": 1.020}
DRIFTS = {"B03": 0.010}
CLOUD_GAINS = {"B02": 1.015, "B8A": 0.990}


def make_data(folder: Path) -> list[Path]:
    """Write the series as CSV files; returns them."""
    from calval_toolbox.core.calibration.sensor_tables import SensorTables
    from calval_toolbox.core.calibration.simulate import Plan, simulate_clouds, simulate_desert
    from calval_toolbox.core.calibration.types import Band, Sensor
    from calval_toolbox.core.io.measurements import write_measurements

    folder.mkdir(parents=True, exist_ok=True)
    bands, tables, made = tuple(Band(*one) for one in NAMES.items()), SensorTables(), []
    for seed, unit in enumerate("ABC"):
        sensor = Sensor(f"S2{unit}/MSI", bands)
        planted = {"gains": GAINS, "drifts": DRIFTS} if unit == "B" else {}
        plan = Plan(days=DAYS, offset_days=1.5 * seed, **planted)
        series = simulate_desert(sensor, tables.bands(sensor), plan, seed=seed)
        made.append(folder / f"desert_S2{unit}.csv")
        write_measurements(series, made[-1], "csv")
    sensor = Sensor("S2A/MSI", bands)
    made.append(folder / "clouds_S2A.csv")
    clouds = simulate_clouds(sensor, tables.bands(sensor), 800, CLOUD_GAINS, DAYS, seed=9)
    write_measurements(clouds, made[-1], "csv")
    return made


def calibrate(demo: Demo, files: list[Path]) -> dict[str, dict[str, Any]]:
    """Import and calibrate; returns the results of each step."""
    database = demo.out("calibration.gpkg")
    demo.run("Filling the calibration database", "calval:importmeasurements",
             {"INPUT": [str(path) for path in files], "DATABASE": database})  # fmt: skip
    twins = {"DATABASE": database, "TARGET_SENSOR": "S2B/MSI", "REFERENCE_SENSOR": "S2A/MSI",
             "SITES": "Libya4"}  # fmt: skip
    found = {}
    found["desert"] = demo.run(
        "Sentinel-2B against 2A over the desert", "calval:calibratedesert",
        twins | {"OUTPUT": demo.out("coefficients.gpkg"), "SUMMARY": demo.out("summary.csv"),
                 "REPORT": demo.out("desert.html")},
    )  # fmt: skip
    found["twins"] = demo.run(
        "The same two, directly and through Sentinel-2C", "calval:comparesensors",
        twins | {"THIRD_SENSOR": "S2C/MSI", "OUTPUT": demo.out("ratios.gpkg"),
                 "REPORT": demo.out("ratios.html")},
    )  # fmt: skip
    demo.run(
        "Budgeting the uncertainty", "calval:desertuncertainty",
        twins | {"OUTPUT": demo.out("budget.gpkg"), "REPORT": demo.out("budget.html")},
    )  # fmt: skip
    found["clouds"] = demo.run(
        "The bands of Sentinel-2A against each other over clouds", "calval:calibrateclouds",
        {"DATABASE": database, "TARGET_SENSOR": "S2A/MSI", "REFERENCE_BAND": "B04",
         "SITES": "Clouds", "OUTPUT": demo.out("clouds.gpkg"), "REPORT": demo.out("clouds.html")},
    )  # fmt: skip
    return found


def desert_lines(demo: Demo, found: dict[str, dict[str, Any]]) -> list[str]:
    """What was planted in Sentinel-2B, beside what was found, with twice the standard error."""
    of_band = json.loads(found["desert"]["COEFFICIENTS"])
    ratios = json.loads(found["twins"]["RATIOS"])
    summary = read(demo.out("summary.csv"))
    rows = (summary.texts("period") == "") & (summary.texts("site") == "")
    names = ("slope_percent_per_year", "slope_standard_error")
    slope, error = (summary.floats(name)[rows] for name in names)
    slopes = dict(zip(summary.texts("band")[rows], zip(slope, error, strict=True), strict=True))
    double = double_errors(demo)
    lines = [f"{'band':<6}{'planted':>9}{'desert':>9}{'± (k=2)':>9}{'double ratio':>14}"
             f"{'± (k=2)':>9}{'drift planted':>20}{'found':>8}{'± (k=2)':>9}"]  # fmt: skip
    for band, one in of_band.items():
        planted = GAINS.get(band, 1.0) + 0.5 * DRIFTS.get(band, 0.0) * DAYS / 365.25
        lines.append(
            f"{band:<6}{planted:>9.4f}{one['a_k']:>9.4f}{2 * one['standard_error']:>9.4f}"
            f"{ratios['double_ratio'][band]:>14.4f}{2 * double[band]:>9.4f}"
            f"{100 * DRIFTS.get(band, 0.0) / planted:>11.2f} %/year{slopes[band][0]:>+10.2f}"
            f"{2 * slopes[band][1]:>9.2f}"
        )
    lines += [
        "", "± is two standard errors (k = 2) from the scatter of the pairs: about one interval in",
        "twenty misses what was planted. Drifts are in percent of the mean coefficient.",
    ]  # fmt: skip
    return lines


def double_errors(demo: Demo) -> dict[str, float]:
    """The standard error of each double ratio."""
    table = read(demo.out("ratios.gpkg"))
    rows = table.texts("method") == "double_ratio"
    errors = table.floats("ratio")[rows] * table.floats("standard_error_percent")[rows] / 100.0
    return dict(zip(table.texts("band")[rows], errors, strict=True))


def cloud_lines(found: dict[str, dict[str, Any]]) -> list[str]:
    """What was planted in the clouds of Sentinel-2A, relative to B04, and what was found."""
    of_band = json.loads(found["clouds"]["COEFFICIENTS"])
    lines = [f"{'band':<6}{'planted':>9}" + "".join(f"{name:>12}" for name in of_band["B02"])]
    for band, values in of_band.items():
        shown = "".join(f"{value:>12.4f}" for value in values.values())
        lines.append(f"{band:<6}{CLOUD_GAINS.get(band, 1.0):>9.4f}{shown}")
    return lines


def main(arguments: list[str]) -> int:
    """Make, calibrate, print."""
    begin = time.perf_counter()
    given = [argument for argument in arguments if argument != "--data"]
    folder = Path(given[0]) if given else ROOT / "build" / "demo_calibration"
    if "--data" in arguments:
        print(f"{len(make_data(folder))} simulated series: {from_here(folder)}")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    demo = Demo(folder.resolve(), STEPS)
    Path(demo.out("calibration.gpkg")).unlink(missing_ok=True)
    print("CalVal Toolbox: radiometric calibration of simulated Sentinel-2 series\n")
    started = demo.say("Simulating four years over a desert, and clouds")
    files = make_data(demo.folder / "data")
    print(f" {time.perf_counter() - started:.1f} s")
    found = calibrate(demo, files)
    made = pictures(demo.folder)
    print("\nSentinel-2B by Sentinel-2A: what was planted, and what the toolbox found\n")
    for line in desert_lines(demo, found):
        print("  " + line)
    print("\nBands of Sentinel-2A over clouds, relative to B04\n")
    for line in cloud_lines(found):
        print("  " + line)
    shown = from_here(demo.folder)
    print(f"\nDone in {time.perf_counter() - begin:.0f} s. Look at:\n")
    print(f"  reports   {shown}/desert.html, ratios.html, budget.html, clouds.html")
    print(f"  database  {shown}/calibration.gpkg (drag map_sites and map_results into QGIS)")
    print(f"  pictures  {shown}/pictures/*.svg ({len(made)})")
    return 0
