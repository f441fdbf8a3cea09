# SPDX-License-Identifier: GPL-3.0-or-later
"""``buildreferencedem``: files in, layers out, and what is wrong with them in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer
from samples import World, elevation_models, reference_dem

from calval_toolbox.core.io.dem_files import dem_grid, read_dem
from calval_toolbox.core.io.dem_reference import write_heights
from calval_toolbox.core.io.dem_sources import open_source
from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.progress import Silent

Run = Callable[[str, dict[str, Any]], dict[str, Any]]
LAYERS = ("OUTPUT", "SOURCE", "FILL_KIND", "HEIGHT_ERROR", "SLOPE", "ASPECT", "HILLSHADE")


@pytest.fixture
def inputs(tmp_path: Path, run_algorithm: Run) -> dict[str, Any]:
    return reference_dem(World(tmp_path, run_algorithm))


def band(path: Path) -> Any:
    return gdal.Open(str(path)).ReadAsArray()


def test_all_layers(inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path) -> None:
    outputs = {key: str(tmp_path / f"{key.lower()}.tif") for key in LAYERS}
    report = tmp_path / "report.html"
    found = run_algorithm(
        "buildreferencedem", inputs | outputs | {"REPORT": str(report), "ALIGN": True}
    )
    assert found["VOID_PERCENT_BEFORE"] == pytest.approx(100.0 * 409 / 7200)
    assert found["VOID_PERCENT_AFTER"] == 0.0
    assert found["INTERPOLATED_COUNT"] == 0
    assert found["FILLED_COUNT"] == 409
    assert 0.0 < found["EXPECTED_ERROR_M"] < 1.0
    heights = read_dem(outputs["OUTPUT"])
    assert heights.valid.all()
    assert open_source(outputs["OUTPUT"]).reference == "ellipsoid"
    fill = band(outputs["FILL_KIND"])
    assert (fill[30:50, 20:40] == 3).all()
    assert (band(outputs["SOURCE"])[30:50, 20:40] == 2).all()
    column, row = np.meshgrid(np.arange(90.0), np.arange(80.0))
    truth = 40.0 * np.sin(column / 7.0) * np.cos(row / 9.0) + 0.5 * column + 300.0
    assert np.abs(heights.height - truth)[30:50, 20:40].max() < 2.0
    for key in LAYERS:
        assert Path(outputs[key]).with_suffix(".qml").is_file()
    assert report.read_text(encoding="utf-8").count("data:image/png") == 3
    for key, mode, most in (("SLOPE", "slope", 1e-3), ("HILLSHADE", "hillshade", 1.0)):
        there = gdal.DEMProcessing("", outputs["OUTPUT"], mode, format="MEM").ReadAsArray()
        inner = np.s_[1:-1, 1:-1]
        away = np.abs(band(outputs[key])[inner].astype(float) - there[inner])
        assert away.max() <= most
        assert away.mean() < 1e-3  # of whole numbers, one in a thousand may be rounded elsewhere


@pytest.mark.parametrize("vertical", ["ellipsoid", "EGM96", "EGM2008"])
@pytest.mark.parametrize("epsg", [32631, 4326, 2154])
def test_layers_know_where_they_lie(epsg: int, vertical: str, tmp_path: Path) -> None:
    """QGIS takes the CRS of every kind of output, and both of them agree where it lies."""
    place = (5.0, 0.01, 0.0, 45.0, 0.0, -0.01) if epsg == 4326 else (
        700_000.0, 10.0, 0.0, 6_500_000.0, 0.0, -10.0
    )  # fmt: skip
    grid = grid_from_epsg(epsg, place, 8, 6)
    path = tmp_path / "dem.tif"
    write_heights(path, "dem.tif", grid, np.ones((6, 8)), vertical, Silent())
    layer = QgsRasterLayer(str(path), "dem")
    assert layer.isValid()
    assert layer.crs().isValid()
    assert layer.crs().horizontalCrs().authid() in (f"EPSG:{epsg}", "EPSG:4979")
    assert (layer.extent().xMinimum(), layer.extent().yMaximum()) == (place[0], place[3])
    assert open_source(str(path)).reference == vertical


def test_extent_and_crs(inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path) -> None:
    output = tmp_path / "dem.tif"
    run_algorithm("buildreferencedem", inputs | {
        "CRS": "EPSG:32631", "RESOLUTION": 20.0,
        "EXTENT": "500100,500500,3999500,3999905 [EPSG:32631]",
        "OUTPUT": str(output),
    })  # fmt: skip
    grid = dem_grid(str(output))
    assert (grid.width, grid.height) == (20, 21)
    assert grid.geotransform == (500_100.0, 20.0, 0.0, 3_999_920.0, 0.0, -20.0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"DEM_REFERENCES": "EGM96,ellipsoid,EGM96"}, "3 entries"),
        ({"VERTICAL_REFERENCE": "nowhere.gtx"}, "nowhere.gtx is not there"),
        ({"EXTENT": "500100,500500,3999500,3999905 [EPSG:4326]"}, "without one it is in degrees"),
        ({"CRS": "EPSG:4326"}, "RESOLUTION"),
        ({"CRS": "moon", "RESOLUTION": 1.0}, "moon"),
        ({"EXTENT": "0,1000,0,1000 [EPSG:32631]"}, "no height on the grid"),
        ({"OUTPUT": "/proc/nowhere/dem.tif"}, "nothing can be written into /proc"),
    ],
)
def test_sentences(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path, change: Any, sentence: str
) -> None:
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("buildreferencedem", inputs | {"OUTPUT": str(tmp_path / "x.tif")} | change)
    assert not list(tmp_path.glob("*.tif"))


@pytest.mark.parametrize("name", ["buildreferencedem", "coregisterdem", "comparedem"])
def test_truncated_file(name: str, run_algorithm: Run, tmp_path: Path) -> None:
    """The sentence names the file and the block that cannot be read."""
    both = elevation_models(World(tmp_path, run_algorithm))
    big = tmp_path / "cut.tif"
    gdal.Translate(str(big), both["DEM"], creationOptions=["BLOCKYSIZE=16"])
    big.write_bytes(big.read_bytes()[:-9000])
    given = {"DEMS": [str(big)], "DEM": str(big), "REFERENCE": both["REFERENCE"]}
    keys = ("DEMS",) if name == "buildreferencedem" else ("DEM", "REFERENCE")
    with pytest.raises(QgsProcessingException, match=r"cut\.tif cannot be read .*block"):
        run_algorithm(name, {key: given[key] for key in keys} | {"OUTPUT": str(tmp_path / "x.tif")})
    assert not (tmp_path / "x.tif").exists()
