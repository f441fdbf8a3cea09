# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of a series: a constant, what the directions or the season do, and a trend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...errors import InputError
from ...types import FloatArray, TimeArray
from ..brdf import Model, kernels
from .settings import Removal

YEAR_DAYS = 365.2425
# Of the spread of the kernels over the dates: shares below are rounding, not directions.
_LEAST_SHARE = 1e-3
_LEAST_SPREAD = 1e-5


@dataclass(frozen=True)
class Design:
    """``columns`` (n, k): a constant, then what is removed, each with mean 0 and spread 1 over all
    dates, then the years from the middle of the series where there is a trend.

    Because of that the first coefficient is the level under the mean directions of all dates at
    their middle. ``removed``: how many columns the directions or the season have.
    """

    columns: FloatArray
    removed: int
    trend: bool

    def __len__(self) -> int:
        return len(self.columns)


def years_of(times: TimeArray) -> FloatArray:
    """Years (n,) of ``times`` (n,), from their mean."""
    days = times.astype("datetime64[ms]").astype(np.float64) / 86_400_000.0
    years: FloatArray = (days - days.mean()) / YEAR_DAYS
    return years


def make_design(
    times: TimeArray, angles: FloatArray | None, removal: Removal, trend: bool
) -> Design:
    """The model for dates ``times`` (n,).

    ``angles`` (n, 3): sun zenith, view zenith, relative azimuth in degrees, for the kernel models.
    Directions of the kernels that the dates do not tell apart (of a sensor that always looks the
    same way) are left out. Raises ``InputError`` where a kernel model gets no angles.
    """
    years = years_of(times)
    parts = [np.ones((len(times), 1))]
    shapes = _removed(years, angles, removal)
    if shapes is not None:
        parts.append(_independent(shapes))
    if trend:
        parts.append(years[:, None])
    columns = np.concatenate(parts, axis=1)
    return Design(columns, parts[1].shape[1] if shapes is not None else 0, trend)


def _removed(years: FloatArray, angles: FloatArray | None, removal: Removal) -> FloatArray | None:
    if removal is Removal.NONE:
        return None
    if removal is Removal.SEASON:
        phase = 2.0 * np.pi * years
        return np.stack([np.cos(phase), np.sin(phase)], axis=1, dtype=np.float64)
    if angles is None or not np.isfinite(angles).all():
        raise InputError(
            "A directional model needs the angles of sun and view of every date: give them in a "
            "table (ANGLES), or take the season (BRDF=season)."
        )
    shapes = kernels(Model(str(removal)), angles[:, 0], angles[:, 1], angles[:, 2])
    return np.asarray(shapes[:, 1:], dtype=np.float64)


def _independent(shapes: FloatArray) -> FloatArray:
    """An orthogonal basis (n, up to k), of mean 0 and spread 1, of what ``shapes`` (n, k) span."""
    centered = shapes - shapes.mean(axis=0)
    basis, sizes, _ = np.linalg.svd(centered, full_matrices=False)
    spread = sizes / np.sqrt(len(shapes))
    kept = (spread > _LEAST_SPREAD) & (spread > _LEAST_SHARE * max(spread.max(), 1e-300))
    # The sign of a singular vector is arbitrary; it must not depend on the library.
    turned = basis * np.where(basis[np.abs(basis).argmax(axis=0), np.arange(len(sizes))] < 0, -1, 1)
    found: FloatArray = turned[:, kept] * np.sqrt(len(shapes))
    return found
