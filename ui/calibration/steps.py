# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of the sliders: limits that make a difference in the table, months that are in it."""

from __future__ import annotations

import numpy as np

from ...core.types import FloatArray, TimeArray

ALL = 1e9
AS_TABLE = 0.0
SIGMAS = (AS_TABLE, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0)
_NICE = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
_MOST = 24


def limits(values: FloatArray) -> tuple[float, ...]:
    """Even steps up to the largest size of ``values`` (n,), and one for no limit; none where no
    value is known.
    """
    known = np.abs(values[np.isfinite(values)])
    if not len(known):
        return ()
    top = float(known.max())
    step = next((one for one in _NICE if top / one <= _MOST), top / _MOST)
    count = max(1, int(np.ceil(top / step)) - 1)
    return (*(round(step * (place + 1), 6) for place in range(count)), ALL)


def months(time: TimeArray) -> tuple[np.datetime64, ...]:
    """All months from the first to the last time."""
    known = time[~np.isnat(time)]
    if not len(known):
        return ()
    first, last = (one.astype("datetime64[M]") for one in (known.min(), known.max()))
    return tuple(np.arange(first, last + 1))
