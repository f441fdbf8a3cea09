# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated AOT images as an L2A processor would deliver them: field, clouds, gap filling, border.

The images carry a known error; what a validation finds can be held against it. Simulated data only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray

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
    field_ = _enlarge(_relative_field(settings, rng), AOT_CELL_M, pixel_m, size)
    inner = slice(*(round((EXTENT_M + sign * HEADLINE_WINDOW_M) / 2 / pixel_m) for sign in (-1, 1)))
    field_ = settings.aot * field_ / field_[inner, inner].mean()
    filled = _patches(settings.gapfilled_share, AOT_CELL_M, 1500.0, rng)
    filled = _enlarge(filled, AOT_CELL_M, pixel_m, size)
    # Where nothing could be retrieved, processors fill in a smooth value from the surroundings.
    field_ = np.where(filled, settings.aot + settings.gapfill_error, field_)
    vapor = 1.0 + 0.03 * _smooth_noise(_cells(AOT_CELL_M), 5.0, rng)
    cloud = _patches(settings.cloud_share, CLOUD_CELL_M, 600.0, rng)
    shadow = np.roll(cloud, (5, -7), (0, 1)) & ~cloud
    border = np.zeros((size, size), dtype=bool)
    border[:, : round(settings.border * size)] = True
    return Scene(
        aot=np.maximum(field_, 0.0),
        water_vapor_cm=settings.water_vapor_cm * _enlarge(vapor, AOT_CELL_M, pixel_m, size),
        cloud=_enlarge(cloud, CLOUD_CELL_M, pixel_m, size),
        shadow=_enlarge(shadow, CLOUD_CELL_M, pixel_m, size),
        gapfilled=filled,
        border=border,
    )


def _cells(cell_m: float) -> int:
    return int(np.ceil(EXTENT_M / cell_m))


def _relative_field(settings: SceneSettings, rng: np.random.Generator) -> FloatArray:
    """AOT relative to its mean, on cells of 240 m: tilted, bumpy, and higher over a city."""
    count = _cells(AOT_CELL_M)
    rows, columns = (np.mgrid[0:count, 0:count] - (count - 1) / 2.0) * AOT_CELL_M / 1000.0
    direction = rng.uniform(0.0, 2.0 * np.pi)
    tilt = settings.tilt_per_km * (np.cos(direction) * columns + np.sin(direction) * rows)
    bump = settings.hot_spot * np.exp(-(rows**2 + columns**2) / (2.0 * 1.5**2))
    return np.asarray(np.maximum(1.0 + tilt + bump + 0.02 * _smooth_noise(count, 4.0, rng), 0.1))


def _smooth_noise(cells: int, scale_cells: float, rng: np.random.Generator) -> FloatArray:
    """Gaussian noise (cells, cells) of zero mean and unit variance, correlated over a few cells."""
    wave = np.fft.fftfreq(cells, 1.0)
    weights = np.exp(-0.5 * (np.pi * scale_cells) ** 2 * (wave[:, None] ** 2 + wave[None, :] ** 2))
    noise = np.fft.ifft2(np.fft.fft2(rng.normal(size=(cells, cells))) * weights).real
    return np.asarray((noise - noise.mean()) / noise.std())


def _patches(share: float, cell_m: float, size_m: float, rng: np.random.Generator) -> BoolArray:
    """Connected patches about ``size_m`` wide that cover ``share`` of the image."""
    noise = _smooth_noise(_cells(cell_m), size_m / cell_m, rng)
    if share <= 0.0:
        return np.zeros(noise.shape, dtype=bool)
    return np.asarray(noise >= np.quantile(noise, max(1.0 - share, 0.0)))


def _enlarge(cells: AnyArray, cell_m: float, pixel_m: float, size: int) -> AnyArray:
    factor = round(cell_m / pixel_m)
    return np.repeat(np.repeat(cells, factor, axis=0), factor, axis=1)[:size, :size]
