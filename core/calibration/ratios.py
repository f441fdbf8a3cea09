# SPDX-License-Identifier: GPL-3.0-or-later
"""The ratio of two sensors in a band, and what it says in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..wording import plural, signed
from .period_changes import LEAST_USABLE

# Of a median against that of a mean, for normal values: the square root of pi / 2 (Kenney & Keeping
# 1962, Mathematics of Statistics 1, section 13.13).
_MEDIAN_ERROR = 1.2533


class Way(StrEnum):
    """How two sensors are compared; see ``comparison``."""

    SAME_BAND = "same_band"
    CROSS = "cross"
    DOUBLE_RATIO = "double_ratio"


@dataclass(frozen=True)
class Ratio:
    """First by second sensor in one band: ``ratio`` with its standard error, of ``count`` pairs
    (of a double ratio: of the smaller side), their ``median``, trend in percent per year with its
    standard error.
    """

    way: Way
    band: str
    wavelength_nm: float
    ratio: float
    standard_error: float
    median: float
    pair_sd: float
    count: int
    slope_pct_per_year: float = float("nan")
    slope_se: float = float("nan")

    @property
    def skewed(self) -> bool:
        """Whether mean and median differ by more than twice the error of the median: few pairs far
        off (or a change with time) pull the mean, and it is not what most pairs say.
        """
        return bool(abs(self.ratio - self.median) > 2.0 * _MEDIAN_ERROR * self.standard_error)

    @property
    def doubt(self) -> str:
        """Why the ratio is not to be taken for what the sensors do, "" where it is: few pairs."""
        return f"fewer than {LEAST_USABLE} pairs" if self.count < LEAST_USABLE else ""

    @property
    def level(self) -> float:
        """What the ratio is said to be: the mean, or the median where they are ``skewed``."""
        return self.median if self.skewed else self.ratio

    @property
    def level_error(self) -> float:
        """The standard error of ``level``; that of a median as of normal pairs, which is too large
        rather than too small where some are far off.
        """
        return self.standard_error * (_MEDIAN_ERROR if self.skewed else 1.0)

    @property
    def drifts(self) -> bool:
        """Whether the trend is beyond three standard errors: among a dozen bands, two are passed by
        chance.
        """
        return bool(abs(self.slope_pct_per_year) > 3.0 * self.slope_se)

    def words(self, first: str, second: str) -> str:
        """What the ratio says, with its sign in words: by the median where the mean differs from
        it, and with a trend where there is one.
        """
        percent, half = 100.0 * (self.level - 1.0), 200.0 * self.level_error
        by = " by the median" if self.skewed else ""
        if not math.isfinite(half):
            way = "more" if percent > 0.0 else "less"
            return (
                f"{first} measures {abs(percent):.2f} % {way} than {second} in "
                f"{plural(self.count, 'pair')}: too few for an error, so this says nothing yet."
            )
        if not abs(percent) > half:
            said = f"{first} and {second} agree within the error{by}: "
            said += f"{signed(percent)} ± {half:.2f} %."
        else:
            way = "more" if percent > 0.0 else "less"
            said = (
                f"{first} measures {abs(percent):.2f} ± {half:.2f} % {way} than {second}{by}; "
                f"multiply {first} by {1.0 / self.level:.4f} to bring it to {second}."
            )
        return said + self._mean_words() + self._trend_words()

    def _mean_words(self) -> str:
        if not self.skewed:
            return ""
        mean, half = signed(100.0 * (self.ratio - 1.0)), 200.0 * self.standard_error
        return (
            f" The mean ({mean} ± {half:.2f} %) differs from the median by more than their errors "
            "and is not used: few pairs far off pull it, or the ratio changes."
        )

    def _trend_words(self) -> str:
        if not self.drifts:
            return ""
        return (
            f" The ratio changes by {self.slope_pct_per_year:+.3f} ± {2.0 * self.slope_se:.3f} % "
            "per year: no single factor holds for the whole time."
        )


def disagreement(ratios: Sequence[Ratio]) -> tuple[str, ...]:
    """A sentence about bands in which the ways over the ground of the second and of a third sensor
    differ by more than three of their standard errors: something is in one of them that the scatter
    of the pairs does not show.
    """
    ways = [
        {one.band: one for one in ratios if one.way is way} for way in (Way.CROSS, Way.DOUBLE_RATIO)
    ]
    apart = [
        f"{band} ({signed(100.0 * (one.level - other.level))} %)"
        for band, one in ways[0].items()
        if (other := ways[1].get(band)) is not None
        and abs(one.level - other.level) > 3.0 * math.hypot(one.level_error, other.level_error)
    ]
    if not apart:
        return ()
    return (
        f"{Way.CROSS} and {Way.DOUBLE_RATIO} differ by more than three of their standard errors: "
        f"{', '.join(apart)}. The stated errors do not explain that: look at the bands that the "
        "spectra of the second and the third sensor pass through (REFERENCE_BANDS, THIRD_BANDS) "
        "and at the directions of the pairs (MAX_DISTANCE_DEG).",
    )
