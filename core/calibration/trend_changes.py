# SPDX-License-Identifier: GPL-3.0-or-later
"""When a series changed for good: steps sought under noise that remembers its past.

Changes are added one by one where the likelihood of the whole series grows most, over all dates
and kinds of noise together, and the earlier ones are then moved anew. How many there are is
decided by the modified Bayesian information criterion (Zhang & Siegmund 2007, Biometrics 63,
10.1111/j.1541-0420.2006.00662.x), which also pays for the choice of the date. Under noise with a
memory a criterion for independent noise finds steps that are none (Chakar et al. 2017, Bernoulli
23, 10.3150/15-BEJ782), hence the noise is fitted together with the steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..types import BoolArray, FloatArray
from .trend_noise import NoiseGrid, log_likelihood

MOST_CHANGES = 4
# A change costs this much besides: noise that remembers 1/40 of the span looks like steps too.
MARGIN = 3.0
_SWEEPS = 3


@dataclass(frozen=True)
class Segments:
    """How short a part between two changes may be: values, and days."""

    values: int = 8
    days: float = 90.0


@dataclass(frozen=True)
class ChangeFit:
    """Places of changes (the first value after each), and the criterion (smaller is better)."""

    places: tuple[int, ...]
    criterion: float


class ChangeSearch:
    """Looks for changes in values (n,) at ``days`` (n,), ascending, under the noise of a grid.

    ``sloped``: each part has a slope of its own, else it is level; ``beside`` (n, e): columns that
    are fitted besides.
    """

    def __init__(
        self,
        grid: NoiseGrid,
        days: FloatArray,
        values: FloatArray,
        sloped: bool,
        least: Segments,
        beside: FloatArray | None = None,
    ) -> None:
        self.days, self.sloped, self.least = days, sloped, least
        self._grid = grid
        count = len(days)
        base = level_columns(days, sloped)
        if beside is not None:
            base = np.concatenate([base, beside], axis=1)
        self._base = grid.whiten @ base
        self._values = grid.whiten @ values
        # Column j of a lower triangle of ones, whitened, is a sum of columns from the right.
        steps = np.flip(np.cumsum(np.flip(grid.whiten, axis=2), axis=2), axis=2)
        self._added = [steps]
        if sloped:
            hinges = np.maximum(days[:, None] - days[None, :], 0.0) / YEAR
            self._added.append(grid.whiten @ hinges)
        self._count = count

    def best(self) -> tuple[ChangeFit, ...]:
        """For 0, 1, ... changes the best places, as many as there is room for."""
        places: tuple[int, ...] = ()
        found = [ChangeFit((), self._criterion(()))]
        while len(places) < MOST_CHANGES:
            likelihood = self.likelihoods(places)
            if not np.isfinite(likelihood).any():
                break
            best = int(np.argmax(likelihood.max(axis=0)))
            places = self._settled(tuple(sorted((*places, best))))
            found.append(ChangeFit(places, self._criterion(places)))
            if min(one.criterion for one in found[-2:]) > min(one.criterion for one in found):
                break  # two more changes were not worth it: a pair of opposite steps would be
        return tuple(found)

    def likelihoods(self, places: Sequence[int]) -> FloatArray:
        """The log likelihood (g, n) with one more change, by its place; -inf: not allowed."""
        count = self._count
        squares = self._squares_with_one_more(places)
        found = log_likelihood(squares, self._grid.log_volume, count)
        return np.where(self._allowed(places), found, -np.inf)

    def _settled(self, places: tuple[int, ...]) -> tuple[int, ...]:
        for _ in range(_SWEEPS if len(places) > 1 else 0):
            before = places
            for one in before:
                others = tuple(place for place in places if place != one)
                moved = int(np.argmax(self.likelihoods(others).max(axis=0)))
                places = tuple(sorted((*others, moved)))
            if places == before:
                break
        return places

    def _criterion(self, places: tuple[int, ...]) -> float:
        count = self._count
        basis = self._orthogonal(places)
        squares = self._rest(basis)[1]
        likelihood = float(log_likelihood(squares, self._grid.log_volume, count).max())
        lengths = np.diff([0, *places, count]) / count
        own = 2 if self.sloped else 1
        penalty = own * np.log(count) + np.log(lengths).sum()
        penalty += len(places) * ((own + 2) * np.log(count) + MARGIN)
        return float(-2.0 * likelihood + penalty)

    def _orthogonal(self, places: Sequence[int]) -> FloatArray:
        columns = [self._base]
        columns += [kind[:, :, [place]] for place in places for kind in self._added]
        basis, _ = np.linalg.qr(np.concatenate(columns, axis=2))
        return np.asarray(basis)

    def _rest(self, basis: FloatArray) -> tuple[FloatArray, FloatArray]:
        turned = np.swapaxes(basis, 1, 2)
        rest = self._values - (basis @ (turned @ self._values[:, :, None]))[:, :, 0]
        return rest, np.maximum(np.einsum("gn,gn->g", rest, rest), 1e-20)

    def _squares_with_one_more(self, places: Sequence[int]) -> FloatArray:
        """The whitened sums of squares (g, n) with one more change at each place."""
        basis = self._orthogonal(places)
        turned = np.swapaxes(basis, 1, 2)
        rest, squares = self._rest(basis)
        free = [kind - basis @ (turned @ kind) for kind in self._added]
        along = [np.einsum("gnm,gn->gm", one, rest) for one in free]
        powers = [np.einsum("gnm,gnm->gm", one, one) for one in free]
        tiny = 1e-10
        if len(free) == 1:
            gain = np.where(powers[0] > tiny, along[0] ** 2 / np.maximum(powers[0], tiny), 0.0)
        else:
            mixed = np.einsum("gnm,gnm->gm", free[0], free[1])
            area = powers[0] * powers[1] - mixed**2
            raw = powers[1] * along[0] ** 2 - 2.0 * mixed * along[0] * along[1]
            raw += powers[0] * along[1] ** 2
            gain = np.where(area > tiny**2, raw / np.maximum(area, tiny**2), 0.0)
        return np.asarray(np.maximum(squares[:, None] - gain, 1e-20))

    def _allowed(self, places: Sequence[int]) -> BoolArray:
        """Where one more change may be (n,), so that all parts are long enough."""
        days, numbers = self.days, np.arange(self._count)
        allowed = np.ones(self._count, dtype=np.bool_)
        for edge in (0, *places):
            after = (numbers - edge >= self.least.values) & (days - days[edge] >= self.least.days)
            allowed &= after | (numbers < edge)
        for edge in (*places, self._count):
            end = days[edge] if edge < self._count else days[-1]
            before = (edge - numbers >= self.least.values) & (end - days >= self.least.days)
            allowed &= before | (numbers > edge)
        allowed[list(places)] = False
        return allowed


def place_interval(search: ChangeSearch, places: Sequence[int], which: int) -> tuple[int, int]:
    """First and last place that a change may have with 95 % probability, the others being where
    they are: the shares of the likelihood, summed over the kinds of noise.
    """
    others = [place for number, place in enumerate(places) if number != which]
    likelihood = search.likelihoods(others)
    edges = (0, *others, len(search.days))
    low = max(edge for edge in edges if edge < places[which])
    high = min(edge for edge in edges if edge > places[which])
    own = np.zeros(len(search.days), dtype=np.bool_)
    own[low:high] = True
    likelihood = np.where(own, likelihood, -np.inf)
    share = np.exp(likelihood - likelihood.max()).sum(axis=0)
    order = np.argsort(share)[::-1]
    enough = int(np.searchsorted(np.cumsum(share[order]) / share.sum(), 0.95)) + 1
    return int(order[:enough].min()), int(order[:enough].max())


YEAR = 365.25


def level_columns(days: FloatArray, sloped: bool) -> FloatArray:
    """The columns of a series without changes: a level, and years since the first value."""
    years = (days - days[0]) / YEAR
    return np.stack([np.ones(len(days)), years], axis=1) if sloped else np.ones((len(days), 1))
