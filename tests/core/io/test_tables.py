# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables survive the way to a file and back; files that are no tables are told apart."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from osgeo import ogr, osr

from calval_toolbox.core.errors import InputError, OutputError, TableError
from calval_toolbox.core.io.tables import points, read_table, write_table
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.table import Table


def sample(rows=3):
    longitude = np.array([1.5, 116.4, np.nan][:rows])
    latitude = np.array([43.6, 39.9, np.nan][:rows])
    columns = {
        "site": np.array(["Toulouse", "Beijing é", ""][:rows], dtype=object),
        "time": np.array(
            ["2016-05-01T10:56:00", "NaT", "2017-01-01"][:rows], dtype="datetime64[ms]"
        ),
        "aot": np.array([0.125, np.nan, 2.0][:rows]),
        "count": np.array([3, 2**40, 0][:rows]),
        "stable": np.array([True, False, True][:rows]),
    }
    return Table(columns, "sample", points(longitude, latitude))


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".csv"])
def test_round_trip(tmp_path, suffix):
    table = sample()
    if suffix == ".csv":
        table = Table(table.columns)
    path = tmp_path / f"table{suffix}"
    write_table(table, path)
    back = read_table(path)
    np.testing.assert_array_equal(back.floats("aot"), table["aot"])
    assert back.texts("site").tolist() == table["site"].tolist()
    np.testing.assert_array_equal(back.times("time"), table["time"])
    assert back.floats("count").tolist() == table["count"].astype(float).tolist()
    assert back.floats("stable").tolist() == [1.0, 0.0, 1.0]
    if suffix != ".csv":
        assert back.geometry.tolist() == table.geometry.tolist()
        assert back.geometry_type == "Point"


def test_a_column_with_an_empty_cell_in_one_batch_only_stays_numeric(tmp_path):
    count = 45_000  # more than two batches
    values = np.arange(count, dtype=float)
    values[-1] = np.nan
    write_table(Table({"v": values, "n": np.arange(count)}), tmp_path / "t.gpkg")
    back = read_table(tmp_path / "t.gpkg", columns=["v", "n"])
    np.testing.assert_array_equal(back["v"], values)
    assert back["n"].dtype == np.int64
    assert back["n"][-1] == count - 1


def test_only_the_wanted_columns_are_read(tmp_path):
    write_table(sample(), tmp_path / "t.gpkg")
    assert list(read_table(tmp_path / "t.gpkg", columns=["aot", "absent"]).columns) == ["aot"]


def test_geometry_comes_back_in_degrees(tmp_path):
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(tmp_path / "utm.gpkg"))
    layer = dataset.CreateLayer("utm", reference, ogr.wkbPoint)
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometry(ogr.CreateGeometryFromWkt("POINT (500000 0)"))
    layer.CreateFeature(feature)
    layer.CreateFeature(ogr.Feature(layer.GetLayerDefn()))
    dataset = layer = None
    table = read_table(tmp_path / "utm.gpkg")
    point = ogr.CreateGeometryFromWkb(table.geometry[0])
    assert point.GetX() == pytest.approx(3.0, abs=1e-9)
    assert point.GetY() == pytest.approx(0.0, abs=1e-9)
    assert table.geometry[1] is None


def test_polygons_keep_their_last_byte(tmp_path):
    ring = "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"
    shape = bytes(ogr.CreateGeometryFromWkt(ring).ExportToWkb(ogr.wkbNDR))
    geometry = np.array([shape, None], dtype=object)
    table = Table(
        {"name": np.array(["a", "b"], dtype=object)}, geometry=geometry, geometry_type="Polygon"
    )
    write_table(table, tmp_path / "p.gpkg")
    back = read_table(tmp_path / "p.gpkg")
    assert back.geometry.tolist() == [shape, None]
    assert back.geometry_type == "Polygon"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_separators_byte_order_mark_and_gzip(tmp_path, separator):
    text = separator.join(["a", "b"]) + "\n" + separator.join(["1", "2.5"]) + "\n\n"
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + text.encode()))
    table = read_table(path)
    assert list(table.columns) == ["a", "b"]
    assert table.floats("b").tolist() == [2.5]


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", InputError, "is empty"),
        (b"<html><body>Sorry</body></html>", InputError, "web page"),
        (b"\x00\x01\x02", InputError, "binary"),
        (b"a,b,c\n1,2,3\n4,5", TableError, "Line 3 .* truncated"),
    ],
)
def test_files_that_are_no_table(tmp_path, content, error, words):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(error, match=words) as caught:
        read_table(path)
    assert "bad.csv" in str(caught.value)


def test_other_unreadable_files(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_table(tmp_path / "none.gpkg")
    (tmp_path / "bad.gpkg").write_bytes(b"not a database")
    with pytest.raises(InputError, match="bad.gpkg"):
        read_table(tmp_path / "bad.gpkg")
    (tmp_path / "bad.csv.gz").write_bytes(b"not gzip")
    with pytest.raises(InputError, match="gzip"):
        read_table(tmp_path / "bad.csv.gz")
    write_table(sample(), tmp_path / "t.gpkg")
    with pytest.raises(InputError, match="no layer 'x'"):
        read_table(tmp_path / "t.gpkg", "x")


def test_an_unknown_format_is_refused(tmp_path):
    with pytest.raises(OutputError, match=r"'.shp'.*gpkg"):
        write_table(sample(), tmp_path / "t.shp")


_FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import numpy as np
from calval_toolbox.core.errors import OutputError
from calval_toolbox.core.io.tables import write_table
from calval_toolbox.core.table import Table
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    write_table(Table({"a": np.arange(200_000)}), sys.argv[1])
except OutputError as error:
    sys.exit("refused: " + str(error))
"""


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".csv"])
def test_a_full_disk_is_noticed(tmp_path, suffix):
    """A limit on the size of files stands in for the disk: writes beyond it fail alike."""
    plugins = Path(__file__).parents[3] / "build" / "plugins"
    run = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(tmp_path / f"t{suffix}")],
        env={**os.environ, "PYTHONPATH": str(plugins)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert f"refused: t{suffix}" in run.stderr


def test_an_empty_table_is_a_table(tmp_path):
    write_table(sample(0), tmp_path / "t.gpkg")
    assert len(read_table(tmp_path / "t.gpkg")) == 0


def test_writing_stops_when_asked(tmp_path):
    class Impatient(Silent):
        def canceled(self):
            return True

    with pytest.raises(Exception, match="Canceled"):
        write_table(sample(), tmp_path / "t.gpkg", progress=Impatient())


def test_a_single_column_comes_back(tmp_path):
    write_table(Table({"a": np.array([1.0, 2.0])}), tmp_path / "one.csv")
    assert read_table(tmp_path / "one.csv").floats("a").tolist() == [1.0, 2.0]


def test_of_two_columns_with_one_name_the_first_counts(tmp_path):
    (tmp_path / "t.csv").write_text("a,b,a\n1,2,3\n")
    table = read_table(tmp_path / "t.csv")
    assert table.floats("a").tolist() == [1.0]
    assert list(table.columns) == ["a", "b"]
