# SPDX-License-Identifier: GPL-3.0-or-later
"""``coregisterdem``: planted shifts through files, and what is wrong with them in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal, ogr, osr
from qgis.core import QgsProcessingException
from samples import World, elevation_models

from calval_toolbox.core.io.dem_files import read_dem

Run = Callable[[str, dict[str, Any]], dict[str, Any]]


@pytest.fixture
def world(tmp_path: Path, run_algorithm: Run) -> World:
    return World(tmp_path, run_algorithm)


@pytest.fixture
def inputs(world: World) -> dict[str, Any]:
    return elevation_models(world)


def test_planted_shift_without_interpolation(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    output, report = tmp_path / "moved.tif", tmp_path / "report.html"
    found = run_algorithm("coregisterdem", inputs | {"OUTPUT": str(output), "REPORT": str(report)})
    assert found["DX_M"] == pytest.approx(14.0, abs=0.1)
    assert found["DY_M"] == pytest.approx(0.0, abs=0.1)
    assert found["DZ_M"] == pytest.approx(-2.0, abs=0.05)
    assert 0.0 < found["DX_ERROR_M"] < 0.1
    assert found["NMAD_AFTER"] < 0.25 < found["NMAD_BEFORE"]
    before, after = read_dem(inputs["DEM"]), read_dem(str(output))
    assert after.grid.geotransform[0] - before.grid.geotransform[0] == pytest.approx(found["DX_M"])
    assert np.allclose(after.height, before.height + found["DZ_M"], atol=1e-4)
    assert output.with_suffix(".qml").is_file()
    text = report.read_text(encoding="utf-8")
    assert text.count("data:image/png") >= 1
    assert "14.0" in text


def test_onto_the_grid_of_the_reference(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    output = tmp_path / "moved.tif"
    run_algorithm("coregisterdem", inputs | {"OUTPUT": str(output), "RESAMPLE": True})
    moved, reference = read_dem(str(output)), read_dem(inputs["REFERENCE"])
    assert moved.grid == reference.grid
    difference = (moved.height - reference.height)[3:-3, 3:-3]
    assert np.nanstd(difference) < 0.25
    assert not moved.valid[:, 0].any()  # the model has nothing there


def test_other_cells_and_other_crs(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    coarse, degrees = tmp_path / "coarse.tif", tmp_path / "degrees.tif"
    gdal.Warp(str(coarse), inputs["REFERENCE"], xRes=20.0, yRes=20.0, resampleAlg="average")
    gdal.Warp(str(degrees), inputs["REFERENCE"], dstSRS="EPSG:4326", resampleAlg="cubic",
              dstNodata=-32768)  # fmt: skip
    for path in (coarse, degrees):
        given = inputs | {"REFERENCE": str(path), "OUTPUT": str(tmp_path / "moved.tif")}
        found = run_algorithm("coregisterdem", given)
        assert found["DX_M"] == pytest.approx(14.0, abs=0.5)
        assert found["DY_M"] == pytest.approx(0.0, abs=0.5)
        assert found["DZ_M"] == pytest.approx(-2.0, abs=0.2)


def test_masks_of_both_kinds(inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path) -> None:
    model = read_dem(inputs["DEM"])
    target = gdal.Open(inputs["DEM"], gdal.GA_Update)
    height = model.height.copy()
    height[:, 30:] = np.roll(height[:, 30:], 9, axis=0) + 50.0  # most of it is somewhere else
    target.GetRasterBand(1).WriteArray(height)
    target = None
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    vector = ogr.GetDriverByName("GPKG").CreateDataSource(str(tmp_path / "mask.gpkg"))
    layer = vector.CreateLayer("changed", reference, ogr.wkbPolygon)
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometry(ogr.CreateGeometryFromWkt(
        "POLYGON((500280 3999000,501000 3999000,501000 4001000,500280 4001000,500280 3999000))"
    ))  # fmt: skip
    layer.CreateFeature(feature)
    vector = layer = feature = None
    raster = tmp_path / "mask.tif"
    gdal.Rasterize(str(raster), str(tmp_path / "mask.gpkg"), xRes=10, yRes=10, burnValues=[1],
                   outputBounds=[500000, 3999200, 500900, 4000000])  # fmt: skip
    for mask in (tmp_path / "mask.gpkg", raster):
        given = inputs | {"EXCLUSION_MASK": [str(mask)], "OUTPUT": str(tmp_path / "moved.tif")}
        found = run_algorithm("coregisterdem", given)
        assert found["DX_M"] == pytest.approx(14.0, abs=0.3)
        assert found["DZ_M"] == pytest.approx(-2.0, abs=0.1)
        assert found["CELL_COUNT"] < 30 * 80


def elsewhere(path: Path, inputs: dict[str, Any], change: Any) -> str:
    """A copy of the reference, changed by ``change``."""
    gdal.Translate(str(path), inputs["REFERENCE"])
    copy = gdal.Open(str(path), gdal.GA_Update)
    change(copy)
    return str(path)


def far(copy: Any) -> None:
    copy.SetGeoTransform((700_000.0, 10.0, 0.0, 4_500_000.0, 0.0, -10.0))


def empty(copy: Any) -> None:
    copy.GetRasterBand(1).WriteArray(np.full((80, 90), np.nan, dtype=np.float32))


def level(copy: Any) -> None:
    copy.GetRasterBand(1).WriteArray(np.full((80, 90), 7.0, dtype=np.float32))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [(far, "do not overlap"), (empty, "Only 0 cells"), (level, "NMAD|flat")],
)
def test_bad_input_is_told(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path, change: Any, sentence: str
) -> None:
    other = elsewhere(tmp_path / "other.tif", inputs, change)
    output = tmp_path / "moved.tif"
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("coregisterdem", inputs | {"REFERENCE": other, "OUTPUT": str(output)})
    assert not output.exists()
    assert not list(tmp_path.glob(".moved*"))


def test_identical_and_whole_meters(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    output = str(tmp_path / "moved.tif")
    same = run_algorithm("coregisterdem", inputs | {"DEM": inputs["REFERENCE"], "OUTPUT": output})
    assert (same["DX_M"], same["DZ_M"], same["NMAD_AFTER"]) == (0.0, 0.0, 0.0)
    whole = tmp_path / "whole.tif"
    gdal.Translate(str(whole), inputs["DEM"], outputType=gdal.GDT_Int16, noData=-32768)
    found = run_algorithm("coregisterdem", inputs | {"DEM": str(whole), "OUTPUT": output})
    assert found["DX_M"] == pytest.approx(14.0, abs=0.3)


def test_output_that_cannot_be_written(inputs: dict[str, Any], run_algorithm: Run) -> None:
    with pytest.raises(QgsProcessingException, match=r"moved\.tif|/proc"):
        run_algorithm("coregisterdem", inputs | {"OUTPUT": "/proc/moved.tif"})
