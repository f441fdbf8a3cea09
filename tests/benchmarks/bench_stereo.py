# SPDX-License-Identifier: GPL-3.0-or-later
"""Surface models from stereo images: seconds of processors and on the clock, peak memory, and how
near the result lies to another chain's, through ``stereo_dsm``; beside CARS where it is installed.

The real pair of ../shared/data where it is there, a simulated one otherwise. Each run is a process
of its own: the first with an empty cache of compiled kernels, the others with it; then four times
the area, threads and processes, whose files have to be equal. CARS takes an environment of its own,
because it pins numpy: python3 -m venv build/cars-venv && build/cars-venv/bin/pip install cars.
Without that only our own figures are printed.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "dem"
CARS = ROOT / "build" / "cars-venv" / "bin" / "cars"
PEER_WALL, PEER_CPU, PEER_COLD_WALL = 40.0, 20.0, 15.0  # how many times cheaper than CARS
GOAL_NMAD_M, GOAL_MEDIAN_M, GOAL_COMPLETE, GOAL_MB = 0.30, 0.10, 99.0, 1000.0

OURS = """
import json, sys, time
begin = time.perf_counter()
from calval_toolbox.core.dem.chain.request import StereoRequest
from calval_toolbox.core.dem.chain.run import stereo_dsm
from calval_toolbox.core.execution.settings import ExecutionSettings
if __name__ == "__main__":
    images, output, executor, region = json.loads(sys.argv[1])
    request = StereoRequest(images, region=region and tuple(region), resolution=0.5)
    found = stereo_dsm(request, {"dsm": (output, output)}, output + ".tiles",
                       ExecutionSettings(executor))
    steps = {one.name: round(one.cpu_s, 2) for one in found.usage.steps}
    found.discard()
    print(json.dumps({"steps": steps, "mpx": found.plan.megapixels,
                      "coverage": found.coverage_percent,
                      "wall": time.perf_counter() - begin, "cpu": found.usage.cpu_s,
                      "mb": found.usage.peak_mb}))
