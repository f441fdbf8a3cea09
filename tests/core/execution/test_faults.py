# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults, real ones: killed processes, interrupts, full disks, crashes between two steps, and two
runs at once.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import tile_functions as functions
from conftest import HEIGHT, WIDTH, Watched, environment, start_cluster, stop_cluster, wait_until

from calval_toolbox.core.errors import ExecutionError, OutputError
from calval_toolbox.core.execution import lock
from calval_toolbox.core.execution.results import RasterOutput, write_rasters
from calval_toolbox.core.execution.runner import TileRun, run_tiles
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.execution.tiling import tiles
from calval_toolbox.core.io.atomic import Staging
from calval_toolbox.core.io.grids import Grid, grid_from_epsg

TILES = tiles(WIDTH, HEIGHT, 64)
TWO = ExecutionSettings("threads:2")

# A program that runs tiles; HOOK is done before.
PROGRAM = """
import json, os, signal, sys
import tile_functions
from calval_toolbox.core.execution.runner import run_tiles
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.execution.tiling import tiles
if __name__ == "__main__":
    HOOK
    folder, spec, parameters = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    run_tiles(tile_functions.coordinates, tiles(230, 170, 64), folder, parameters,
              ExecutionSettings(spec))
"""


def start(folder: Path, spec: str, parameters: Any, hook: str = "pass") -> subprocess.Popen[str]:
    code = textwrap.dedent(PROGRAM).replace("HOOK", hook)
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder), spec, json.dumps(parameters)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip


