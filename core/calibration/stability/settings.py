# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of a stable pixel, and how its stability is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from ...errors import InputError


class Removal(StrEnum):
    """What is taken off a series before its scatter is measured: a kernel model of the directions
    (``core.calibration.brdf``), one harmonic of the year, or nothing.
    """

    ROSS_LI = "ross_li"
    ROUJEAN = "roujean"
    SEASON = "season"
    NONE = "none"

    @property
    def directional(self) -> bool:
        """Whether it needs the angles of each date."""
        return self in (Removal.ROSS_LI, Removal.ROUJEAN)


class BandRule(StrEnum):
    """Which of the bands a limit is for: the worst one of a pixel, or the mean of all."""

    WORST = "worst"
    MEAN = "mean"


@dataclass(frozen=True)
class Limits:
    """The most that a pixel may show, in percent; of ``clear_percent`` the least.

    The defaults are what good desert sites reach: spatial uniformity of 3 % (Cosnefroy, Leroy and
    Briottet 1996, doi:10.1016/0034-4257(95)00211-1), temporal variability of 2 to 3 % (Helder,
    Basnet and Morstad 2010, doi:10.5589/m10-085). ``trend_percent_year``: the drift that is beyond
    doubt, which is the part of it that exceeds three standard errors.
    """

    temporal_percent: float = 3.0
    spatial_percent: float = 3.0
    spectral_percent: float = 3.0
    trend_percent_year: float = 0.5
    clear_percent: float = 30.0

    def check(self) -> None:
        """Raise ``InputError`` where a limit cannot be one."""
        for name, value in asdict(self).items():
            if not value > 0.0:
                raise InputError(f"The limit {name} is {value:g}: give a number above 0.")
        if self.clear_percent > 100.0:
            raise InputError(
                f"A clear frequency of {self.clear_percent:g} % cannot be reached: give 0 to 100."
            )


@dataclass(frozen=True)
class StabilitySettings:
    """``removal`` and ``trend``: what the model of a series has besides a constant.
    ``least_dates``: clear dates that a pixel needs. ``window_m``: side of the moving window,
    ``size_m``: side of the smallest site, both in meters on the ground; 0 is what suits the images.
    ``tolerance_percent``: share of the pixels of a site that need not pass.
    """

    removal: Removal = Removal.ROSS_LI
    trend: bool = True
    least_dates: int = 12
    rule: BandRule = BandRule.WORST
    limits: Limits = Limits()
    window_m: float = 0.0
    size_m: float = 0.0
    tolerance_percent: float = 5.0

    def check(self) -> None:
        """Raise ``InputError`` where a setting cannot be used."""
        self.limits.check()
        columns = {Removal.NONE: 1}.get(self.removal, 3) + int(self.trend)
        if self.least_dates < columns + 3:
            raise InputError(
                f"{self.least_dates} clear dates are too few for a model of {columns} terms: give "
                f"at least {columns + 3} as the fewest clear dates (MIN_DATES)."
            )
        if not 0.0 <= self.tolerance_percent < 50.0:
            raise InputError(
                f"{self.tolerance_percent:g} % of a site cannot be let off: give 0 to below 50."
            )

    def to_plain(self) -> dict[str, Any]:
        """As values that JSON knows: what the fit of a pixel depends on."""
        return {
            "removal": str(self.removal), "trend": self.trend, "least_dates": self.least_dates,
        }  # fmt: skip

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> StabilitySettings:
        """The settings that ``to_plain`` described."""
        return cls(Removal(plain["removal"]), bool(plain["trend"]), int(plain["least_dates"]))
