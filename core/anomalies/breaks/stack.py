# SPDX-License-Identifier: GPL-3.0-or-later
"""What both detectors do with the dates of a stack before they look at the values."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ...types import AnyArray, TimeArray
from ...wording import plural


def by_date(
    values: npt.NDArray[np.floating[Any]], times: TimeArray
) -> tuple[npt.NDArray[np.floating[Any]], TimeArray, AnyArray]:
    """``values`` (n, ...) and ``times`` (n,) in increasing order of days, one line per day; and for
    each of the n observations the index of its line.

    Two observations of one day (two tiles, two sensors) are averaged where both are finite, because
    a test of consecutive observations would count the same sky twice. Raises ``InputError`` where
    there is no date, one date is missing, or there are not as many dates as lines of values.
    """
    if len(times) != len(values):
        raise InputError(
            f"{plural(len(times), 'date')} for {plural(len(values), 'layer')} of values: give one "
            "date each."
        )
    if not len(times):
        raise InputError("There is no date in the series: nothing can be tested.")
    if np.isnat(times).any():
        raise InputError(
            f"Date {int(np.isnat(times).argmax()) + 1} of {len(times)} is missing: give all dates, "
            "or leave out the layers without one."
        )
    days, lines = np.unique(times.astype("datetime64[D]"), return_inverse=True)
    if len(days) == len(times):
        order = np.argsort(lines)
        return (values if np.all(order[:-1] < order[1:]) else values[order]), days, lines
    sums = np.zeros((len(days), *values.shape[1:]))
    count = np.zeros(sums.shape)
    finite = np.isfinite(values)
    np.add.at(sums, lines, np.where(finite, values, 0.0))
    np.add.at(count, lines, finite)
    with np.errstate(invalid="ignore"):
        return sums / count, days, lines
