# SPDX-License-Identifier: GPL-3.0-or-later
"""Features of the user, gaps, tiles and hooks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.errors import InputError, InsufficientDataError
from calval_toolbox.core.execution import stacks
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.products.synthetic import (
    write_muscate,
)
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.series.extract_files import Source
from calval_toolbox.core.series.regular_files import RegularGrid
from calval_toolbox.core.types import Flag

from .made import GRID, SHAPE, compute, left, scene


def test_features_of_the_user(optical: Source, tmp_path: Path) -> None:
    write_raster(tmp_path / "slope.tif", [np.full(SHAPE, 2.0, np.float32)], GRID)
    made = compute(
        tmp_path / "out", optical=optical, indices="NDVI", exogenous=(str(tmp_path / "slope.tif"),),
        user="savi = 1.5 * (B8 - B4) / (B8 + B4 + 0.5)\n"
        "# the change\nrise = B8_20200721 - B8_20200701; steep = where(slope > 1, savi, NDVI)",
    )  # fmt: skip
    assert made.report.names[-7:] == (
        *(f"savi_202007{day:02d}" for day in (1, 11, 21)), "rise",
        *(f"steep_202007{day:02d}" for day in (1, 11, 21)),
    )  # fmt: skip
    nir = made["B8_20200711"]
    savi = 1.5 * (nir - made["B4_20200711"]) / (nir + made["B4_20200711"] + 0.5)
    np.testing.assert_allclose(made["savi_20200711"], savi, rtol=1e-5)
    np.testing.assert_allclose(made["rise"][:, 5:], 0.2, atol=1e-4)
    assert np.array_equal(made["steep_20200711"], made["savi_20200711"], equal_nan=True)


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"user": "B8 - B4"}, "not written as name = expression"),
        ({"user": "x = B8 - B99"}, r"'B99' in 'B8 - B99' is no band.*x = B8 - B99"),
        ({"user": "x = __import__('os').system('ls')"}, "cannot be computed|is no band"),
        ({"user": "B8 = B4"}, "B8, which is there already"),
        ({"user": "x = B8; x = B4"}, "x, which is there already"),
        ({"indices": "NDVI,NDXI"}, "There is no index NDXI"),
        ({"indices": "NBR"}, "NBR needs a band near 2200 nm.*write the index in USER_FEATURES"),
        ({"bands": ("B99",)}, "No date has a band B99"),
        ({"dates": "2020-07-01", "grid": RegularGrid("2020-07-01")}, "either DATES, or START"),
        ({"dates": "yesterday"}, "DATES"),
        ({"policy": "odd"}, "no mask policy 'odd'"),
    ],
)
def test_what_cannot_be_is_said(
    request_: dict[str, Any], said: str, optical: Source, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        compute(tmp_path / "out", optical=optical, **request_)


def test_a_season_without_images_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "products"
    for day in ("2020-01-05", "2020-03-05", "2020-09-10"):
        write_muscate(folder, scene(day), kinds=("FRE",))
    source = Source(products=(str(folder),))
    made = compute(tmp_path / "out", optical=source, grid=RegularGrid(step_days=30))
    (note,) = (one for one in made.report.notes if "No optical image" in one)
    assert "between 2020-03-05 and 2020-09-10 (189 days" in note
    assert "6 dates of the features" in note
    made = compute(tmp_path / "two", optical=source, dates="2020-01-10, 2020-02-20, 2020-09-10")
    assert not any("No optical image" in one for one in made.report.notes)


def test_gaps_and_divisions_by_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "products"
    for day in (1, 11):
        bands = {"B4": np.full(SHAPE, 0.1), "B8": np.full(SHAPE, 0.3)}
        bands["B4"][:, 50:55], bands["B8"][:, 50:55] = 0.0, 0.0
        bands["B8"][:, 55:] = -0.05  # dark water
        write_muscate(folder, scene(f"2020-07-{day:02d}", reflectance=bands,
                                    flags={Flag.CLOUD: left(6)}), kinds=("FRE",))  # fmt: skip
    made = compute(tmp_path / "out", optical=Source(products=(str(folder),)), indices="NDVI",
                   user="ratio = B8 / B4")  # fmt: skip
    ndvi = made["NDVI_20200701"]
    assert np.isnan(made["B4_20200711"][:, :6]).all()
    assert np.isnan(ndvi[:, :6]).all()
    assert np.isnan(ndvi[:, 50:55]).all()
    assert np.isnan(made["ratio_20200711"][:, 50:55]).all()
    assert (ndvi[:, 55:] == -1.0).all()
    assert made.report.never_share == pytest.approx(0.1)
    assert (made.days[:, :, :6] == -1).all()
    assert (made.clear[:, :6] == 0).all()
    notes = " ".join(made.report.notes)
    assert "10 % of the pixels are never clear" in notes
    assert "NDVI does not exist for 8.3 %" in notes


def test_dates_far_from_all_images(optical: Source, tmp_path: Path) -> None:
    with pytest.raises(InsufficientDataError, match="of 2022-01-01 to 2022-01-01.*2020-07-21"):
        compute(tmp_path / "out", optical=optical, dates="2022-01-01")
    made = compute(tmp_path / "out", optical=optical, dates="2022-01-01,2020-07-05")
    assert made.report.names[0] == "B4_20200705"
    assert any("1 of 2 dates have no data anywhere (2022-01-01)" in one
               for one in made.report.notes)  # fmt: skip
    clouded = tmp_path / "clouded"
    write_muscate(clouded, scene("2020-07-01", flags={Flag.CLOUD: left(60)}), kinds=("FRE",))
    with pytest.raises(InsufficientDataError, match="All observations of the images are masked"):
        compute(tmp_path / "out", optical=Source(products=(str(clouded),)))


# -- tiles and the hook


def swing(features: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A feature of all dates, and one of each."""
    return {"swing": np.ptp(features["NDVI"], axis=0), "twice": 2.0 * features["B8"]}


def test_tiles_workers_and_a_hook_change_no_bit(
    optical: Source, radar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coarse = grid_from_epsg(4326, (1.35, 0.0004, 0.0, 43.59, 0.0, -0.0003), 60, 60)
    noise = np.random.default_rng(2).normal(size=SHAPE).astype(np.float32)
    write_raster(tmp_path / "noise.tif", [noise], coarse)
    request: dict[str, Any] = {
        "optical": optical, "radar": (str(radar),), "exogenous": (str(tmp_path / "noise.tif"),),
        "grid": RegularGrid("2020-01-08", "2020-07-21", 13), "user": "half = NDVI / 2",
    }  # fmt: skip
    first = compute(tmp_path / "one", ExecutionSettings("threads:1", 64), swing, **request)
    assert first.report.names[-17:] == tuple(
        ["swing", *(f"twice_{name[-8:]}" for name in first.report.names if name[:3] == "B8_")]
    )
    assert np.isfinite(first["noise"]).all()
    monkeypatch.setattr(stacks, "fit_tile_size", lambda *_: 17)
    second = compute(tmp_path / "two", ExecutionSettings("threads:2"), swing, **request)
    assert first.report.run is not None
    assert second.report.run is not None
    assert (len(first.report.run.tiles), len(second.report.run.tiles)) == (1, 16)
    assert first.report.names == second.report.names
    for name in first.report.names:
        assert first[name].tobytes() == second[name].tobytes(), name
    assert first.days.tobytes() == second.days.tobytes()
    assert first.clear.tobytes() == second.clear.tobytes()


def test_a_hook_has_to_be_found_by_workers(optical: Source, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="top level of a module"):
        compute(tmp_path / "out", optical=optical, hook=lambda _: {})
