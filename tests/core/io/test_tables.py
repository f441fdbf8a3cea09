# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables survive the way to a file and back; files that are no tables are told apart."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr, osr

from calval_toolbox.core.errors import Canceled, InputError, OutputError, TableError
from calval_toolbox.core.io import csv_tables
from calval_toolbox.core.io.tables import points, positions, read_table, write_table
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.table import Table
from calval_toolbox.core.times import iso_texts


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


def test_numbers_in_csv_have_no_quotes(tmp_path):
    """In quotes they are text to QGIS; texts that look like numbers have them for that reason."""
    table = sample()
    named = np.array(["007", "b", "c"], dtype=object)[: len(table)]
    columns = {key: table[key] for key in ("count", "stable", "aot")} | {"name": named}
    write_table(Table(columns), tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1:3] == ['3,1,0.125,"007"', "1099511627776,0,,b"]
    write_table(Table({"n": np.array([2**60 + 1])}), tmp_path / "large.csv")
    assert read_table(tmp_path / "large.csv").texts("n").tolist() == [str(2**60 + 1)]


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
        (b"a,b\n" + b"1,2\n" * 2000 + b"1,\x00\n", InputError, "binary"),
        (b'a,b\n1,"' + b"x" * (1 << 26) + b"xx", TableError, "quotation mark"),
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
    packed = bytearray(gzip.compress(b"a,b\n1,2\n" * 5000))
    broken = bytes(packed[:20]) + b"\xff" * 30 + bytes(packed[50:])
    for content in (b"not gzip", bytes(packed[:-20]), broken):
        (tmp_path / "bad.csv.gz").write_bytes(content)
        with pytest.raises(InputError, match="bad.csv.gz is not a readable gzip file"):
            read_table(tmp_path / "bad.csv.gz")
    (tmp_path / "a.lev20").write_text("AERONET Version 3;")
    with pytest.raises(InputError, match=r"a.lev20.*calval:importaeronet"):
        read_table(tmp_path / "a.lev20")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=r"folder.csv is a folder: a file is needed"):
        read_table(tmp_path / "folder.csv")
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
from calval_toolbox.core.times import iso_texts
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
    assert "Check the free space" in run.stderr


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


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    # Permissions do not bind the administrator, whom the tests may run as.
    monkeypatch.setattr(csv_tables, "open", refuse, raising=False)
    with pytest.raises(
        InputError, match=r"t.csv cannot be read \(Permission denied\).*permissions"
    ):
        read_table(tmp_path / "t.csv")


def test_long_fields_blank_lines_and_separators_in_quotes(tmp_path):
    outline = "POLYGON ((" + "0 0, " * 40_000 + "0 0))"
    text = f'\r\n\n \nsite,"a;b;c;d",e\r\nA,"{outline}",1\r\n\r\n"B\n2",x,2\r\n'
    (tmp_path / "t.csv").write_bytes(text.encode())
    table = read_table(tmp_path / "t.csv")
    assert list(table.columns) == ["site", "a;b;c;d", "e"]
    assert table.texts("a;b;c;d").tolist() == [outline, "x"]
    assert table.texts("site").tolist() == ["A", "B\n2"]


def test_a_short_line_is_told_by_its_number_in_the_file(tmp_path):
    (tmp_path / "t.csv").write_text('\na,b\n\n"1\n2",3\n4\n')
    with pytest.raises(TableError, match="Line 6 of t.csv"):
        read_table(tmp_path / "t.csv")


def test_text_that_is_not_utf8_after_the_first_block_too(tmp_path):
    lines = "name,b\n" + "x,1\n" * 300_000 + "Valmanya é,2\n"
    (tmp_path / "t.csv").write_bytes(lines.encode("latin-1"))
    assert read_table(tmp_path / "t.csv").texts("name")[-1] == "Valmanya é"
    (tmp_path / "t.csv").write_bytes(lines.encode("utf-8"))
    assert read_table(tmp_path / "t.csv").texts("name")[-1] == "Valmanya é"
    (tmp_path / "t.csv").write_bytes("b,name\n1,Valmanya é".encode("latin-1"))
    assert read_table(tmp_path / "t.csv").texts("name")[-1] == "Valmanya é"


