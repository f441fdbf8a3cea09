# SPDX-License-Identifier: GPL-3.0-or-later
"""Heights go from one vertical reference to another by PROJ's grids, or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, osr

from calval_toolbox.core.dem import datum
from calval_toolbox.core.dem.alike import conversion
from calval_toolbox.core.dem.placing import exact_places, places
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io import geoid_grids
from calval_toolbox.core.io.geoid_grids import find_grid, read_grid
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.vertical_crs import MODELS, reference_of, with_reference

EGM96 = find_grid(MODELS["EGM96"].files)
needs_egm96 = pytest.mark.skipif(not EGM96, reason="PROJ's grid of EGM96 is not installed")
UTM = grid_from_epsg(32631, (600_000.0, 30.0, 0.0, 4_900_000.0, 0.0, -30.0), 700, 300)


@pytest.fixture
def no_grids(monkeypatch: pytest.MonkeyPatch) -> None:
    """PROJ's folders are empty."""
    datum._grid.cache_clear()
    monkeypatch.setattr(geoid_grids.osr, "GetPROJSearchPaths", lambda: [])
    yield
    datum._grid.cache_clear()


def fake_grid(path: Path, value: float) -> str:
    """A grid of PROJ's form over Europe."""
    made = gdal.GetDriverByName("GTX").Create(str(path), 40, 40, 1, gdal.GDT_Float32)
    made.SetGeoTransform((-0.125, 0.25, 0.0, 50.125, 0.0, -0.25))
    rows = np.arange(40, dtype=np.float32)[:, None]
    made.GetRasterBand(1).WriteArray(value + 0.1 * rows * np.ones((1, 40), np.float32))
    return str(path)


@needs_egm96
def test_published_undulations() -> None:
    lon, lat = np.array([5.25, 5.1934, 0.0, np.nan]), np.array([44.25, 44.208, -90.0, 1.0])
    found = datum.undulation("egm96", lon, lat)
    assert found[0] == pytest.approx(50.999, abs=0.001)
    assert found[1] == pytest.approx(50.999, abs=0.5)
    assert found[2] == pytest.approx(-29.534, abs=0.001)
    assert np.isnan(found[3])
    # NGA's own test output of EGM96 by harmonic synthesis; the 15' grid is good to decimeters.
    nga = ((269.7791550, 38.6281550, -31.628), (305.0211140, -14.6212170, -2.969),
           (102.4487290, 46.8743190, -43.575), (133.8747120, -23.6174460, 15.871),
           (359.9995000, 38.6254730, 50.066), (0.0023000, -0.4667440, 17.329))  # fmt: skip
    lon, lat, there = np.array(nga).T
    np.testing.assert_allclose(datum.undulation("EGM96", lon, lat), there, atol=0.35)


@needs_egm96
def test_as_proj_does_it() -> None:
    """PROJ's own pipeline, at the date line and the poles too."""
    rng = np.random.default_rng(1)
    lon = np.r_[rng.uniform(-180, 180, 300), 179.9, -180.0, 180.0, -179.99, 10.0]
    lat = np.r_[rng.uniform(-90, 90, 300), 10.1, 20.3, -30.3, 40.2, 89.95]
    options = osr.CoordinateTransformationOptions()
    options.SetOperation(
        "+proj=pipeline +step +proj=axisswap +order=2,1 "
        "+step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=vgridshift +grids={EGM96} +multiplier=1 "
        "+step +proj=unitconvert +xy_in=rad +xy_out=deg +step +proj=axisswap +order=2,1"
    )
    wgs84 = osr.SpatialReference()
    wgs84.ImportFromEPSG(4979)
    wgs84.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    proj = osr.CoordinateTransformation(wgs84, wgs84, options)
    there = np.array([proj.TransformPoint(x, y, 0.0)[2] for x, y in zip(lon, lat, strict=True)])
    np.testing.assert_allclose(datum.undulation("EGM96", lon, lat), there, atol=2e-3)


@needs_egm96
def test_ventoux() -> None:
    """Ellipsoidal 503.51 m there is about 452.5 m above EGM96."""
    grid = grid_from_epsg(4326, (5.1933, 0.0001, 0.0, 44.2081, 0.0, -0.0001), 2, 2)
    heights = np.array([[503.51, 503.51], [np.nan, 503.51]], dtype=np.float32)
    found = datum.to_reference(heights, grid, "ellipsoid", "EGM96")
    assert found.dtype == np.float32
    assert np.isnan(found[1, 0])
    assert found[0, 0] == pytest.approx(452.5, abs=0.5)
    back = datum.to_reference(found, grid, "EGM96", "ellipsoid")
    np.testing.assert_allclose(back, heights, atol=1e-3)


