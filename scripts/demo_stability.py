# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated desert in which stable places are planted, and places that only look stable: they are
sought, and what is found is printed beside it. ``demo.py --sites`` runs it.

    build/venv/bin/python scripts/demo_stability.py [--data] [FOLDER]

``FOLDER`` takes the place of ``build/demo_sites``; with ``--data`` only the data are made, in
FOLDER.
"""

from __future__ import annotations

import time
from pathlib import Path

from demo_run import ROOT, Demo, from_here, read

STEPS = 2
COLUMNS = ("score", "area_km2", "temporal_cv_percent", "temporal_cv_se_percent",
           "spatial_cv_percent", "trend_percent_year", "clear_percent")  # fmt: skip


def make_data(folder: Path) -> int:
    """Write images and the table of their angles; returns the number of dates."""
    from calval_toolbox.core.calibration.stability.simulate import simulate_scene, write_scene

    scene = simulate_scene()
    write_scene(folder, scene)
    return len(scene.times)


def planted_lines() -> list[str]:
    """What is in the scene."""
    from calval_toolbox.core.calibration.stability.simulate import Plan

    plan = Plan()
    lines = [f"{'place':<14}{'area km2':>9}{'temporal':>10}{'spatial':>9}{'drift':>9}{'clear':>8}"]
    for name, ((_, _, rows, columns), ground) in plan.planted.items():
        area = rows * columns * plan.pixel_m**2 / 1e6
        lines.append(
            f"{name:<14}{area:>9.0f}{100 * ground.temporal:>8.1f} %{100 * ground.spatial:>7.1f} %"
            f"{100 * ground.drift:>7.1f} %{100 * ground.clear:>6.0f} %"
        )
    return lines


def found_lines(path: str) -> list[str]:
    """The candidates."""
    table = read(path)
    lines = [f"{'site':<14}{'score':>7}{'km2':>6}{'temporal':>10}{'±':>7}{'spatial':>9}{'trend':>8}"
             f"{'clear':>8}"]  # fmt: skip
    for at, site in enumerate(table.texts("site")):
        score, area, temporal, error, spatial, trend, clear = (
            float(table.floats(name)[at]) for name in COLUMNS
        )
        lines.append(
            f"{site:<14}{score:>7.2f}{area:>6.0f}{temporal:>8.2f} %{error:>7.2f}{spatial:>7.2f} %"
            f"{trend:>+8.2f}{clear:>6.0f} %"
        )
    return lines


def main(arguments: list[str]) -> int:
    """Make, seek, print."""
    begin = time.perf_counter()
    given = [argument for argument in arguments if argument != "--data"]
    folder = Path(given[0]) if given else ROOT / "build" / "demo_sites"
    if "--data" in arguments:
        print(f"{make_data(folder)} simulated images and their angles: {from_here(folder)}")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    demo = Demo(folder.resolve(), STEPS)
    print("CalVal Toolbox: new calibration sites in simulated images of a desert\n")
    started = demo.say("Simulating three years of images")
    make_data(demo.folder / "data")
    print(f" {time.perf_counter() - started:.1f} s")
    demo.run(
        "Looking for stable sites", "calval:findstablesites",
        {"STACK": [demo.out("data/images")], "ANGLES": demo.out("data/angles.csv"),
         "SIZE_M": 8000, "OUTPUT": demo.out("stability.tif"),
         "CANDIDATES": demo.out("candidates.gpkg"), "REPORT": demo.out("report.html")},
    )  # fmt: skip
    print("\nWhat was planted\n")
    for line in planted_lines():
        print("  " + line)
    print("\nWhat the toolbox found\n")
    for line in found_lines(demo.out("candidates.gpkg")):
        print("  " + line)
    shown = from_here(demo.folder)
    print(f"\nDone in {time.perf_counter() - begin:.0f} s. Look at:\n")
    print(f"  report    {shown}/report.html")
    print(f"  layers    {shown}/stability.tif, candidates.gpkg (drag them into QGIS)")
    return 0
