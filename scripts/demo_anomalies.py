# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies in simulated time series of four sites: planted, sought with the shipped model, and
compared. ``demo.py --anomalies`` runs it.

    build/venv/bin/python scripts/demo_anomalies.py [--data] [FOLDER]
    build/venv/bin/python scripts/demo_anomalies.py --compare DATA OBSERVATIONS

``FOLDER`` takes the place of ``build/demo_anomalies``; with ``--data`` only the data are made, in
FOLDER. ``--compare``: what was planted in DATA, beside what the table OBSERVATIONS says.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from demo_run import ROOT, Demo, from_here, pictures, read

MODEL = ROOT / "resources" / "models" / "timeseries_anomalies.model3"
STEPS = 2


def make_data(folder: Path) -> int:
    """Write the four sites; returns the number of products."""
    from calval_toolbox.core.anomalies.scenes import write_four_sites

    return sum(len(plan.images) for plan in write_four_sites(folder).plans)


def detect(demo: Demo) -> dict[str, Any]:
    """Run the model on the data."""
    data = demo.folder / "data"
    return demo.run(
        "Series of 24 places, anomalies, and lasting changes (the shipped model)",
        str(MODEL),
        {
            "PRODUCTS": [str(data)],
            "SITES": str(data / "polygons.geojson"),
            "STEADY_SITES": str(data / "steady.geojson"),
            "time_series": demo.out("series.gpkg"),
            "observations": demo.out("observations.gpkg"),
            "anomalies": demo.out("anomalies.gpkg"),
            "anomaly_report": demo.out("anomalies.html"),
            "steady_series": demo.out("steady_series.gpkg"),
            "steady_observations": demo.out("steady_observations.gpkg"),
            "steady_anomalies": demo.out("steady_anomalies.gpkg"),
            "lasting_changes": demo.out("changes.gpkg"),
            "change_report": demo.out("changes.html"),
        },
    )


def comparison_lines(data: Path, observations: Path) -> list[str]:
    """What was planted, and how much of it was found and how it was named."""
    from calval_toolbox.core.anomalies.scenes import compare

    made = compare(
        read(str(data / "truth.csv")), read(str(data / "truth_sites.csv")), read(str(observations))
    )
    planted = made.planted
    lines = [f"{'place':<11}{'from':<12}{'planted':<11}{'size':>7}{'found':>10}  named"]
    for row in range(len(planted)):
        found = f"{planted['found'][row]} of {planted['concerned'][row]}"
        lines.append(
            f"{planted['place'][row]:<11}{str(planted['since'][row])[:10]:<12}"
            f"{planted['type'][row]:<11}{planted['amplitude'][row]:>7.2f}{found:>10}"
            f"  {planted['names'][row]}".rstrip()
        )
    return [
        *lines,
        "",
        f"flagged where a mask missed clouds or shadows: {made.missed_clouds}",
        f"false alarms: {made.false_alarms} of {made.clean} dates with nothing wrong",
    ]


def change_lines(demo: Demo) -> list[str]:
    """The lasting changes on steady ground."""
    table = read(demo.out("changes.gpkg"))
    rows = [row for row in range(len(table)) if table["event"][row] == "step"]
    events = dict.fromkeys(
        (str(table["time"][row])[:10], table["origin"][row], table["sites"][row]) for row in rows
    )
    return [f"from {day}: {origin} ({sites})" for day, origin, sites in events]


def main(arguments: list[str]) -> int:
    """Make, detect, print."""
    if arguments[:1] == ["--compare"]:
        print("\n".join(comparison_lines(*(Path(one) for one in arguments[1:3]))))
        return 0
    begin = time.perf_counter()
    given = [argument for argument in arguments if argument != "--data"]
    folder = Path(given[0]) if given else ROOT / "build" / "demo_anomalies"
    if "--data" in arguments:
        print(f"{make_data(folder)} simulated products of four sites: {from_here(folder)}")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    demo = Demo(folder.resolve(), STEPS)
    print("CalVal Toolbox: anomalies in simulated time series of four sites\n")
    started = demo.say("Simulating three years of products")
    make_data(demo.folder / "data")
    print(f" {time.perf_counter() - started:.1f} s")
    detect(demo)
    made = pictures(demo.folder)
    print("\nWhat was planted, and what the toolbox found (observations: place and date)\n")
    for line in comparison_lines(demo.folder / "data", Path(demo.out("observations.gpkg"))):
        print("  " + line)
    print("\nLasting changes; planted: 12 % from 2020-02-15 on, at all sites\n")
    for line in change_lines(demo):
        print("  " + line)
    shown = from_here(demo.folder)
    print(f"\nDone in {time.perf_counter() - begin:.0f} s. Look at:\n")
    print(f"  reports   {shown}/anomalies.html, changes.html")
    print(f"  tables    {shown}/*.gpkg (drag them into QGIS: styles come along)")
    print(f"  pictures  {shown}/pictures/*.svg ({len(made)})")
    print(f"  data      {shown}/data, with the planted truth in truth.csv")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "build" / "plugins"))
    sys.exit(main(sys.argv[1:]))
