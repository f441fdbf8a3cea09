# SPDX-License-Identifier: GPL-3.0-or-later
"""Many pixels scored on all dates: how odd each date is, and what it looks like by its spectrum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...jit import runs_compiled
from ...types import AnyArray, BoolArray, FloatArray
from ..harmonics import MAX_HARMONICS, design, harmonics_for
from ..labels import ALL_TYPES
from ..naming import label_dates
from ..robust import FitSettings
from ..scores import MAX_LEVERAGE, fewest_clear, prior_correlation, score
from ..small_samples import calibrated
from .codes import CODES, LOCAL, UNTESTED, levels

Bytes = npt.NDArray[np.uint8]
Float32 = npt.NDArray[np.float32]
COLUMNS = 2 + 2 * MAX_HARMONICS
_CELLS = 1_000_000  # dates x bands x pixels at a time: some 70 MB of working arrays
_LOCAL = np.array([ALL_TYPES.index(name) for name in LOCAL])


@dataclass(frozen=True)
class PixelSettings:
    """``harmonics``: 0 to 3, None by the number of clear dates of each pixel; ``threshold``:
    p-value below which a pixel of a date is an anomaly; ``lower``: scale from the residuals below
    the model, for masks that let a third of the clouds or more through.
    """

    harmonics: int | None = None
    threshold: float = 0.001
    lower: bool = False


@dataclass(frozen=True)
class PixelScores:
    """Of n dates, k bands and p pixels.

    ``level`` (n, p): tenths of -log10 p; ``best`` (n, p): code of the type that fits the spectrum
    best (0 for no anomaly), ``local`` (n, p): the best of the types that a part of an image can
    have; all ``UNTESTED`` where a pixel was not tested. ``coefficients`` (8, k, p) of the model,
    reflectance, harmonics that were not fitted 0; ``noise`` (k, p), reflectance; both NaN where
    there is no model. ``clear_count`` (p,): clear dates. ``kept`` (n, p): dates in the fit, and
    ``leverage`` (n,) of a date in it, the mean of all pixels.
    """

    level: Bytes
    best: Bytes
    local: Bytes
    coefficients: Float32
    noise: Float32
    clear_count: AnyArray
    kept: BoolArray
    leverage: FloatArray


def score_pixels(
    values: npt.NDArray[np.floating[Any]],
    clear: BoolArray,
    t: FloatArray,
    wavelengths_nm: FloatArray,
    settings: PixelSettings | None = None,
) -> PixelScores:
    """Score ``values`` (n, k, p), reflectance with gaps NaN, where ``clear`` (n, p).

    ``t`` (n,): years, as ``harmonics.years``. Pixels with fewer clear dates than
    ``scores.fewest_clear`` asks for are not tested.
    """
    settings = settings or PixelSettings()
    dates, bands, pixels = values.shape
    usable = clear & np.isfinite(values).any(axis=1)
    counts = usable.sum(axis=0)
    out = PixelScores(
        np.full((dates, pixels), UNTESTED, np.uint8),
        np.full((dates, pixels), UNTESTED, np.uint8),
        np.full((dates, pixels), UNTESTED, np.uint8),
        np.full((COLUMNS, bands, pixels), np.nan, np.float32),
        np.full((bands, pixels), np.nan, np.float32),
        counts,
        np.zeros((dates, pixels), bool),
        np.zeros(dates),
    )
    chosen = _harmonics(counts, settings.harmonics)
    size = max(16, _CELLS // max(1, dates * bands))
    enough = counts >= fewest_clear(bands, settings.lower)
    for harmonics in np.unique(chosen[enough]):
        group = np.flatnonzero((chosen == harmonics) & enough)
        for begin in range(0, len(group), size):
            part = group[begin : begin + size]
            _score(values[..., part], usable[:, part], t, wavelengths_nm, int(harmonics), settings,
                   part, out)  # fmt: skip
    total = out.kept.sum(axis=1)
    out.leverage[:] = out.leverage / np.maximum(total, 1)
    return out


def model_at(
    coefficients: npt.NDArray[np.floating[Any]], row: FloatArray, start: FloatArray | None = None
) -> FloatArray:
    """The model (...) of ``coefficients`` (n, ...) at a ``row`` (n,) of ``design_of``, all 8
    columns or some; added to ``start`` (...), the part that earlier columns give.

    Added up in one order, not by BLAS, whose last digits change with its number of threads: tiles
    have to be the same everywhere.
    """
    total = np.zeros(coefficients.shape[1:]) if start is None else start.copy()
    term = np.empty_like(total)
    for factor, plane in zip(row, coefficients, strict=True):
        total += np.multiply(plane, factor, out=term, dtype=np.float64)
    return total


def design_of(t: FloatArray) -> FloatArray:
    """The design (n, 8) at ``t`` (n,) years that ``coefficients`` belong to."""
    return design(t, MAX_HARMONICS)


def _harmonics(counts: AnyArray, fixed: int | None) -> AnyArray:
    if fixed is not None:
        return np.full(len(counts), fixed)
    known = {int(count): harmonics_for(int(count)) for count in np.unique(counts)}
    return np.array([known[int(count)] for count in counts], dtype=np.int64)


def _score(
    values: AnyArray,
    clear: BoolArray,
    t: FloatArray,
    nm: FloatArray,
    harmonics: int,
    settings: PixelSettings,
    place: AnyArray,
    out: PixelScores,
) -> None:
    """Score the pixels at ``place`` and enter what was found into ``out``."""
    x = design(t, harmonics)
    prior, fit = prior_correlation(nm), FitSettings(lower=settings.lower)
    found = score(x, values.astype(np.float64), clear, prior, fit, runs_compiled())
    found = calibrated(found, clear, prior, settings.threshold, lower=settings.lower, alike=True)
    p_value = found.p_value
    with np.errstate(invalid="ignore"):
        tested = clear & np.isfinite(p_value) & (found.leverage <= MAX_LEVERAGE)
        flagged = tested & (p_value < settings.threshold)
    out.level[:, place] = np.where(tested, levels(p_value), UNTESTED)
    best = np.where(tested, 0, UNTESTED).astype(np.uint8)
    local = best.copy()
    if flagged.any():
        labels, index = label_dates(found, flagged, nm, t, harmonics)
        best[index] = [CODES[name] for name in labels.type]
        names = np.array([CODES[name] for name in LOCAL], dtype=np.uint8)
        local[index] = names[labels.shares[:, _LOCAL].argmax(axis=1)]
    out.best[:, place], out.local[:, place] = best, local
    out.coefficients[: x.shape[1], :, place] = found.coefficients
    out.coefficients[x.shape[1] :, :, place] = np.where(np.isfinite(found.noise), 0.0, np.nan)
    out.noise[:, place] = found.noise
    out.kept[:, place] = found.kept
    out.leverage[:] += np.where(found.kept, np.nan_to_num(found.leverage), 0.0).sum(axis=1)
