# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the tiles that were matched show in the result: bends of the surface across their seams
against bends elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...types import AnyArray, BoolArray, FloatArray

BINS = 80
SMALLEST_M, LARGEST_M = 1e-3, 1e2
FEWEST = 200
# Medians of a few thousand correlated bends differ by some percent where there is no seam.
ALIKE = 1.25


@dataclass(frozen=True)
class SeamTest:
    """Medians (m) of the bend of the surface across ``count`` seams and elsewhere;
    NaN where there are too few.
    """

    seam_m: float
    inner_m: float
    count: int

    @property
    def ratio(self) -> float:
        """Of both; 1 where seams do not show."""
        return self.seam_m / self.inner_m if self.inner_m > 0.0 else float("nan")

    @property
    def visible(self) -> bool:
        """Whether seams bend the surface clearly more than what is between them."""
        return bool(self.ratio > ALIKE)


def seam_counts(height: AnyArray, owners: AnyArray) -> dict[str, list[int]]:
    """Histograms of bends, at the seams between the tiles of ``owners`` (rows, columns; -1 where
    there is none) and elsewhere.
    """
    seams, inner = np.zeros(BINS, dtype=np.int64), np.zeros(BINS, dtype=np.int64)
    for one, owner in ((height, owners), (height.T, owners.T)):
        if one.shape[1] < 4:
            continue
        # The step between two cells, less what the cells beside them let expect.
        bend = np.abs(
            (one[:, 2:-1] - one[:, 1:-2]) - 0.5 * (one[:, 1:-2] - one[:, :-3])
            - 0.5 * (one[:, 3:] - one[:, 2:-1])
        )  # fmt: skip
        known = np.isfinite(bend) & (owner[:, 2:-1] >= 0) & (owner[:, 1:-2] >= 0)
        apart = owner[:, 2:-1] != owner[:, 1:-2]
        seams += _histogram(bend, known & apart)
        inner += _histogram(bend, known & ~apart)
    return {"seam": seams.tolist(), "inner": inner.tolist()}


def seam_test(summaries: Sequence[Mapping[str, Any]]) -> SeamTest:
    """The test over all tiles."""
    seam = np.sum([one["seams"]["seam"] for one in summaries], axis=0)
    inner = np.sum([one["seams"]["inner"] for one in summaries], axis=0)
    return SeamTest(_median(seam), _median(inner), int(seam.sum()))


def _edges() -> FloatArray:
    return np.asarray(np.geomspace(SMALLEST_M, LARGEST_M, BINS - 1))


def _histogram(values: AnyArray, which: BoolArray) -> AnyArray:
    return np.bincount(np.searchsorted(_edges(), values[which]), minlength=BINS)


def _median(counts: AnyArray) -> float:
    """The median of a histogram, interpolated within its bin."""
    if counts.sum() < FEWEST:
        return float("nan")
    edges = np.concatenate([[0.0], _edges(), [LARGEST_M]])
    total = np.concatenate([[0], np.cumsum(counts)])
    return float(np.interp(0.5 * total[-1], total, edges))