def done(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.npz"))


def parts(folder: Path) -> list[Path]:
    return sorted(folder.glob(".*.part"))


def contents(run: TileRun) -> list[Any]:
    return [summary["sum"] for summary in run.summaries]


# -- workers that die
# --------------------------------------------------------------------------------------


def test_a_killed_worker_process_costs_nothing_but_time(
    tmp_path: Path, stack: list[str], watched: Watched
) -> None:
    """A process that somebody ends in the middle of a run."""
    parameters = {"stack": stack, "threshold": 4000, "sleep": 0.1}
    arguments = (functions.running_mean, tiles(WIDTH, HEIGHT, 64, 1))
    expected = run_tiles(*arguments, tmp_path / "expected", parameters, TWO)
    folder, killed = tmp_path / "t", []

    def killer() -> None:
        import multiprocessing

        wait_until(lambda: len(done(folder)) >= 3)
        victim = multiprocessing.active_children()[0]
        assert victim.pid is not None
        os.kill(victim.pid, signal.SIGKILL)
        killed.append(victim.pid)

    thread = threading.Thread(target=killer)
    thread.start()
    settings = ExecutionSettings("processes:2")
    run = run_tiles(*arguments, folder, parameters, settings, watched)
    thread.join()
    assert killed
    assert any("worker process died" in text for text in watched.warnings)
    assert run.checksums == expected.checksums
    assert parts(folder) == []


def test_a_tile_that_kills_its_worker_is_found(tmp_path: Path, watched: Watched) -> None:
    """Only the guilty tile is missing, not those that were in flight with it."""
    bad = TILES[6].name
    with pytest.raises(ExecutionError, match="the worker process died") as caught:
        run_tiles(
            functions.coordinates, TILES, tmp_path / "t", {"kill": "always", "at": bad},
            ExecutionSettings("processes:2"), watched,
        )  # fmt: skip
    assert caught.value.missing == (bad,)
    assert len(done(tmp_path / "t")) == 11


def test_a_killed_dask_worker_and_a_killed_scheduler(tmp_path: Path, watched: Watched) -> None:
    pytest.importorskip("distributed")
    (tmp_path / "dask").mkdir()
    cluster, folder = start_cluster(tmp_path / "dask"), tmp_path / "t"
    settings = ExecutionSettings(cluster.address)
    try:
        once = {"kill": "once", "at": TILES[2].name, "marker": str(tmp_path / "killed")}
        run = run_tiles(functions.coordinates, TILES, folder, once, settings, watched)
        assert (tmp_path / "killed").exists()
        assert contents(run) == [functions.coordinates(t, {}).summary["sum"] for t in TILES]

        folder, slow = tmp_path / "u", {"sleep": 0.3}
        thread = threading.Thread(
            target=lambda: (
                wait_until(lambda: len(done(folder)) >= 3),
                cluster.scheduler.send_signal(signal.SIGKILL),
            )
        )
        thread.start()
        begin = time.monotonic()
        with pytest.raises(ExecutionError, match=r"went away\. \d+ of 12 tiles are kept") as caught:
            run_tiles(functions.coordinates, TILES, folder, slow, settings)
        assert time.monotonic() - begin < 35.0
        assert cluster.address in str(caught.value)
        thread.join()
    finally:
        stop_cluster(cluster)
    again = run_tiles(functions.coordinates, TILES, folder, slow, TWO)
    assert again.kept >= 3


# -- programs that end
# -------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", ["threads:2", "processes:2"])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_ended_program_keeps_its_tiles(tmp_path: Path, spec: str, sent: signal.Signals) -> None:
    folder, parameters = tmp_path / "t", {"sleep": 0.1}
    with start(folder, spec, parameters) as program:
        wait_until(lambda: len(done(folder)) >= 3)
        begin = time.monotonic()
        program.send_signal(sent)
        _, said = program.communicate(timeout=120)
    assert time.monotonic() - begin < 5.0
    assert program.returncode != 0
    kept = len(done(folder))
    assert 3 <= kept < 12
    if sent == signal.SIGINT:
        assert parts(folder) == []
        assert "KeyboardInterrupt" in said
    run = run_tiles(functions.coordinates, TILES, folder, parameters, TWO)
    assert run.kept >= kept
    assert run.kept + run.computed == 12
    assert parts(folder) == []
    assert not (folder / "run.lock").exists()


@pytest.mark.parametrize(
    ("hook", "left"),
    [
        # Between the writing of the part and its renaming.
        ("os.replace = lambda a, b, f=os.replace: "
         "os.kill(os.getpid(), 9) if b.name == 'r000064_c000000.npz' else f(a, b)", 4),
        # Between the renaming and the entry in the manifest.
        ("from calval_toolbox.core.execution.manifest import Manifest; f = Manifest.append; "
         "Manifest.append = lambda self, name, stamp: "
         "os.kill(os.getpid(), 9) if name == 'r000064_c000000' else f(self, name, stamp)", 5),
        # In the middle of a line of the manifest.
        ("from calval_toolbox.core.execution.manifest import Manifest; f = Manifest.append; "
         "Manifest.append = lambda self, name, stamp: "
         "(open(self.path, 'a').write('{\"tile\": \"r000064_c0'), os.kill(os.getpid(), 9)) "
         "if name == 'r000064_c000000' else f(self, name, stamp)", 5),
    ],
    ids=["before rename", "before manifest", "within manifest"],
)  # fmt: skip
def test_a_crash_between_two_steps(tmp_path: Path, hook: str, left: int) -> None:
    folder, log = tmp_path / "t", tmp_path / "log"
    with start(folder, "threads:1", {"log": str(log)}, hook) as program:
        program.communicate(timeout=120)
    assert program.returncode == -signal.SIGKILL
    before = [path.name for path in done(folder)]
    # The next tile may have been finished by the thread before the main thread died.
    assert left <= len(before) <= left + 2
    assert ("r000064_c000000.npz" in before) == (left == 5)
    log.unlink()
    run = run_tiles(functions.coordinates, TILES, folder, {"log": str(log)}, TWO)
    assert run.kept == len(before)
    assert len(log.read_text().splitlines()) == 12 - len(before)
    assert parts(folder) == []
    assert contents(run) == [functions.coordinates(t, {}).summary["sum"] for t in TILES]


# -- two runs
# ----------------------------------------------------------------------------------------------


def test_the_second_of_two_runs_is_refused(tmp_path: Path) -> None:
    folder, parameters = tmp_path / "t", {"sleep": 0.2}
    with start(folder, "threads:2", parameters) as program:
        wait_until(lambda: len(done(folder)) >= 1)
        with pytest.raises(OutputError) as caught:
            run_tiles(functions.coordinates, TILES, folder, parameters, TWO)
        program.communicate(timeout=120)
    assert f"process {program.pid} on {socket.gethostname()}, since 20" in str(caught.value)
    assert program.returncode == 0
    assert run_tiles(functions.coordinates, TILES, folder, parameters, TWO).kept == 12


def test_the_second_run_of_one_program_is_refused_too(tmp_path: Path) -> None:
    folder, results = tmp_path / "t", []

    def first() -> None:
        results.append(run_tiles(functions.coordinates, TILES, folder, {"sleep": 0.1}, TWO))

    thread = threading.Thread(target=first)
    thread.start()
    wait_until(lambda: len(done(folder)) >= 1)
    with pytest.raises(OutputError, match=f"process {os.getpid()} on"):
        run_tiles(functions.coordinates, TILES, folder, {"sleep": 0.1}, TWO)
    thread.join()
    assert results[0].computed == 12


def lock_of(folder: Path, host: str, pid: int) -> Path:
    folder.mkdir()
    path = folder / "run.lock"
    path.write_text(json.dumps({"host": host, "pid": pid, "since": "2020-01-01T00:00:00Z"}))
    return path


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    stale = lock_of(tmp_path / "t", socket.gethostname(), ended.pid)
    assert run_tiles(functions.coordinates, TILES, tmp_path / "t", {}, TWO).computed == 12
    assert not stale.exists()


def test_the_lock_of_another_computer_is_believed(tmp_path: Path) -> None:
    foreign = lock_of(tmp_path / "t", "another.example.org", 4711)
    with pytest.raises(OutputError, match=r"process 4711 on another.example.org, since 2020-01-01"):
        run_tiles(functions.coordinates, TILES, tmp_path / "t", {}, TWO)
    assert foreign.exists()
    foreign.unlink()  # as the sentence says
    run_tiles(functions.coordinates, TILES, tmp_path / "t", {}, TWO)


def test_a_lock_that_its_holder_has_just_removed_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, system, looked = tmp_path / "run.lock", lock._lock, []

    def late(descriptor: int) -> bool:
        if not looked:
            path.unlink()
        looked.append(descriptor)
        return system(descriptor)

    monkeypatch.setattr(lock, "_lock", late)
    with lock.RunLock(tmp_path):
        assert json.loads(path.read_text())["pid"] == os.getpid()
    assert len(looked) == 2


def test_many_runs_at_once_never_work_together(tmp_path: Path) -> None:
    """Of runs that start at the same moment on the lock of a dead one, one at a time works."""
    lock_of(tmp_path / "t", socket.gethostname(), 2**22 + 1)
    log = tmp_path / "log"
    programs = [start(tmp_path / "t", "threads:1", {"log": str(log)}) for _ in range(4)]
    said = [program.communicate(timeout=120)[1] for program in programs]
    for program, text in zip(programs, said, strict=True):
        assert program.returncode == 0 or "Another run is working on this output" in text
    assert any(program.returncode == 0 for program in programs)
    assert sorted(line.split()[0] for line in log.read_text().splitlines()) == [
        tile.name for tile in TILES
    ]


# -- full disks
# --------------------------------------------------------------------------------------------


def publish(run: TileRun, path: Path, grid: Grid) -> None:
    with Staging() as staging:
        output = RasterOutput(path.stem, staging.stage(path), shown=path.name)
        write_rasters(run, [output], grid)


@pytest.mark.parametrize("spec", ["threads:2", "processes:2"])
def test_a_full_disk_stops_the_run_and_keeps_its_tiles(small_disk: Path, spec: str) -> None:
    many, folder = tiles(1000, 1000, 128), small_disk / "t"
    with pytest.raises(OutputError, match=r"could not be written.*\d+ of 64 tiles are kept"):
        run_tiles(functions.incompressible, many, folder, {}, ExecutionSettings(spec))
    kept = done(folder)
    assert 1 <= len(kept) <= 5
    assert parts(folder) == []
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    run = run_tiles(functions.incompressible, many, folder, {}, ExecutionSettings(spec))
    assert run.kept == len(kept)
    assert run.computed == 64 - len(kept)


def test_a_full_disk_at_the_merge_leaves_no_raster(small_disk: Path, tmp_path: Path) -> None:
    """The tiles lie elsewhere; the raster fails when it is flushed or closed."""
    grid: Grid = grid_from_epsg(32631, (0.0, 10.0, 0.0, 0.0, 0.0, -10.0), 300, 300)
    run = run_tiles(functions.incompressible, tiles(300, 300, 128), tmp_path / "t", {}, TWO)
    with pytest.raises(OutputError, match="noise.tif could not be written"):
        publish(run, small_disk / "noise.tif", grid)
    assert list(small_disk.iterdir()) == []
    assert len(done(tmp_path / "t")) == len(run.tiles)


def test_a_raster_that_lost_a_block_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All pixels are read back: what was written is what the tiles hold."""
    from calval_toolbox.core.io import mosaic

    grid = grid_from_epsg(32631, (0.0, 10.0, 0.0, 0.0, 0.0, -10.0), WIDTH, HEIGHT)
    run = run_tiles(functions.coordinates, TILES, tmp_path / "t", {}, TWO)
    write = mosaic.RasterWriter.write

    def lossy(self: Any, band: int, values: Any, column: int = 0, row: int = 0) -> None:
        if (band, column, row) != (2, 64, 128):
            write(self, band, values, column, row)

    monkeypatch.setattr(mosaic.RasterWriter, "write", lossy)
    with pytest.raises(OutputError, match="position.tif could not be written"):
        publish(run, tmp_path / "position.tif", grid)
    assert not (tmp_path / "position.tif").exists()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be made"):
        run_tiles(functions.coordinates, TILES, tmp_path / "file" / "t", {}, TWO)
