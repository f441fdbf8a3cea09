# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a table that has other columns: with the parameters named there it is read."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.errors import TableError
from calval_toolbox.core.series.column_advice import KEYS, check_columns
from calval_toolbox.core.series.long_table import SeriesColumns
from calval_toolbox.core.series.table import series_from_table
from calval_toolbox.core.table import Table

DAYS = np.arange(735600.0, 735640.0, 8.0)
FOREIGN = Table(
    {"dates": DAYS, "green": 405.0 + DAYS % 7, "nir": 1858.0 + DAYS % 9, "qa": DAYS % 5 // 2},
    "pixel.csv",
)


def said(table: Table, columns: SeriesColumns, scale: float = 1.0) -> str:
    with pytest.raises(TableError) as error:
        check_columns(table, columns, scale)
    return str(error.value)


def test_the_parameters_that_are_named_read_the_table() -> None:
    text = said(FOREIGN, SeriesColumns())
    assert text.startswith("pixel.csv has no columns 'site', 'time', 'band', 'value'. Its columns ")
    assert "(SITE_FIELD empty: one site; BAND_FIELD empty: a column per band)" in text
    advice = text.split("It may be read with ")[1].split(" (")[0]
    named = dict(re.findall(r"([A-Z_]+)=(\S*)", advice))
    fields = {field: named[key] for field, key in KEYS.items() if key in named}
    columns = replace(SeriesColumns(), **fields)
    check_columns(FOREIGN, columns)
    (series,) = series_from_table(FOREIGN, columns, float(named["VALUE_SCALE"]))
    assert series.bands == ("green", "nir")
    assert str(series.times[0])[:10] == "2015-01-02"


def test_what_was_said_already_is_not_advised() -> None:
    columns = SeriesColumns(
        site="place", time="dates", band="", value="green,nir", mask="qa", time_format="ordinal"
    )
    text = said(FOREIGN, columns, 0.0001)
    assert "no column 'place'" in text
    assert text.endswith("It may be read with SITE_FIELD= (SITE_FIELD empty: one site).")
    assert "TIME_FIELD" not in text
    assert "VALUE_SCALE" not in text


def test_without_a_guess_the_ways_are_named() -> None:
    text = said(Table({"a": np.ones(3), "b": np.ones(3)}, "x.csv"), SeriesColumns())
    assert "SITE_FIELD (empty for a table of one site)" in text
    assert "VALUE_FIELD (several, separated by commas" in text


def test_a_mask_is_only_missed_where_it_was_asked_for() -> None:
    wide = SeriesColumns(site="", time="dates", band="", value="green,nir", time_format="ordinal")
    check_columns(FOREIGN, wide)
    assert "no column 'cloudy'" in said(FOREIGN, replace(wide, mask="cloudy"))
