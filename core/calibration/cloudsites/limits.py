# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as a deep convective cloud: every threshold of the search in one place.

Instruments without a thermal band cannot ask for the temperature of a cloud's top (205 K, Doelling
2011, GSICS ATBD). The thresholds here ask for what such a cloud is instead: bright, white, of ice,
even, and above nearly all of the water vapor (bright at 1.38 um). They are a proposal to be tuned,
not published values; how much hangs on each is measured with the search (``SHIFT``).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from ...errors import InputError
from ...times import parse_period

DAYS = ("FIRST_DAY", "LAST_DAY")
SHIFT = 0.1  # by which each threshold is moved, to see how much hangs on it


@dataclass(frozen=True)
class SceneLimits:
    """What the metadata and the preview of a product must say before any band is read.

    Days as ISO dates, both included ("": no limit); latitudes of the center and sun zenith angle in
    degrees; ``min_cloud_percent``: of the product's own assessment. A preview pixel is a cloud's
    where its darkest color is ``preview_brightness`` of full scale and its colors differ by less
    than ``preview_color`` of the brightest; ``preview_share`` of the pixels must be. Previews of
    Sentinel-2 are white from a reflectance of 0.36 on, so that such clouds are at full scale; at
    0.9 and 0.1 a real desert (T36RXU) has 3.3 % of such pixels, at 0.98 and 0.05 0.8 %.
    """

    first_day: str = ""
    last_day: str = ""
    min_latitude: float = -35.0
    max_latitude: float = 35.0
    max_sun_zenith_deg: float = 40.0
    min_cloud_percent: float = 10.0
    preview_brightness: float = 0.98
    preview_color: float = 0.05
    preview_share: float = 0.01


@dataclass(frozen=True)
class CloudLimits:
    """What the pixels of a deep convective cloud must be, as means over ``aggregate_m`` meters.

    ``min_cirrus``: reflectance at 1.38 um; ``min_reflectance``: in the near infrared; from
    ``min_ice_ratio`` to ``max_ice_ratio``: 1.6 um by near infrared (ice absorbs, snow on the ground
    absorbs more, water drops less); ``max_color``: blue by red from 1; ``max_spread``: standard
    deviation by mean of 3 x 3 means in red and near infrared. ``cell_deg``: side of the cells
    (degrees) in which clouds are counted and measured.
    """

    min_cirrus: float = 0.3
    min_reflectance: float = 0.7
    min_ice_ratio: float = 0.15
    max_ice_ratio: float = 0.5
    max_color: float = 0.1
    max_spread: float = 0.03
    aggregate_m: float = 1000.0
    cell_deg: float = 0.25

    def moved(self, rule: str, toward: float) -> CloudLimits:
        """The limits with one rule looser (``toward`` = 1) or stricter (-1) by ``SHIFT``."""
        low, high = 1.0 - toward * SHIFT, 1.0 + toward * SHIFT
        factors = {
            "cirrus": {"min_cirrus": low}, "bright": {"min_reflectance": low},
            "ice": {"max_ice_ratio": high}, "white": {"max_color": high},
            "even": {"max_spread": high},
        }  # fmt: skip
        changed = {key: getattr(self, key) * factor for key, factor in factors[rule].items()}
        return replace(self, **changed)


def deciding(scenes: SceneLimits, clouds: CloudLimits) -> dict[str, Any]:
    """All limits that decide whether and where a product shows clouds, as the database keeps them.
    Those of the period, the latitudes and the sun only choose which products count at all.
    """
    names = ("min_cloud_percent", "preview_brightness", "preview_color", "preview_share")
    return {name: getattr(scenes, name) for name in names} | asdict(clouds)


@dataclass(frozen=True)
class AreaLimits:
    """Which cells become areas: ``min_scenes`` or more scenes, and clouds in ``min_frequency`` of
    them.
    """

    min_scenes: int = 5
    min_frequency: float = 0.05


def check_limits(scenes: SceneLimits, clouds: CloudLimits) -> None:
    """Raise ``InputError`` where two limits exclude everything."""
    parse_period(scenes.first_day, scenes.last_day, DAYS)
    for low, high, keys in (
        (scenes.min_latitude, scenes.max_latitude, ("MIN_LATITUDE", "MAX_LATITUDE")),
        (clouds.min_ice_ratio, clouds.max_ice_ratio, ("MIN_ICE_RATIO", "MAX_ICE_RATIO")),
    ):
        if low >= high:
            raise InputError(
                f"{keys[0]} ({low:g}) has to be smaller than {keys[1]} ({high:g}): nothing lies "
                "between them. Exchange the two."
            )
    if clouds.aggregate_m > clouds.cell_deg * 111_195.0:
        raise InputError(
            f"Cells of {clouds.cell_deg:g} degrees (CELL_SIZE_DEG) are smaller than the pixels of "
            f"{clouds.aggregate_m:g} m (AGGREGATE_M). Make the cells larger or the pixels smaller."
        )
