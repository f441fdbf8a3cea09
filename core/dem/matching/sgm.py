# SPDX-License-Identifier: GPL-3.0-or-later
"""Semi-global matching: costs summed along paths from eight directions.

Hirschmueller 2008, DOI 10.1109/TPAMI.2007.1166, equation 13 for the paths and 14 for the sum. A
path is at most (largest cost + P2), which fits a byte, and the sum of eight fits two. All is whole
numbers, one thread per pair: the results do not depend on the number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from ...errors import InputError
from ...jit import runs_compiled
from . import sgm_kernels, sgm_numpy
from .values import Costs, Sums


@dataclass(frozen=True)
class Penalties:
    """What a path pays for a change of the disparity: ``small`` (P1) by one candidate, ``large``
    (P2) by more. In bits of the census, at most 255 together with the number of bits.
    """

    small: int
    large: int


# By (window, steps per pixel). 5 x 5: what libsgm documents and CARS has as default. 7 x 7: of P1
# 8, 12 and 16, 12 has the least noise or within 5 % of it on planted relief of 0.1 px per pixel and
# on fractal relief; gentle slopes want more. Of P2 36, 40 and 48, less is better beside walls
# (heights within 1 m on 80, 79 and 78 % of roofs with B/H 0.15), more on steep rough ground
# (complete to 98.2, 98.2 and 98.7 % with B/H 0.7). With two steps a slope changes the candidate
# twice as often: of 4, 6, 8, 10 and 12, 8 is within 11 % of the least on all of them but planes.
PENALTIES = {
    (5, 1): Penalties(8, 32),
    (5, 2): Penalties(5, 32),
    (7, 1): Penalties(12, 40),
    (7, 2): Penalties(8, 48),
}


def check(penalties: Penalties, bits: int) -> None:
    """Raise ``InputError`` where the penalties are in the wrong order or too large for a byte."""
    small, large = penalties.small, penalties.large
    if not 0 <= small <= large:
        raise InputError(
            f"The penalties P1 {small} and P2 {large} of the matching have to be in order: "
            "0 <= P1 <= P2."
        )
    if bits + small + large > 255:
        raise InputError(
            f"The penalties P1 {small} and P2 {large} of the matching are too large: with the "
            f"{bits} bits of the census they may be {255 - bits} together."
        )


def aggregate(costs: Costs, penalties: Penalties, bits: int, compiled: bool | None = None) -> Sums:
    """Sums (rows, candidates, columns) uint16 of the paths from eight directions.

    ``costs`` (rows, candidates, columns) of at most ``bits``. Where there is no cost, paths go
    through with half of the bits, what two unrelated codes are apart, and the sum is ``NO_SUM``.
    Takes two bytes per pixel and candidate, and little beside.
    """
    check(penalties, bits)
    fill, p1, p2 = bits // 2, penalties.small, penalties.large
    way: ModuleType = sgm_kernels if runs_compiled(compiled) else sgm_numpy
    sums = np.empty(costs.shape, np.uint16)
    way.along_rows(costs, fill, p1, p2, sums)
    for upward in (False, True):
        way.across_rows(costs, fill, p1, p2, upward, sums)
    way.mark(costs, sums)
    return sums
