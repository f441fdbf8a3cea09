# SPDX-License-Identifier: GPL-3.0-or-later
"""``comparedem``: numbers, tables and reports of known differences, and bad input in a sentence."""

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

from calval_toolbox.core.dem.comparison import CompareRequest, compare_files
from calval_toolbox.core.io.dem_files import read_dem
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.tables import read_table
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.report.dem_comparison import _tables

Run = Callable[[str, dict[str, Any]], dict[str, Any]]


@pytest.fixture
def inputs(tmp_path: Path, run_algorithm: Run) -> dict[str, Any]:
    """The reference, and a model that lies 1.5 m above it with noise, ten cells missing."""
    reference = elevation_models(World(tmp_path, run_algorithm))["REFERENCE"]
    model = tmp_path / "model.tif"
    gdal.Translate(str(model), reference)
    height = read_dem(reference).height + np.float32(1.5)
    height += np.random.default_rng(2).normal(0.0, 0.5, height.shape).astype(np.float32)
    height[5, 20:30] = np.nan
    target = gdal.Open(str(model), gdal.GA_Update)
    target.GetRasterBand(1).WriteArray(height)
    target = None
    return {
        "DEM": str(model), "REFERENCE": reference, "OUTPUT": str(tmp_path / "difference.tif"),
    }  # fmt: skip


def test_known_differences(inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path) -> None:
    table, report = tmp_path / "table.gpkg", tmp_path / "report.html"
    found = run_algorithm("comparedem", inputs | {"TABLE": str(table), "REPORT": str(report)})
    difference = read_dem(inputs["OUTPUT"]).height
    values = difference[np.isfinite(difference)].astype(np.float64)
    assert found["CELL_COUNT"] == values.size == 7190
    assert found["COMPLETENESS_PERCENT"] == pytest.approx(100.0 * 7190 / 7200)
    assert found["MEAN_M"] == pytest.approx(1.5, abs=0.02)
    assert found["MEAN_M"] == pytest.approx(values.mean(), abs=1e-6)
    assert found["RMSE_M"] == pytest.approx(np.sqrt((values**2).mean()), abs=1e-6)
    assert found["NMAD_M"] == pytest.approx(0.5, abs=0.02)
    assert found["LE90_UNBIASED_M"] == pytest.approx(1.645 * 0.5, abs=0.03)
    # White noise: the error of the mean is that of independent cells.
    assert found["MEAN_ERROR_M"] == pytest.approx(0.5 / np.sqrt(7190), rel=0.8)
    assert found["WAVE_COUNT"] == 0
    rows = read_table(str(table), "")
    assert rows.texts("kind")[0] == "all"
    assert set(rows.texts("kind")) == {"all", "slope"}
    assert rows.floats("count")[1:].sum() == 78 * 88 - 10  # no slope at the edges
    assert rows.floats("above_1_m_percent")[0] == pytest.approx(84.1, abs=1.5)
    text = report.read_text(encoding="utf-8")
    assert text.count("data:image") >= 4


def test_odd_cells_take_no_digits_from_the_report(tmp_path: Path) -> None:
    grid = grid_from_epsg(32631, (500_000.0, 10.0, 0.0, 4_000_000.0, 0.0, -10.0), 60, 50)
    reference = 800.0 + np.random.default_rng(1).normal(0.0, 20.0, (50, 60))
    model = reference + np.random.default_rng(2).normal(0.0, 0.675, (50, 60))
    model[:2, 20:40] = 0.0
    paths = [str(tmp_path / name) for name in ("model.tif", "reference.tif")]
    for path, height in zip(paths, (model, reference), strict=True):
        write_raster(Path(path), [height.astype(np.float32)], grid)
    found = compare_files(CompareRequest(*paths), None, "", Silent())
    whole = _tables(found)[0].rows[0]
    assert whole[6].startswith("0.6")  # NMAD
    assert found.overall.std > 50.0
    assert found.mean_error is not None
    assert found.mean_error.effective <= found.overall.count


