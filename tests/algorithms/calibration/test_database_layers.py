# SPDX-License-Identifier: GPL-3.0-or-later
"""The map layers of a calibration database as QGIS opens them, with their styles."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from made_measurements import measurements
from qgis.core import QgsDataSourceUri, QgsRuleBasedRenderer, QgsVectorLayer, QgsWkbTypes

from calval_toolbox.core.database import open_database, parse_name
from calval_toolbox.core.database.measurements import load_measurements, save_measurements
from calval_toolbox.core.database.runs import Run, save_run
from calval_toolbox.core.table import Table

pytestmark = pytest.mark.usefixtures("qgis_app")


@pytest.fixture
def filled(database_name: str) -> str:
    with open_database(database_name, create=True) as db:
        save_measurements(db, measurements())
        ids = load_measurements(db, "MERIS", ["DomeC"]).ids
        results = Table({
            "band": np.full(len(ids), "865", dtype=object), "target_id": ids,
            "a_k": np.full(len(ids), 1.025), "flag": np.full(len(ids), "accepted", dtype=object),
        })  # fmt: skip
        save_run(db, Run("calibrateantarctic", {}, "0.1.0", "MERIS", results=results))
    return database_name


def layer(name: str, view: str) -> QgsVectorLayer:
    of = parse_name(name)
    if of.path:
        return QgsVectorLayer(f"{of.path}|layername={view}", view, "ogr")
    uri = QgsDataSourceUri()
    given = of.parameters
    uri.setConnection(given["host"], given["port"], given["dbname"], given["user"], "")
    uri.setDataSource(of.schema, view, "geom", "", "fid")
    return QgsVectorLayer(uri.uri(False), view, "postgres")


def test_results_on_the_map(filled: str) -> None:
    results = layer(filled, "map_results")
    assert results.isValid(), results.error().summary()
    assert QgsWkbTypes.flatType(results.wkbType()) == QgsWkbTypes.Type.Polygon
    assert results.crs().authid() == "EPSG:4326"
    (row,) = list(results.getFeatures())
    assert (row["site"], row["band"], row["sensor"]) == ("DomeC", "865", "MERIS")
    assert row["a_k"] == pytest.approx(1.025, abs=1e-12)
    assert isinstance(row["a_k"], float)
    assert row["count"] == 13
    assert row.geometry().boundingBox().xMinimum() == 122.895
    assert isinstance(results.renderer(), QgsRuleBasedRenderer), "the style did not come along"
    assert "measured / simulated" in results.mapTipTemplate()


def test_sites_on_the_map(filled: str) -> None:
    sites = layer(filled, "map_sites")
    assert sites.isValid(), sites.error().summary()
    counts = {row["site"]: row["measurements"] for row in sites.getFeatures()}
    assert counts == {"Libya4": 14, "DomeC": 13, 'A "quoted"; site, with Ünicode': 13}
    assert isinstance(sites.renderer(), QgsRuleBasedRenderer), "the style did not come along"
    labels = {rule.label() for rule in sites.renderer().rootRule().children()}
    assert {"Desert", "Snow", "Ocean"} <= labels


def test_tables_open(filled: str) -> None:
    if not filled.endswith(".gpkg"):
        return
    for name in ("sites", "measurements", "measurement_bands", "runs"):
        table = layer(filled, name)
        assert table.isValid()
        assert table.featureCount() > 0
