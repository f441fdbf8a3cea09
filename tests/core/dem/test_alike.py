# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that state different vertical references are converted before they are compared, or not
compared at all; one that states none is told.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.dem import datum
from calval_toolbox.core.dem.alike import open_alike
from calval_toolbox.core.dem.comparison import CompareRequest, compare_files
from calval_toolbox.core.dem.coregistration import Request, coregister_files
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io import geoid_grids
from calval_toolbox.core.io.dem_files import read_dem
from calval_toolbox.core.io.dem_sources import file_reference
from calval_toolbox.core.io.geoid_grids import find_grid
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.vertical_crs import MODELS, with_reference
from calval_toolbox.core.progress import Silent

needs_egm96 = pytest.mark.skipif(
    not find_grid(MODELS["EGM96"].files), reason="PROJ's grid of EGM96 is not installed"
)
GRID = grid_from_epsg(4326, (5.2, 3e-4, 0.0, 44.3, 0.0, -3e-4), 150, 120)


def ground() -> Any:
    y, x = np.mgrid[0:120, 0:150].astype(float)
    noise = np.random.default_rng(5).normal(0.0, 0.05, x.shape)
    return 60.0 * np.sin(x / 9.0) * np.cos(y / 7.0) + 700.0 + noise


def written(path: Path, height: Any, reference: str) -> str:
    wkt = with_reference(GRID.wkt, reference) if reference else GRID.wkt
    write_raster(path, [height.astype(np.float32)], replace(GRID, wkt=wkt), nodata=-32768.0)
    return str(path)


def planted(folder: Path, up: float = 0.25) -> tuple[str, str]:
    """A model above the geoid that lies ``up`` over a reference above the ellipsoid."""
    truth = ground()
    raised = datum.to_reference(truth, GRID, "EGM96", "ellipsoid")
    assert np.median(raised - truth) == pytest.approx(51.0, abs=0.5)
    model = written(folder / "model.tif", truth + up, "EGM96")
    return model, written(folder / "reference.tif", raised, "ellipsoid")


@needs_egm96
def test_the_undulation_is_no_difference(tmp_path: Path) -> None:
    model, reference = planted(tmp_path)
    request = CompareRequest(model, reference)
    found = compare_files(request, None, "", Silent())
    assert found.pair.vertical == ("EGM96", "ellipsoid")
    assert found.overall.mean == pytest.approx(0.25, abs=0.01)
    assert found.overall.std < 0.01
    told = [note for note in found.notes if "converted to ellipsoid" in note]
    assert len(told) == 1


@needs_egm96
@pytest.mark.parametrize("resample", [False, True])
def test_a_moved_model_counts_as_its_reference(tmp_path: Path, resample: bool) -> None:
    model, reference = planted(tmp_path)
    target = tmp_path / "moved.tif"
    request = Request(model, reference, resample=resample)
    found = coregister_files(request, target, "moved.tif", Silent())
    assert found.shift.up == pytest.approx(-0.25, abs=0.02)
    assert file_reference(str(target)) == "ellipsoid"
    difference = read_dem(str(target)).height - read_dem(reference).height
    assert np.abs(difference)[3:-3, 3:-3].max() < 0.05
    after = compare_files(CompareRequest(str(target), reference), None, "", Silent())
    assert abs(after.overall.mean) < 0.02


def test_no_grid_no_comparison(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = written(tmp_path / "model.tif", ground(), "EGM96")
    reference = written(tmp_path / "reference.tif", ground(), "ellipsoid")
    datum._grid.cache_clear()
    monkeypatch.setattr(geoid_grids.osr, "GetPROJSearchPaths", lambda: [])
    told = r"model\.tif are counted from EGM96, those of .*reference\.tif from ellipsoid, and"
    with pytest.raises(InputError, match=told):
        open_alike(model, reference)
    # Heights of one reference need no grid.
    assert not open_alike(model, model).notes


@pytest.mark.parametrize("swapped", [False, True])
def test_silence_is_told(tmp_path: Path, swapped: bool) -> None:
    pair = [
        written(tmp_path / "silent.tif", ground(), ""),
        written(tmp_path / "stated.tif", ground(), "EGM96"),
    ]
    found = open_alike(*(pair[::-1] if swapped else pair))
    assert len(found.notes) == 1
    assert re.search(r"stated.tif are counted from EGM96; \S*silent.tif does not", found.notes[0])
    assert not open_alike(pair[0], pair[0]).notes
