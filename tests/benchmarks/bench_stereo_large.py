# SPDX-License-Identifier: GPL-3.0-or-later
"""Processor time and memory of surface models from large pairs: the first has to grow with the
area, the second to stay within 2 GB.

The ground is a formula (hills of 40 m) under a texture that repeats every 2 km, seen by two cameras
with a ratio of base to height of 0.25: such a pair is made in a second for each million pixels, and
its heights are known. Sides of the images in pixels are arguments; 10000 takes a quarter of an
hour of one core.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
SIDES = (1000, 2000, 4000)
GSD_M, LON, LAT, HEIGHT_M, HILLS_M = 0.5, 55.65, -21.23, 1200.0, 20.0
PERIOD, ROWS = 4096, 500
GOAL_MB, GOAL_LINEAR = 2048.0, 0.15


def texture() -> Any:
    """Brightness (4096, 4096) with details of all sizes that fits to itself at its edges."""
    rng = np.random.default_rng(2)
    spectrum = np.fft.rfft2(rng.normal(size=(PERIOD, PERIOD)).astype(np.float32))
    rows, columns = np.fft.fftfreq(PERIOD)[:, None], np.fft.rfftfreq(PERIOD)[None, :]
    away = np.hypot(rows, columns)
    weight = (away + 1.0 / PERIOD) ** -0.8 * np.exp(-((away / 0.35) ** 2))
    made = np.fft.irfft2(spectrum * weight)
    return (600.0 + 120.0 * made / made.std()).astype(np.float32)


def meters(lon: Any, lat: Any) -> tuple[Any, Any]:
    """East and north of the middle."""
    degree = np.pi / 180.0 * 6_378_137.0
    return (lon - LON) * degree * np.cos(np.radians(LAT)), (lat - LAT) * degree


def ground(lon: Any, lat: Any) -> Any:
    """The height (m)."""
    east, north = meters(lon, lat)
    return HEIGHT_M + HILLS_M * np.sin(east / 90.0) * np.cos(north / 70.0)


def write_pair(side: int, folder: Path) -> None:
    """``large_1.tif`` and ``large_2.tif`` of ``side`` x ``side`` pixels."""
    import cv2

    from calval_toolbox.core.dem.cameras import Pushbroom
    from calval_toolbox.core.io.rpc_images import write_rpc_image

    shown, rng = texture(), np.random.default_rng(3)
    for number, base in enumerate((-0.125, 0.125), 1):
        camera = Pushbroom(
            LON, LAT, HEIGHT_M, (base, 0.1), gsd_m=GSD_M, columns=side, rows=side
        )  # fmt: skip
        model = camera.rpc(HEIGHT_M - 3.0 * HILLS_M, HEIGHT_M + 3.0 * HILLS_M)
        image = np.empty((side, side), np.uint16)
        for row in range(0, side, ROWS):
            at = np.mgrid[row : min(row + ROWS, side), 0:side].astype(np.float64)
            height = np.full(at[0].shape, HEIGHT_M)
            for _ in range(6):  # slopes of the ground by that of the rays: each step gains a digit
                lon, lat = model.locate(at[1], at[0], height)
                height = ground(lon, lat)
            east, north = (np.mod(one / GSD_M, PERIOD).astype(np.float32)
                           for one in meters(lon, lat))  # fmt: skip
            seen = cv2.remap(shown, east, north, cv2.INTER_CUBIC, borderMode=cv2.BORDER_WRAP)
            seen += rng.normal(0.0, 5.0, seen.shape)
            image[row : row + len(seen)] = np.clip(seen, 1.0, 4095.0)
        write_rpc_image(folder / f"large_{number}.tif", image, model)


def nmad(output: Path) -> float:
    """Of the heights less the formula, on every 7th cell."""
    from calval_toolbox.core.dem.placing import places
    from calval_toolbox.core.io.dem_files import read_dem
    from calval_toolbox.core.spread import median_and_nmad

    dem = read_dem(str(output))
    off = []
    for row in range(0, dem.grid.height, 7):
        lon, lat = places(dem.grid, row, 1)
        off.append((dem.height[row : row + 1] - ground(lon, lat))[:, ::7].ravel())
    values = np.concatenate(off)
    return median_and_nmad(values[np.isfinite(values)])[1]


def main(arguments: list[str]) -> int:
    """The exit code: 0 where memory and growth are within the goals."""
    from bench_stereo import ours, told

    good, by_mpx = True, []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for side in [int(one) for one in arguments] or SIDES:
            # In a process of its own: the system counts the memory of a parent as a child's peak.
            write = [sys.executable, __file__, "--write", str(side), str(folder)]
            subprocess.run(write, check=True)
            images = [str(folder / f"large_{number}.tif") for number in (1, 2)]
            output = folder / "dsm.tif"
            if not by_mpx:
                ours(images, output, "threads:2", folder / "numba", [0, 0, 400, 400])  # compiles
            run = ours(images, output, "threads:2", folder / "numba")
            told(f"{side} x {side} px, threads:2", run)
            print(f"  coverage {run['coverage']:.1f} %, NMAD to the truth {nmad(output):.3f} m",
                  flush=True)  # fmt: skip
            by_mpx.append(run["cpu"] / run["mpx"])
            good &= run["mb"] <= GOAL_MB
    print(f"CPU s/Mpx of the largest by those of the smallest: {by_mpx[-1] / by_mpx[0]:.2f}")
    return 0 if good and by_mpx[-1] <= (1.0 + GOAL_LINEAR) * by_mpx[0] else 1


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "build" / "plugins"))
    if sys.argv[1:2] == ["--write"]:
        write_pair(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        sys.exit(main(sys.argv[1:]))