def test_classes_of_every_kind(inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path) -> None:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32631)
    vector = ogr.GetDriverByName("GPKG").CreateDataSource(str(tmp_path / "cover.gpkg"))
    layer = vector.CreateLayer("cover", crs, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    for name, left, right in (("forest's edge", 500000, 500300), ("field", 500300, 500500)):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["name"] = name
        feature.SetGeometry(ogr.CreateGeometryFromWkt(
            f"POLYGON(({left} 3999200,{right} 3999200,{right} 4000000,{left} 4000000,"
            f"{left} 3999200))"
        ))  # fmt: skip
        layer.CreateFeature(feature)
    vector = layer = feature = None
    table = tmp_path / "table.gpkg"
    run_algorithm("comparedem", inputs | {
        "CLASSES": [str(tmp_path / "cover.gpkg")], "FIELD": "name", "ELEVATIONS_M": "300,340",
        "SLOPES_DEG": "", "TABLE": str(table),
    })  # fmt: skip
    rows = read_table(str(table), "")
    count = dict(zip(rows.texts("class"), rows.floats("count"), strict=True))
    assert count["forest's edge"] == 30 * 80 - 10
    assert count["field"] == 20 * 80
    # The first class is as open as the last: none is left out.
    assert sum(count[one] for one in count if one.endswith(" m") or one.endswith("more")) == 7190


def test_whole_meters_identical_models_and_waves(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    same = run_algorithm("comparedem", inputs | {"DEM": inputs["REFERENCE"]})
    assert (same["MEAN_M"], same["NMAD_M"], same["RMSE_M"], same["WAVE_COUNT"]) == (0, 0, 0, 0)
    whole = tmp_path / "whole.tif"
    gdal.Translate(str(whole), inputs["DEM"], outputType=gdal.GDT_Int16, noData=-32768)
    rough = run_algorithm("comparedem", inputs | {"DEM": str(whole)})
    assert rough["MEAN_M"] == pytest.approx(1.5, abs=0.1)
    target = gdal.Open(inputs["DEM"], gdal.GA_Update)
    wavy = target.ReadAsArray() + np.sin(2.0 * np.pi * np.arange(90) / 6.0)[None, :]
    target.GetRasterBand(1).WriteArray(wavy)
    target = None
    assert run_algorithm("comparedem", inputs)["WAVE_COUNT"] == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SLOPES_DEG": "0,5,five"}, "SLOPES_DEG cannot be"),
        ({"ELEVATIONS_M": "300,200"}, "must rise"),
        ({"THRESHOLDS_M": "-1"}, "above 0"),
        ({"CLASSES": ["a.tif", "b.tif"]}, "one file"),
    ],
)
def test_values_that_cannot_be(
    inputs: dict[str, Any], run_algorithm: Run, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("comparedem", inputs | change)


def test_bad_files_are_told(inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty.tif"
    gdal.Translate(str(empty), inputs["DEM"])
    target = gdal.Open(str(empty), gdal.GA_Update)
    target.GetRasterBand(1).WriteArray(np.full((80, 90), np.nan, dtype=np.float32))
    target = None
    with pytest.raises(QgsProcessingException, match="Only 0 cells"):
        run_algorithm("comparedem", inputs | {"DEM": str(empty)})
    far = tmp_path / "far.tif"
    gdal.Translate(str(far), inputs["DEM"], outputBounds=[600000, 4100800, 600900, 4100000])
    with pytest.raises(QgsProcessingException, match="do not overlap"):
        run_algorithm("comparedem", inputs | {"DEM": str(far)})
    with pytest.raises(QgsProcessingException):
        run_algorithm("comparedem", inputs | {"OUTPUT": "/proc/difference.tif"})
    assert not Path(inputs["OUTPUT"]).exists()
