# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated AOT images as an L2A processor would deliver them: field, clouds, gap filling, border.

The images carry a known error; what a validation finds can be held against it. Simulated data only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..simulation.fields import enlarge, patches, smooth_noise
from ..types import BoolArray, FloatArray

EXTENT_M = 5200.0  # a cut-out of a tile around the photometer
AOT_CELL_M = 240.0  # processors of the MAJA family estimate AOT on cells of this size
CLOUD_CELL_M = 40.0
HEADLINE_WINDOW_M = 5000.0
LARGEST_DEFICIT = -0.6  # of the true AOT


@dataclass(frozen=True)
class ErrorModel:
    """The planted retrieval error: d = ``offset`` + ``slope`` * AOT + noise, all in AOT.

    The noise has the standard deviation ``sd`` + ``sd_slope`` * AOT, a share ``month_share`` of its
    variance being common to all images of a month. ``site_bias`` and ``site_factor`` add to the
    error of a site and multiply its noise. ``water_vapor_slope`` is the relative error of water
    vapor.
    """

    offset: float
    slope: float
    sd: float
    sd_slope: float = 0.0
    month_share: float = 0.2
    site_bias: Mapping[str, float] = field(default_factory=dict)
    site_factor: Mapping[str, float] = field(default_factory=dict)
    water_vapor_slope: float = 0.05

    def bias(self, site: str, aot: FloatArray) -> FloatArray:
        """The systematic part of the error (n,) at ``site`` for the true AOT (n,)."""
        return np.asarray(self.offset + self.slope * aot + self.site_bias.get(site, 0.0))

    def scatter(self, site: str, aot: FloatArray) -> FloatArray:
        """The standard deviation (n,) of the random part."""
        return np.asarray((self.sd + self.sd_slope * aot) * self.site_factor.get(site, 1.0))

    def draw(
        self, site: str, aot: FloatArray, months: FloatArray, rng: np.random.Generator
    ) -> FloatArray:
        """Errors (n,) of images taken in ``months`` (n,), any numbers that differ by month."""
        inverse = np.unique(months, return_inverse=True)[1]
        common = rng.normal(size=int(inverse.max()) + 1 if len(inverse) else 0)[inverse]
        own = rng.normal(size=len(aot))
        noise = np.sqrt(self.month_share) * common + np.sqrt(1.0 - self.month_share) * own
        errors = self.bias(site, aot) + self.scatter(site, aot) * noise
        # Retrievals stay positive: very clean air is never underestimated by more than this.
        return np.asarray(np.maximum(errors, LARGEST_DEFICIT * aot))


@dataclass(frozen=True)
class SceneSettings:
    """One image: the AOT that the processor delivers on average over the headline window, and what
    disturbs it. Shares are fractions of the image. ``gapfill_error``: AOT by which filled-in values
    are off. ``hot_spot``: relative excess of AOT over the site, as over a city. ``tilt_per_km``:
    relative gradient. ``border``: share of the image, from the west, outside the swath.
    """

    aot: float
    water_vapor_cm: float
    cloud_share: float = 0.0
    gapfilled_share: float = 0.0
    gapfill_error: float = 0.0
    hot_spot: float = 0.0
    tilt_per_km: float = 0.0
    border: float = 0.0


@dataclass(frozen=True)
class Scene:
    """The layers of one image, all (rows, columns): AOT, water vapor in cm, and its masks."""

    aot: FloatArray
    water_vapor_cm: FloatArray
    cloud: BoolArray
    shadow: BoolArray
    gapfilled: BoolArray
    border: BoolArray


def simulate_scene(settings: SceneSettings, pixel_m: float, rng: np.random.Generator) -> Scene:
    """The layers of one image of 5.2 x 5.2 km, the site in its center.

    Before gaps are filled, the mean AOT over the 5 km window is ``settings.aot``. ``pixel_m`` has
    to divide the cells (40 and 240 m): 10 or 20 m.
    """
    size = round(EXTENT_M / pixel_m)
    aot_step, cloud_step = round(AOT_CELL_M / pixel_m), round(CLOUD_CELL_M / pixel_m)
    field_ = enlarge(_relative_field(settings, rng), aot_step, size)
    inner = slice(*(round((EXTENT_M + sign * HEADLINE_WINDOW_M) / 2 / pixel_m) for sign in (-1, 1)))
    field_ = settings.aot * field_ / field_[inner, inner].mean()
    filled = patches(_cells(AOT_CELL_M), settings.gapfilled_share, 1500.0 / AOT_CELL_M, rng)
    filled = enlarge(filled, aot_step, size)
    # Where nothing could be retrieved, processors fill in a smooth value from the surroundings.
    field_ = np.where(filled, settings.aot + settings.gapfill_error, field_)
    vapor = 1.0 + 0.03 * smooth_noise(_cells(AOT_CELL_M), 5.0, rng)
    cloud = patches(_cells(CLOUD_CELL_M), settings.cloud_share, 600.0 / CLOUD_CELL_M, rng)
    shadow = np.roll(cloud, (5, -7), (0, 1)) & ~cloud
    border = np.zeros((size, size), dtype=bool)
    border[:, : round(settings.border * size)] = True
    return Scene(
        aot=np.maximum(field_, 0.0),
        water_vapor_cm=settings.water_vapor_cm * enlarge(vapor, aot_step, size),
        cloud=enlarge(cloud, cloud_step, size),
        shadow=enlarge(shadow, cloud_step, size),
        gapfilled=filled,
        border=border,
    )


def _cells(cell_m: float) -> tuple[int, int]:
    count = int(np.ceil(EXTENT_M / cell_m))
    return count, count


def _relative_field(settings: SceneSettings, rng: np.random.Generator) -> FloatArray:
    """AOT relative to its mean, on cells of 240 m: tilted, bumpy, and higher over a city."""
    count = _cells(AOT_CELL_M)[0]
    rows, columns = (np.mgrid[0:count, 0:count] - (count - 1) / 2.0) * AOT_CELL_M / 1000.0
    direction = rng.uniform(0.0, 2.0 * np.pi)
    tilt = settings.tilt_per_km * (np.cos(direction) * columns + np.sin(direction) * rows)
    bump = settings.hot_spot * np.exp(-(rows**2 + columns**2) / (2.0 * 1.5**2))
    return np.asarray(
        np.maximum(1.0 + tilt + bump + 0.02 * smooth_noise((count, count), 4.0, rng), 0.1)
    )
