# SPDX-License-Identifier: GPL-3.0-or-later
"""Surface models from simulated satellite images of a town whose heights are known: from a pair,
tied to a coarse reference, and from three images; each is compared with the truth.

    build/venv/bin/python scripts/demo.py --elevation [--data] [FOLDER]

``FOLDER`` takes the place of ``build/demo_elevation``; with ``--data`` only the data are made, in
FOLDER.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from demo_run import ROOT, Demo, from_here

STEPS = 7
RESOLUTION_M = 0.5
REFERENCE_M, REFERENCE_NOISE_M = 10.0, 1.0


def make_data(folder: Path) -> dict[str, Path]:
    """Write three images, the truth, and a coarse reference as a user may have one."""
    from dataclasses import replace

    from calval_toolbox.core.dem.demo import SETTINGS
    from calval_toolbox.core.dem.simulate import simulate_scene, write_scene

    wider = replace(
        SETTINGS, size=600, views=3, base_to_height=0.4, pointing_px=((2.3, -3.1), (-1.6, 2.4))
    )
    scene = simulate_scene(wider)
    folder.mkdir(parents=True, exist_ok=True)
    paths = write_scene(scene, folder)
    paths["reference"] = _write_reference(scene.truth, folder)
    return paths


def _write_reference(truth: Any, folder: Path) -> Path:
    """Means of the truth over cells of 10 m, with noise."""
    import numpy as np

    from calval_toolbox.core.io.atomic import Staging
    from calval_toolbox.core.io.grids import Grid
    from calval_toolbox.core.io.raster_writer import write_raster

    side = round(REFERENCE_M / RESOLUTION_M)
    rows, columns = (size // side for size in truth.height.shape)
    fine = truth.height[: rows * side, : columns * side]
    coarse = fine.reshape(rows, side, columns, side).mean(axis=(1, 3))
    coarse = coarse + np.random.default_rng(1).normal(0.0, REFERENCE_NOISE_M, coarse.shape)
    left, _, _, top, _, _ = truth.grid.geotransform
    transform = (left, REFERENCE_M, 0.0, top, 0.0, -REFERENCE_M)
    grid = Grid(truth.grid.wkt, transform, columns, rows)
    path = folder / "reference.tif"
    with Staging() as staging:
        about = [("VERTICAL_REFERENCE", "ellipsoid")]
        write_raster(staging.stage(path), [coarse.astype(np.float32)], grid, about=about)
    return path


def compare(demo: Demo, name: str, truth: str) -> dict[str, Any]:
    """Compare a surface model that was made with the truth."""
    return demo.run(
        f"Comparing {name}.tif with the truth", "calval:comparedem",
        {"DEM": demo.out(f"{name}.tif"), "REFERENCE": truth,
         "OUTPUT": demo.out(f"{name}_error.tif"), "REPORT": demo.out(f"{name}_error.html")},
    )  # fmt: skip


def main(arguments: list[str]) -> int:
    """Make, match, compare, print."""
    begin = time.perf_counter()
    given = [argument for argument in arguments if argument != "--data"]
    folder = Path(given[0]) if given else ROOT / "build" / "demo_elevation"
    if "--data" in arguments:
        print(f"{len(make_data(folder))} simulated rasters: {from_here(folder)}")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    demo = Demo(folder.resolve(), STEPS)
    print("CalVal Toolbox: surface models from simulated satellite images of a town\n")
    started = demo.say("Simulating three images of known ground")
    paths = {name: str(path) for name, path in make_data(demo.folder / "data").items()}
    print(f" {time.perf_counter() - started:.1f} s")
    images = [paths[f"img_0{number}"] for number in (1, 2, 3)]
    tied = {"REFERENCE_DEM": paths["reference"]}
    lines = [f"{'model':<34}{'covered':>9}{'median':>10}{'NMAD':>9}{'LE90':>9}"]
    for name, said, more in (
        ("pair", "two images", {"IMAGES": images[:2]}),
        ("tied", "two images, tied to the reference", {"IMAGES": images[:2]} | tied),
        ("three", "three images, tied", {"IMAGES": images} | tied),
    ):
        made = demo.run(
            f"Surface model: {said}", "calval:stereodem",
            more | {"RESOLUTION": RESOLUTION_M, "OUTPUT": demo.out(f"{name}.tif"),
                    "REPORT": demo.out(f"{name}.html")},
        )  # fmt: skip
        found = compare(demo, name, paths["truth"])
        lines.append(
            f"{said:<34}{made['COVERAGE_PERCENT']:>7.1f} %{found['MEDIAN_M']:>+8.2f} m"
            f"{found['NMAD_M']:>7.2f} m{found['LE90_M']:>7.2f} m"
        )
    print("\nWhat was planted\n")
    print("  pixels of 0.5 m; the models of the second and third image are off by some 3 pixels")
    print("  reference: cells of 10 m, noise of 1 m\n")
    print("Model minus truth\n")
    for line in lines:
        print("  " + line)
    shown = from_here(demo.folder)
    print(f"\nDone in {time.perf_counter() - begin:.0f} s. Look at:\n")
    print(f"  reports   {shown}/*.html")
    print(f"  layers    {shown}/tied.tif, tied_error.tif (drag them into QGIS)")
    return 0
