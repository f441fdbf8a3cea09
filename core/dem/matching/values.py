# SPDX-License-Identifier: GPL-3.0-or-later
"""What the steps of matching hand to each other: arrays, their marks, and the candidates.

Sign: the disparity d of a left pixel (r, c) is that of the right pixel (r, c - d). Volumes are
(rows, candidates, columns): the columns come last, so that the loops over them fill the vectors of
the processor whatever the number of candidates.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Float32 = npt.NDArray[np.float32]
Costs = npt.NDArray[np.uint8]
Sums = npt.NDArray[np.uint16]
Indices = npt.NDArray[np.int16]
Statuses = npt.NDArray[np.uint8]

NO_COST = 255  # a candidate whose left or right pixel has no census code
NO_SUM = 65535  # the same after the aggregation
MOST_CANDIDATES = 32000  # indices are kept as int16


class Status(IntEnum):
    """Why a left pixel has a disparity, or has none."""

    MATCHED = 0
    NO_DATA = 1  # NaN or a single value in its window, or no candidate inside the right image
    RANGE_EDGE = 2  # the best candidate is the first or last: the true one may lie beyond
    OCCLUDED = 3  # failed left-right check, and no right pixel has its line of sight
    MISMATCHED = 4  # failed left-right check otherwise
    SPECKLE = 5  # in a patch that is too small to be trusted


@dataclass(frozen=True)
class Candidates:
    """The disparities that are tried: from ``low`` to ``high`` pixels (high > low), ``steps`` 1 or
    2 per pixel.

    Two steps lie a quarter of a pixel beside the whole pixels: low - 1/4, low + 1/4, ..., high +
    1/4, for which the right image is interpolated at 1/4 and 3/4 pixel. Both are equally smooth.
    With whole and half pixels, the half ones are smoother, fit a noisy image better, and pull
    (medians off by up to 0.15 px at a signal to noise of 8).
    """

    low: int
    high: int
    steps: int = 1

    @property
    def first(self) -> float:
        """The lowest disparity, in pixels."""
        return self.low - (0.25 if self.steps == 2 else 0.0)

    @property
    def count(self) -> int:
        """How many there are."""
        return (self.high - self.low + 1) * self.steps

    def place(self, index: int) -> tuple[int, int]:
        """(phase, shift): left column c meets column c - shift of the right image of that phase.

        Phases are the image itself; or its values 1/4 and 3/4 pixel to the right.
        """
        phase = index % self.steps
        return phase, self.low + index // self.steps + phase
