# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps: how much each band changes from one date to the next, as features beside the values.

Distances between samples see two curves of one shape at two levels as far apart, date by date;
their steps are alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .date_order import series_by_band

UNNAMED = "band"  # of files that describe no band
Steps = npt.NDArray[np.int32]


def no_steps() -> Steps:
    """Of features that are no series."""
    return np.zeros((0, 2), dtype=np.int32)


def steps_of(features: Sequence[str]) -> Steps:
    """Places (steps, 2) of the later and the earlier feature of each two consecutive dates (or
    numbers) of a band; features without a date or number are in none, nor are ``band_1``,
    ``band_2``, ..., which are names of bands that have none.
    """
    places = {text: place for place, text in enumerate(features)}
    found = [
        (places[later.text], places[earlier.text])
        for name, series in series_by_band(features).items()
        for earlier, later in zip(series, series[1:], strict=False)
        if name != UNNAMED and earlier.dated == later.dated and earlier.text != name
    ]
    return np.array(found, dtype=np.int32).reshape(-1, 2)


def with_steps(values: npt.NDArray[np.float32], steps: Steps) -> npt.NDArray[np.float32]:
    """``values`` (n, features) with the ``steps`` (steps, 2) as features after them, later date
    minus earlier one: (n, features + steps).
    """
    if not len(steps):
        return values
    return np.hstack([values, values[:, steps[:, 0]] - values[:, steps[:, 1]]])
