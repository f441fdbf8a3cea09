# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated piece of ground: parcels of known cover, and its reflectance on any day."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..types import AnyArray, FloatArray
from .covers import COVERS, spectra

EPOCH_YEAR = 2015
YEARS = 8
SEASON_SHIFT_DAYS = 5.0  # of the whole landscape from year to year
SEASON_SPREAD = 0.08  # relative, of the height of the season


@dataclass
class Draft:
    """A landscape while it is drawn: parcels by number, and what covers each."""

    parcels: AnyArray
    covers: list[str]

    def add(self, where: AnyArray, cover: str) -> None:
        """Draw a new parcel of ``cover`` over ``where`` (rows, columns)."""
        if where.any():
            self.parcels[where] = len(self.covers)
            self.covers.append(cover)


@dataclass(frozen=True)
class Landscape:
    """Parcels (rows, columns) by number, the cover of each, and how each differs from its kind:
    ``shift_days`` and ``vigor`` (parcels, years) of its seasons, ``brightness`` (parcels,) of its
    ground. ``texture`` (rows, columns): relative brightness inside parcels.
    """

    parcels: AnyArray
    covers: tuple[str, ...]
    texture: FloatArray
    shift_days: FloatArray
    vigor: FloatArray
    brightness: FloatArray
    soil_share: FloatArray = field(repr=False)

    def reflectance(self, day: np.datetime64, wetness: float = 0.0) -> FloatArray:
        """Reflectance (bands, rows, columns) of all bands of ``covers.BANDS`` on ``day``; wet soil
        is darker by ``wetness`` (relative).
        """
        from scipy import ndimage

        green, straw = self.fractions(day)
        kinds = [COVERS[name] for name in self.covers]
        ground = spectra([kind.ground for kind in kinds])
        ground *= (self.brightness * (1.0 - wetness * self.soil_share))[:, np.newaxis]
        mixed = (
            green[:, np.newaxis] * spectra([kind.canopy for kind in kinds])
            + straw[:, np.newaxis] * spectra(["straw"])
            + (1.0 - green - straw)[:, np.newaxis] * ground
        )
        image = mixed.T[:, self.parcels] * self.texture
        # The sensor's point spread mixes neighbors; bands stay apart.
        return np.asarray(ndimage.gaussian_filter(image, (0.0, 0.5, 0.5), truncate=3.0))

    def fractions(self, day: np.datetime64) -> tuple[FloatArray, FloatArray]:
        """Green and dry fraction (parcels,) on ``day``, 0 to 1."""
        kinds = [COVERS[name] for name in self.covers]

        def each(name: str) -> FloatArray:
            return np.array([float(getattr(kind, name)) for kind in kinds])

        epoch = np.datetime64(f"{EPOCH_YEAR}-01-01")
        days = float((day.astype("datetime64[D]") - epoch).astype(np.int64)) - each("start")
        year = np.clip(np.floor(days / 365.25).astype(np.int64), 0, YEARS - 1)
        row = np.arange(len(kinds))
        date = days - year * 365.25 - self.shift_days[row, year]
        season = _slope(date - each("rise"), each("rise_days"))
        season -= _slope(date - each("fall"), each("fall_days"))
        green = each("base") + each("height") * self.vigor[row, year] * season
        # An ear ripens before the leaf is gone, and the field is bare after the harvest.
        ripe = _slope(date - each("fall"), each("fall_days")) - _slope(date - each("harvest"), 3.0)
        straw = np.where(each("harvest") > 0.0, 0.7 * np.maximum(ripe, 0.0), each("dry"))
        return green, np.minimum(straw, 1.0 - green)


def finish(draft: Draft, texture: FloatArray, rng: np.random.Generator) -> Landscape:
    """The landscape of a draft, with seasons and brightness drawn for every parcel."""
    count = len(draft.covers)
    kinds = [COVERS[name] for name in draft.covers]
    common_shift = SEASON_SHIFT_DAYS * rng.normal(size=YEARS)
    common_vigor = SEASON_SPREAD * rng.normal(size=YEARS)
    spread = np.array([kind.spread_days for kind in kinds])[:, np.newaxis]
    own = rng.normal(size=(count, 1)) + 0.4 * rng.normal(size=(count, YEARS))
    contrast = np.array([kind.contrast for kind in kinds])
    vigor = 1.0 + common_vigor + 0.05 * rng.normal(size=(count, 1))
    soils = np.array([float("soil" in kind.ground or "clay" in kind.ground) for kind in kinds])
    return Landscape(
        parcels=draft.parcels,
        covers=tuple(draft.covers),
        texture=texture,
        shift_days=common_shift + spread * own,
        vigor=np.clip(vigor, 0.7, 1.12),
        brightness=np.exp(contrast * np.clip(rng.normal(size=count), -2.0, 2.0)),
        soil_share=soils,
    )


def _slope(days: FloatArray, width: FloatArray | float) -> FloatArray:
    """A logistic rise from 0 to 1 around day 0."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(days / width, -40.0, 40.0))))
