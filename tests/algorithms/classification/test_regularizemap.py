# SPDX-License-Identifier: GPL-3.0-or-later
"""``regularizemap``: filter, sieve, polygons and zones on planted and real maps, and bad input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsProcessingException, QgsVectorLayer

from calval_toolbox.core.classification.classes import Classes, LandClass
from calval_toolbox.core.classification.maps.majority import majority
from calval_toolbox.core.io.class_rasters import read_classes, write_classes
from calval_toolbox.core.io.geometries import polygon
from calval_toolbox.core.io.grids import Grid, grid_from_epsg, unproject
from calval_toolbox.core.io.raster_writer import write_raster
from calval_toolbox.core.io.tables import read_table, write_table
from calval_toolbox.core.table import Table

Run = Callable[[str, dict[str, Any]], dict[str, Any]]
CLASSES = Classes((LandClass(1, "crop", "#e69f00"), LandClass(2, "forest", "#009e73")))


def values(path: Any) -> Any:
    return gdal.Open(str(path)).ReadAsArray()


def smallest_area(codes: Any, connectedness: int) -> int:
    from scipy import ndimage

    kind = np.ones((3, 3)) if connectedness == 8 else None
    sizes = [
        np.bincount(ndimage.label(codes == code, kind)[0].ravel())[1:].min()
        for code in np.unique(codes[codes > 0])
    ]
    return int(min(sizes))


@pytest.fixture
def grid() -> Grid:
    return grid_from_epsg(32631, (5e5, 10.0, 0.0, 4.8e6, 0.0, -10.0), 140, 120)


@pytest.fixture
def noisy(grid: Grid, tmp_path: Path) -> str:
    """Crop to the west and forest to the east, with salt and pepper, and a corner without class."""
    codes = np.ones((120, 140), np.uint8)
    codes[:, 70:] = 2
    flips = np.random.default_rng(3).random(codes.shape) < 0.1
    codes[flips] = 3 - codes[flips]
    codes[:20, :20] = 0
    path = tmp_path / "map.tif"
    write_raster(path, [codes], grid, 0)
    write_classes(path, CLASSES)
    return str(path)


def test_filter_sieve_and_polygons(noisy: str, run_algorithm: Run, tmp_path: Path) -> None:
    output, vector = tmp_path / "out.tif", tmp_path / "areas.gpkg"
    found = run_algorithm("regularizemap", {
        "MAP": noisy, "MINIMUM_PIXELS": 30, "OUTPUT": str(output), "OUTPUT_VECTOR": str(vector),
        "SMOOTH_TURNS": 2,
    })  # fmt: skip
    codes, before = values(output), values(noisy)
    truth = np.where(np.arange(140) < 70, 1, 2) * (before > 0)
    assert (codes != truth).sum() < 0.004 * codes.size
    np.testing.assert_array_equal(codes == 0, before == 0)
    filtered = majority(np.pad(before, 1), 1, "circle")
    count = (before > 0).sum()
    assert found["FILTERED_PERCENT"] == pytest.approx(100.0 * (filtered != before).sum() / count)
    assert found["SIEVED_PERCENT"] == pytest.approx(100.0 * (filtered != codes).sum() / count)
    assert found["POLYGON_COUNT"] == 2
    table = read_table(vector)
    assert sorted(table.texts("class")) == ["crop", "forest"]
    assert table.floats("area_ha").sum() == pytest.approx(count * 0.01, rel=0.002)
    assert read_classes(output) == CLASSES
    layer = QgsVectorLayer(str(vector), "areas")
    layer.loadNamedStyle(str(vector.with_suffix(".qml")))
    assert [one.label() for one in layer.renderer().categories()] == ["crop", "forest"]
    assert layer.renderer().categories()[1].symbol().color().name() == "#009e73"


@pytest.mark.parametrize("connectedness", ["4", "8"])
def test_no_area_of_a_real_map_is_smaller_than_asked(
    run_algorithm: Run, tmp_path: Path, shared_data: Path, connectedness: str
) -> None:
    """A map without a place on the ground, all of it classified."""
    source = shared_data / "classification" / "formosat2_tempcnn" / "tempcnn_map.tif"
    part, output = tmp_path / "part.tif", tmp_path / "out.tif"
    gdal.Translate(str(part), str(source), srcWin=[2000, 1500, 400, 300])
    found = run_algorithm("regularizemap", {
        "MAP": str(part), "MAJORITY_RADIUS": 0, "MINIMUM_PIXELS": 12, "OUTPUT": str(output),
        "CONNECTEDNESS": connectedness,
    })  # fmt: skip
    assert found["FILTERED_PERCENT"] == 0.0
    assert smallest_area(values(part), int(connectedness)) < 12
    assert smallest_area(values(output), int(connectedness)) >= 12
    assert (values(output) != values(part)).mean() < 0.2


def test_tiles_of_any_size_on_any_workers_give_the_same_bits(
    noisy: str, run_algorithm: Run, tmp_path: Path
) -> None:
    outputs = []
    for size, workers in ((64, 2), (1024, 1)):
        path = tmp_path / f"out{size}.tif"
        run_algorithm("regularizemap", {
            "MAP": noisy, "MAJORITY_RADIUS": 3, "OUTPUT": str(path), "TILE_SIZE": size,
            "EXECUTOR": f"threads:{workers}",
        })  # fmt: skip
        outputs.append(values(path))
    np.testing.assert_array_equal(*outputs)
    np.testing.assert_array_equal(outputs[0], majority(np.pad(values(noisy), 3), 3, "circle"))


def test_statistics_by_zone(noisy: str, grid: Grid, run_algorithm: Run, tmp_path: Path) -> None:
    left, width, _, top, _, height = grid.geotransform
    shapes = np.empty(2, object)
    for at, (first, last) in enumerate(((30, 90), (90, 130))):
        x, y = left + np.array([first, last]) * width, top + np.array([30, 80]) * height
        ring = [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1]), (x[0], y[0])]
        shapes[at] = polygon([unproject(grid.wkt, *corner) for corner in ring])
    zones = Table({"name": np.array([7.0, 8.0])}, "zones", shapes, "Polygon")
    write_table(zones, tmp_path / "zones.gpkg")
    share = np.tile(np.arange(140, dtype=np.uint8), (120, 1))
    share[:, 100] = 255
    write_raster(tmp_path / "share.tif", [share], grid, 255)
    output, table = tmp_path / "out.tif", tmp_path / "statistics.csv"
    run_algorithm("regularizemap", {
        "MAP": noisy, "MAJORITY_RADIUS": 0, "OUTPUT": str(output), "ZONES":
        str(tmp_path / "zones.gpkg"), "ZONE_FIELD": "name", "OUTPUT_STATISTICS": str(table),
        "CONFIDENCE": str(tmp_path / "share.tif"),
    })  # fmt: skip
    found, codes = read_table(table), values(noisy)
    assert found.texts("zone").tolist() == ["7", "7", "8", "8"]  # not 7.0, as the column has it
    assert found.texts("class").tolist() == ["crop", "forest"] * 2
    for row, (part, code) in enumerate(
        ((np.s_[30:80, 30:90], 1), (np.s_[30:80, 30:90], 2), (np.s_[30:80, 90:130], 1),
         (np.s_[30:80, 90:130], 2))
    ):  # fmt: skip
        here = codes[part] == code
        assert found.floats("pixels")[row] == here.sum()
        assert found.floats("area_ha")[row] == pytest.approx(here.sum() * 0.01)
        assert found.floats("share")[row] == pytest.approx(here.mean())
        known = here & (share[part] != 255)
        mean = found.floats("mean_confidence")[row]
        assert mean == pytest.approx(share[part][known].mean())


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"OUTPUT_STATISTICS": "s.csv"}, "give ZONES"),
        ({"OUTPUT_STATISTICS": "s.csv", "ZONES": "points.csv"}, "has no polygons"),
        ({"MAP": "plain.tif", "MINIMUM_AREA": 1.0}, "needs a map with a coordinate system"),
        ({"MAP": "plain.tif", "OUTPUT_VECTOR": "v.gpkg"}, "no georeferencing"),
        ({"MAP": "decimals.tif"}, "is no map of classes"),
        ({"MAP": "negative.tif"}, "codes are from 0 to 65535"),
        ({"MAJORITY_RADIUS": 60}, "from 0 to 50"),
    ],
)
def test_what_cannot_be_done_is_told(
    noisy: str, grid: Grid, run_algorithm: Run, tmp_path: Path, change: dict[str, Any], part: str
) -> None:
    write_raster(tmp_path / "decimals.tif", [np.full((120, 140), 1.5, np.float32)], grid)
    write_raster(tmp_path / "negative.tif", [np.full((120, 140), -3, np.int16)], grid)
    plain = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "plain.tif"), 9, 9, 1)
    plain.GetRasterBand(1).Fill(1)
    plain = None
    (tmp_path / "points.csv").write_text("name,size\na,1\n")
    change = {
        key: str(tmp_path / one) if isinstance(one, str) else one for key, one in change.items()
    }
    with pytest.raises(QgsProcessingException, match=part):
        run_algorithm("regularizemap", {"MAP": noisy, "OUTPUT": str(tmp_path / "o.tif")} | change)
