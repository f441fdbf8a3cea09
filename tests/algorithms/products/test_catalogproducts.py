# SPDX-License-Identifier: GPL-3.0-or-later
"""catalogproducts inside QGIS: the layer it writes, and what it says of unreadable products."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException, QgsVectorLayer

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


def test_nothing_found_is_a_row_too(tmp_path: Path, run_algorithm: Run) -> None:
    (tmp_path / "empty").mkdir()
    out = tmp_path / "catalog.csv"
    result = run_algorithm(
        "catalogproducts", {"FOLDERS": [str(tmp_path / "empty")], "OUTPUT": str(out)}
    )
    assert (result["COUNT"], result["UNREADABLE_COUNT"]) == (0, 1)
    assert "No product was found here." in out.read_text()


def test_no_folder_is_refused(run_algorithm: Run, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="Give at least one folder"):
        run_algorithm("catalogproducts", {"FOLDERS": [], "OUTPUT": str(tmp_path / "x.gpkg")})
