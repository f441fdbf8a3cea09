# SPDX-License-Identifier: GPL-3.0-or-later
"""A land-cover map of two simulated tiles whose truth is known: the chain from products to the
accuracy, with a model for each zone and with one for all, beside what was planted.

    build/venv/bin/python scripts/demo.py --land-cover [--data] [FOLDER]

``FOLDER`` takes the place of ``build/demo_land_cover``; with ``--data`` only the data are made, in
FOLDER.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from demo_run import ROOT, Demo, from_here, pictures, read

STEPS = 4


def make_data(folder: Path) -> Any:
    """Write products of two tiles, the reference, the zones and the truth."""
    from calval_toolbox.core.classification.simulate import write_case

    return write_case(folder)


def without_zones(data: Path) -> Path:
    """The configuration with one model for both zones."""
    given = json.loads((data / "land_cover.json").read_text("utf-8"))
    kept = {key: value for key, value in given.items() if key not in ("zones", "zone_field")}
    path = data.parent / "one_model.json"
    paths = ("products", "radar", "exogenous", "reference", "validation")
    named = {key: str(data / kept[key]) for key in paths}
    path.write_text(json.dumps({**kept, **named}, indent=2), "utf-8")
    return path


def right(case: Any, path: str) -> float:
    """Share of all pixels of a map (percent) that have their true class."""
    from osgeo import gdal

    mapped = gdal.Open(path).ReadAsArray()
    return 100.0 * float(np.mean(mapped == case.ground.codes()))


def area_lines(case: Any, table: str) -> list[str]:
    """The areas of the classes: planted, counted in the map, and estimated with intervals."""
    from calval_toolbox.core.classification.simulation.ground import CLASSES

    codes = case.ground.codes()
    found = read(table)
    rows = {label: row for row, label in enumerate(found.texts("class"))}
    lines = [f"{'class':<22}{'planted':>9}{'mapped':>9}{'estimated':>11}   95 % interval"]
    for code, label in enumerate(CLASSES.labels, 1):
        row = rows[label]
        mapped, area, low, high = (
            float(found.floats(key)[row])
            for key in ("map_area_ha", "area_ha", "area_low_ha", "area_high_ha")
        )
        true = 0.01 * float(np.count_nonzero(codes == code))
        inside = "holds it" if low <= true <= high else "misses it"
        lines.append(
            f"{label:<22}{true:>6.1f} ha{mapped:>6.1f} ha{area:>8.1f} ha"
            f"   [{low:.1f}, {high:.1f}] {inside}"
        )
    return lines


def main(arguments: list[str]) -> int:
    """Make, map, compare, print."""
    begin = time.perf_counter()
    given = [argument for argument in arguments if argument != "--data"]
    folder = Path(given[0]) if given else ROOT / "build" / "demo_land_cover"
    if "--data" in arguments:
        print(f"{make_data(folder).product_count} simulated products: {from_here(folder)}")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    demo = Demo(folder.resolve(), STEPS)
    print("CalVal Toolbox: a land-cover map of two simulated tiles\n")
    started = demo.say("Simulating a year of products")
    case = make_data(demo.folder / "data")
    print(f" {time.perf_counter() - started:.1f} s")
    chain = {"OUTPUT_FOLDER": demo.out("land_cover")}
    one = str(without_zones(demo.folder / "data"))
    lines = [f"{'':<30}{'by the sample':>16}{'95 % interval':>20}{'true, all pixels':>19}"]
    for said, configuration in (
        ("one model for both zones", one),
        ("a model for each zone", str(demo.folder / "data" / "land_cover.json")),
    ):
        made = demo.run(
            f"The chain: {said}", "calval:landcoverchain", chain | {"CONFIGURATION": configuration}
        )
        facts = json.loads(Path(made["MANIFEST"]).read_text("utf-8"))["units"]["assessmap"]["facts"]
        share, low, high = (100.0 * facts[f"oa_by_area{end}"] for end in ("", "_low", "_high"))
        lines.append(
            f"{said:<30}{share:>14.1f} %{f'[{low:.1f}, {high:.1f}] %':>20}"
            f"{right(case, made['MAP']):>17.1f} %"
        )
    again = demo.run(
        "The chain once more", "calval:landcoverchain",
        chain | {"CONFIGURATION": str(demo.folder / "data" / "land_cover.json")},
    )  # fmt: skip
    made_pictures = pictures(demo.folder / "land_cover" / "accuracy")
    print("\nAccuracy of the map\n")
    for line in lines:
        print("  " + line)
    print("\nAreas of the classes, planted and found\n")
    for line in area_lines(case, demo.out("land_cover/accuracy/map_by_class.csv")):
        print("  " + line)
    print(f"\n  Once more: {again['STEPS_RUN']} steps run, {again['STEPS_SKIPPED']} up to date.")
    shown = from_here(demo.folder)
    print(f"\nDone in {time.perf_counter() - begin:.0f} s. Look at:\n")
    print(f"  reports   {shown}/land_cover/accuracy/map.html, models/*.html, samples/samples.html")
    print(f"  maps      {shown}/land_cover/maps/*.tif (drag them into QGIS: styles come along)")
    print(f"  pictures  {shown}/land_cover/accuracy/pictures/*.svg ({len(made_pictures)})")
    print(f"  data      {shown}/data, with the planted truth in truth.tif")
    return 0