CELLS = {
    "digits": ["0012", "12", "7"],
    "whole": ["12", "-3", "0"],
    "gaps": ["1", "", "3"],
    "decimal": ["1.5", "", "-2.25"],
    "year_month": ["2016.10", "2016.11", "2016.12"],
    "stamp": ["20160501.105600", "20160502.105601", "20160503.105602"],
    "level": ["2.0", "1.5", "2.0"],
    "word": ["nan", "1.5", "inf"],
    "large": ["123456789012345678901", "1", "2"],
    "underscore": ["1_000", "2", "3"],
    "empty": ["", "", ""],
}


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("chunk", [1, 2, 20_000])
def test_cells_come_back_as_text_as_they_were(tmp_path, monkeypatch, name, chunk):
    monkeypatch.setattr(csv_tables, "_CHUNK", chunk)
    text = f"{name},end\n" + "".join(f"{cell},x\n" for cell in CELLS[name])
    (tmp_path / "t.csv").write_text(text)
    assert read_table(tmp_path / "t.csv").texts(name).tolist() == CELLS[name]


def test_numbers_are_kept_as_numbers(tmp_path):
    (tmp_path / "t.csv").write_text("a,b,c\n1,0.50,0.123450\n2,,-999.000000\n")
    table = read_table(tmp_path / "t.csv")
    assert [table[key].dtype.kind for key in "abc"] == ["i", "O", "f"]
    np.testing.assert_array_equal(table.floats("b"), [0.5, np.nan])
    assert table["c"].tolist() == [0.12345, -999.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("site;v\nA;1,374\nB;\nC;-0,50\nD;2\n", [1.374, np.nan, -0.5, 2.0]),
        ("site;v;w\nA;1,374;0.5\n", None),  # the comma may part thousands here
        ('site,v\nA,"1,374"\n', None),
        ("site;v\nA;1,374,000\n", None),
    ],
)
def test_decimal_commas_where_only_they_make_sense(tmp_path, text, expected):
    (tmp_path / "t.csv").write_text(text)
    table = read_table(tmp_path / "t.csv")
    if expected is None:
        with pytest.raises(TableError, match="row 1 holds '1,374.*decimal point"):
            table.floats("v")
    else:
        np.testing.assert_array_equal(table.floats("v"), expected)


_MEMORY = """
import resource, sys
from calval_toolbox.core.io.tables import read_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
table = read_table(sys.argv[1], columns=sys.argv[2].split(",") if sys.argv[2] else None)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(table), len(table.columns), (after - before) / 1024)
"""


@pytest.mark.parametrize(("columns", "megabytes"), [("site,time,a0", 35), ("", 60)])
def test_large_tables_take_little_memory(tmp_path, columns, megabytes):
    """100,000 rows of 13 columns: ten of them, all at once as text, would be 130 MB."""
    count, names = 100_000, ["site", "time", *(f"a{i}" for i in range(11))]
    values = np.random.default_rng(7).random((count, 11))
    times = iso_texts(np.datetime64("2016-01-01", "ms") + np.arange(count) * 61_000)
    with gzip.open(tmp_path / "t.csv.gz", "wt", compresslevel=1) as stream:
        stream.write(",".join(names) + "\n")
        for row, (time, cells) in enumerate(zip(times, values, strict=True)):
            stream.write(f"S{row % 50},{time}," + ",".join(f"{v:.6f}" for v in cells) + "\n")
    plugins = Path(__file__).parents[3] / "build" / "plugins"
    run = subprocess.run(
        [sys.executable, "-c", _MEMORY, str(tmp_path / "t.csv.gz"), columns],
        env={**os.environ, "PYTHONPATH": str(plugins)},
        capture_output=True,
        text=True,
        check=True,
    )
    rows, width, taken = run.stdout.split()
    assert (int(rows), int(width)) == (count, 3 if columns else 13)
    assert float(taken) < megabytes


def test_reading_stops_when_asked(tmp_path, monkeypatch):
    class Patient(Silent):
        def __init__(self, questions):
            self.left = questions

        def canceled(self):
            self.left -= 1
            return self.left < 0

    (tmp_path / "t.csv").write_text("a,b\n" + "1,2\n" * 50_000)
    with pytest.raises(Canceled):  # after one look at all bytes, between the rows
        read_table(tmp_path / "t.csv", progress=Patient(2))
    assert len(read_table(tmp_path / "t.csv", progress=Patient(100))) == 50_000
    monkeypatch.setattr(csv_tables, "_BLOCK", 1000)
    with pytest.raises(Canceled):  # between the bytes
        read_table(tmp_path / "t.csv", progress=Patient(100))


MOMENTS = [
    ("2018-07-01T12:00:00+02:00", "2018-07-01T10:00:00"),
    ("2018-07-01T12:00:00.250-03:30", "2018-07-01T15:30:00.250"),
    ("2018-07-01T12:00:00Z", "2018-07-01T12:00:00"),
    ("2018-07-01T12:00:00", "2018-07-01T12:00:00"),
    ("1969-12-31T23:30:00-01:00", "1970-01-01T00:30:00"),
    (None, "NaT"),
]


