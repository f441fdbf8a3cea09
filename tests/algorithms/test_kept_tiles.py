# SPDX-License-Identifier: GPL-3.0-or-later
"""A fault between the last tile and the outputs: the tiles stay, and the next run goes on from
them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from calval_toolbox.core.errors import OutputError
from calval_toolbox.core.execution import engine
from calval_toolbox.core.io.atomic import Staging
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

Run = Callable[..., dict[str, Any]]
TILED: dict[str, dict[str, Any]] = {
    "detectanomaliesraster": {},
    "detectbreaks": {"START": "2020-01-01"},
    "regularizetimeseries": {"STEP_DAYS": 60},
    "findstablesites": {"BRDF": "none"},
    "computeprimitives": {"STEP_DAYS": 60},
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three years of two bands."""
    folder, rng = tmp_path_factory.mktemp("stack"), np.random.default_rng(5)
    grid = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0), 70, 40)
    for day in np.datetime64("2018-01-03") + 27 * np.arange(40):
        values = [level + rng.normal(0.0, 0.006, (40, 70)).astype(np.float32)
                  for level in (0.08, 0.3)]  # fmt: skip
        path = folder / f"i_{str(day).replace('-', '')}.tif"
        write_raster(path, [one.astype(np.float32) for one in values], grid, names=("red", "nir"))
    return folder


@pytest.mark.parametrize("algorithm", list(TILED))
def test_a_fault_after_the_last_tile_leaves_the_tiles(
    algorithm: str, run_algorithm: Run, stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"STACK": [str(stack)], "OUTPUT": str(tmp_path / "out.tif"), "TILE_SIZE": 64,
             **TILED[algorithm]}  # fmt: skip

    def full(_: Staging) -> None:
        raise OutputError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(Staging, "commit", full)
        with pytest.raises(QgsProcessingException, match="The disk is full"):
            run_algorithm(algorithm, given)
    assert [path.name for path in tmp_path.iterdir()] == ["out.tiles"]
    assert len(list((tmp_path / "out.tiles").glob("r*.npz"))) == 2

    def again(*_: Any) -> None:
        raise AssertionError("a tile is computed again")

    with monkeypatch.context() as patch:
        patch.setattr(engine.Engine, "run", again)
        run_algorithm(algorithm, given)
    assert (tmp_path / "out.tif").exists()
    assert not (tmp_path / "out.tiles").exists()
