# SPDX-License-Identifier: GPL-3.0-or-later
"""Observations that a source holds twice: exact copies are used once, and the user is told.

One rule for all that read series or stacks. A copy is an observation of the same time with the same
values as another: of tables that were put together twice, or of files that lie in two folders. Two
different values of one observation are no copies, and are refused where they are read
(``table_checks``, ``dated_rasters``).
"""

from __future__ import annotations

import numpy as np

from ..progress import Progress, Silent
from ..table import Table
from ..types import BoolArray, FloatArray, TimeArray
from .long_table import SeriesColumns
from .table import series_from_table
from .types import TimeSeries, is_clear


def repeated(times: TimeArray, values: FloatArray, masked: BoolArray) -> BoolArray:
    """Which observations (n,) have the time and the values (n, k) of another: of those the first
    clear one is used, or the first where none is clear, whatever their order.

    Bands that a copy lacks (NaN) do not make it another observation: each of its rows is a copy. An
    observation without any value is a copy of another such one only.
    """
    double = np.zeros(len(times), bool)
    there = np.isfinite(values)
    kept: dict[int, list[int]] = {}
    for i in np.lexsort((-there.sum(axis=1), masked)).tolist():
        same = kept.setdefault(int(times[i].astype(np.int64)), [])
        double[i] = any(_holds(values[other], values[i], there[i]) for other in same)
        if not double[i]:
            same.append(i)
    return double


def _holds(used: FloatArray, one: FloatArray, there: BoolArray) -> bool:
    """Whether all values of ``one`` (k,), which are ``there``, are in those ``used`` (k,)."""
    if not there.any():
        return not np.isfinite(used).any()
    return bool((used[there] == one[there]).all())


def repeat_note(site: str, count: int) -> str:
    """What the user is told of ``count`` copies."""
    what = (
        f"{count} observations occur twice and were"
        if count > 1
        else ("1 observation occurs twice and was")
    )
    return f"'{site}': {what} used once."


def series_without_repeats(
    table: Table,
    columns: SeriesColumns | None = None,
    value_scale: float = 1.0,
    progress: Progress | None = None,
) -> list[TimeSeries]:
    """As ``series_from_table``, without exact copies of observations; ``progress`` is warned of
    them, site by site.
    """
    progress = progress or Silent()
    kept = []
    for one in series_from_table(table, columns, value_scale):
        values = np.where(np.isfinite(one.values), one.values, np.nan)
        double = repeated(one.times, values, ~is_clear(one.mask_state))
        if double.any():
            progress.warn(repeat_note(one.site, int(double.sum())))
            one = one.select(~double)
        kept.append(one)
    return kept
