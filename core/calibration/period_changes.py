# SPDX-License-Identifier: GPL-3.0-or-later
"""How a coefficient changed since the same months of the year before, and since the period before.

The air that is assumed, the sun and the directions of pairs make A_k go up and down with the
seasons: half a year against the half before tells the season. Against the same months of the year
before it cancels, so that this comparison is the one that is judged, wherever it can be made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..wording import signed
from .summary import Summary

LEVEL = 0.05  # the chance of one false change among all bands of a report
LEAST_USABLE = 5  # pairs in each period, below which a change says nothing
YEAR_BEFORE, PERIOD_BEFORE = "the same months of the year before", "the period before"


@dataclass(frozen=True)
class Change:
    """Of the mean from the ``then`` to the ``now``."""

    now: Summary
    then: Summary

    @property
    def percent(self) -> float:
        """By how much the mean changed; NaN where one is missing."""
        return 100.0 * (self.now.mean / self.then.mean - 1.0)

    @property
    def error(self) -> float:
        """Its standard error (percent): what is common to both periods cancels."""
        return 100.0 * float(np.hypot(self.now.sem / self.now.mean, self.then.sem / self.then.mean))

    @property
    def freedom(self) -> float:
        """Degrees of freedom of Welch (1947, 10.1093/biomet/34.1-2.28): periods hold few values."""
        parts = [(one.sem / one.mean) ** 2 for one in (self.now, self.then)]
        counts = (self.now.count, self.then.count)
        spread = sum(part**2 / (count - 1) for part, count in zip(parts, counts, strict=True))
        return float(sum(parts) ** 2 / spread if spread > 0.0 else sum(counts) - 2)

    @property
    def half(self) -> float:
        """Half the width of its 95 % interval (percent), by Student's t."""
        from scipy.stats import t

        if not np.isfinite(self.error):
            return float("nan")
        return float(t.ppf(0.975, self.freedom)) * self.error

    @property
    def p_value(self) -> float:
        """Two-sided, that nothing changed; NaN where there is no error."""
        from scipy.stats import t

        if not np.isfinite(self.percent) or not np.isfinite(self.error):
            return float("nan")
        if not self.error:
            return float(self.percent == 0.0)
        return float(2.0 * t.sf(abs(self.percent) / self.error, self.freedom))


@dataclass(frozen=True)
class BandPeriod:
    """A band (of one site, or of all where ``site`` is ""): the period ``now``, the one ``before``,
    the same months of the ``year_before``; ``p_adjusted``: of the change, by Holm over all
    ``tested`` bands of the report (NaN: not judged); ``same_months``: the change since the year
    before by a noise without the season, None where that is not known.
    """

    band: str
    wavelength_nm: float
    site: str
    now: Summary
    before: Summary
    year_before: Summary
    p_adjusted: float = float("nan")
    tested: int = 0
    same_months: Change | None = None

    @property
    def seasonal(self) -> bool:
        """Whether the season is still in the change: nothing is there of the year before."""
        return not self.year_before.count

    @property
    def since(self) -> str:
        """What the change is judged against, in words."""
        return PERIOD_BEFORE if self.seasonal else YEAR_BEFORE

    @property
    def change(self) -> Change:
        """The change that is judged: since the year before, else since the period before."""
        if self.same_months is not None:
            return self.same_months
        return Change(self.now, self.before if self.seasonal else self.year_before)

    @property
    def change_before(self) -> Change:
        """The change since the period before, which holds the season."""
        return Change(self.now, self.before)

    @property
    def change_percent(self) -> float:
        """By how much the mean changed (``change``); NaN where one is missing."""
        return self.change.percent

    @property
    def change_error(self) -> float:
        """Its standard error."""
        return self.change.error

    @property
    def change_half(self) -> float:
        """Half the width of its 95 % interval."""
        return self.change.half

    @property
    def usable(self) -> bool:
        """Whether both periods have enough pairs for the change to say anything."""
        return min(self.change.now.count, self.change.then.count) >= LEAST_USABLE

    @property
    def weight(self) -> float:
        """How much the change says, to order by: in half widths; below 0 where not usable."""
        half = self.change_half
        known = self.usable and np.isfinite(half) and half > 0.0
        return abs(self.change_percent) / half if known else -1.0

    @property
    def clear(self) -> bool:
        """Whether it changed, allowing for the number of bands."""
        return bool(self.p_adjusted < LEVEL)

    def words(self, sensor: str) -> str:
        """The change in words, with its sign."""
        change, error, since = self.change_percent, self.change_half, self.since
        season = " The season is still in it." if self.seasonal else ""
        if not self.now.count:
            return "no coefficient in the period."
        if not np.isfinite(change):
            return "no coefficient in the year or the period before."
        if not np.isfinite(error):
            return f"{signed(change)} % since {since}; too few coefficients for its error.{season}"
        what = f"{signed(change)} ± {error:.2f} % since {since}"
        if not self.usable:
            counts = f"{self.change.now.count} and {self.change.then.count}"
            return f"not usable (few pairs: {counts}): {what}.{season}"
        if not self.clear:
            if abs(change) <= error:
                return f"no change beyond its error: {what}.{season}"
            return (
                f"no clear change: {what}, which one of {self.tested} bands may show by chance."
                f"{season}"
            )
        way = "more" if change > 0.0 else "less"
        return f"{sensor} measures {abs(change):.2f} ± {error:.2f} % {way} than in {since}.{season}"


def judged(bands: Sequence[BandPeriod]) -> list[BandPeriod]:
    """The same with ``p_adjusted`` of the usable ones: step-down after Holm (1979, Scand. J.
    Statist. 6, 65-70), so that in ``LEVEL`` of the reports in which nothing changed any band is
    said to have changed.
    """
    values = np.array([one.change.p_value if one.usable else np.nan for one in bands])
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    steps = values[order] * np.arange(len(order), 0, -1)
    adjusted = np.full(len(bands), np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return [
        replace(one, p_adjusted=float(value), tested=len(known))
        for one, value in zip(bands, adjusted, strict=True)
    ]


__all__ = ["LEVEL", "PERIOD_BEFORE", "YEAR_BEFORE", "BandPeriod", "Change", "judged"]
