# SPDX-License-Identifier: GPL-3.0-or-later
"""Classes whose samples lie mostly in one polygon: what is said of them is said of that polygon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..types import AnyArray, FloatArray
from ..wording import listed

MOST = 0.5  # of the samples of a class; more in one polygon is told
_NAMED = 6


@dataclass(frozen=True)
class Largest:
    """The polygon (its ``name``) with most samples of each class (classes,): its ``share`` of them
    (0 to 1, NaN without samples), and in how many ``polygons`` they lie.
    """

    share: FloatArray
    name: AnyArray
    polygons: npt.NDArray[np.int64]


def largest_polygons(index: AnyArray, polygons: AnyArray, classes: int) -> Largest:
    """Of samples (n,) by the ``index`` of their class and what names their polygon."""
    names, unit = np.unique(polygons, return_inverse=True)
    size = max(len(names), 1)
    pairs, counts = np.unique(np.asarray(index) * size + unit.ravel(), return_counts=True)
    owner, polygon = np.divmod(pairs, size)
    order = np.lexsort((counts, owner))
    share, name = np.full(classes, np.nan), np.full(classes, "", dtype=object)
    # The last one that is written is the largest.
    total = np.bincount(owner, counts, classes)
    share[owner[order]] = counts[order] / total[owner[order]]
    name[owner[order]] = names[polygon[order]].astype(object)
    return Largest(share, name, np.bincount(owner, minlength=classes))


def dominated(found: Largest, labels: Sequence[str], what: str) -> list[str]:
    """Sentences that name the classes with all or most of their samples (``what`` in words) in one
    polygon; none where there are none.
    """
    most, alone = found.share > MOST, found.polygons == 1
    notes = []
    if alone.any():
        told = [f"{labels[at]} (polygon {found.name[at]})" for at in np.flatnonzero(alone)]
        notes.append(
            f"All {what} lie in one polygon: {listed(told, _NAMED)}. How such a class varies from "
            "polygon to polygon is not known, and no interval can be given: add others."
        )
    if (most & ~alone).any():
        told = [
            f"{labels[at]} ({100.0 * found.share[at]:.0f} % in polygon {found.name[at]})"
            for at in np.flatnonzero(most & ~alone)
        ]
        notes.append(
            f"More than half of the {what} lie in one polygon: {listed(told, _NAMED)}. What is "
            "learned or said of such a class is little more than of that polygon: add others."
        )
    return notes
