# SPDX-License-Identifier: GPL-3.0-or-later
"""``extractaot`` through the provider: outputs, numbers, bad input, cancel."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException, QgsProcessingFeedback

from calval_toolbox.core.io.products.synthetic import Scene, write_muscate
from calval_toolbox.core.io.tables import points, read_table, write_table
from calval_toolbox.core.table import Table
from calval_toolbox.core.types import Flag

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def products(tmp_path: Path) -> Path:
    folder = tmp_path / "products"
    for day in (3, 13, 23):
        scene = Scene(
            site="T31TCJ",
            time=np.datetime64(f"2018-07-{day:02d}T10:56:21.000", "ms"),
            epsg=32631,
            left=368000.0,
            top=4826500.0,
            pixel_m=10.0,
            aot=np.full((150, 150), 0.1 * day / 10),
            water_vapor=np.full((150, 150), 2.0),
            flags={Flag.NODATA: np.zeros((150, 150), dtype=bool)},
        )
        write_muscate(folder, scene)
    (folder / "SENTINEL2A_20180802-105621-000_L2A_T31TCJ_C_V3-0").mkdir()
    return folder


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    path = tmp_path / "sites.gpkg"
    shapes = points(np.array([1.374, 1.374, 5.0]), np.array([43.573, 43.573, 43.0]))
    names = np.array(["Toulouse", "Toulouse", "Sea"], dtype=object)
    write_table(Table({"site": names}, "sites", shapes), path)
    return path


def test_rows_numbers_and_side_cars(
    run_algorithm: Run, products: Path, sites: Path, tmp_path: Path
) -> None:
    output, unreadable = tmp_path / "out" / "aot.gpkg", tmp_path / "out" / "bad.csv"
    results = run_algorithm(
        "extractaot",
        {
            "PRODUCTS": [str(products)],
            "SITES": str(sites),
            "WINDOWS_M": "500,1000",
            "OUTPUT": str(output),
            "UNREADABLE": str(unreadable),
        },
    )
    assert (results["COUNT"], results["PRODUCT_COUNT"], results["UNREADABLE_COUNT"]) == (6, 3, 1)
    table = read_table(output)
    assert list(table["site"]) == ["Toulouse"] * 6
    assert table["aot_mean"][::2] == pytest.approx([0.03, 0.13, 0.23])
    assert list(table["time"])[0] == "2018-07-03T10:56:21Z"
    assert table.geometry is not None
    assert "20180802" in read_table(unreadable)["path"][0]
    record = json.loads((output.parent / "aot.gpkg.provenance.json").read_text())
    assert record["parameters"]["WINDOWS_M"] == "500,1000"
    assert output.with_suffix(".qml").is_file()


def test_its_output_is_what_the_comparison_takes(
    run_algorithm: Run, products: Path, sites: Path, tmp_path: Path
) -> None:
    output = tmp_path / "aot.gpkg"
    run_algorithm(
        "extractaot", {"PRODUCTS": [str(products)], "SITES": str(sites), "OUTPUT": str(output)}
    )
    reference = tmp_path / "reference.csv"
    lines = [
        f"Toulouse,2018-07-{day}T10:{minute}:00Z,{value}"
        for day, value in (("03", 0.02), ("13", 0.12), ("23", 0.22))
        for minute in (50, 59)
    ]
    reference.write_text("\n".join(["site,time,aot", *lines]) + "\n")
    results = run_algorithm(
        "compareaot",
        {
            "SATELLITE": str(output),
            "AERONET": str(reference),
            "MATCHUPS": str(tmp_path / "m.gpkg"),
            "STATISTICS": str(tmp_path / "s.csv"),
        },
    )
    assert results["COUNT"] == 3
    assert results["BIAS"] == pytest.approx(0.01, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"WINDOWS_M": "wide"}, "not a list of window widths"),
        ({"WINDOWS_M": "0"}, "between 1 and 200000 m"),
        ({"SITE_FIELD": "nothing"}, "nothing"),
    ],
)
def test_wrong_parameters_are_one_sentence(
    change: dict[str, str],
    sentence: str,
    run_algorithm: Run,
    products: Path,
    sites: Path,
    tmp_path: Path,
) -> None:
    output = tmp_path / "aot.gpkg"
    given = {"PRODUCTS": [str(products)], "SITES": str(sites), "OUTPUT": str(output)}
    with pytest.raises(QgsProcessingException, match=sentence):
        run_algorithm("extractaot", given | change)
    assert not output.exists()


def test_a_canceled_run_raises_and_leaves_nothing(
    run_algorithm: Run, products: Path, sites: Path, tmp_path: Path
) -> None:
    feedback = QgsProcessingFeedback()
    feedback.cancel()
    folder = tmp_path / "out"
    with pytest.raises(QgsProcessingException, match="Canceled"):
        run_algorithm(
            "extractaot",
            {
                "PRODUCTS": [str(products)],
                "SITES": str(sites),
                "OUTPUT": str(folder / "aot.gpkg"),
            },
            feedback=feedback,
        )
    assert not folder.exists() or not list(folder.iterdir())
