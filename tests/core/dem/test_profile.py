# SPDX-License-Identifier: GPL-3.0-or-later
"""Heights along a line, against planes and voids that are known exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io import dem_profile
from calval_toolbox.core.io.dem_profile import bilinear, even_places, sample_profiles
from calval_toolbox.core.io.grids import Grid, grid_from_epsg, project, unproject
from calval_toolbox.core.io.raster_writer import write_raster

UTM = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_800_000.0, 0.0, -10.0), 300, 200)
DEGREES = grid_from_epsg(4326, (2.99, 0.001, 0.0, 43.36, 0.0, -0.001), 60, 40)


def plane(grid: Grid) -> Any:
    """100 m + 0.02 m per meter to the east - 0.01 to the north, in UTM coordinates, at the centers
    of the cells of ``grid``.
    """
    left, width, _, top, _, size = grid.geotransform
    x, y = np.meshgrid(
        left + (np.arange(grid.width) + 0.5) * width, top + (np.arange(grid.height) + 0.5) * size
    )
    if grid is DEGREES:
        places = [project(UTM.wkt, *one) for one in zip(x.ravel(), y.ravel(), strict=True)]
        x, y = np.array(places).T.reshape(2, *x.shape)
    return height_at(x, y).astype(np.float32)


def height_at(x: Any, y: Any) -> Any:
    return 100.0 + 0.02 * (x - 500_000.0) - 0.01 * (y - 4_800_000.0)


@pytest.fixture
def models(tmp_path: Path) -> list[str]:
    paths = [str(tmp_path / "utm.tif"), str(tmp_path / "degrees.tif")]
    values = plane(UTM)
    values[80:90, 100:130] = np.nan
    write_raster(paths[0], [values], UTM, nodata=float("nan"))
    write_raster(paths[1], [plane(DEGREES)], DEGREES)
    return paths


LINE = [3.002, 3.03], [43.351, 43.338]


def test_models_of_other_systems_lie_on_one_plane(models: list[str]) -> None:
    places, (utm, degrees) = sample_profiles(models, *LINE)
    at = [project(UTM.wkt, *one) for one in zip(places.lon, places.lat, strict=True)]
    truth = height_at(*np.array(at).T)
    assert np.nanmax(np.abs(utm.height - truth)) < 2e-4
    assert np.nanmax(np.abs(degrees.height - truth)) < 5e-3
    length = np.hypot(*(np.array(at[-1]) - at[0]))
    # At the central meridian lengths on the map are 0.9996 of those on the ellipsoid.
    assert places.distance[-1] == pytest.approx(length / 0.9996, rel=1e-5)
    assert np.diff(places.distance).std() < 1e-3
    assert utm.cell_m == pytest.approx(10.0)


def test_gaps_stay_gaps_and_nothing_is_invented_outside(models: list[str]) -> None:
    ends = [unproject(UTM.wkt, *one) for one in ((499_500, 4_799_550), (503_500, 4_798_550))]
    places, (utm, _) = sample_profiles(models, *zip(*ends, strict=True))
    at = [project(UTM.wkt, *one) for one in zip(places.lon, places.lat, strict=True)]
    x, y = np.array(at).T
    column, row = (x - 500_000.0) / 10.0 - 0.5, (4_800_000.0 - y) / 10.0 - 0.5
    inside = (column >= 0) & (column <= 299) & (row >= 0) & (row <= 199)
    hole = inside & (column > 99) & (column < 130) & (row > 79) & (row < 90)
    assert hole.any()
    assert not inside.all()
    assert np.array_equal(np.isfinite(utm.height), inside & ~hole)


def test_windows_give_what_one_reading_gives(
    models: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sample_profiles(models[:1], *LINE)[1][0].height
    monkeypatch.setattr(dem_profile, "_MOST_CELLS", 400)
    sizes: list[int] = []
    read = dem_profile.read_dem

    def watched(path: str, window: Any, **options: Any) -> Any:
        sizes.append(window[2] * window[3])
        return read(path, window, **options)

    monkeypatch.setattr(dem_profile, "read_dem", watched)
    parts = sample_profiles(models[:1], *LINE)[1][0].height
    assert np.array_equal(whole, parts, equal_nan=True)
    assert len(sizes) > 10
    assert max(sizes) <= 400


def test_a_cell_without_weight_makes_no_gap() -> None:
    height = np.array([[1.0, 2.0, np.nan], [3.0, 4.0, np.nan]])
    found = bilinear(height, np.array([1.0, 0.5, 1.1, 2.1]), np.array([0.5, 0.0, 0.0, 0.0]))
    assert found[:2] == pytest.approx([3.0, 1.5])
    assert np.isnan(found[2:]).all()


def test_a_line_without_length_is_refused() -> None:
    with pytest.raises(InputError, match="no length"):
        even_places([3.0, 3.0], [43.0, 43.0], 10.0)
    with pytest.raises(InputError, match="no length"):
        even_places([3.0], [43.0], 10.0)
