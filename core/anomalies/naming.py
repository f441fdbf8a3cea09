# SPDX-License-Identifier: GPL-3.0-or-later
"""The types of the dates that scores flag, of one site or of many pixels."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray
from .harmonics import YEAR_DAYS, design
from .labels import SHIFT_DAYS, Labels, label
from .scores import Scores

_ALL = slice(None)


def label_dates(
    scores: Scores, flagged: BoolArray, wavelengths_nm: FloatArray, t: FloatArray, harmonics: int
) -> tuple[Labels, tuple[AnyArray, ...]]:
    """Labels (m,) of the ``flagged`` (n[, pixels]) dates, and their index arrays.

    ``t`` (n,) are the years of the design that the ``scores`` were made with, and ``harmonics`` its
    harmonics; with 0 there is no season along which a date could be wrong.
    """
    index = np.nonzero(flagged)
    date, pixel = index[0], index[1:]
    hat = np.where(scores.kept[index], -scores.leverage[index], scores.leverage[index])
    spread = np.sqrt(np.maximum(1e-6, 1.0 + hat))
    noise = _by_date(scores.noise, 1, pixel, len(date)) * spread[:, None]
    correlation = _by_date(scores.correlation, 2, pixel, len(date))
    coefficients = _by_date(scores.coefficients, 2, pixel, len(date))
    at: tuple[Any, ...] = (date, _ALL, *pixel)
    shifted = _shifted(t[date], harmonics, coefficients) if harmonics else None
    found = label(
        scores.residual[at], scores.expected[at], noise, correlation, wavelengths_nm, shifted
    )
    return found, index


def _by_date(array: FloatArray, axes: int, pixel: tuple[AnyArray, ...], count: int) -> FloatArray:
    """What belongs to a site or pixel (..., [pixels]), once for each date (m, ...)."""
    if not pixel:
        return np.broadcast_to(array, (count, *array.shape))
    at: tuple[Any, ...] = (*[_ALL] * axes, *pixel)
    return np.moveaxis(array[at], -1, 0)


def _shifted(t: FloatArray, harmonics: int, coefficients: FloatArray) -> FloatArray:
    """The model (m, shifts, k) of other days of the year, with the trend of the date itself."""
    moved = t[:, None] + SHIFT_DAYS / YEAR_DAYS
    x = design(moved.ravel(), harmonics).reshape(*moved.shape, -1)
    x[..., 1] = t[:, None]
    return np.asarray(x @ coefficients)
