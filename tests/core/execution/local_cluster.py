# SPDX-License-Identifier: GPL-3.0-or-later
"""A Dask scheduler with workers on loopback, for the tests of what runs on clusters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


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


def start_cluster(
    folder: Path, count: int = 2, paths: dict[str, str] | None = None, nanny: bool = True
) -> Cluster:
    """Start a scheduler on loopback and ``count`` workers of one thread; with a ``nanny`` each, a
    process of its own, workers that die come back.
    """
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
                 "--death-timeout", "60", "--nanny" if nanny else "--no-nanny"],
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

    with Client(cluster.address, timeout=120, set_as_default=False) as client:
        if count:
            client.wait_for_workers(count, timeout=120)


def wait_until(ready: object, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    assert callable(ready)
    while not ready():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
