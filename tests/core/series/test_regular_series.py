# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of series on regular dates, with planted values and gaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calval_toolbox.core.series.regular_files import RegularGrid, regularize_series
from calval_toolbox.core.series.regularize import GapFilling
from calval_toolbox.core.series.types import TimeSeries

DAYS = (1, 6, 11, 21, 31)


def series(site: str = "A", clear: bool = True) -> TimeSeries:
    times = np.array([f"2020-07-{day:02d}T10:00" for day in DAYS], dtype="datetime64[ms]")
    values = np.column_stack([np.array(DAYS) * 0.01, np.array(DAYS) * 0.02])
    states = np.array(["clear" if clear else "cloud"] * 5, dtype=object)
    states[2] = "cloud"
    values[2] = 9.0
    blank = np.full(5, "", dtype=object)
    return TimeSeries(
        site, times, ("B4", "B8"), np.array([664.6, 832.8]), values, states, blank, blank, blank,
        1.5, 43.5,
    )  # fmt: skip


def test_series_on_regular_dates() -> None:
    grid = RegularGrid("2020-07-02", "2020-07-30", 7)
    report = regularize_series([series(), series("B", clear=False)], grid, GapFilling())
    table = report.table
    assert len(table) == 2 * 2 * 5
    expected = np.array([2, 9, 16, 23, 30]) - 10 / 24
    assert table["value"][:5] == pytest.approx(0.01 * expected, abs=1e-7)
    assert table["value"][5:10] == pytest.approx(0.02 * expected, abs=1e-7)
    assert np.isnan(table["value"][10:]).all()
    assert list(table["mask_state"][10:]) == ["nodata"] * 10
    assert table["days_to_clear"][0] == pytest.approx(14 / 24, abs=1e-5)
    assert (report.never_share, report.filled_share) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("grid", "sentence"),
    [
        (RegularGrid("2021-01-01", "2020-01-01"), "lies before the start"),
        (RegularGrid("NA", ""), "START .* is no date"),
        (RegularGrid("soon", ""), r"START \('soon'\) is no date"),
    ],
)
def test_wrong_dates_are_a_sentence(grid: RegularGrid, sentence: str) -> None:
    with pytest.raises(Exception, match=sentence):
        regularize_series([series()], grid, GapFilling())


def test_observations_without_a_mask_are_used_and_told() -> None:
    grid = RegularGrid("2020-07-02", "2020-07-30", 7)
    known = series()
    states = np.where(known.mask_state == "clear", "unmasked", known.mask_state)
    blind = replace(known, mask_state=states)
    expected, report = (regularize_series([one], grid, GapFilling()) for one in (known, blind))
    assert np.array_equal(report.table["value"], expected.table["value"])
    assert expected.notes == ()
    assert report.notes == (
        "4 of 5 observations have no mask; they were used as if they were clear.",
    )


def test_a_wrong_day_speaks_of_no_table() -> None:
    with pytest.raises(Exception, match="01/02/2020") as caught:
        regularize_series([series()], RegularGrid("01/02/2020", ""), GapFilling())
    told = str(caught.value)
    assert "START" in told
    assert "2020-01-31" in told
    assert "table" not in told
    assert "row" not in told
