# SPDX-License-Identifier: GPL-3.0-or-later
"""Directions, responses, irradiance and weather of the real Sentinel-2 L1C product."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from calval_toolbox.core.errors import ProductError
from calval_toolbox.core.io.products import open_product
from calval_toolbox.core.io.products.angle_grids import DirectionGrid, direction_of
from calval_toolbox.core.io.products.scene_details import SceneDetails, read_details
from calval_toolbox.core.io.products.vector_masks import mask_polygons
from calval_toolbox.core.io.products.xmltree import parse
from calval_toolbox.core.io.rasters import Rasters
from calval_toolbox.core.io.weather import read_weather
from calval_toolbox.core.types import Product

LEFT, TOP = 600000.0, 3400020.0


@pytest.fixture(scope="module")
def real(shared_data: Path) -> tuple[Product, SceneDetails]:
    (path,) = (shared_data / "calibration" / "s2_l1c").glob("*.SAFE")
    product = open_product(path)
    with Rasters() as rasters:
        return product, read_details(product, rasters)


def test_conversion_to_radiance_is_that_of_the_product(real: tuple[Product, SceneDetails]) -> None:
    details = real[1]
    assert details.u_earth_sun == 0.975847488700707
    assert (details.irradiance["B2"], details.irradiance["B12"]) == (1959.72, 85.25)
    assert (details.quantification, details.offsets) == (10000.0, {})


def test_responses_are_centered_where_the_metadata_say(real: tuple[Product, SceneDetails]) -> None:
    product, details = real
    assert len(details.responses) == 13
    for name, source in product.bands.items():
        wavelengths, response = details.responses[name]
        assert (wavelengths * response).sum() / response.sum() == pytest.approx(
            source.wavelength_nm, abs=1.5
        )


def test_nodes_of_the_sun_are_met(real: tuple[Product, SceneDetails]) -> None:
    sun = real[1].sun
    assert sun is not None
    corner = direction_of(*sun.vectors(np.array([LEFT]), np.array([TOP])))
    assert corner[0] == pytest.approx(18.2296, abs=1e-9)
    # Second line of the grid, third number; between two nodes their mean.
    second = sun.vectors(np.array([LEFT + 10_000.0]), np.array([TOP - 5_000.0]))
    assert direction_of(*second)[0] == pytest.approx(18.1276, abs=1e-9)
    between = sun.vectors(np.array([LEFT + 2_500.0]), np.array([TOP]))
    assert direction_of(*between)[0] == pytest.approx((18.2296 + 18.1901) / 2, abs=1e-4)


def test_satellite_stands_on_the_side_of_the_track(real: tuple[Product, SceneDetails]) -> None:
    """Detectors 1 to 6 look to one side of the descending track, 7 to 12 to the other."""
    for band in ("B2", "B3", "B4", "B8"):
        detectors = real[1].detectors[band]
        assert sorted(detectors.grids) == [4, 5, 6, 7, 8, 9]
        zeniths = {}
        for number, grid in detectors.grids.items():
            zeniths[number], azimuth = direction_of(grid.east[grid.known], grid.north[grid.known])
            assert np.sin(np.radians(azimuth)) * (6.5 - number) > 0, (band, number)
        assert zeniths[4] > zeniths[5] > zeniths[6]
        assert zeniths[7] < zeniths[8] < zeniths[9]


def test_unknown_nodes_continue_the_known_ones(real: tuple[Product, SceneDetails]) -> None:
    """Nodes at the border of a detector that are taken away come back within 0.02 degrees."""
    from calval_toolbox.core.io.products.angle_grids import _filled

    grid = real[1].detectors["B2"].grids[5]
    known = grid.known.copy()
    for row in range(known.shape[0]):
        last = np.flatnonzero(known[row])
        known[row, last[-1:]] = False
    taken = grid.known & ~known
    assert taken.sum() >= 20
    east, north = _filled(grid.east, known), _filled(grid.north, known)
    off = np.degrees(np.hypot(east - grid.east, north - grid.north)[taken])
    assert off.max() < 0.02


def test_footprints_name_their_detectors(real: tuple[Product, SceneDetails]) -> None:
    polygons = real[1].detectors["B2"].polygons
    assert sorted(one.detector for one in polygons) == [4, 5, 6, 7, 8, 9]
    fourth = next(one.shape for one in polygons if one.detector == 4)
    assert fourth.GetEnvelope() == pytest.approx((600000.0, 616448.67, 3325507.97, 3400020.0))
    clouds = real[1].clouds
    assert clouds is not None
    assert {one.kind for one in clouds} == {"OPAQUE"}
    assert len(clouds) == 148
    # The first one by hand, from its steps: height times width in meters.
    steps = ((180, 1020), (120, 900), (120, 780), (60, 540), (60, 300))
    assert clouds[0].shape.GetArea() == sum(high * wide for high, wide in steps)


def test_weather_at_a_node_and_between(real: tuple[Product, SceneDetails]) -> None:
    uri = real[1].weather
    bands = gdal.Open(uri)
    water, pressure, ozone = (bands.GetRasterBand(n).ReadAsArray() for n in (1, 2, 3))
    left, width, _, top, _, height = bands.GetGeoTransform()
    longitude, latitude = left + 3.5 * width, top + 2.5 * height
    with Rasters() as rasters:
        node = read_weather(uri, np.array([longitude]), np.array([latitude]), rasters)
        between = read_weather(
            uri, np.array([longitude + width / 4]), np.array([latitude]), rasters
        )
        with pytest.raises(ProductError, match="does not cover the tile"):
            read_weather(uri, np.array([10.0]), np.array([latitude]), rasters)
    assert node.level == "mean sea level"
    assert node.ozone_du == pytest.approx(ozone[2, 3] / 2.1415e-5)
    assert node.water_g_cm2 == pytest.approx(water[2, 3] / 10.0)
    assert node.pressure_hpa == pytest.approx(pressure[2, 3] / 100.0)
    expected = 0.75 * water[2, 3] + 0.25 * water[2, 4]
    assert between.water_g_cm2 == pytest.approx(expected / 10.0)
    assert 250 < node.ozone_du < 400


def test_azimuths_are_averaged_as_directions() -> None:
    sides = np.radians([350.0, 20.0])
    size = np.tan(np.radians(4.0))
    zenith, azimuth = direction_of(size * np.sin(sides), size * np.cos(sides))
    assert (zenith, azimuth) == (pytest.approx(4.0), pytest.approx(5.0))


def test_places_off_the_grid_are_extrapolated() -> None:
    plane = np.add.outer(np.arange(3.0), np.arange(3.0))
    grid = DirectionGrid(0.0, 0.0, 10.0, 10.0, plane, 2 * plane, np.ones((3, 3), dtype=bool))
    east, north = grid.vectors(np.array([25.0, -5.0]), np.array([-25.0, 0.0]))
    assert east == pytest.approx([5.0, -0.5])
    assert north == pytest.approx([10.0, -1.0])


@pytest.mark.parametrize(
    ("listed", "problem"),
    [("1 2 3", "polygon of the mask is damaged"), ("1 2 x 4", "polygon of the mask is damaged")],
)
def test_damaged_polygons_are_told(listed: str, problem: str) -> None:
    text = (
        f"<Mask><MaskFeature id='detector_footprint-B02-04-0'><maskType>X</maskType><Polygon>"
        f"<exterior><LinearRing><posList>{listed}</posList></LinearRing></exterior></Polygon>"
        "</MaskFeature></Mask>"
    )
    with pytest.raises(ProductError, match=problem):
        mask_polygons(parse(text.encode(), "MSK.gml"))


def test_between_nodes_the_four_around_count() -> None:
    values = np.array([[0.0, 8.0, 1.0], [4.0, 2.0, 9.0], [7.0, 3.0, 5.0]])
    grid = DirectionGrid(0.0, 0.0, 10.0, 10.0, values, -values, np.ones((3, 3), dtype=bool))
    east, north = grid.vectors(np.array([17.5]), np.array([-7.5]))
    # Three quarters of the way to the second row, and to the last column.
    assert east == pytest.approx([0.25 * (0.25 * 8 + 0.75 * 1) + 0.75 * (0.25 * 2 + 0.75 * 9)])
    assert north == -east
