# SPDX-License-Identifier: GPL-3.0-or-later
"""The extraction as users meet it: shipped sites and layers, models, bad input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from made_l1c import SIZE, outline, scene_of, write_l1c
from qgis.core import QgsProcessingException

from calval_toolbox.core.calibration.extraction.sites import near, shipped_choice
from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.measurements import load_measurements
from calval_toolbox.core.database.runs import list_runs
from calval_toolbox.core.database.sites import load_sites
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.io.geometries import points
from calval_toolbox.core.io.tables import write_table
from calval_toolbox.core.table import Table
from calval_toolbox.core.types import Product

Run = Callable[..., dict[str, Any]]
NAME = 'An "odd"; site, Ünicode'


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_l1c(tmp_path_factory.mktemp("l1c"), scene_of(B2=np.full((SIZE, SIZE), 0.3)))


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    path = tmp_path / "sites.gpkg"
    shapes = np.array([outline(100, 100, 400, 400), None], dtype=object)[:1]
    columns = {"name": np.array([NAME], dtype=object), "altitude_m": np.array([120.0])}
    write_table(Table(columns, "sites", shapes, "Polygon"), path)
    return path


def test_layer_of_sites(run_algorithm: Run, product: Path, layer: Path, tmp_path: Path) -> None:
    database = str(tmp_path / "a.gpkg")
    inputs = {"PRODUCTS": [str(product)], "SITE_LAYER": str(layer), "DATABASE": database}
    counts = ("COUNT", "SKIPPED_COUNT", "FAILED_COUNT")
    found = run_algorithm("extractcalibrationsites", inputs)
    assert [found[key] for key in counts] == [1, 0, 0]
    found = run_algorithm("extractcalibrationsites", inputs)
    assert [found[key] for key in counts] == [0, 1, 0]
    with open_database(database) as db:
        rows = load_measurements(db, "S2A/MSI", [NAME])
        (run,) = list_runs(db)
        (site,) = load_sites(db)
    assert site.altitude_m == 120.0
    assert rows["mean"] == pytest.approx(0.3)
    assert run.parameters["RESOLUTION_MODE"] == "full"
    assert run.record["inputs"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"SITES": "Lybia4"}, "no shipped site, type or set 'Lybia4'.*pics20"),
        ({"SITES": "", "SITE_LAYER": None}, "Give shipped sites"),
        ({"BANDS": "B4"}, "No product has a band B4. There are: B2"),
        ({"SITE_LAYER": None, "SITES": "Libya4"}, "shows any of the 1 sites"),
        ({"PRODUCTS": ["/nowhere/at_all"]}, "does not exist"),
    ],
)
def test_bad_input_is_told(
    run_algorithm: Run,
    product: Path,
    layer: Path,
    tmp_path: Path,
    changes: dict[str, Any],
    problem: str,
) -> None:
    database = tmp_path / "a.gpkg"
    inputs = {
        "PRODUCTS": [str(product)], "SITE_LAYER": str(layer), "DATABASE": str(database),
    }  # fmt: skip
    with pytest.raises(QgsProcessingException, match=problem):
        run_algorithm("extractcalibrationsites", {**inputs, **changes})
    assert not database.exists()


def test_layer_of_points_is_refused(run_algorithm: Run, product: Path, tmp_path: Path) -> None:
    path = tmp_path / "points.gpkg"
    columns = {"name": np.array(["dot"], dtype=object)}
    write_table(Table(columns, "points", points(np.array([34.1]), np.array([30.7]))), path)
    inputs = {
        "PRODUCTS": [str(product)], "SITE_LAYER": str(path), "DATABASE": str(tmp_path / "a.gpkg")
    }  # fmt: skip
    with pytest.raises(QgsProcessingException, match="no polygon of the site dot.*Buffer"):
        run_algorithm("extractcalibrationsites", inputs)


def test_shipped_sites_by_name_type_and_set() -> None:
    assert [one.name for one in shipped_choice(["libya 4"])] == ["Libya4"]
    assert len(shipped_choice(["pics20"])) == 20
    assert len(shipped_choice(["pics20", "Libya4", "antarctic"])) == 25
    assert {one.type for one in shipped_choice(["snow"])} == {"snow"}
    with pytest.raises(InputError, match="no shipped site"):
        shipped_choice(["pics"])


def test_areas_as_large_as_continents_are_cut() -> None:
    corners = ((20.0, 0.0), (21.0, 0.0), (21.0, 1.0), (20.0, 1.0), (20.0, 0.0))
    product = Product("a", "safe", "MSI", "SENTINEL2A", "L1C", "T34NGG",
                      np.datetime64("2024-01-01"), footprint=corners)  # fmt: skip
    seen = {one.name: near(one, product) for one in shipped_choice(["cloud"])}
    (shape,) = [one for one in seen.values() if one is not None]
    from calval_toolbox.core.io.shapes import envelope

    assert envelope(shape) == pytest.approx((19.0, -1.0, 22.0, 2.0), abs=1e-6)
