# SPDX-License-Identifier: GPL-3.0-or-later
"""The columnar table: kinds, empty cells, sentences."""

import numpy as np
import pytest

from calval_toolbox.core.errors import TableError
from calval_toolbox.core.table import Table, from_rows


def test_text_numbers_and_their_empty_spellings():
    table = Table({"a": np.array(["1.5", "NA", "", None, " -2 ", "NaT"], dtype=object)})
    np.testing.assert_array_equal(table.floats("a"), [1.5, np.nan, np.nan, np.nan, -2.0, np.nan])


def test_a_cell_that_is_no_number_is_named():
    table = Table({"a": np.array(["1.5", "cloudy"], dtype=object)}, name="scenes.csv")
    with pytest.raises(TableError, match=r"Column 'a' of scenes.csv is not numeric.*cloudy"):
        table.floats("a")


def test_a_comma_in_a_number_is_told_apart():
    table = Table({"a": np.array(["0.5", "1,374"], dtype=object)}, name="scenes.csv")
    with pytest.raises(TableError, match=r"row 2 holds '1,374'.*decimal point"):
        table.floats("a")


def test_empty_cells_are_empty_texts():
    times = np.array(["2016-05-01", "NaT"], dtype="datetime64[D]")
    table = Table({"a": np.array([2.0, np.nan]), "t": times})
    assert table.texts("a").tolist() == ["2.0", ""]
    assert table.texts("t").tolist() == ["2016-05-01", ""]


def test_a_missing_column_is_named_with_those_that_are_there():
    table = Table({"x": np.arange(2), "y": np.arange(2)}, name="scenes.csv")
    with pytest.raises(TableError, match=r"scenes.csv has no column 'aot'.*x, y"):
        table["aot"]
    np.testing.assert_array_equal(table.floats("aot", default=3.0), [3.0, 3.0])


def test_columns_must_be_of_one_length():
    with pytest.raises(ValueError, match="unequal"):
        Table({"x": np.arange(2), "y": np.arange(3)})


def test_rows_are_selected_with_their_geometry():
    table = Table({"x": np.arange(3)}, geometry=np.array([b"a", b"b", b"c"], dtype=object))
    chosen = table.select(np.array([True, False, True]))
    assert chosen["x"].tolist() == [0, 2]
    assert chosen.geometry.tolist() == [b"a", b"c"]


def test_from_rows_fills_what_is_missing():
    kinds = {"f": "float", "i": "int", "b": "bool", "t": "time", "s": "text"}
    table = from_rows(
        [{"f": 1, "i": 2, "b": 1, "t": np.datetime64("2016-01-01"), "s": "x"}, {}], kinds
    )
    assert np.isnan(table["f"][1])
    assert np.isnat(table["t"][1])
    assert (table["i"][1], table["b"][1], table["s"][1]) == (0, False, "")


def test_a_time_that_does_not_fit_is_named_with_its_row_and_what_to_give():
    cells = np.array(["2020-02-01", "", "02/02/2020", "01/02/2020"], dtype=object)
    with pytest.raises(TableError) as caught:
        Table({"when": cells}, "mine.csv").times("when")
    told = str(caught.value)
    assert "'02/02/2020' in row 3 of column 'when' of mine.csv does not fit ISO 8601" in told
    assert "TIME_FORMAT" in told


def test_cells_are_objects_and_empty_ones_are_blank() -> None:
    table = Table({
        "number": np.array([1.0, np.nan]), "whole": np.array([1, 2]),
        "time": np.array(["2020-01-01", "NaT"], dtype="datetime64[ms]"),
        "text": np.array(["a", None], dtype=object),
    })  # fmt: skip
    assert table.cells("number").tolist() == [1.0, ""]
    assert table.cells("whole").tolist() == [1, 2]
    assert table.cells("time")[1] == ""
    assert table.cells("text").tolist() == ["a", ""]
    with pytest.raises(TableError, match="no column 'other'"):
        table.cells("other")
