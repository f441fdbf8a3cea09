# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact copies are used once, with a warning; two values of one observation are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from calval_toolbox.core.errors import CalValError
from calval_toolbox.core.io.dated_rasters import StackOptions, stack_products
from calval_toolbox.core.progress import Silent
from calval_toolbox.core.series.duplicates import repeated, series_without_repeats
from calval_toolbox.core.series.long_table import SeriesColumns
from calval_toolbox.core.series.regular_files import RegularGrid, regularize_table
from calval_toolbox.core.series.regularize import GapFilling
from calval_toolbox.core.table import Table

Write = Callable[..., Path]


class Told(Silent):
    """Remembers the warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def table(*rows: tuple[str, str, float], product: str = "a") -> Table:
    """Rows of site, day and value of one band."""
    sites, days, values = zip(*rows, strict=True)
    return Table(
        {
            "site": np.array(sites, dtype=object),
            "time": np.array(days, dtype=object),
            "band": np.full(len(rows), "B4", dtype=object),
            "value": np.array(values),
            "mask_state": np.full(len(rows), "clear", dtype=object),
            "product": np.array([f"{product}{i}" for i in range(len(rows))], dtype=object),
        },
        "rows",
    )


ROWS = (
    ("A", "2020-07-01", 0.1), ("A", "2020-07-05", 0.2), ("A", "2020-07-05", 0.2),
    ("A", "2020-07-09", 0.3), ("B", "2020-07-01", 0.1), ("B", "2020-07-02", 0.1),
)  # fmt: skip


def test_a_copy_is_used_once_and_told() -> None:
    told = Told()
    first, second = series_without_repeats(table(*ROWS), progress=told)
    assert first.values[:, 0].tolist() == [0.1, 0.2, 0.3]
    assert len(second) == 2, "the same value on another day is no copy"
    assert told.warnings == ["'A': 1 observation occurs twice and was used once."]


def test_a_copy_of_some_bands_is_a_copy() -> None:
    """Whatever the other bands do, and whichever comes first; other values are no copies."""
    nan = np.nan
    days = np.full(5, "2020-07-01", dtype="datetime64[ms]")
    values = np.array([[nan, 0.2], [0.1, 0.2], [0.1, nan], [0.1, 0.3], [nan, nan]])
    masked = np.zeros(5, bool)
    assert repeated(days, values, masked).tolist() == [True, False, True, False, False]
    days[2] += np.timedelta64(1, "D")
    masked[1] = True
    assert not repeated(days, values, masked)[:4].any(), "what is masked does not stand for clear"


def test_rows_that_occur_twice_in_some_bands_are_used_once() -> None:
    """Two of three bands of one date again: the date is one observation, and the user is told."""
    one = table(*(("A", f"2020-07-0{day}", day / 10) for day in (1, 1, 1, 5, 1, 1)))
    bands = np.array(["B2", "B4", "B8", "B2", "B2", "B4"], dtype=object)
    made = {**one.columns, "band": bands, "product": np.full(6, "p", dtype=object)}
    told = Told()
    (series,) = series_without_repeats(replace(one, columns=made), progress=told)
    assert len(series) == 2
    assert told.warnings == ["'A': 1 observation occurs twice and was used once."]


def test_regular_series_are_those_without_copies() -> None:
    told = Told()
    grid = RegularGrid("2020-07-01", "2020-07-09", 4)
    whole, fewer = (
        regularize_table(table(*rows), SeriesColumns(), 1.0, grid, GapFilling(), told).table
        for rows in (ROWS, (*ROWS[:2], *ROWS[3:]))
    )
    assert np.array_equal(whole["value"], fewer["value"], equal_nan=True)
    assert len(told.warnings) == 1


def test_two_values_of_one_observation_are_refused() -> None:
    rows = table(("A", "2020-07-01", 0.1), ("A", "2020-07-05", 0.2), ("A", "2020-07-05", 0.4))
    same = replace(rows, columns={**rows.columns, "product": np.full(3, "a", dtype=object)})
    with pytest.raises(CalValError, match="two values of the same observation: site A"):
        series_without_repeats(same)


def test_a_copied_image_is_left_out_and_told(
    land: SimpleNamespace, write_stack: Write, tmp_path: Path
) -> None:
    pixels = land.ramp(0.1)[None].astype(np.float32)
    one = write_stack(tmp_path / "i_20200703.tif", pixels, ("red",))
    copy = write_stack(tmp_path / "two" / "i_20200703.tif", pixels, ("red",))
    other = write_stack(tmp_path / "i_20200708.tif", pixels, ("red",))
    told = Told()
    found = stack_products([str(one), str(copy), str(other)], StackOptions(), told)
    assert [str(product.time)[:10] for product in found] == ["2020-07-03", "2020-07-08"]
    assert told.warnings == [
        "1 band of a date is there twice with the same pixels; the copies were left out."
    ]
    moved = pixels.copy()
    moved[0, 3, 3] += 0.01
    write_stack(copy, moved, ("red",))
    with pytest.raises(CalValError, match="both hold band red of 2020-07-03"):
        stack_products([str(one), str(copy), str(other)])
