# SPDX-License-Identifier: GPL-3.0-or-later
"""loadproduct inside QGIS: rasters, masks, virtual rasters, and sentences for bad input."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsRasterLayer

from calval_toolbox.core.io.products.synthetic import Scene, write_muscate
from calval_toolbox.core.types import Flag

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def product(tmp_path: Path) -> str:
    aot = np.full((40, 60), 0.3)
    cloud = np.zeros((40, 60), dtype=bool)
    cloud[:10] = True
    time = np.datetime64("2020-07-15T10:50:31.024")
    bands = {"B2": np.full((40, 60), 0.05), "B3": np.full((40, 60), 0.08), "B4": aot}
    scene = Scene(
        "T31TCJ", time, 32631, 300000.0, 4900020.0, 10.0, aot, None, bands, {Flag.CLOUD: cloud}
    )
    return str(write_muscate(tmp_path / "products", scene))


def test_masked_reflectance(tmp_path: Path, run_algorithm: Run, product: str) -> None:
    out, mask = tmp_path / "bands.tif", tmp_path / "mask.tif"
    result = run_algorithm(
        "loadproduct",
        {"INPUT": product, "BANDS": "B2, B3,B4", "OUTPUT": str(out), "OUTPUT_MASK": str(mask)},
    )
    assert result["BAND_COUNT"] == 3
    assert result["MASKED_PERCENT"] == pytest.approx(25.0)
    assert result["VALID_PERCENT"] == pytest.approx(75.0)
    assert result["TIME"] == "2020-07-15T10:50:31.024Z"
    layer = QgsRasterLayer(str(out), "bands")
    assert layer.bandName(3).endswith("B4")
    assert layer.dataProvider().sourceNoDataValue(1) == -9999
    array = gdal.Open(str(out)).ReadAsArray()
    assert (array[:, :10] == -9999).all()
    assert array[:, 10:].mean(axis=(1, 2)) == pytest.approx([0.05, 0.08, 0.3])
    assert gdal.Open(str(mask)).ReadAsArray()[:10].all()
    for path in (out, mask):
        assert path.with_suffix(".qml").exists()
        assert Path(f"{path}.provenance.json").exists()
    message, good = layer.loadNamedStyle(str(out.with_suffix(".qml")))
    assert good, message
    assert layer.renderer().type() == "multibandcolor"


def test_virtual_raster(tmp_path: Path, run_algorithm: Run, product: str) -> None:
    out = tmp_path / "bands.vrt"
    inputs = {"INPUT": product, "BANDS": "B2", "MASK_POLICY": "none", "OUTPUT": str(out)}
    result = run_algorithm("loadproduct", inputs)
    assert result["VALID_PERCENT"] is None
    layer = QgsRasterLayer(str(out), "bands")
    assert layer.isValid()
    assert gdal.Open(str(out)).ReadAsArray().mean() == pytest.approx(0.05)
    assert "_FRE_B2.tif" in out.read_text()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"BANDS": "B2,B77"}, "has no band B77"),
        ({"OUTPUT": "x.vrt"}, "no mask can be burnt"),
        ({"INPUT": "absent"}, "does not exist"),
        ({"OUTPUT_MASK": "m.vrt"}, "m.vrt"),
        ({"OUTPUT": "o.png"}, "o.png"),
        ({"OUTPUT": "o"}, "cannot be written as .o"),
    ],
)
def test_bad_input_is_a_sentence_and_leaves_nothing(
    tmp_path: Path, run_algorithm: Run, product: str, changes: dict[str, str], sentence: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    inputs = {"INPUT": product, "BANDS": "", "OUTPUT": "x.tif", **changes}
    inputs["OUTPUT"] = str(folder / inputs["OUTPUT"])
    if "OUTPUT_MASK" in inputs:
        inputs["OUTPUT_MASK"] = str(folder / inputs["OUTPUT_MASK"])
    if inputs["INPUT"] == "absent":
        inputs["INPUT"] = str(tmp_path / "absent")
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("loadproduct", inputs)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("policy", "warnings"), [("clouds", 1), ("strict", 1), ("none", 0)])
def test_a_product_without_masks_is_not_called_clear(
    tmp_path: Path, run_algorithm: Run, product: str, policy: str, warnings: int
) -> None:
    shutil.rmtree(Path(product) / "MASKS")
    feedback = QgsProcessingFeedback(False)
    inputs = {"INPUT": product, "MASK_POLICY": policy, "OUTPUT": str(tmp_path / "bands.tif")}
    run_algorithm("loadproduct", inputs, feedback=feedback)
    assert feedback.textLog().count("no cloud mask that can be read") == warnings
    assert "_CLM_R1.tif" in feedback.textLog()


@pytest.mark.parametrize(("bands", "told"), [("", True), ("aot", False)])
def test_a_product_without_reflectance_says_what_is_written(
    tmp_path: Path, run_algorithm: Run, product: str, bands: str, told: bool
) -> None:
    for path in Path(product).glob("*_[FS]RE_*.tif"):
        path.unlink()
    feedback = QgsProcessingFeedback(False)
    inputs = {"INPUT": product, "BANDS": bands, "OUTPUT": str(tmp_path / "bands.tif")}
    run_algorithm("loadproduct", inputs, feedback=feedback)
    assert ("no reflectance; what it has is written: aot" in feedback.textLog()) == told


def test_a_style_of_the_user_is_left_as_it_is(
    tmp_path: Path, run_algorithm: Run, product: str
) -> None:
    out, style = tmp_path / "bands.tif", tmp_path / "bands.qml"

    def run() -> str:
        feedback = QgsProcessingFeedback(False)
        inputs = {"INPUT": product, "OUTPUT": str(out)}
        run_algorithm("loadproduct", inputs, feedback=feedback)
        return str(feedback.textLog())

    style.write_text("<qgis>my own</qgis>")
    assert f"{style} is not a style of this toolbox" in run()
    assert style.read_text() == "<qgis>my own</qgis>"
    style.unlink()
    assert "not a style" not in run()
    ours = style.read_bytes()
    # One of an earlier version, as the provenance beside it tells.
    style.write_text("<qgis>earlier</qgis>")
    record = Path(f"{out}.provenance.json")
    was = hashlib.sha256(ours).hexdigest()
    assert was in record.read_text()
    record.write_text(
        record.read_text().replace(was, hashlib.sha256(style.read_bytes()).hexdigest())
    )
    assert "not a style" not in run()
    assert style.read_bytes() == ours
