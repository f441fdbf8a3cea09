# SPDX-License-Identifier: GPL-3.0-or-later
"""catalogproducts inside QGIS: the layer it writes, and what it says of unreadable products."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsVectorLayer

from calval_toolbox.core.io.products.synthetic import Scene, write_muscate, write_n2a

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def scene() -> Scene:
    aot = np.full((40, 60), 0.3)
    time = np.datetime64("2020-07-15T10:50:31.024")
    return Scene("T31TCJ", time, 32631, 300000.0, 4900020.0, 10.0, aot, reflectance={"B2": aot})


def test_readable_and_unreadable_products(tmp_path: Path, run_algorithm: Run, scene: Scene) -> None:
    write_muscate(tmp_path / "products", scene)
    write_n2a(tmp_path / "products", scene)
    (tmp_path / "products" / "broken.zip").write_bytes(b"no archive")
    out = tmp_path / "catalog.gpkg"
    result = run_algorithm(
        "catalogproducts", {"FOLDERS": [str(tmp_path / "products")], "OUTPUT": str(out)}
    )
    assert (result["COUNT"], result["UNREADABLE_COUNT"]) == (2, 1)
    layer = QgsVectorLayer(str(out), "catalog")
    rows = {feature["reader"] or "": feature for feature in layer.getFeatures()}
    assert set(rows) == {"muscate", "n2a", ""}
    assert rows["muscate"]["status"] == rows["n2a"]["status"] == "ok"
    assert rows["muscate"]["time"] == "2020-07-15T10:50:31.024Z"
    assert rows["n2a"]["campaign"] == "SPOT4-Take5"
    assert "cannot be read as an archive" in rows[""]["status"]
    assert rows[""].geometry().isNull()
    assert rows["muscate"].geometry().boundingBox().xMinimum() == pytest.approx(0.4959286)
    assert layer.crs().authid() == "EPSG:4326"
    assert out.with_suffix(".qml").exists()
    assert Path(f"{out}.provenance.json").exists()


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["empty"], r"^No product was found in .*empty\. Give product folders"),
        (["absent"], r"absent does not exist\. Check the path\. No product was found"),
        (["empty", "absent"], r"absent does not exist\. Check the path\. No product was found"),
    ],
)
def test_nothing_found_is_a_sentence(
    tmp_path: Path, run_algorithm: Run, names: list[str], sentence: str
) -> None:
    (tmp_path / "empty").mkdir()
    out = tmp_path / "catalog.csv"
    folders = [str(tmp_path / name) for name in names]
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("catalogproducts", {"FOLDERS": folders, "OUTPUT": str(out)})
    assert not out.exists()


def test_only_unreadable_products_are_a_table_of_reasons(
    tmp_path: Path, run_algorithm: Run
) -> None:
    folder = tmp_path / "SENTINEL2A_20180802-105621-000_L2A_T31TCJ_C_V3-0"
    folder.mkdir()
    out, feedback = tmp_path / "catalog.csv", QgsProcessingFeedback()
    inputs = {"FOLDERS": [str(tmp_path), str(tmp_path / "absent")], "OUTPUT": str(out)}
    result = run_algorithm("catalogproducts", inputs, feedback=feedback)
    assert (result["COUNT"], result["UNREADABLE_COUNT"]) == (0, 2)
    assert "metadata file is missing" in out.read_text()
    assert "does not exist" in out.read_text()
    assert "the catalog only holds the reasons" in feedback.textLog()


def test_no_folder_is_refused(run_algorithm: Run, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="Give at least one folder"):
        run_algorithm("catalogproducts", {"FOLDERS": [], "OUTPUT": str(tmp_path / "x.gpkg")})