"""


def measured(command: list[str], **more: str) -> tuple[float, float, str]:
    """Seconds on the clock and of processors (children included) of a command; what it said."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **more}
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed: {done.stderr[-500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begin, cpu, done.stdout


def ours(
    images: list[str], output: Path, executor: str, cache: Path, region: Any = None
) -> dict[str, Any]:
    """A run in a process of its own."""
    script = cache.parent / "ours.py"
    script.write_text(OURS)
    given = json.dumps([images, str(output), executor, region])
    more = {"NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT / "build" / "plugins")}
    wall, cpu, said = measured([sys.executable, str(script), given], **more)
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found | {"process_wall": wall, "process_cpu": cpu}


def by_cars(images: list[str], folder: Path) -> tuple[float, float] | None:
    """Seconds on the clock and of processors of CARS on the whole pair; None without it."""
    if not CARS.exists():
        return None
    # Without an initial elevation it takes height 0, and the crops do not meet.
    flat = folder / "flat.tif"
    from osgeo import gdal, osr

    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    made = gdal.GetDriverByName("GTiff").Create(str(flat), 40, 40, 1, gdal.GDT_Float32)
    made.SetGeoTransform((55.4, 0.01, 0.0, -21.0, 0.0, -0.01))
    made.SetProjection(reference.ExportToWkt())
    made.GetRasterBand(1).Fill(2320.0)
    del made
    config = {
        "input": {
            "sensors": {"one": {"image": images[0]}, "two": {"image": images[1]}},
            "pairing": [["one", "two"]],
            "initial_elevation": {"dem": str(flat)},
        },
        "output": {"directory": str(folder / "out"), "resolution": 0.5, "geoid": False},
        "orchestrator": {"mode": "sequential"},
    }
    path = folder / "cars.json"
    path.write_text(json.dumps(config))
    wall, cpu, _ = measured([str(CARS), str(path)])
    return wall, cpu


def quality(output: Path, peer: Path) -> tuple[float, float, float]:
    """Median and NMAD (m) of the differences from ``peer``, and how many of its cells (%) have a
    height.
    """
    import numpy as np

    from calval_toolbox.core.dem.resample import moved
    from calval_toolbox.core.io.dem_pairs import open_pair

    pair = open_pair(str(output), str(peer))
    off = moved(pair.model, pair.columns, pair.rows, pair.reference.shape) - pair.reference
    there = np.isfinite(pair.reference)
    middle = float(np.nanmedian(off))
    spread = 1.4826 * float(np.nanmedian(np.abs(off - middle)))
    return middle, spread, 100.0 * float(np.isfinite(off)[there].mean())


def images_of(folder: Path) -> tuple[list[str], Path]:
    """Two images, and a surface model to compare with."""
    real = SHARED / "pleiades_reunion_pair"
    if real.is_dir():
        return [str(real / f"img_0{n}.tif") for n in (1, 2)], real / "peer_dsm_50cm.tif"
    from calval_toolbox.core.dem.simulate import SceneSettings, simulate_scene, write_scene

    paths = write_scene(simulate_scene(SceneSettings(size=1024, samples=1)), folder / "scene")
    return [str(paths["img_01"]), str(paths["img_02"])], paths["truth"]


def told(name: str, run: dict[str, Any]) -> None:
    """A line of figures."""
    print(
        f"{name:28s} {run['process_wall']:6.2f} s wall {run['process_cpu']:6.2f} CPU s of the "
        f"process; chain {run['wall']:6.2f} / {run['cpu']:6.2f}; "
        f"{run['cpu'] / run['mpx']:5.2f} CPU s/Mpx, peak {run['mb']:.0f} MB"
    )


def main() -> int:
    """The exit code: 0 where the goals were reached."""
    good = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        images, peer = images_of(folder)
        cache, output = folder / "numba", folder / "dsm.tif"
        cold = ours(images, output, "threads:2", cache)
        warm = ours(images, output, "threads:2", cache)
        told("first call (compiles)", cold)
        told("warm, threads:2", warm)
        print("  CPU s by step:", warm["steps"])
        sums = {"threads:2": hashlib.sha256(output.read_bytes()).hexdigest()}
        for executor in ("threads:1", "processes:2"):
            told(f"warm, {executor}", ours(images, output, executor, cache))
            sums[executor] = hashlib.sha256(output.read_bytes()).hexdigest()
        good &= len(set(sums.values())) == 1
        print("the same bits on all executors:", len(set(sums.values())) == 1)
        median, spread, complete = quality(output, peer)
        print(f"median {median:+.3f} m, NMAD {spread:.3f} m, {complete:.2f} % of {peer.name}")
        good &= spread <= GOAL_NMAD_M and abs(median) <= GOAL_MEDIAN_M
        good &= complete >= GOAL_COMPLETE and warm["mb"] <= GOAL_MB
        quarter = ours(images, output, "threads:1", cache, (256, 256, 512, 512))
        whole = ours(images, output, "threads:1", cache)
        told("a quarter of the area", quarter)
        print(f"four times the area: {whole['cpu'] / quarter['cpu']:.2f} times the CPU")
        beside = by_cars(images, folder)
        if beside is None:
            print("CARS is not installed in build/cars-venv: our own figures only")
        else:
            wall, cpu = beside
            ratios = wall / warm["wall"], cpu / warm["cpu"], wall / cold["wall"]
            print(f"CARS {wall:.1f} s wall, {cpu:.1f} CPU s: {ratios[0]:.1f} x wall, "
                  f"{ratios[1]:.1f} x CPU, {ratios[2]:.1f} x wall of the first call")  # fmt: skip
            good &= all(
                one >= goal
                for one, goal in zip(ratios, (PEER_WALL, PEER_CPU, PEER_COLD_WALL), strict=True)
            )
        shutil.rmtree(folder / "out", ignore_errors=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "build" / "plugins"))
    sys.exit(main())
