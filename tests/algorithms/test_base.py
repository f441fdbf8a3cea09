# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract that the base keeps for every algorithm, shown on a small one."""

import json
import sqlite3

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)

from calval_toolbox.algorithms.base import CalValAlgorithm, Group, make
from calval_toolbox.core.errors import InputError
from calval_toolbox.core.progress import each
from calval_toolbox.core.table import Table

pytestmark = pytest.mark.usefixtures("qgis_app")


class Double(CalValAlgorithm):
    """Doubles the column ``v``; fails, breaks or dawdles on request."""

    ID = "double"
    GROUP = Group.PRODUCTS
    TAGS = ("test",)

    def title(self):
        return "Double a column"

    def summary(self):
        return "Doubles. For tests."

    def define(self):
        self.add(
            make.table("INPUT", "Table", "A table."),
            make.choice("MODE", "Mode", "What to do.", ["work", "fail", "bug", "loop"], "work"),
            make.number("FACTOR", "Factor", "A factor.", 2.0, minimum=0.0, advanced=True),
            make.table_output("OUTPUT", "Result", "The result."),
            make.report_output("REPORT", "Report", "A page."),
        )
        self.add_number("COUNT", "Rows")
        self.add_number("NOTHING", "Not a number")

    def problem(self, values):
        return "FACTOR 13 does not go with MODE work." if values["FACTOR"] == 13 else ""

    def compute(self, job):
        table = job["INPUT"].read(job.progress)
        doubled = table.floats("v") * job["FACTOR"]
        job.write_table("OUTPUT", Table({"v": doubled}))
        job.write_text("REPORT", "<html></html>")
        if job["MODE"] == "fail":
            raise InputError("The file x.csv is bad: get another one.")
        if job["MODE"] == "bug":
            raise KeyError("bug")
        if job["MODE"] == "loop":
            list(each(list(range(100)), job.progress))
        return {"COUNT": np.int64(len(table)), "NOTHING": float("nan")}


class Feedback(QgsProcessingFeedback):
    def __init__(self, cancel_at=None):
        super().__init__(False)
        self.cancel_at = cancel_at

    def setProgress(self, value):
        if self.cancel_at is not None and value >= self.cancel_at:
            self.cancel()


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in" / "table.csv"
    path.parent.mkdir()
    path.write_text("v,name\n1,a\n2.5,b\n")
    return path


def run(parameters, feedback=None):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    results, good = (
        Double().create().run(parameters, context, feedback or Feedback(), catchExceptions=False)
    )
    assert good
    return results


def outputs(tmp_path):
    folder = tmp_path / "out"
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


def request(source, tmp_path, **more):
    return {"INPUT": str(source), "OUTPUT": str(tmp_path / "out" / "r.gpkg"), **more}


def test_a_good_run_writes_its_outputs_with_provenance(source, tmp_path):
    report = str(tmp_path / "out" / "r.html")
    results = run(request(source, tmp_path, REPORT=report))
    assert results["COUNT"] == 2
    assert results["NOTHING"] is None  # JSON knows no NaN
    with sqlite3.connect(results["OUTPUT"]) as database:
        assert database.execute("select v from r order by v").fetchall() == [(2.0,), (5.0,)]
    assert outputs(tmp_path) == [
        "r.gpkg", "r.gpkg.provenance.json", "r.html", "r.html.provenance.json",
    ]  # fmt: skip
    record = json.loads((tmp_path / "out" / "r.gpkg.provenance.json").read_text())
    assert record["algorithm"] == "calval:double"
    assert record["parameters"]["INPUT"] == str(source)
    assert record["inputs"][0]["parameter"] == "INPUT"
    # printf "v,name\n1,a\n2.5,b\n" | sha256sum
    assert record["inputs"][0]["sha256"] == (
        "5efa0cc88a1325f6576b6e9398986445cd00db05f964147f35c0f4ab8427da4d"
    )
    assert {"qgis", "gdal", "numpy", "python", "calval_toolbox"} <= set(record["versions"])
    assert record["results"]["COUNT"] == 2


@pytest.mark.parametrize(
    ("mode", "traceback"), [("fail", False), ("bug", True)], ids=["user's error", "bug"]
)
def test_failures_leave_nothing(source, tmp_path, mode, traceback):
    with pytest.raises(QgsProcessingException) as caught:
        run(request(source, tmp_path, MODE=mode))
    assert ("Traceback" in str(caught.value)) is traceback
    if not traceback:
        assert str(caught.value) == "The file x.csv is bad: get another one."
    assert outputs(tmp_path) == []


def test_a_canceled_run_raises_and_leaves_nothing(source, tmp_path):
    with pytest.raises(QgsProcessingException, match="Canceled"):
        run(request(source, tmp_path, MODE="loop"), Feedback(cancel_at=30))
    assert outputs(tmp_path) == []


def test_relative_paths_are_recorded_from_the_root_on(source, tmp_path, monkeypatch):
    monkeypatch.chdir(source.parent)
    run({"INPUT": source.name, "OUTPUT": str(tmp_path / "out" / "r.gpkg")})
    record = json.loads((tmp_path / "out" / "r.gpkg.provenance.json").read_text())
    assert record["parameters"]["INPUT"] == str(source)
    assert record["inputs"][0]["path"] == str(source)


def test_parameters_that_do_not_go_together_are_refused_before_the_run(source, tmp_path):
    algorithm = Double().create()
    good, text = algorithm.checkParameterValues(
        request(source, tmp_path, FACTOR=13), QgsProcessingContext()
    )
    assert (good, text) == (False, "FACTOR 13 does not go with MODE work.")


def test_unknown_table_formats_are_refused(source, tmp_path):
    with pytest.raises(QgsProcessingException, match=r"'r.shp'. Use one of: gpkg"):
        run({"INPUT": str(source), "OUTPUT": str(tmp_path / "out" / "r.shp")})
    assert outputs(tmp_path) == []


@pytest.fixture
def memory_layer():
    layer = QgsVectorLayer(
        "Point?crs=EPSG:3857&field=v:double&field=name:string", "scratch", "memory"
    )
    for value in (1.0, None, 3.0):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([value, None])
        feature.setGeometry(QgsGeometry.fromWkt("POINT (0 0)"))
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    yield layer
    QgsProject.instance().removeMapLayer(layer.id())


def test_scratch_layers_and_selections_are_inputs_too(memory_layer, tmp_path):
    parameters = request(memory_layer.id(), tmp_path)
    assert run(parameters)["COUNT"] == 3
    memory_layer.selectByIds([1, 3])
    parameters["INPUT"] = QgsProcessingFeatureSourceDefinition(memory_layer.id(), True)
    parameters["OUTPUT"] = str(tmp_path / "out" / "s.gpkg")
    results = run(parameters)
    with sqlite3.connect(results["OUTPUT"]) as database:
        assert database.execute("select v from s order by v").fetchall() == [(2.0,), (6.0,)]


def test_a_file_that_is_no_table_is_explained(tmp_path):
    page = tmp_path / "page.csv"
    page.write_text("<html>Sorry</html>")
    algorithm = Double().create()
    good, text = algorithm.checkParameterValues(request(page, tmp_path), QgsProcessingContext())
    assert not good
    assert "page.csv holds a web page" in text
