# SPDX-License-Identifier: GPL-3.0-or-later
"""Where clouds are counted: across the 180th meridian, in areas of cells, in known zones."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import ogr

from calval_toolbox.core.calibration.cloudsites.cells import (
    cells_of,
    covered,
    end_columns,
    neighbors,
    outline,
)
from calval_toolbox.core.calibration.cloudsites.frequency import (
    area_table,
    find_areas,
    tallies,
)
from calval_toolbox.core.calibration.cloudsites.limits import AreaLimits
from calval_toolbox.core.calibration.cloudsites.outcome import SceneOutcome, Stage
from calval_toolbox.core.database.sites import CalibrationSite
from calval_toolbox.core.io.shapes import joined
from calval_toolbox.core.types import Product


def product(west: float, east: float, south: float = 0.0, north: float = 1.0) -> Product:
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Product("a", "safe", "MSI", "", "L1C", "", np.datetime64("2024-01-01"),
                   footprint=ring)  # fmt: skip


def outcome(number: int, counts: dict) -> SceneOutcome:
    time = np.datetime64("2024-01-01", "ms") + np.timedelta64(5 * number, "D")
    return SceneOutcome(f"p{number}", "S", time, f"o{number}", tuple(counts), Stage.BANDS,
                        counts=counts)  # fmt: skip


@pytest.mark.parametrize(("west", "east"), [(179.0, -179.5), (179.0, 180.5), (-181.0, -179.5)])
def test_a_footprint_across_the_meridian_shows_its_own_cells(west: float, east: float) -> None:
    cells = covered(product(west, east), 0.25)
    wanted = {(column, row) for column in (716, 717, 718, 719, -720, -719) for row in range(4)}
    assert len(cells) == len(wanted)
    assert set(cells) == wanted


def test_places_at_the_meridian_lie_in_cells_of_the_globe() -> None:
    assert end_columns(0.25) == (-720, 719)
    longitude = np.array([179.99, 180.0, -180.0, -179.99, 180.3])
    cells = cells_of(longitude, np.zeros(5), 0.25)
    assert cells[:, 0].tolist() == [719, -720, -720, -720, -719]
    # A size that does not divide the globe: the last cells are cut there.
    assert end_columns(0.7) == (-258, 257)
    assert cells_of(np.array([179.99, -179.99]), np.zeros(2), 0.7)[:, 0].tolist() == [257, -258]
    assert {column for column, _ in covered(product(179.0, -179.0), 0.7)} == {
        255, 256, 257, -258, -257, -256,
    }  # fmt: skip


def test_an_area_across_the_meridian_is_one() -> None:
    cells = [(719, 3), (-720, 3), (-719, 3)]
    assert neighbors([*cells, (0, 3)], 0.25) == [sorted(cells), [(0, 3)]]
    made = [outcome(n, dict.fromkeys(cells, (9, 5))) for n in range(3)]
    areas = find_areas(made, tallies(made), 0.25, AreaLimits(2, 0.1), ())
    table = area_table(areas, 0.25)
    assert table["cells"].tolist() == [3]
    assert table["longitude"] == pytest.approx([-179.875])
    assert table["latitude"] == pytest.approx([0.875])
    assert table.geometry is not None
    shape = ogr.CreateGeometryFromWkb(bytes(table.geometry[0]))
    assert shape.GetGeometryName() == "POLYGON"
    assert shape.GetArea() == pytest.approx(3 * 0.25**2)
    assert shape.GetEnvelope() == pytest.approx((179.75, 180.5, 0.75, 1.0))


def test_pixels_of_a_single_overpass_have_no_interval() -> None:
    made = [outcome(0, {(0, 0): (9, 5)})]
    (one,) = find_areas(made, tallies(made), 1.0, AreaLimits(1, 0.1), ())
    assert one.pixels[0] == 5.0
    assert np.isnan(one.pixels[1:]).all()
    assert np.isnan(area_table([one], 1.0)["pixels_low"]).all()


@pytest.mark.parametrize(
    ("inside", "zone"), [(range(1), ""), (range(1, 4), "Z"), (range(2), ""), (range(4), "Z")]
)
def test_the_zone_of_an_area_is_that_of_most_of_its_cells(inside: range, zone: str) -> None:
    made = [outcome(n, {(column, 0): (9, 5) for column in range(4)}) for n in range(2)]
    shape = joined([outline((column, 0), 1.0) for column in inside])
    zones = [CalibrationSite("Z", "cloud", 0.0, 0.0, shape)]
    (one,) = find_areas(made, tallies(made), 1.0, AreaLimits(1, 0.1), zones)
    assert (len(one.cells), one.zone) == (4, zone)
