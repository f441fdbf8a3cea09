# SPDX-License-Identifier: GPL-3.0-or-later
"""Interrupted and killed runs of tiled algorithms in the real ``qgis_process``: no half-written
output, and the next run computes only what is missing and gives the same files to the last byte.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

TILE, DATES = 64, 40
# Enough pixels to be busy for some seconds, and not more.
SIDES = {"detectbreaks": 256, "detectanomaliesraster": 192, "regularizetimeseries": 256,
         "findstablesites": 256}  # fmt: skip
BANDS = {"red": 800.0, "nir": 3000.0}
ALGORITHMS: dict[str, tuple[list[str], dict[str, str]]] = {
    "detectbreaks": (["--START=2020-01-01"], {"OUTPUT": "break.tif"}),
    "detectanomaliesraster": (
        ["--DATES=2019-04-04"],
        {"OUTPUT": "types.tif", "SCORE": "scores.tif", "COUNTS": "counts.tif",
         "DATE_TABLE": "dates.csv"},
    ),
    "regularizetimeseries": (
        ["--STEP_DAYS=30"], {"OUTPUT": "regular.tif", "QUALITY": "quality.tif"}
    ),
    "findstablesites": (
        ["--BRDF=none", "--SIZE_M=100", "--MAX_TEMPORAL_CV_PERCENT=10",
         "--MAX_SPECTRAL_CV_PERCENT=10"],
        {"OUTPUT": "stable.tif", "CANDIDATES": "sites.csv"},
    ),
}  # fmt: skip
# The interrupt comes first: it leaves nothing but its tiles, which a killed run may not.
STOPPED = {signal.SIGINT: 1, signal.SIGKILL: -signal.SIGKILL}


@dataclass(frozen=True)
class Stop:
    """A run that was stopped: its exit code, what it said and left, and what the next run said."""

    code: int
    said: str
    left: list[Path]
    finished: int
    next_said: str


@dataclass(frozen=True)
class Story:
    """An algorithm, its files of a run that nothing disturbs, and those of a run that was stopped
    by each signal in turn, resumed after each, and ended.
    """

    whole: dict[str, bytes]
    resumed: dict[str, bytes]
    tiles: int
    stops: dict[signal.Signals, Stop]
    tiles_left: list[Path]


def write_stack(folder: Path, side: int) -> None:
    """Images with noise and gaps."""
    rng = np.random.default_rng(2)
    grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), side, side)
    for day in np.datetime64("2018-01-03") + 24 * np.arange(DATES):
        gaps = rng.random((side, side)) < 0.1
        values = [
            np.where(gaps, 0, level + rng.normal(0.0, 60.0, (side, side))).astype(np.int16)
            for level in BANDS.values()
        ]
        path = folder / f"i_{str(day).replace('-', '')}.tif"
        write_raster(path, values, grid, nodata=0, names=tuple(BANDS))


@pytest.fixture(scope="module", params=list(ALGORITHMS))
def story(
    request: pytest.FixtureRequest, repo_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Story:
    algorithm = request.param
    stack, whole, folder = (tmp_path_factory.mktemp(name) for name in ("stack", "whole", "stopped"))
    write_stack(stack, SIDES[algorithm])
    code, said = run(repo_root, algorithm, stack, whole)
    assert code == 0, said
    assert not list(whole.glob("*.tiles"))
    ended = []
    for sent in STOPPED:
        code, said = run(repo_root, algorithm, stack, folder, sent)
        ended.append((code, said, list(folder.iterdir()), len(tiles_in(folder))))
    code, last = run(repo_root, algorithm, stack, folder)
    assert code == 0, last
    following = [*(said for _, said, _, _ in ended[1:]), last]
    stops = {
        sent: Stop(*end, next_said)
        for sent, end, next_said in zip(STOPPED, ended, following, strict=True)
    }
    return Story(
        files(algorithm, whole), files(algorithm, folder), (SIDES[algorithm] // TILE) ** 2, stops,
        list(folder.glob("*.tiles")),
    )  # fmt: skip


@pytest.mark.parametrize("sent", list(STOPPED))
def test_stopped(story: Story, sent: signal.Signals) -> None:
    stop = story.stops[sent]
    assert stop.code == STOPPED[sent], stop.said
    assert not [path for path in stop.left if path.suffix != ".tiles" and path.name[0] != "."]
    assert ("Canceled by the user" in stop.said) is (sent == signal.SIGINT)
    if sent == signal.SIGINT:
        assert [path.suffix for path in stop.left] == [".tiles"]
    assert 0 < stop.finished < story.tiles
    # A tile that was in place, but not yet in the manifest of a killed run, is computed again.
    kept = {stop.finished, stop.finished - (sent == signal.SIGKILL)} - {0}
    told = [f"{one} of {story.tiles} tiles are there already" for one in kept]
    assert any(one in stop.next_said for one in told), stop.next_said


def test_resumed_to_the_same_bytes(story: Story) -> None:
    finished = [stop.finished for stop in story.stops.values()]
    assert finished == sorted(set(finished))  # each run has added to what the last one left
    assert story.resumed == story.whole
    assert not story.tiles_left


def tiles_in(folder: Path) -> list[Path]:
    """The tiles that are finished."""
    return list(folder.glob("*.tiles/r*.npz"))


def files(algorithm: str, folder: Path) -> dict[str, bytes]:
    """What the outputs hold, to the last byte."""
    return {name: (folder / name).read_bytes() for name in ALGORITHMS[algorithm][1].values()}


def run(
    root: Path, algorithm: str, stack: Path, folder: Path, sent: signal.Signals | None = None
) -> tuple[int, str]:
    """Exit code and what was said; ``sent``: to the process, or by SIGKILL to it and all that it
    has started, when one tile more is there than before, and two at least.
    """
    extra, outputs = ALGORITHMS[algorithm]
    command = [str(root / "scripts" / "qgis_process"), "run", f"calval:{algorithm}"]
    command += [f"--STACK={stack}", "--SCALE=0.0001", "--EXECUTOR=threads:1", f"--TILE_SIZE={TILE}"]
    command += [*extra, *(f"--{key}={folder / name}" for key, name in outputs.items())]
    enough = max(2, len(tiles_in(folder)) + 1)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=dict(os.environ), start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        while sent and len(tiles_in(folder)) < enough:
            time.sleep(0.02)
            assert process.poll() is None, process.stdout.read()
        if sent == signal.SIGKILL:
            os.killpg(process.pid, sent)
        elif sent:
            process.send_signal(sent)
        said = process.stdout.read()
        process.wait(1800)
    return process.returncode, said
