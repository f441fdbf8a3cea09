# SPDX-License-Identifier: GPL-3.0-or-later
"""``computeprimitives`` through the provider: its keys, outputs and sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsProcessingException

from calval_toolbox.core.io.grids import grid_from_epsg
from calval_toolbox.core.io.raster_writer import write_raster

Run = Callable[..., dict[str, Any]]
GRID = grid_from_epsg(32631, (368000.0, 10.0, 0.0, 4826000.0, 0.0, -10.0), 8, 6)


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """Red and near infrared in integers on three dates, a corner without data on all."""
    folder = tmp_path / "stack"
    folder.mkdir()
    for day in (1, 11, 21):
        bands = [np.full((6, 8), 1000, np.int16), np.full((6, 8), 3000 + 100 * day, np.int16)]
        for band in bands:
            band[0, 0] = -10000
        write_raster(folder / f"image_202007{day:02d}.tif", bands, GRID, -10000, ("red", "nir"))
    return folder


def test_all_sources_in_one_stack(run_algorithm: Run, stack: Path, tmp_path: Path) -> None:
    radar = tmp_path / "radar" / "s1b_31TCJ_vh_ASC_110_20200705txxxxxx.tif"
    radar.parent.mkdir()
    write_raster(radar, [np.full((6, 8), -18.0, np.float32)], GRID)
    write_raster(tmp_path / "slope.tif", [np.full((6, 8), 3.0, np.float32)], GRID)
    inputs = {
        "STACK": [str(stack)], "SCALE": 0.0001, "DATES": "2020-07-06,2020-07-11",
        "INDICES": "NDVI", "RADAR": [str(radar.parent)], "RADAR_UNIT": "db",
        "EXOGENOUS": [str(tmp_path / "slope.tif")],
        "USER_FEATURES": "sum = red + nir; two = 2 * slope",
    }  # fmt: skip
    outputs = {
        key: str(tmp_path / f"{key.lower()}.tif") for key in ("OUTPUT", "QUALITY", "VALIDITY")
    }
    done = run_algorithm("computeprimitives", {**inputs, **outputs})
    made = gdal.Open(outputs["OUTPUT"])
    names = [made.GetRasterBand(at + 1).GetDescription() for at in range(made.RasterCount)]
    days = ("20200706", "20200711")
    dated = [f"{name}_{day}" for name in ("red", "nir", "NDVI", "VH_ASC") for day in days]
    assert names == [*dated, "slope", *(f"sum_{day}" for day in days), "two"]
    assert done["FEATURE_COUNT"] == len(names)
    assert done["DATE_COUNT"] == 2
    assert done["NEVER_CLEAR_PERCENT"] == pytest.approx(100.0 / 48.0)
    expected = [0.1, 0.1, 0.36, 0.41, 26 / 46, 31 / 51, -18, -18, 3, 0.46, 0.51, 6]
    assert made.ReadAsArray()[:, 3, 3] == pytest.approx(np.array(expected), abs=1e-6)
    assert made.ReadAsArray()[:6, 0, 0].tolist() == [-9999.0] * 6
    assert gdal.Open(outputs["QUALITY"]).ReadAsArray()[:, 0, :2].tolist() == [[-1, 5], [-1, 0]]
    assert gdal.Open(outputs["VALIDITY"]).ReadAsArray()[0, :2].tolist() == [0, 3]
    for key in outputs:
        assert Path(outputs[key]).with_suffix(".qml").is_file()
    record = json.loads(Path(f"{outputs['OUTPUT']}.provenance.json").read_text())
    assert record["parameters"]["INDICES"] == "NDVI"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"STACK": []}, "Give images: products, a stack of dated rasters, or radar images"),
        ({"PRODUCTS": ["/nowhere"]}, "Give either products or a stack"),
        ({"INDICES": "NDXI"}, "There is no index NDXI"),
        ({"USER_FEATURES": "x = blue"}, "'blue' in 'blue' is no band"),
        ({"EXOGENOUS": ["/nowhere.tif"]}, "/nowhere.tif does not exist"),
        ({"MASK_POLICY": "odd"}, "MASK_POLICY"),
    ],
)
def test_bad_input(
    run_algorithm: Run, stack: Path, tmp_path: Path, given: dict[str, Any], said: str
) -> None:
    output = tmp_path / "out" / "features.tif"
    inputs = {"STACK": [str(stack)], "OUTPUT": str(output), **given}
    with pytest.raises(QgsProcessingException, match=said):
        run_algorithm("computeprimitives", inputs)
    assert not output.exists()
