# SPDX-License-Identifier: GPL-3.0-or-later
"""How many reference samples a map needs, and how they are spread over its classes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ...table import Table
from ...types import FloatArray
from ..classes import Classes

LEAST_IN_CLASS = 50
_FEWEST = 2  # a standard error needs two


@dataclass(frozen=True)
class SampleDesign:
    """``total``: samples in all; ``equal``, ``proportional``, ``mixed`` (classes,): how they may be
    spread; ``shares`` (classes,): of the map; ``users`` (classes,): expected user's accuracies.
    """

    classes: Classes
    shares: FloatArray
    users: FloatArray
    total: int
    equal: npt.NDArray[np.int64]
    proportional: npt.NDArray[np.int64]
    mixed: npt.NDArray[np.int64]

    def error(self, sizes: npt.NDArray[np.int64]) -> float:
        """The standard error of the overall accuracy that ``sizes`` let expect (eq. 5)."""
        spread = self.shares**2 * self.users * (1.0 - self.users)
        return float(np.sqrt((spread / np.maximum(sizes - 1, 1)).sum()))

    def table(self) -> Table:
        """A row for each class."""
        return Table(
            {
                "class": np.array(self.classes.labels, dtype=object),
                "code": self.classes.codes,
                "map_share": self.shares,
                "expected_users_accuracy": self.users,
                "equal": self.equal,
                "proportional": self.proportional,
                "mixed": self.mixed,
            },
            "sample design",
        )


def sample_size(shares: FloatArray, users: FloatArray, target_error: float) -> int:
    """Samples that bring the standard error of the overall accuracy to ``target_error``.

    (sum of W_i S_i / target)² with S_i = sqrt(U_i (1 - U_i)), for maps of many pixels: Cochran
    1977, eq. 5.25; Olofsson et al. 2014, eq. 13 (10.1016/j.rse.2014.02.015).
    """
    spread = float((shares * np.sqrt(users * (1.0 - users))).sum())
    return math.ceil((spread / target_error) ** 2 - 1e-9)


def design_sample(
    classes: Classes,
    areas: FloatArray,
    users: FloatArray,
    target_error: float,
    least: int = LEAST_IN_CLASS,
) -> SampleDesign:
    """The size of a stratified sample and three ways to spread it: equally, by area, and mixed:
    ``least`` in each rare class, the rest by area (Olofsson et al. 2014, section 5.1).

    ``users`` (classes,): expected user's accuracies. Raises ``InputError`` where a number cannot be
    used, or no class has an area.
    """
    if not 0.0 < target_error < 0.5:
        raise InputError("The standard error that is wanted lies between 0 and 0.5, as 0.01.")
    if not ((users >= 0.0) & (users <= 1.0)).all():
        raise InputError("Expected user's accuracies lie between 0 and 1.")
    if not areas.sum() > 0.0:
        raise InputError("No class has an area: the sample cannot be planned.")
    shares = areas / areas.sum()
    total = sample_size(shares, users, target_error)
    there = shares > 0.0
    total = max(total, _FEWEST * int(there.sum()))
    return SampleDesign(
        classes, shares, users, total,
        spread_over(there.astype(np.float64), total), spread_over(shares, total),
        _mixed(shares, total, least),
    )  # fmt: skip


def spread_over(weights: FloatArray, total: int) -> npt.NDArray[np.int64]:
    """Whole numbers (n,) in proportion to ``weights`` that sum to ``total``: the largest remainders
    are rounded up.
    """
    exact = weights / weights.sum() * total
    found = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(found - exact, kind="stable")
    found[order[: total - int(found.sum())]] += 1
    return np.asarray(found)


def _mixed(shares: FloatArray, total: int, least: int) -> npt.NDArray[np.int64]:
    """``least`` for classes that would get fewer, again until all others get more."""
    there = shares > 0.0
    least = min(least, total // int(there.sum()))
    rare = np.zeros(len(shares), dtype=np.bool_)
    while True:
        rest = total - least * int(rare.sum())
        common = np.where(rare, 0.0, shares)
        if not common.sum() > 0.0:
            return spread_over(there.astype(np.float64), total)
        sizes = np.where(rare, least, spread_over(common, rest))
        more = there & ~rare & (sizes < least)
        if not more.any():
            return np.asarray(sizes)
        rare |= more
