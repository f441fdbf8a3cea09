# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of tiled runs share: a stack of rasters, a watched progress, a Dask cluster."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.io.grids import Grid, grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
WIDTH, HEIGHT, DATES = 230, 170, 4


@dataclass
class Watched:
    """A progress that remembers, and cancels once a share is done."""

    cancel_at: float = 2.0
    fractions: list[float] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    canceled_since: float = 0.0

    def report(self, fraction: float, text: str = "") -> None:
        self.fractions.append(fraction)

    def info(self, text: str) -> None:
        pass

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def canceled(self) -> bool:
        asked = bool(self.fractions) and self.fractions[-1] >= self.cancel_at
        if asked and not self.canceled_since:
            self.canceled_since = time.monotonic()
        return asked


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture(scope="session")
def grid() -> Grid:
    return grid_from_epsg(32631, (300000.0, 10.0, 0.0, 4900020.0, 0.0, -10.0), WIDTH, HEIGHT)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, grid: Grid) -> list[str]:
    """Dated rasters of one band."""
    folder, noise = tmp_path_factory.mktemp("stack"), np.random.default_rng(3)
    paths = []
    for date in range(DATES):
        path = folder / f"d{date}.tif"
        write_raster(path, [noise.integers(0, 10_000, (HEIGHT, WIDTH)).astype(np.uint16)], grid)
        paths.append(str(path))
    return paths


def environment() -> dict[str, str]:
    """An environment in which Python finds the plugin and the tile functions."""
    paths = os.pathsep.join([str(ROOT / "build" / "plugins"), str(HERE)])
    return {**os.environ, "PYTHONPATH": paths}


@dataclass
class Cluster:
    """A Dask scheduler of its own process, with workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


def start_cluster(folder: Path, count: int = 2, paths: dict[str, str] | None = None) -> Cluster:
    """Start a scheduler on loopback and ``count`` workers of one thread."""
    told, env = folder / "scheduler.json", environment() | (paths or {})
    base = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    with open(folder / "dask.log", "wb") as log:
        scheduler = subprocess.Popen(
            [*base, "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
             "--scheduler-file", str(told)],
            stdout=log, stderr=log, env=env,
        )  # fmt: skip
        wait_until(lambda: told.exists() and told.stat().st_size > 0)
        address = json.loads(told.read_text())["address"]
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1",
                 "--no-dashboard", "--host", "127.0.0.1", "--local-directory", str(folder),
                 "--death-timeout", "60"],
                stdout=log, stderr=log, env=env,
            )
            for _ in range(count)
        ]  # fmt: skip
    cluster = Cluster(address, scheduler, workers)
    _wait_for_workers(cluster, count)
    return cluster


def stop_cluster(cluster: Cluster) -> None:
    for process in (*cluster.workers, cluster.scheduler):
        process.terminate()
    for process in (*cluster.workers, cluster.scheduler):
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _wait_for_workers(cluster: Cluster, count: int) -> None:
    from distributed import Client

    with Client(cluster.address, timeout=30, set_as_default=False) as client:
        if count:
            client.wait_for_workers(count, timeout=60)


def wait_until(ready: object, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    assert callable(ready)
    while not ready():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    made = start_cluster(tmp_path_factory.mktemp("dask"))
    yield made
    stop_cluster(made)
