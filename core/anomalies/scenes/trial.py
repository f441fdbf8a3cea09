# SPDX-License-Identifier: GPL-3.0-or-later
"""Trials of the verdicts on images: a simulated site, drawn anew, with anomalies on clear dates.

For measuring what share of planted anomalies is named rightly, on draws that nothing was tuned on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...simulation.covers import BANDS, WAVELENGTHS_NM
from ...types import BoolArray, TimeArray
from ..injections import Injection
from .images import simulate
from .plan import SitePlan
from .settings import SITES
from .write import plan_four_sites

TRIAL_BANDS = ("B2", "B3", "B4", "B8A", "B11", "B12")
_AT = [list(BANDS).index(name) for name in TRIAL_BANDS]
TRIAL_NM = WAVELENGTHS_NM[_AT]
_APART_DAYS = (90, 270)  # days of the year between images that are exchanged
_MARGIN = 2  # dates at either end that stay as they are


@dataclass(frozen=True)
class Planting:
    """What is planted once: ``type`` and ``amplitude`` as in ``Injection`` (of a wrong date the
    amplitude is chosen), on the share ``extent`` of the image.
    """

    type: str
    amplitude: float = 1.0
    extent: float = 1.0


@dataclass(frozen=True)
class Trial:
    """A stack with its truth: ``values`` (n, k, rows, columns) reflectance of ``TRIAL_BANDS``;
    ``masks``: clear, cloud and shadow (n, rows, columns) as the products tell; ``orbits`` (n,).
    """

    plan: SitePlan
    values: npt.NDArray[np.float32]
    masks: tuple[BoolArray, BoolArray, BoolArray]
    times: TimeArray
    orbits: tuple[str, ...]

    @property
    def planted(self) -> dict[int, Injection]:
        """What is planted on which date."""
        count = len(self.times)
        return {date: one for one in self.plan.injections for date in one.dates(count)}


def draw_trial(site: str, seed: int, plantings: Sequence[Planting], size: int = 92) -> Trial:
    """A draw of one of ``settings.SITES`` by name, ``size`` x ``size`` pixels (even), with each of
    the ``plantings`` on a clear date of its own. The lasting step of the example is left out.
    """
    settings = tuple(replace(one, planted=()) for one in SITES if one.name == site)
    (plan,) = plan_four_sites(seed, settings, size=size)
    rng = np.random.default_rng([seed, 77])
    free = [
        one.number for one in plan.images[_MARGIN:-_MARGIN]
        if one.cloud_share == 0.0 and not one.over_masked
    ]  # fmt: skip
    rng.shuffle(free)
    injections = tuple(_injection(plan, one, free, rng) for one in plantings)
    plan = replace(plan, injections=injections)
    images = [simulate(plan, number) for number in range(len(plan.images))]
    values = np.stack([one.reflectance[_AT] for one in images]).astype(np.float32)
    cloud, shade = (
        np.stack([getattr(one, name) for one in images]) for name in ("cloud", "shadow")
    )
    clear = ~(cloud | shade) & np.isfinite(values).all(axis=1)
    times = np.array([one.time for one in plan.images])
    orbits = tuple(str(one.orbit) for one in plan.images)
    return Trial(plan, values, (clear, cloud, shade), times, orbits)


def _injection(
    plan: SitePlan, one: Planting, free: list[int], rng: np.random.Generator
) -> Injection:
    date = free.pop()
    amplitude = one.amplitude
    if one.type == "wrong_date":
        here = _day_of_year(plan, date)
        low, high = _APART_DAYS
        other = next(at for at in free if low <= abs(_day_of_year(plan, at) - here) <= high)
        free.remove(other)
        amplitude = float(other - date)
    return Injection(
        one.type, amplitude, date, extent=one.extent, seed=int(rng.integers(2**30)),
        bands=("B4",) if one.type == "stripes" else (), period_px=6.0,
        direction_deg=float(rng.uniform(0.0, 360.0)) if one.type == "shift" else 194.0,
    )  # fmt: skip


def _day_of_year(plan: SitePlan, number: int) -> int:
    time = plan.images[number].time
    return int((time.astype("datetime64[D]") - time.astype("datetime64[Y]")).astype(np.int64))
