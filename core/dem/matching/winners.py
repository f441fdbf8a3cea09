# SPDX-License-Identifier: GPL-3.0-or-later
"""The best candidate of each left pixel, checked from the right, all from one volume.

The sums of a right pixel are those of the left pixels that may meet it (a diagonal of the volume),
so the right image's disparities cost no second matching. Hirschmueller 2008 (DOI
10.1109/TPAMI.2007.1166, part 2.3) for the check, and for telling what failed it apart.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...jit import Kernel, runs_compiled
from .values import NO_SUM, Candidates, Indices, Status, Statuses, Sums

Keys = npt.NDArray[np.uint32]

NONE = np.uint32(0xFFFFFFFF)
LAST = np.uint32(0xFFFF)
BITS = np.uint32(16)
MATCHED, NO_DATA = int(Status.MATCHED), int(Status.NO_DATA)
RANGE_EDGE, OCCLUDED = int(Status.RANGE_EDGE), int(Status.OCCLUDED)
MISMATCHED = int(Status.MISMATCHED)


def winners(
    sums: Sums,
    candidates: Candidates,
    right_columns: int,
    within_px: float = 1.0,
    compiled: bool | None = None,
) -> tuple[Indices, Statuses]:
    """(index of the best candidate or -1, ``Status``), both (rows, columns).

    A pixel is matched where the best candidate of the right pixel that it meets is at most
    ``within_px`` away. The first of equal candidates is taken.
    """
    rows, count, columns = sums.shape
    places = np.array([candidates.place(i) for i in range(count)], np.int64)
    within = int(round(within_px * candidates.steps))
    if not runs_compiled(compiled):
        return _winners_numpy(sums, places, candidates.steps, right_columns, within)
    index = np.empty((rows, columns), np.int16)
    status = np.empty((rows, columns), np.uint8)
    right = np.empty((candidates.steps, right_columns), np.uint32)
    for row in range(rows):
        choose(sums[row], places, right, index[row], status[row], within)
    return index, status


@Kernel
def choose(
    sums: Sums,
    places: npt.NDArray[np.int64],
    right: Keys,
    index: Indices,
    status: Statuses,
    within: int,
) -> None:
    """The winners of one row: ``sums`` (candidates, columns).

    A key holds the sum above the index, so that the smallest key is the best candidate.
    """
    count, columns = sums.shape
    left = np.empty(columns, np.uint32)
    left[:] = NONE
    right[:] = NONE
    for d in range(count):
        line, mine = sums[d], np.uint32(d)
        phase, shift = places[d]
        first, last = max(0, shift), min(columns, right.shape[1] + shift)
        if last > first:
            near, here = line[first:last], left[first:last]
            far = right[phase, first - shift : last - shift]
            for c in range(last - first):
                key = np.uint32((np.uint32(near[c]) << BITS) | mine)
                here[c] = min(here[c], key)
                far[c] = min(far[c], key)
    for c in range(columns):
        best = np.int64(left[c] & LAST)
        if (left[c] >> BITS) == NO_SUM:
            index[c], status[c] = -1, NO_DATA
            continue
        index[c] = best
        status[c] = MATCHED
        if best == 0 or best == count - 1:
            status[c] = RANGE_EDGE
            continue
        phase, shift = places[best]
        if abs(np.int64(right[phase, c - shift] & LAST) - best) > within:
            status[c] = reason(sums, places, right, c)


@Kernel
def reason(sums: Sums, places: npt.NDArray[np.int64], right: Keys, column: int) -> int:
    """Mismatched where a right pixel has this left pixel as its best, else occluded."""
    for d in range(len(places)):
        phase, shift = places[d]
        if sums[d, column] != NO_SUM and 0 <= column - shift < right.shape[1]:
            if np.int64(right[phase, column - shift] & LAST) == d:
                return MISMATCHED
    return OCCLUDED


def _winners_numpy(
    sums: Sums,
    places: npt.NDArray[np.int64],
    steps: int,
    right_columns: int,
    within: int,
) -> tuple[Indices, Statuses]:
    rows, count, columns = sums.shape
    left = np.full((rows, columns), NONE)
    right = np.full((steps, rows, right_columns), NONE)
    for d, (phase, shift) in enumerate(places):
        near, far = _meeting(shift, columns, right_columns)
        key = (sums[:, d, near].astype(np.uint32) << BITS) | np.uint32(d)
        left[:, near] = np.minimum(left[:, near], key)
        right[phase][:, far] = np.minimum(right[phase][:, far], key)
    index = (left & LAST).astype(np.int64)
    none = (left >> BITS) == NO_SUM
    edge = (index == 0) | (index == count - 1)
    other = (right & LAST).astype(np.int64)
    claimed = np.zeros((rows, columns), bool)
    back = np.full((rows, columns), -count - within)
    for d, (phase, shift) in enumerate(places):
        near, far = _meeting(shift, columns, right_columns)
        seen = other[phase][:, far]
        claimed[:, near] |= (seen == d) & (sums[:, d, near] != NO_SUM)
        back[:, near] = np.where(index[:, near] == d, seen, back[:, near])
    failed = np.where(claimed, MISMATCHED, OCCLUDED)
    status = np.where(abs(back - index) > within, failed, MATCHED)
    status = np.where(none, NO_DATA, np.where(edge, RANGE_EDGE, status))
    return np.where(none, -1, index).astype(np.int16), status.astype(np.uint8)


def _meeting(shift: int, columns: int, right_columns: int) -> tuple[slice, slice]:
    """The left columns that meet the right image at ``shift``, and the right ones."""
    first, last = max(0, shift), min(columns, right_columns + shift)
    last = max(first, last)
    return slice(first, last), slice(first - shift, last - shift)
