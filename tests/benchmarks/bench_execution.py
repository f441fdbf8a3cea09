# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tiled run costs beside the work itself: overhead per tile of threads and of Dask against a
plain loop that computes and writes the same tiles, and the time to resume 1 000 finished tiles.

Overheads are CPU seconds of all processes concerned (the scheduler and the worker included), with
one worker, so that they do not depend on how many cores are free. They are measured on tiles that
compute nothing, at two numbers of tiles, so that what a run costs once (connecting, comparing
versions) is told apart. The share is that of a tile of the default size (512 x 512 pixels) of a
stack of ten dates under a 5 x 5 median, far less work than a detector does on it. The CPU time that
a tile must cost for the goal is printed too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "build" / "plugins"), str(HERE)]
RESUME_GOAL_S, DASK_GOAL, THREADS_GOAL = 1.0, 0.02, 0.02
REAL, FEW, MANY, RESUMED, REPEATS = 8, 40, 200, 1000, 3
DATES = 10
IDLE = {"rounds": 0}


def median(tile: object, parameters: dict[str, int]) -> object:
    """Median of 5 x 5 pixels of noise."""
    from scipy.ndimage import median_filter

    from calval_toolbox.core.execution.tiling import TileOutput

    own = tile.own
    noise = np.random.default_rng(own.row * 7919 + own.column)
    values = noise.integers(0, 10_000, (own.height, own.width)).astype(np.uint16)
    for _ in range(parameters["rounds"]):
        values = median_filter(values, 5)
    return TileOutput({"median": values}, {"mean": float(values.mean())})


def cpu(pids: list[int]) -> float:
    """CPU seconds that processes have used so far, this one included."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = time.process_time()
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / ticks
    return total


def plain_loop(tiles: object, folder: Path, parameters: dict[str, int]) -> None:
    """The same tiles computed and written one after the other."""
    from calval_toolbox.core.execution.workers import TileTask, compute_tile

    for tile in tiles:
        report = compute_tile(TileTask(median, tile, parameters, str(folder), "plain"))
        if report.error:
            raise RuntimeError(report.error)


def measure(work: Callable[[Path], None], pids: list[int]) -> tuple[float, float]:
    """CPU and wall seconds of ``work`` in a new folder, the best of several."""
    best = (np.inf, np.inf)
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
            begin, used = time.perf_counter(), cpu(pids)
            work(Path(folder))
            best = min(best, (cpu(pids) - used, time.perf_counter() - begin))
    return best


def start_dask(folder: Path) -> tuple[str, list[subprocess.Popen[bytes]]]:
    """A scheduler and one worker without nanny, so that their CPU time can be read."""
    told = folder / "scheduler.json"
    paths = os.pathsep.join([str(ROOT / "build" / "plugins"), str(HERE)])
    common = {"env": {**os.environ, "PYTHONPATH": paths}, "stdout": subprocess.DEVNULL,
              "stderr": subprocess.DEVNULL}  # fmt: skip
    cli = [sys.executable, "-m"]
    scheduler = subprocess.Popen(
        [*cli, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
         "--no-dashboard", "--scheduler-file", str(told)], **common,
    )  # fmt: skip
    while not (told.exists() and told.stat().st_size):
        time.sleep(0.05)
    address = json.loads(told.read_text())["address"]
    worker = subprocess.Popen(
        [*cli, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny",
         "--no-dashboard", "--local-directory", str(folder)], **common,
    )  # fmt: skip
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=60)
    return address, [scheduler, worker]


def overheads() -> bool:
    """Print the overheads; whether all goals were reached."""
    from calval_toolbox.core.dependencies import available

    few, many = layout_of(FEW), layout_of(MANY)
    real = layout_of(REAL)
    work, _ = measure(lambda folder: plain_loop(real, folder, {"rounds": DATES}), [])
    loop = [measure(lambda folder, t=t: plain_loop(t, folder, IDLE), [])[0] for t in (few, many)]
    print(f"a tile of 512 x 512 in a plain loop: {1000 * work / REAL:.1f} ms CPU, of which "
          f"{1000 * loop[1] / MANY:.1f} ms making noise and writing the file")  # fmt: skip
    share = Share(loop, work / REAL)
    reached = share.told("threads:1", [], THREADS_GOAL)
    if not available("distributed"):
        print("dask         distributed is not installed")
        return reached
    with tempfile.TemporaryDirectory() as folder:
        address, processes = start_dask(Path(folder))
        try:
            runner(address, few)(Path(folder) / "first")  # imports of the worker are no cost
            return share.told(address, [p.pid for p in processes], DASK_GOAL) and reached
        finally:
            for process in processes:
                process.kill()
                process.wait()


@dataclass(frozen=True)
class Share:
    """CPU seconds of the plain loop over ``FEW`` and ``MANY`` idle tiles, and of one real tile."""

    loop: list[float]
    tile: float

    def told(self, spec: str, pids: list[int], goal: float) -> bool:
        """Print start and overhead per tile of an executor; whether the goal was reached."""
        found = [measure(runner(spec, layout_of(count)), pids)[0] for count in (FEW, MANY)]
        extra = [run - plain for run, plain in zip(found, self.loop, strict=True)]
        per_tile = (extra[1] - extra[0]) / (MANY - FEW)
        start = extra[0] - FEW * per_tile
        print(f"{spec:24s} start {1000 * start:.0f} ms, {1000 * per_tile:+.2f} ms CPU per tile: "
              f"{per_tile / self.tile:+.2%} (goal <= {goal:.0%}, which tiles of more than "
              f"{max(per_tile, 0.0) / goal:.2f} s reach)")  # fmt: skip
        return per_tile / self.tile <= goal


def layout_of(count: int) -> Any:
    """``count`` tiles of the default size."""
    from calval_toolbox.core.execution.tiling import tiles

    return tiles(512 * 8, 512 * (count // 8), 512)


def runner(spec: str, layout: Any) -> Callable[[Path], None]:
    """A tiled run of idle tiles on ``spec``."""
    from bench_execution import median as function

    from calval_toolbox.core.execution.runner import run_tiles
    from calval_toolbox.core.execution.settings import ExecutionSettings

    settings = ExecutionSettings(spec)
    return lambda folder: run_tiles(function, layout, folder / "t", IDLE, settings)


def resume() -> bool:
    """Print the time to resume a finished run; whether the goal was reached."""
    from bench_execution import median as function

    from calval_toolbox.core.execution.runner import run_tiles
    from calval_toolbox.core.execution.settings import ExecutionSettings
    from calval_toolbox.core.execution.tiling import tiles

    layout = tiles(512 * 40, 512 * (RESUMED // 40), 512)
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        place, settings = Path(folder) / "t", ExecutionSettings("threads:2")
        run_tiles(function, layout, place, {"rounds": 0}, settings)
        size = sum(path.stat().st_size for path in place.glob("*.npz"))
        seconds = []
        for _ in range(REPEATS):
            begin = time.perf_counter()
            kept = run_tiles(function, layout, place, {"rounds": 0}, settings).kept
            seconds.append(time.perf_counter() - begin)
    print(f"resume of {kept} finished tiles ({size / 1e6:.0f} MB, each read and checked): "
          f"{min(seconds):.2f} s (goal <= {RESUME_GOAL_S:g} s)")  # fmt: skip
    return kept == RESUMED and min(seconds) <= RESUME_GOAL_S


if __name__ == "__main__":
    sys.exit(0 if all([overheads(), resume()]) else 1)
