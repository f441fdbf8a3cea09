# SPDX-License-Identifier: GPL-3.0-or-later
"""The tiles of a chain: dated rasters whose bands are dates."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.classification.chain.blueprint import Blueprint
from calval_toolbox.core.classification.chain.configuration import read_configuration
from calval_toolbox.core.classification.chain.steps.primitives import primitive_units
from calval_toolbox.core.classification.chain.tiles import find_tiles, stack_options
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

DAYS = ("2022-03-10", "2022-05-12", "2022-08-01")


def told(folder: Path, dates: object) -> str:
    (folder / "reference.gpkg").touch()
    return json.dumps({
        "stack": str(folder / "stack"), "reference": str(folder / "reference.gpkg"),
        "class_field": "class", "steps": {"computeprimitives": {"BAND_DATES": dates}},
    })  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stack").mkdir()
    grid = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_800_000.0, 0.0, -10.0), 4, 3)
    for number, band in enumerate(("red", "nir")):
        data = [np.full((3, 4), 100 * number + date, dtype=np.int16) for date in range(3)]
        write_raster(tmp_path / "stack" / f"{band}.tif", data, grid, -1.0, ("a", "b", "c"))
    return tmp_path


def test_dates_of_bands_reach_the_tiles_and_the_identity_of_features(folder: Path) -> None:
    listed = folder / "days.txt"
    listed.write_text("\n".join(DAYS))
    for dates in (", ".join(DAYS), list(DAYS), str(listed)):
        configuration = read_configuration(told(folder, dates))
        (tile,), notes = find_tiles(configuration)
        assert not notes
        assert tuple(tile.times.astype("datetime64[D]").astype(str)) == DAYS
        plan = Blueprint(configuration, (tile,), ExecutionSettings())
        (unit,) = primitive_units(plan)
        # The days themselves: another content of the same file makes the features anew.
        assert all(day in unit.settings["BAND_DATES"] for day in DAYS)
        again = stack_options(unit.settings).band_dates
        assert tuple(str(one)[:10] for one in again) == DAYS


def test_without_dates_of_bands_the_identity_is_as_it_was(folder: Path) -> None:
    configuration = read_configuration(told(folder, ""))
    with pytest.raises(InputError, match="BAND_DATES"):
        find_tiles(configuration)
    tiles, _ = find_tiles(read_configuration(told(folder, ",".join(DAYS))))
    (unit,) = primitive_units(Blueprint(configuration, tiles, ExecutionSettings()))
    assert "BAND_DATES" not in unit.settings
