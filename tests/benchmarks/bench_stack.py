# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole stacks through the detectors: CPU time and peak memory of 1000 x 1000 pixels, 100 dates and
4 bands, the time a cancel takes, and what a Sentinel-2 tile of 10980 x 10980 pixels would need.

Each run is a process of its own, so that its peak memory (resident, of the whole process) is its
own; kernels are compiled before, by a small run. Pass a smaller side to look at it quickly:
``bench_stack.py 300``.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "build" / "plugins"))
DATES, BANDS, WHOLE = 100, {"B2": 0.06, "B4": 0.08, "B8A": 0.30, "B11": 0.22}, 10980
JOBS = ("bfastmonitor", "joint", "anomalies")
GOAL_MB, GOAL_CANCEL_S = 2000.0, 1.0
SECOND_PASS_BYTES = 8.0  # per pixel of a whole image


def write_images(folder: Path, side: int) -> None:
    """Fields with a season, noise, gaps, and clouds that nothing masks; Int16, tiled TIFF."""
    from calval_toolbox.core.io.grids import grid_from_epsg
    from calval_toolbox.core.io.raster_writer import write_raster

    rng = np.random.default_rng(1)
    grid = grid_from_epsg(32631, (300000.0, 10.0, 0.0, 4900020.0, 0.0, -10.0), side, side)
    small = rng.uniform(0.7, 1.3, (-(-side // 20), -(-side // 20)))
    fields = small.repeat(20, 0).repeat(20, 1)[:side, :side].astype(np.float32)
    for number in range(DATES):
        day = np.datetime64("2018-01-03") + 10 * number
        season = 1.0 + 0.2 * np.cos(2 * np.pi * number * 10 / 365.25)
        gap = rng.random((side, side), dtype=np.float32) < 0.25
        cloud = rng.random((side, side), dtype=np.float32) < 0.02
        images = []
        for level in BANDS.values():
            image = level * season * fields
            image += rng.normal(0.0, 0.01, image.shape).astype(np.float32) + 0.3 * cloud
            images.append(np.where(gap, 0, np.rint(image * 1e4)).astype(np.int16))
        path = folder / f"i_{str(day).replace('-', '')}.tif"
        write_raster(path, images, grid, nodata=0, names=tuple(BANDS))


class Watch:
    """A progress that cancels at a share of the work, and knows when."""

    def __init__(self, cancel_at: float = 2.0) -> None:
        self.cancel_at, self.done, self.since = cancel_at, 0.0, 0.0

    def report(self, fraction: float, text: str = "") -> None:
        self.done = max(self.done, fraction)

    def info(self, text: str) -> None:
        pass

    warn = info

    def canceled(self) -> bool:
        asked = self.done >= self.cancel_at
        if asked and not self.since:
            self.since = time.perf_counter()
        return asked


def work(job: str, images: str, folder: Path, watch: Watch, executor: str = "threads:1") -> None:
    """Run one detector on a folder of images."""
    from calval_toolbox.core.anomalies.breaks import rasters as breaks
    from calval_toolbox.core.anomalies.breaks.monitor import MonitorSettings
    from calval_toolbox.core.anomalies.breaks.plan import BreakPlan
    from calval_toolbox.core.anomalies.spatial import rasters as spatial
    from calval_toolbox.core.execution.settings import ExecutionSettings
    from calval_toolbox.core.io.dated_rasters import StackOptions
    from calval_toolbox.core.series.extract_files import Source

    source = Source((), (images,), StackOptions(scale=1e-4))
    settings = ExecutionSettings(executor)
    tiles = folder / "out.tiles"
    if job == "anomalies":
        task, _ = spatial.open_anomaly_task(source, (), "none", spatial.AnomalySettings())
        targets = {name: (folder / f"{name}.tif", name) for name in ("type", "score", "counts")}
        spatial.detect_anomaly_rasters(task, targets, tiles, settings, watch)
        return
    start = np.datetime64("2019-12-01")
    monitor = MonitorSettings(start=start, screening=True, noise_floor=0.002)
    plan = BreakPlan(job, start, monitor if job == "bfastmonitor" else None)
    index = "(B8A - B4) / (B8A + B4)" if job == "bfastmonitor" else ""
    found, _ = breaks.open_task(source, (), index, "none", plan)
    maps = {name: (folder / f"{name}.tif", name) for name in breaks.MAPS}
    breaks.detect_break_rasters(found, maps, tiles, settings, watch)


def measured(job: str, images: str, cancel_at: float = 2.0) -> dict[str, float]:
    """What a run in this process needed."""
    from calval_toolbox.core.errors import Canceled

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    watch, end = Watch(cancel_at), 0.0
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        begin, used = time.perf_counter(), time.process_time()
        try:
            work(job, images, Path(folder), watch)
        except Canceled:
            end = time.perf_counter()
        wall, cpu = time.perf_counter() - begin, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"cpu": cpu, "wall": wall, "peak": peak / 1024.0, "base": before / 1024.0,
            "cancel": end - watch.since if end else 0.0}  # fmt: skip


def child(*arguments: str) -> dict[str, float]:
    """``measured`` in a new process."""
    done = subprocess.run(
        [sys.executable, __file__, "--job", *arguments], capture_output=True, text=True,
        check=False, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    if done.returncode:
        # A process that the system ends, for want of memory for example, says nothing itself.
        raise RuntimeError(f"{arguments} ended with exit code {done.returncode}: {done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main(side: int = 1000) -> int:
    """Print the table; 0 where the goals are met."""
    good = True
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        images, tiny = Path(folder) / "large", Path(folder) / "tiny"
        for path, size in ((images, side), (tiny, 80)):
            path.mkdir()
            write_images(path, size)
        print(f"{side} x {side} pixels, {DATES} dates, {len(BANDS)} bands, one thread")
        print("  method         CPU s   pixels/CPU s   peak MB   cancel s   10980^2: CPU h")
        for job in JOBS:
            child(job, str(tiny))
            found = child(job, str(images))
            stopped = child(job, str(images), "0.3")
            rate = side * side / found["cpu"]
            hours = WHOLE * WHOLE / rate / 3600.0
            print(f"  {job:13s}{found['cpu']:7.0f}{rate:15.0f}{found['peak']:10.0f}"
                  f"{stopped['cancel']:11.2f}{hours:17.1f}")  # fmt: skip
            good &= found["peak"] <= GOAL_MB and stopped["cancel"] <= GOAL_CANCEL_S
    grid = WHOLE * WHOLE
    second_pass = SECOND_PASS_BYTES * grid / 1e6
    print(f"  a date of the second pass of anomalies: {second_pass:.0f} MB for 10980^2")
    print(f"  goals: peak at most {GOAL_MB:g} MB, cancel within {GOAL_CANCEL_S:g} s")
    return int(not good)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        name, where, *more = sys.argv[2:]
        print(json.dumps(measured(name, where, *(float(one) for one in more))))
        sys.exit(0)
    sys.exit(main(*(int(one) for one in sys.argv[1:])))
