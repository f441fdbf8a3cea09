# SPDX-License-Identifier: GPL-3.0-or-later
"""Single cells of an elevation model that stick out of all around them.

A wrong height spoils the slopes of its neighbors, too, and what is interpolated between them: where
the same wrong height is in differences and in slopes, no robust fit tells the two apart. So such
cells are sought before slopes are taken. Each is compared with the means of the two cells on
opposite sides of it, in four directions: on a slope these are its own height, however steep it is.
(Filters that replace impulses alone: Sun and Neuvo 1994, DOI 10.1016/0167-8655(94)90082-5.)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..spread import median_and_nmad
from ..types import AnyArray
from .resample import Heights
from .shift import Pair

_FAR_NMAD, _LEAST_M = 10.0, 1.0
_TOLD = 0.005  # share of the cells
_ALIKE = 2  # neighbors about as high make the corner of a roof, no spike
_JUDGES = 200_000  # cells whose distances say what is usual
_AROUND = [(down, across) for down in (0, 1, 2) for across in (0, 1, 2) if (down, across) != (1, 1)]
_SORTED = ((0, 1), (2, 3), (0, 2), (1, 3), (1, 2))  # exchanges that sort four values


def smoothed(pair: Pair) -> tuple[Pair, tuple[str, ...]]:
    """The pair without the spikes of both models, and a note, where they are many; fewer than
    0.5 % do no harm to a robust fit, and stay.
    """
    model, one = without_spikes(pair.model)
    reference, other = without_spikes(pair.reference)
    shares = [count / max(1, np.count_nonzero(np.isfinite(height)))
              for count, height in ((one, model), (other, reference))]  # fmt: skip
    if max(shares) < _TOLD:
        return pair, ()
    return replace(pair, model=model, reference=reference), (
        f"Single cells stick out of all around them: {100.0 * shares[0]:.1f} % of the model, "
        f"{100.0 * shares[1]:.1f} % of the reference. The shift was found with what their "
        "neighbors let expect in their place; the models themselves keep them.",
    )


def without_spikes(height: Heights) -> tuple[Heights, int]:
    """``height`` (rows, columns; m, NaN = none) with its spikes replaced by what the cells around
    let expect, and how many they are.

    What is expected is the middle of the four means of opposite neighbors. A spike is farther from
    all four, to one side, than ten NMAD of the distances from their middle and than 1 m, and fewer
    than two of its neighbors are less than half as far from it in height. Missing neighbors
    let expect the cell's own height; the outermost rows and columns are left as they are.
    """
    if min(height.shape) < 3:
        return height, 0
    first, count = _replaced(height, height)
    # Beside several spikes a good cell may look like one: with them gone it does not.
    return _replaced(height, first) if count else (height, 0)


def _replaced(height: Heights, cleaned: Heights) -> tuple[Heights, int]:
    """``height`` without the spikes that ``cleaned`` shows, and how many they are."""
    low, middle, high = _expected(height, cleaned)
    off = np.where(low > 0.0, low, np.where(high < 0.0, high, 0.0))
    known = middle[np.isfinite(middle)]
    if not known.size:
        return height, 0
    nmad = median_and_nmad(known[:: max(1, known.size // _JUDGES)])[1]
    rows, columns = np.nonzero(np.abs(off) > max(_FAR_NMAD * nmad, _LEAST_M))
    own, far = height[rows + 1, columns + 1], np.abs(off[rows, columns])
    alike = np.zeros(rows.size, dtype=np.int64)
    for down, across in _AROUND:
        alike += np.abs(height[rows + down, columns + across] - own) < 0.5 * far
    rows, columns = rows[alike < _ALIKE], columns[alike < _ALIKE]
    made = height.copy()
    made[rows + 1, columns + 1] += middle[rows, columns]
    return made, int(rows.size)


def _expected(height: Heights, cleaned: Heights) -> tuple[AnyArray, AnyArray, AnyArray]:
    """The lowest, the middle and the highest of the four means of opposite neighbors, less the
    height of the cell, of all but the outermost ones; NaN where there is none.
    """
    own = height[1:-1, 1:-1]
    rows, columns = own.shape
    sides = [cleaned[down : down + rows, across : across + columns] for down, across in _AROUND]
    values = []
    for one, other in zip(sides[:4], sides[:3:-1], strict=True):
        off = 0.5 * (one + other) - own
        values.append(np.where(np.isnan(off) & np.isfinite(own), own.dtype.type(0.0), off))
    for at, to in _SORTED:
        one, other = values[at], values[to]
        values[at], values[to] = np.minimum(one, other), np.maximum(one, other)
    return values[0], 0.5 * (values[1] + values[2]), values[3]
