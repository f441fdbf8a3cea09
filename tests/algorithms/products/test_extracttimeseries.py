# SPDX-License-Identifier: GPL-3.0-or-later
"""``extracttimeseries`` through the provider and the real ``qgis_process``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsProcessingException, QgsProject, QgsVectorLayer

from calval_toolbox.core.io.products.synthetic import SafeStyle, Scene, write_muscate, write_safe
from calval_toolbox.core.io.tables import points, read_table, write_table
from calval_toolbox.core.series.table import series_from_table
from calval_toolbox.core.table import Table
from calval_toolbox.core.types import Flag

Run = Callable[..., dict[str, Any]]
SHAPE = (60, 60)
PLACE = (1.374, 43.573)


@pytest.fixture
def products(tmp_path: Path) -> Path:
    """Three dates in three baselines and formats, the same ground, the second one under a cloud."""
    folder = tmp_path / "products"
    for day, style in ((3, SafeStyle(baseline="03.01", offset=0)), (13, None), (23, SafeStyle())):
        scene = Scene(
            site="T31TCJ",
            time=np.datetime64(f"2020-07-{day:02d}T10:56:21.000", "ms"),
            epsg=32631,
            left=368400.0,
            top=4825900.0,
            pixel_m=10.0,
            aot=np.full(SHAPE, 0.1),
            water_vapor=np.full(SHAPE, 2.0),
            reflectance={"B4": np.full(SHAPE, 0.12), "B8": np.full(SHAPE, 0.3)},
            flags={Flag.CLOUD: np.full(SHAPE, day == 13)},
        )
        write_muscate(folder, scene) if style is None else write_safe(folder, scene, style)
    (folder / "SENTINEL2A_20200802-105621-000_L2A_T31TCJ_C_V3-0").mkdir()
    return folder


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    path = tmp_path / "sites.gpkg"
    shapes = points(np.array([PLACE[0], 5.0]), np.array([PLACE[1], 43.0]))
    write_table(Table({"name": np.array(["Field", "Sea"], dtype=object)}, "sites", shapes), path)
    return path


def test_table_numbers_and_side_cars(
    run_algorithm: Run, products: Path, sites: Path, tmp_path: Path
) -> None:
    output, bad = tmp_path / "out" / "series.gpkg", tmp_path / "out" / "bad.csv"
    results = run_algorithm(
        "extracttimeseries",
        {
            "PRODUCTS": [str(products)],
            "SITES": str(sites),
            "OUTPUT": str(output),
            "UNREADABLE": str(bad),
        },
    )
    assert (results["COUNT"], results["PRODUCT_COUNT"]) == (6, 3)
    assert (results["MASKED_COUNT"], results["UNREADABLE_COUNT"]) == (1, 1)
    table = read_table(output)
    assert list(table["mask_state"]) == ["clear", "clear", "cloud", "cloud", "clear", "clear"]
    assert table["value"][::2] == pytest.approx(0.12, abs=1e-6)
    assert "20200802" in read_table(bad)["path"][0]
    assert output.with_suffix(".qml").is_file()
    (series,) = series_from_table(table)
    assert series.bands == ("B4", "B8")
    assert (series.longitude, series.latitude) == pytest.approx(PLACE)


def test_catalog_of_products(
    run_algorithm: Run, products: Path, sites: Path, tmp_path: Path
) -> None:
    catalog = tmp_path / "catalog.gpkg"
    run_algorithm("catalogproducts", {"FOLDERS": [str(products)], "OUTPUT": str(catalog)})
    results = run_algorithm(
        "extracttimeseries",
        {"PRODUCTS": [str(catalog)], "SITES": str(sites), "OUTPUT": str(tmp_path / "s.gpkg")},
    )
    assert (results["PRODUCT_COUNT"], results["UNREADABLE_COUNT"]) == (3, 0)


@pytest.mark.parametrize("given", ["id", "name", "layer"])
def test_catalog_that_is_a_layer_of_the_project(
    given: str, run_algorithm: Run, products: Path, sites: Path, tmp_path: Path
) -> None:
    catalog, output = tmp_path / "catalog.gpkg", tmp_path / "s.gpkg"
    run_algorithm("catalogproducts", {"FOLDERS": [str(products)], "OUTPUT": str(catalog)})
    held = gdal.OpenEx(str(catalog))
    layer = QgsVectorLayer(
        f"{catalog}|layername={held.GetLayer(0).GetName()}", "What there is", "ogr"
    )
    del held
    QgsProject.instance().addMapLayer(layer)
    value = {"id": layer.id(), "name": layer.name(), "layer": layer}[given]
    inputs = {"PRODUCTS": [value], "SITES": str(sites), "OUTPUT": str(output)}
    try:
        results = run_algorithm("extracttimeseries", inputs)
        with pytest.raises(QgsProcessingException, match="OUTPUT would replace the input PRODUCTS"):
            run_algorithm("extracttimeseries", {**inputs, "OUTPUT": str(catalog)})
        layer.setSubsetString("\"status\" = 'ok'")
        with pytest.raises(QgsProcessingException, match="What there is cannot stand for a file"):
            run_algorithm("extracttimeseries", inputs)
    finally:
        QgsProject.instance().removeMapLayer(layer.id())
    assert (results["PRODUCT_COUNT"], results["UNREADABLE_COUNT"]) == (3, 0)
    said = json.loads(Path(f"{output}.provenance.json").read_text())
    assert [one["path"] for one in said["inputs"] if one["parameter"] == "PRODUCTS"] == [
        str(catalog)
    ]


def write_stack(folder: Path) -> Path:
    """Two dated images of integers, their grid around the place, and masks."""
    for kind, day, value in (("i", 3, 1200), ("i", 13, 1300), ("m", 3, 4), ("m", 13, 9)):
        write_image(folder / kind / f"{kind}_202007{day:02d}.tif", value)
    return folder


def write_image(path: Path, value: int, scaling: tuple[float, float] | None = None) -> None:
    """An image of one integer; ``scaling``: scale and offset that the file states."""
    from calval_toolbox.core.io.grids import grid_from_epsg

    x, y = grid_from_epsg(32631, (0.0, 1.0, 0.0, 0.0, 0.0, 1.0), 1, 1).position(*PLACE)
    path.parent.mkdir(parents=True, exist_ok=True)
    made = gdal.GetDriverByName("GTiff").Create(str(path), 20, 20, 1, gdal.GDT_Int16)
    reference = gdal.osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    made.SetProjection(reference.ExportToWkt())
    made.SetGeoTransform((x - 100, 10.0, 0.0, y + 100, 0.0, -10.0))
    made.GetRasterBand(1).WriteArray(np.full((20, 20), value))
    if scaling is not None:
        made.GetRasterBand(1).SetScale(scaling[0])
        made.GetRasterBand(1).SetOffset(scaling[1])


@pytest.mark.parametrize("stated", [True, False])
def test_integers_with_scale_and_offset(
    stated: bool, run_algorithm: Run, sites: Path, tmp_path: Path
) -> None:
    """Numbers as of Sentinel-2 since its baseline 04.00: 0.0001 DN - 0.1, 0 for no data; the files
    state the scale themselves, or the user does.
    """
    planted = {3: 0.12, 13: 0.0, 23: -0.02, 28: None}  # reflectance by day of July
    for day, value in planted.items():
        stored = 0 if value is None else round((value + 0.1) * 10_000)
        name = f"i_202007{day:02d}.tif"
        write_image(tmp_path / "stack" / name, stored, (1e-4, -0.1) if stated else None)
    given = {"STACK": [str(tmp_path / "stack")], "SITES": str(sites), "NODATA": 0,
             "OUTPUT": str(tmp_path / "series.csv")}  # fmt: skip
    run_algorithm("extracttimeseries", given | ({} if stated else {"SCALE": 1e-4, "OFFSET": -0.1}))
    table = read_table(tmp_path / "series.csv")
    days = [int(str(time)[8:10]) for time in table["time"]]
    assert days == list(planted)
    assert table["value"][:3] == pytest.approx([0.12, 0.0, -0.02], abs=1e-6)
    assert np.isnan(table["value"][3])
    assert list(table["mask_state"]) == ["unmasked"] * 3 + ["nodata"]


def test_stack_in_the_real_qgis_process(
    run_process: Callable[..., Any], sites: Path, tmp_path: Path
) -> None:
    stack = write_stack(tmp_path / "stack")
    inputs = {
        "STACK": [str(stack / "i")],
        "MASK": [str(stack / "m")],
        "MASK_CLEAR": "SCL",
        "SCALE": 0.0001,
        "SITES": str(sites),
        "OUTPUT": str(tmp_path / "series.gpkg"),
    }
    done = run_process(["run", "calval:extracttimeseries", "-"], json={"inputs": inputs})
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert (results["COUNT"], results["MASKED_COUNT"]) == (2, 1)
    table = read_table(tmp_path / "series.gpkg")
    assert table["value"] == pytest.approx([0.12, 0.13])
    assert list(table["mask_state"]) == ["clear", "cloud"]
    assert list(table["product"]) == ["i_20200703.tif", "i_20200713.tif"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"PRODUCTS": None}, "Give products, or a stack"),
        ({"STACK": ["x.tif"]}, "either products or a stack"),
        ({"DATE_PATTERN": "%Q"}, "not a pattern of dates"),
        ({"MASK_BAND": "SCL"}, "masks of their own"),
        ({"BANDS": "B99"}, "No product has a band B99"),
        ({"SITE_FIELD": "nothing"}, "nothing"),
    ],
)
def test_wrong_parameters_are_one_sentence(
    change: dict[str, Any], sentence: str, run_algorithm: Run, products: Path, sites: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    output = tmp_path / "series.gpkg"
    given = {"PRODUCTS": [str(products)], "SITES": str(sites), "OUTPUT": str(output)} | change
    given = {key: value for key, value in given.items() if value is not None}
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("extracttimeseries", given)
    assert not output.exists()
