# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in PostgreSQL: chosen, judged, remembered, as those of a GeoPackage; and what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import QgsDataSourceUri, QgsProviderRegistry, QgsVectorLayer

from calval_toolbox.connections import resolve_database
from calval_toolbox.core.calibration import demo
from calval_toolbox.core.calibration.budget_types import Sizes
from calval_toolbox.core.calibration.database_run import CrossRequest, calibrate_from, keep
from calval_toolbox.core.calibration.desert import Settings
from calval_toolbox.core.calibration.judgements import why
from calval_toolbox.core.calibration.matching import Limits
from calval_toolbox.core.calibration.stored_runs import read_run
from calval_toolbox.core.database import open_database
from calval_toolbox.core.database.names import parse_name
from calval_toolbox.core.errors import Canceled, InputError
from calval_toolbox.core.progress import Silent

NAME = "panel of tests"


def write_run(name: str) -> None:
    """Two simulated sensors over one desert, and their calibration."""
    with open_database(name, create=True) as db:
        demo._simulate(db, "Libya4", 0)
        request = CrossRequest(demo.TARGET, demo.REFERENCE, draws=20)
        run = calibrate_from(db, request, Settings(Limits(days=3.0)), Sizes())
        parameters = {"TARGET_SENSOR": demo.TARGET, "REFERENCE_SENSOR": demo.REFERENCE}
        keep(db, run, demo.METHOD, parameters)


@pytest.fixture(scope="module")
def address(postgres_server: Any) -> str:
    name: str = postgres_server.new_name()
    write_run(name)
    return name


@pytest.fixture
def served(make_calibration_panel: Any, address: str) -> Any:
    panel = make_calibration_panel(resolve=resolve_database)
    panel.open(address)
    panel.flush()
    return panel


def test_run_is_that_of_a_geopackage(served: Any, address: str, tmp_path: Path) -> None:
    path = tmp_path / "same.gpkg"
    write_run(str(path))
    here, there = read_run(path)[0].coefficients, served.model.rows
    np.testing.assert_allclose(there.a_k, here.a_k)
    assert (there.status == here.status).all()
    assert (there["product"] == here["product"]).all()
    assert served.model.inputs.source == f"{address}|run=1"
    assert served.sources.box.currentText() == address
    assert served.budget.columns()["value_percent"].size == 0  # not in front yet
    served.body.show_page(served.budget)
    assert served.budget.columns()["value_percent"].size > 0


def test_verdict_and_observations(served: Any, address: str) -> None:
    rows = served.model.rows
    row = int(np.flatnonzero((rows.band == "B03") & rows.accepted)[6])
    before = int(served.model.figures(["B03"])[0].summary.count)
    served.choose(row)
    served.body.show_page(served.pair)
    assert served.pair.observations.item(5, 0).text() == "simulated"  # the version: only there
    judged: list[str] = []
    served.judged.connect(judged.append)
    served.bar.reason.setText("haze; 'quoted'")
    served.bar.reject.click()
    served.flush()
    assert judged == [served.model.inputs.source]
    found = read_run(address)[0].coefficients
    assert found.status[row] == "rejected"
    assert why(found["reason"][row]) == "haze; 'quoted'"
    assert (found.status != rows.status).sum() == 1
    assert served.model.figures(["B03"])[0].summary.count == before - 1
    served.bar.back.click()
    assert (read_run(address)[0].coefficients["reason"] == rows["reason"]).all()


def test_verdict_through_a_connection(make_calibration_panel: Any, address: str) -> None:
    """The name of a connection leads to the database for reading and writing alike."""
    panel = make_calibration_panel(resolve=lambda text: parse_name({"my server": address}[text]))
    panel.open("database:my server")
    panel.choose(4)
    panel.judge("rejected", "haze")
    assert why(read_run(address)[0].coefficients["reason"][4]) == "haze"
    panel.judge("", "")
    assert why(read_run(address)[0].coefficients["reason"][4]) == ""
    assert panel.sources.box.currentText() == "my server"
    assert panel.state()["source"] == "database:my server|run=1"


def test_somebody_else_was_faster(served: Any, address: str) -> None:
    """Both have read the same run; the second verdict is refused, and nothing of it is kept."""
    row, said = 3, []
    served.told.connect(said.append)
    with open_database(address) as db, db.transaction():
        db.run("UPDATE results SET flag = ? WHERE id = ?",
               ("rejected", int(served.model.inputs.ids[row])))  # fmt: skip
    try:
        served.select([2, 3])
        served.judge("rejected", "haze")
        assert "has changed since it was read" in said[0]
        assert why(read_run(address)[0].coefficients["reason"][2]) == ""
    finally:
        with open_database(address) as db, db.transaction():
            db.run(
                "UPDATE results SET flag = ? WHERE id = ?",
                (served.model.inputs.rows.status[row], int(served.model.inputs.ids[row])),
            )


def test_it_comes_back_and_holds_no_password(
    served: Any, make_calibration_panel: Any, address: str
) -> None:
    state = json.loads(json.dumps(served.state()))
    other = make_calibration_panel(resolve=resolve_database)
    other.restore(state)
    assert other.model.inputs.source == f"{address}|run=1"
    secret = address.replace("calval@", "calval:hunter2@")
    said: list[str] = []
    other.told.connect(said.append)
    other.open(secret)
    assert "holds a password" in said[0]
    assert "hunter2" not in said[0] + json.dumps(other.state()) + repr(other.model.inputs.database)


def test_command_names_the_database(served: Any, address: str) -> None:
    from calval_toolbox.ui.calibration import commands

    line = commands.calibration(served.model, windows=False)
    assert f"--DATABASE={address}" in line.replace("'", "")
    assert "--OUTPUT=calibration_run1_panel_output.gpkg" in line
    assert "--RUN=1" in commands.trend(served.model, windows=False)


def test_server_that_is_not_there_is_said(make_calibration_panel: Any) -> None:
    panel, said = make_calibration_panel(resolve=resolve_database), []
    panel.told.connect(said.append)
    panel.open("postgresql://nobody@127.0.0.1:1/nothing")
    assert "cannot be opened" in said[0]
    assert said[0] == panel.notice.text()
    assert not panel.notice.button.isVisible()


def test_reading_stops_when_asked(address: str) -> None:
    class Stop(Silent):
        def canceled(self) -> bool:
            return True

    with pytest.raises(Canceled):
        read_run(address, progress=Stop())


def test_connection_of_qgis_and_its_layers(
    make_calibration_panel: Any, address: str, postgres_server: Any
) -> None:
    from calval_toolbox.ui.controllers.calibration import _database_behind

    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    uri = QgsDataSourceUri()
    uri.setConnection("127.0.0.1", str(postgres_server.port), "calval", "calval", "")
    metadata.saveConnection(metadata.createConnection(uri.uri(False), {"saveUsername": True}), NAME)
    try:
        panel = make_calibration_panel(resolve=resolve_database)
        panel.connections = lambda: (NAME,)
        entries = dict(panel._databases())
        said: list[str] = []
        panel.told.connect(said.append)
        entries[f"PostgreSQL: {NAME}"]()
        # The connection leads to the schema 'calval', where no test has put anything.
        assert NAME in said[0]
        with pytest.raises(InputError, match=NAME):
            resolve_database("no such connection")
    finally:
        metadata.deleteConnection(NAME)
    uri.setDataSource(address.rpartition("=")[2], "map_results", "geom", "", "fid")
    layer = QgsVectorLayer(uri.uri(False), "results", "postgres")
    assert layer.isValid()
    assert _database_behind(layer) == address
