# SPDX-License-Identifier: GPL-3.0-or-later
"""The grid of the result: of a product, a raster, an extent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.dem_targets import target_grid
from calval_toolbox.core.io.grids import grid_from_epsg, transform_points
from calval_toolbox.core.io.products.synthetic import Scene, write_muscate
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.vertical_crs import with_reference

GRID = grid_from_epsg(4326, (5.0, 0.001, 0.0, 44.5, 0.0, -0.001), 100, 80)


@pytest.fixture
def raster(tmp_path: Path) -> str:
    path = tmp_path / "dem.tif"
    write_raster(path, [np.zeros((80, 100), dtype=np.float32)], GRID)
    return str(path)


def test_of_a_product(tmp_path: Path, raster: str) -> None:
    flat = np.full((40, 60), 0.1)
    time = np.datetime64("2021-06-05T10:30:00", "ms")
    scene = Scene("T31TCJ", time, 32631, 600_000.0, 4_900_000.0, 10.0, flat,
                  reflectance={"B4": flat})  # fmt: skip
    product = write_muscate(tmp_path, scene)
    grid = target_grid(str(product), raster)
    assert grid.geotransform == (600_000.0, 10.0, 0.0, 4_900_000.0, 0.0, -10.0)
    assert (grid.width, grid.height) == (60, 40)


def test_of_the_first_model(raster: str) -> None:
    assert target_grid("", raster) == GRID


def test_without_its_vertical_part(tmp_path: Path) -> None:
    path = tmp_path / "high.tif"
    high = with_reference(GRID.wkt, "EGM96")
    write_raster(path, [np.zeros((80, 100), dtype=np.float32)],
                 type(GRID)(high, GRID.geotransform, 100, 80))  # fmt: skip
    assert not target_grid("", str(path)).reference().IsCompound()


def test_an_extent_alone_keeps_the_cells(tmp_path: Path) -> None:
    """Centers at whole seconds of arc, cells twice as high as wide: none of it is changed."""
    own = grid_from_epsg(4326, (4.9995, 0.001, 0.0, 44.501, 0.0, -0.002), 100, 80)
    path = tmp_path / "dem.tif"
    write_raster(path, [np.zeros((80, 100), dtype=np.float32)], own)
    grid = target_grid("", str(path), extent=((5.02, 44.40, 5.05, 44.52), GRID.wkt))
    left, width, _, top, _, height = grid.geotransform
    assert (width, height) == (0.001, -0.002)
    assert (left, top) == pytest.approx((5.0195, 44.521), abs=1e-9)
    assert (grid.width, grid.height) == (31, 61)


def test_an_extent_over_the_antimeridian_gets_a_sentence(raster: str) -> None:
    fiji = (700_000.0, 8_100_000.0, 900_000.0, 8_200_000.0)
    own = grid_from_epsg(32760, (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 1, 1).wkt
    with pytest.raises(InputError, match="cross the antimeridian"):
        target_grid("", raster, extent=(fiji, own), crs="EPSG:4326", resolution=0.01)


def test_of_another_system(raster: str) -> None:
    """The whole model, cells at multiples of the resolution."""
    grid = target_grid("", raster, resolution=50.0, crs="EPSG:32631")
    left, width, _, top, _, height = grid.geotransform
    assert (width, height) == (50.0, -50.0)
    assert left % 50.0 == top % 50.0 == 0.0
    for lon, lat in ((5.0, 44.5), (5.1, 44.42)):
        assert grid.contains(lon + 1e-4 * np.sign(5.05 - lon), lat + 1e-4 * np.sign(44.46 - lat))
    assert grid.width * 50.0 == pytest.approx(8000.0, abs=250.0)


def test_an_extent_in_another_system_is_covered(raster: str) -> None:
    """A box of degrees on cells of 50 m: all that it touches, and no more than a cell around."""
    box = (5.02, 44.44, 5.05, 44.46)
    grid = target_grid("", raster, (box, GRID.wkt), 50.0, "EPSG:32631")
    utm = grid_from_epsg(32631, (0.0, 50.0, 0.0, 0.0, 0.0, -50.0), 1, 1).wkt
    corners = transform_points(
        GRID.wkt, utm, np.array(box)[[0, 0, 2, 2]], np.array(box)[[1, 3, 1, 3]]
    )
    left, bottom, right, top = grid.bounds()
    for low, high, values in ((left, right, corners[0]), (bottom, top, corners[1])):
        assert low <= values.min() < low + 50.0
        assert high - 51.0 < values.max() <= high


@pytest.mark.parametrize(
    ("extent", "resolution", "crs"),
    [((3.0, 0.0, 1.0, 2.0), 1.0, ""), (None, None, "EPSG:32631"), (None, 1.0, "nowhere"),
     ((0.0, 0.0, 1e6, 1e6), 1e-3, ""), ((5e5, 4e6, 6e5, 5e6), 10.0, "EPSG:32631")],
)  # fmt: skip
def test_no_grid(
    raster: str, extent: tuple[float, float, float, float] | None, resolution: float | None,
    crs: str,
) -> None:  # fmt: skip
    with pytest.raises(InputError):
        target_grid("", raster, (extent, GRID.wkt) if extent else None, resolution, crs)


def test_neither_raster_nor_product(tmp_path: Path, raster: str) -> None:
    with pytest.raises(InputError, match="no product|does not exist"):
        target_grid(str(tmp_path / "nowhere"), raster)
