# SPDX-License-Identifier: GPL-3.0-or-later
"""An interrupt of a tiled algorithm in the real ``qgis_process``: no half-written output, and the
next run computes only what is missing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

SIDE, TILE = 640, 64


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough pixels to be busy for a while."""
    folder, rng = tmp_path_factory.mktemp("stack"), np.random.default_rng(2)
    grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), SIDE, SIDE)
    for day in np.datetime64("2018-01-03") + 16 * np.arange(60):
        values = (3000.0 + rng.normal(0.0, 60.0, (SIDE, SIDE))).astype(np.int16)
        write_raster(folder / f"nir_{str(day).replace('-', '')}.tif", [values], grid)
    return folder


def test_interrupt_and_resume(stack: Path, repo_root: Path, tmp_path: Path) -> None:
    output = tmp_path / "break.tif"
    first = run(repo_root, stack, output, interrupt=True)
    assert first[0] == 1, first[1]
    assert "Canceled by the user" in first[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["break.tiles"]
    finished = len(list((tmp_path / "break.tiles").glob("r*.npz")))
    assert 0 < finished < (SIDE // TILE) ** 2
    second = run(repo_root, stack, output)
    assert second[0] == 0, second[1]
    assert f"{finished} of {(SIDE // TILE) ** 2} tiles are there already" in second[1]
    whole = tmp_path / "whole.tif"
    assert run(repo_root, stack, whole)[0] == 0
    assert not list(tmp_path.glob("*.tiles"))
    one, two = (gdal.Open(str(path)).ReadAsArray() for path in (output, whole))
    assert np.array_equal(one, two)


def run(root: Path, stack: Path, output: Path, interrupt: bool = False) -> tuple[int, str]:
    """Exit code and what was said; ``interrupt``: from the keyboard, after the first tiles."""
    command = [str(root / "scripts" / "qgis_process"), "run", "calval:detectbreaks"]
    command += [f"--STACK={stack}", "--SCALE=0.0001", "--START=2020-01-01", f"--OUTPUT={output}",
                f"--TILE_SIZE={TILE}", "--EXECUTOR=threads:1"]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ)
    ) as process:
        assert process.stdout is not None
        said = ""
        while interrupt and not list(output.with_suffix(".tiles").glob("r*.npz")):
            time.sleep(0.05)
            assert process.poll() is None, process.stdout.read()
        if interrupt:
            process.send_signal(signal.SIGINT)
        said += process.stdout.read()
        process.wait(300)
    return process.returncode, said
