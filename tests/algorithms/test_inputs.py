# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables given as layers or files: what is read, and what is said of what cannot be."""

import gzip

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsFeature,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime, QUrl

from calval_toolbox.algorithms.inputs import resolve, table_problem
from calval_toolbox.core.io.tables import positions, write_table
from calval_toolbox.core.table import Table

pytestmark = pytest.mark.usefixtures("qgis_app")


class Reader(QgsProcessingAlgorithm):
    """Takes one table."""

    def name(self):
        return "reader"

    def initAlgorithm(self, config=None):
        kinds = [QgsProcessing.SourceType.TypeVector]
        self.addParameter(QgsProcessingParameterFeatureSource("INPUT", "Table", kinds))

    def createInstance(self):
        return Reader()


@pytest.fixture
def context():
    made = QgsProcessingContext()
    made.setProject(QgsProject.instance())
    return made


@pytest.fixture
def add():
    """Adds a layer to the project until the test is over."""
    added = []

    def to_project(layer):
        assert layer.isValid()
        QgsProject.instance().addMapLayer(layer)
        added.append(layer.id())
        return layer.id()

    yield to_project
    for layer_id in added:
        QgsProject.instance().removeMapLayer(layer_id)


def taken(value, context):
    return resolve(Reader().create(), {"INPUT": value}, context)["INPUT"]


def test_times_of_layers_are_utc_with_milliseconds_and_dates_stay_dates(add, context):
    fields = "field=when:datetime&field=day:date&field=hour:time"
    layer = QgsVectorLayer(f"None?{fields}", "scratch", "memory")
    noon = (QDate(2018, 7, 1), QTime(12, 0, 0, 250))
    moments = [
        QDateTime(*noon, Qt.TimeSpec.OffsetFromUTC, 7200),
        QDateTime(*noon, Qt.TimeSpec.UTC),
        QDateTime(*noon),  # without a zone: UTC, in whatever zone the computer is
        None,
    ]
    for moment in moments:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([moment, QDate(2018, 7, 1), QTime(1, 2, 3, 4)])
        layer.dataProvider().addFeature(feature)
    table = taken(add(layer), context).read()
    assert table.texts("when").tolist() == [
        "2018-07-01T10:00:00.250Z", "2018-07-01T12:00:00.250Z", "2018-07-01T12:00:00.250Z", "",
    ]  # fmt: skip
    assert table.texts("day")[0] == "2018-07-01"
    assert table.times("day")[0] == np.datetime64("2018-07-01")
    assert table.texts("hour")[0] == "01:02:03.004"


def test_a_filtered_layer_gives_the_times_of_its_file(add, context, tmp_path):
    times = ["2018-07-01T12:00:00+02:00", "2018-07-01T12:00:00Z", "2018-07-01T12:00:00.5"]
    rows = ",".join(
        f'{{"type":"Feature","properties":{{"v":1,"when":"{time}"}},"geometry":null}}'
        for time in times
    )
    path = tmp_path / "t.geojson"
    path.write_text(f'{{"type":"FeatureCollection","features":[{rows}]}}')
    layer = QgsVectorLayer(str(path), "file", "ogr")
    name = add(layer)
    whole = taken(name, context)
    limited = taken(QgsProcessingFeatureSourceDefinition(name, filterExpression="v = 1"), context)
    assert whole.path
    assert not limited.path
    expected = np.array(
        ["2018-07-01T10:00:00", "2018-07-01T12:00:00", "2018-07-01T12:00:00.500"],
        dtype="datetime64[ms]",
    )
    np.testing.assert_array_equal(whole.read().times("when"), expected)
    np.testing.assert_array_equal(limited.read().times("when"), expected)


def test_delimited_text_is_read_as_the_layer_reads_it(add, context, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a remark\nname|east|north\nA|1.5|43.6\nB|2.5|44.6\n")
    options = "delimiter=%7C&skipLines=1&xField=east&yField=north&crs=EPSG:4326&detectTypes=yes"
    url = f"{QUrl.fromLocalFile(str(path)).toString()}?{options}"
    table = taken(add(QgsVectorLayer(url, "text", "delimitedtext")), context).read()
    assert list(table.columns) == ["name", "east", "north"]
    assert table.texts("name").tolist() == ["A", "B"]
    assert table.floats("east").tolist() == [1.5, 2.5]
    longitude, latitude, _ = positions(table.geometry)
    assert (longitude.tolist(), latitude.tolist()) == ([1.5, 2.5], [43.6, 44.6])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("t.csv", b"", "t.csv is empty"),
        ("t.csv", b"<html>Sorry</html>", "t.csv holds a web page"),
        ("t.csv", b"\x00\x01\x02" * 50, "t.csv holds binary data"),
        ("t.csv.gz", b"no gzip", "t.csv.gz is not a readable gzip file"),
        ("t.gpkg", b"SQLite format 3\x00" + b"x" * 3000, "t.gpkg is not a table that can be read"),
        ("Kanpur.lev20", b"AERONET Version 3;\nKanpur\n", "calval:importaeronet"),
        ("folder", None, "folder is a folder: a file is needed"),
    ],
)
def test_files_that_cannot_be_loaded_are_explained(tmp_path, context, name, content, words):
    path = tmp_path / name
    path.mkdir() if content is None else path.write_bytes(content)
    algorithm = Reader().create()
    for value in (str(path), QgsProcessingFeatureSourceDefinition(str(path))):
        assert words in table_problem(algorithm, {"INPUT": value}, context)


def test_a_layer_of_a_damaged_file_is_explained_too(tmp_path, context):
    (tmp_path / "t.gpkg").write_bytes(b"x" * 100)
    value = f"{tmp_path / 't.gpkg'}|layername=t"
    assert "t.gpkg is not a table" in table_problem(Reader().create(), {"INPUT": value}, context)


def test_a_layer_that_a_file_lacks_is_named(tmp_path, context):
    write_table(Table({"a": np.arange(2)}), tmp_path / "t.gpkg", "t")
    value = f"{tmp_path / 't.gpkg'}|layername=u"
    words = table_problem(Reader().create(), {"INPUT": value}, context)
    assert words == "t.gpkg has no layer 'u'. Its layers are: t."


def test_nothing_is_said_of_good_absent_or_no_files(tmp_path, context, add):
    good = tmp_path / "t.csv.gz"
    good.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    layer = add(QgsVectorLayer("None?field=a:int", "scratch", "memory"))
    for value in (str(good), str(tmp_path / "none.csv"), layer, "", None):
        assert table_problem(Reader().create(), {"INPUT": value}, context) == ""
