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
KILLED = {signal.SIGINT: 1, signal.SIGKILL: -signal.SIGKILL}


@dataclass(frozen=True)
class Whole:
    """An algorithm, the images that it gets, and its files of a run that nothing disturbs."""

    algorithm: str
    stack: Path
    files: dict[str, bytes]
    tiles: int


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
def whole(
    request: pytest.FixtureRequest, repo_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Whole:
    algorithm = request.param
    stack, folder = (tmp_path_factory.mktemp(name) for name in ("stack", "whole"))
    write_stack(stack, SIDES[algorithm])
    code, said = run(repo_root, algorithm, stack, folder)
    assert code == 0, said
    assert not list(folder.glob("*.tiles"))
    tiles = (SIDES[algorithm] // TILE) ** 2
    return Whole(algorithm, stack, files(algorithm, folder), tiles)


@pytest.mark.parametrize("sent", list(KILLED))
def test_stopped_and_resumed(
    whole: Whole, sent: signal.Signals, repo_root: Path, tmp_path: Path
) -> None:
    code, said = run(repo_root, whole.algorithm, whole.stack, tmp_path, sent)
    assert code == KILLED[sent], said
    assert not [path for path in tmp_path.iterdir() if path.is_file() and path.name[0] != "."]
    assert ("Canceled by the user" in said) is (sent == signal.SIGINT)
    if sent == signal.SIGINT:
        assert [path.suffix for path in tmp_path.iterdir()] == [".tiles"]
    finished = len(list(tmp_path.glob("*.tiles/r*.npz")))
    assert 0 < finished < whole.tiles
    code, said = run(repo_root, whole.algorithm, whole.stack, tmp_path)
    assert code == 0, said
    # A tile that was in place, but not yet in the manifest of a killed run, is computed again.
    kept = {finished, finished - (sent == signal.SIGKILL)} - {0}
    assert any(f"{one} of {whole.tiles} tiles are there already" in said for one in kept), said
    assert files(whole.algorithm, tmp_path) == whole.files
    assert not list(tmp_path.glob("*.tiles"))


def files(algorithm: str, folder: Path) -> dict[str, bytes]:
    """What the outputs hold, to the last byte."""
    return {name: (folder / name).read_bytes() for name in ALGORITHMS[algorithm][1].values()}


def run(
    root: Path, algorithm: str, stack: Path, folder: Path, sent: signal.Signals | None = None
) -> tuple[int, str]:
    """Exit code and what was said; ``sent``: to the process, or by SIGKILL to it and all that it
    has started, when the first tiles are there.
    """
    extra, outputs = ALGORITHMS[algorithm]
    command = [str(root / "scripts" / "qgis_process"), "run", f"calval:{algorithm}"]
    command += [f"--STACK={stack}", "--SCALE=0.0001", "--EXECUTOR=threads:1", f"--TILE_SIZE={TILE}"]
    command += [*extra, *(f"--{key}={folder / name}" for key, name in outputs.items())]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=dict(os.environ), start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        while sent and len(list(folder.glob("*.tiles/r*.npz"))) < 2:
            time.sleep(0.02)
            assert process.poll() is None, process.stdout.read()
        if sent == signal.SIGKILL:
            os.killpg(process.pid, sent)
        elif sent:
            process.send_signal(sent)
        said = process.stdout.read()
        process.wait(1800)
    return process.returncode, said