@pytest.mark.usefixtures("no_grids")
def test_missing_grid_is_an_error() -> None:
    heights = np.full((UTM.height, UTM.width), 100.0, dtype=np.float32)
    with pytest.raises(InputError, match="proj-data"):
        datum.to_reference(heights, UTM, "EGM96", "ellipsoid")
    with pytest.raises(InputError, match="us_nga_egm08_25.tif"):
        datum.check_reference("EGM2008")
    with pytest.raises(InputError, match="not there"):
        datum.check_reference("nowhere.gtx")
    assert datum.check_reference("Ellipsoid") == "ellipsoid"


def test_wrong_content_under_the_right_name(
    tmp_path: Path, no_grids: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_grid(tmp_path / "egm96_15.gtx", 40.0)
    monkeypatch.setattr(geoid_grids.osr, "GetPROJSearchPaths", lambda: [str(tmp_path)])
    with pytest.raises(InputError, match="is not the grid of EGM96"):
        datum.check_reference("EGM96")


def test_any_grid(tmp_path: Path) -> None:
    path = fake_grid(tmp_path / "local.gtx", 40.0)
    found = datum.undulation(path, np.array([2.1]), np.array([49.875]))
    assert found[0] == pytest.approx(40.05, abs=1e-5)
    with pytest.raises(InputError, match="no value at longitude 20"):
        datum.undulation(path, np.array([20.0]), np.array([49.9]))
    zero = gdal.GetDriverByName("GTX").Create(str(tmp_path / "zero.gtx"), 4, 4, 1, gdal.GDT_Float32)
    zero.SetGeoTransform((0.0, 1.0, 0.0, 50.0, 0.0, -1.0))
    zero = None
    with pytest.raises(InputError, match="no grid of undulations"):
        datum.check_reference(str(tmp_path / "zero.gtx"))


def test_places_of_cells() -> None:
    lon, lat = places(UTM, 100, 200)
    assert lon.shape == (200, UTM.width)
    column, row = np.array([0.0, 699.0, 333.0]), np.array([0.0, 199.0, 77.0])
    x, y = exact_places(UTM, column, row + 100.0)
    at = row.astype(int), column.astype(int)
    np.testing.assert_allclose(lon[at], x, atol=2e-6)
    np.testing.assert_allclose(lat[at], y, atol=2e-6)


@pytest.mark.parametrize("epsg", [4326, 32631])
@pytest.mark.parametrize("name", ["ellipsoid", "EGM96", "EGM2008"])
def test_written_and_read_again(tmp_path: Path, epsg: int, name: str) -> None:
    flat = osr.SpatialReference()
    flat.ImportFromEPSG(epsg)
    wkt = with_reference(flat.ExportToWkt(), name)
    path = str(tmp_path / "dem.tif")
    made = gdal.GetDriverByName("GTiff").Create(path, 2, 2)
    made.SetGeoTransform((0.0, 1.0, 0.0, 45.0, 0.0, -1.0))
    made.SetProjection(wkt)
    made = None
    assert not Path(path + ".aux.xml").exists()
    kept = gdal.Open(path).GetProjection()
    stated = "" if (epsg, name) == (32631, "ellipsoid") else name  # GeoTIFF has no place for it
    assert reference_of(kept) == stated
    again = with_reference(with_reference(kept, "EGM96"), name)
    assert reference_of(again) == stated
    assert reference_of(flat.ExportToWkt()) == ""


def test_unknown_vertical_crs() -> None:
    both = osr.SpatialReference()
    both.SetFromUserInput("EPSG:2154+5720")  # NGF-IGN69
    with pytest.raises(InputError, match="NGF-IGN69"):
        reference_of(both.ExportToWkt())


def test_one_reference_by_two_names_is_no_conversion() -> None:
    assert conversion("WGS 84 ellipsoid", "ellipsoid", "a", "b") is None
    with pytest.raises(InputError, match="EVRF2000 is neither .* DEM_REFERENCES"):
        conversion("EVRF2000", "ellipsoid", "a", "b")


@needs_egm96
def test_the_grid_itself() -> None:
    grid = read_grid(EGM96)
    assert grid.around
    assert (grid.west, grid.north) == pytest.approx((-180.0, 90.0))