@pytest.mark.parametrize("driver", ["GeoJSON", "GPKG"])
def test_zone_offsets_of_layers_are_honored(tmp_path, driver):
    path = tmp_path / ("t.geojson" if driver == "GeoJSON" else "t.gpkg")
    features = [
        {
            "type": "Feature",
            "properties": {"site": f"S{row}", "when": text, "v": row + 0.5},
            "geometry": {"type": "Point", "coordinates": [row, 1]},
        }
        for row, (text, _) in enumerate(MOMENTS)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    if driver == "GeoJSON":
        path.write_text(text)
    else:
        gdal.VectorTranslate(str(path), gdal.OpenEx(text, gdal.OF_VECTOR), format=driver)
    table = read_table(path)
    expected = np.array([utc for _, utc in MOMENTS], dtype="datetime64[ms]")
    np.testing.assert_array_equal(table.times("when"), expected)
    assert [name for name in table.columns if name != "id"] == ["site", "when", "v"]
    assert table["v"].tolist() == [row + 0.5 for row in range(6)]
    assert positions(table.geometry)[0].tolist() == list(range(6))
    assert list(read_table(path, columns=["when"]).columns) == ["when"]


def test_messages_name_the_file_that_was_asked_for(tmp_path):
    hidden = tmp_path / "none" / ".o.85225e11.part.gpkg"
    with pytest.raises(OutputError) as caught:
        write_table(sample(), hidden, shown=tmp_path / "none" / "o.gpkg")
    assert str(caught.value).startswith("o.gpkg could not be written")
    assert "part" not in str(caught.value)
    assert "rights of the output folder" in str(caught.value)


@pytest.mark.parametrize("order", [ogr.wkbNDR, ogr.wkbXDR])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("POINT (7 8)", ""),
        ("POINT Z (7 8 9)", ""),
        ("POINT M (7 8 9)", ""),
        ("POINT ZM (7 8 9 10)", ""),
        ("MULTIPOINT (7 8)", ""),
        ("MULTIPOINT Z (7 8 9)", ""),
        ("MULTIPOINT (7 8, 9 10, 1 2)", "MultiPoint of 3 points"),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "Polygon"),
        ("LINESTRING (0 0, 1 1)", "Line String"),
    ],
)
def test_positions_of_points_in_all_spellings(text, reason, order):
    geometry = ogr.CreateGeometryFromWkt(text)
    shapes = np.empty(3, dtype=object)
    shapes[:] = [bytes(geometry.ExportToWkb(order)), bytes(geometry.ExportToIsoWkb(order)), None]
    longitude, latitude, reasons = positions(shapes)
    assert reasons.tolist() == [reason, reason, "no geometry"]
    place = (7.0, 8.0) if not reason else (np.nan, np.nan)
    np.testing.assert_array_equal(longitude, [place[0], place[0], np.nan])
    np.testing.assert_array_equal(latitude, [place[1], place[1], np.nan])


def test_an_empty_point_is_nowhere():
    shapes = np.empty(1, dtype=object)
    shapes[0] = bytes(ogr.CreateGeometryFromWkt("POINT EMPTY").ExportToIsoWkb())
    longitude, _, reasons = positions(shapes)
    assert np.isnan(longitude[0])
    assert reasons[0] == "empty point"


def test_positions_are_the_inverse_of_points():
    longitude, latitude = np.array([1.5, -116.4, np.nan]), np.array([43.6, -39.9, 3.0])
    found = positions(points(longitude, latitude))
    np.testing.assert_array_equal(found[0], longitude)
    np.testing.assert_array_equal(found[1], [43.6, -39.9, np.nan])


@pytest.mark.parametrize("count", [99, 130, 1900])
def test_wide_tables(tmp_path, count):
    """Samples of a year of Sentinel-2 have hundreds of features: SQLite's functions take 127."""
    names = [f"B4_{place}" for place in range(count)]
    columns = {name: np.array([float(place), np.nan]) for place, name in enumerate(names)}
    columns["label"] = np.array(["forêt", ""], dtype=object)
    spots = points(np.array([1.5, 2.5]), np.array([43.5, 44.5]))
    write_table(Table(columns, "wide", spots), tmp_path / "wide.gpkg", "wide")
    back = read_table(tmp_path / "wide.gpkg")
    assert list(back.columns) == [*names, "label"]
    assert [back[name][0] for name in names] == list(range(count))
    assert np.isnan(back[names[-1]][1])
    assert back["label"][0] == "forêt"
    assert positions(back.geometry)[0].tolist() == pytest.approx([1.5, 2.5])
