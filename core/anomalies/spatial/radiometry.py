# SPDX-License-Identifier: GPL-3.0-or-later
"""The image as one pixel: is all of it too bright or too dark, and by what law?

For every band the pixels are divided into a darker and a brighter half, and the residual of each
half is averaged over what the images have in common (what a part of an image has alone, such as
clouds, is cut off first). These means are a time series of twice the bands, with noise that is
common to the image and much smaller than that of a pixel; the detector of single sites scores and
names its dates. The two halves tell what falls with brightness (aerosol) from what grows with it
(gain) and what does not depend on it (offset). Sums of tiles add up to those of the image.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...dependencies import require
from ...series.types import CLEAR, TimeSeries, is_clear
from ...types import AnyArray, BoolArray, FloatArray, TimeArray
from ..harmonics import design, harmonics_for, years
from ..labels import ALL_TYPES, NONE, UNKNOWN, WRONG_DATE
from ..naming import label_dates
from ..scores import FEWEST_CLEAR, MAX_LEVERAGE, Scores, prior_correlation, score
from ..templates import TYPES, templates

HALVES = ("dark", "bright")
CELLS = 4  # per side of a tile, in which the law must hold too
WIDE = ("aot_under", "aot_over", "gain", "offset", WRONG_DATE, UNKNOWN)
LEAST_USED = 0.2  # share of the image that must be clear
_TRIM = 4.0  # scaled median absolute deviations from the middle of the tile
_FEWEST = 30  # pixels of a cell
_MOST_BANDS = 0.2  # of the number of dates
_LIKE = (0.3, 2.5)  # of the amplitude of the image


@dataclass(frozen=True)
class ImageSeries:
    """The means of n images: ``series`` of one site with k or 2 k bands; ``used`` (n,) share of
    clear pixels; ``cell_residual`` and ``cell_expected`` (n, cells, k), reflectance, NaN where a
    cell has too few pixels.
    """

    series: TimeSeries
    used: FloatArray
    cell_residual: FloatArray
    cell_expected: FloatArray


def levels_of(expected: FloatArray) -> FloatArray:
    """The reflectance (k,) that divides darker from brighter pixels of a tile, from the mean model
    (k, rows, columns); NaN where there is none.
    """
    flat = expected.reshape(len(expected), -1)
    seen = np.isfinite(flat).any(axis=1)
    found = np.full(len(flat), np.nan)
    found[seen] = np.nanmedian(flat[seen], axis=1)
    return found


def radiometric_sums(
    residual: FloatArray, expected: FloatArray, used: BoolArray, level: FloatArray
) -> dict[str, Any]:
    """The sums of a tile on one date: ``residual``, ``expected`` (k, rows, columns) reflectance,
    NaN without a model; ``used`` (rows, columns): clear pixels; ``level`` (k,) as ``levels_of``.
    """
    known = np.isfinite(expected).all(axis=0)
    used = used & known
    kept = used & inliers(residual, used)
    bright = expected > level[:, None, None]
    halves = []
    for half in (~bright & known, bright & known):
        own = half & kept
        halves.append({
            "count": half.sum(axis=(1, 2)), "expected": np.where(half, expected, 0).sum((1, 2)),
            "used": own.sum(axis=(1, 2)), "residual": np.where(own, residual, 0).sum((1, 2)),
        })  # fmt: skip
    rows, columns = np.indices(kept.shape)
    cell = rows * CELLS // kept.shape[0] * CELLS + columns * CELLS // kept.shape[1]
    where = cell[used]
    sums = [[np.bincount(where, band[used], CELLS**2) for band in values]
            for values in (residual, expected)]  # fmt: skip
    return {
        "known": int(known.sum()), "used": int(used.sum()), "halves": halves,
        "cells": np.bincount(where, minlength=CELLS**2), "cell_sums": sums,
    }  # fmt: skip


def image_series(
    dates: Sequence[Sequence[Mapping[str, Any]]],
    times: TimeArray,
    bands: Sequence[str],
    nm: FloatArray,
) -> ImageSeries:
    """The series of the whole image, from the sums of all tiles on each of n ``dates``."""
    k = len(bands)
    split = 2 * k <= _MOST_BANDS * len(dates)
    values = np.stack([_means(parts, split) for parts in dates])
    used = np.array([_share(parts) for parts in dates])
    states = np.where(used >= LEAST_USED, CLEAR, "cloud").astype(object)
    blank = np.full(len(dates), "", dtype=object)
    names = [f"{band} {half}" for half in HALVES for band in bands] if split else list(bands)
    series = TimeSeries(
        "image", times, tuple(names), np.tile(nm, 2 if split else 1), values, states,
        blank, blank, blank,
    )  # fmt: skip
    cells = [_cells(parts) for parts in dates]
    return ImageSeries(
        series, used, np.stack([one[0] for one in cells]), np.stack([one[1] for one in cells])
    )


@dataclass(frozen=True)
class ImageVote:
    """What the means of n images say: ``p_value`` (n,) that a good image is as far off, NaN where
    not tested; ``type`` (n,) of ``WIDE``, ``none`` above the threshold; ``amplitude`` (n,) in the
    unit of the type; ``confidence`` and ``uniform`` (n,), 0 to 1, NaN without a type.
    """

    p_value: FloatArray
    type: AnyArray
    amplitude: FloatArray
    confidence: FloatArray
    uniform: FloatArray


def vote(
    image: ImageSeries, nm: FloatArray, threshold: float = 0.001, harmonics: int | None = None
) -> ImageVote:
    """The dates on which all of the image is off, and what by.

    Two tests share ``threshold``: of any deviation (as for single sites), and along the templates
    of gain, offset and aerosol alone, which needs less. ``nm`` (k,) are the wavelengths.
    """
    series, count = image.series, len(image.series)
    clear = is_clear(series.mask_state) & np.isfinite(series.values).all(axis=1)
    nothing = np.full(count, np.nan)
    result = ImageVote(nothing, np.full(count, NONE, dtype=object), nothing.copy(), nothing.copy(),
                       nothing.copy())  # fmt: skip
    if clear.sum() < FEWEST_CLEAR:
        return result
    waves = harmonics_for(int(clear.sum())) if harmonics is None else harmonics
    t = years(series.times)
    found = score(
        design(t, waves), series.values, clear, prior_correlation(series.wavelengths_nm)
    )  # fmt: skip
    p_value = np.minimum(1.0, 2.0 * np.fmin(found.p_value, _directed(found, series)))
    with np.errstate(invalid="ignore"):
        tested = clear & (found.leverage <= MAX_LEVERAGE) & np.isfinite(p_value)
        flagged = tested & (p_value < threshold)
    result = replace(result, p_value=np.where(tested, p_value, np.nan))
    if flagged.any():
        _name(result, found, flagged, image, nm, t, waves)
    return result


def _name(
    result: ImageVote, found: Scores, flagged: BoolArray, image: ImageSeries, nm: FloatArray,
    t: FloatArray, harmonics: int,
) -> None:  # fmt: skip
    """Enter types, amplitudes and uniformity of the ``flagged`` dates."""
    labels, (dates,) = label_dates(found, flagged, image.series.wavelengths_nm, t, harmonics)
    shares = labels.shares[:, [ALL_TYPES.index(name) for name in WIDE]]
    for place, date in enumerate(dates):
        kind = WIDE[int(shares[place].argmax())]
        result.type[date] = kind
        result.confidence[date] = shares[place].max() / max(shares[place].sum(), 1e-300)
        if kind in TYPES:
            shape = _shape(found.expected[date], image.series.wavelengths_nm, kind)
            result.amplitude[date] = _along(found, date, shape)[0] * _unit(kind)
            result.uniform[date] = uniformity(image, int(date), kind, result.amplitude[date], nm)
        elif kind == labels.type[place]:
            result.amplitude[date] = labels.amplitude[place]


def _directed(found: Scores, series: TimeSeries) -> FloatArray:
    """The least p-value (n,) along the templates of what is the same all over an image, times their
    number.
    """
    special = require("scipy.special")
    kinds = ("gain", "offset", "aot_under")
    result = np.full(len(series), np.nan)
    for date in np.flatnonzero(np.isfinite(found.distance)):
        z = [_along(found, date, _shape(found.expected[date], series.wavelengths_nm, kind))[1]
             for kind in kinds]  # fmt: skip
        tail = special.stdtr(max(found.freedom[date], 1.0), -np.abs(z).max())
        result[date] = min(1.0, 2.0 * len(kinds) * float(tail))
    return result


def _shape(expected: FloatArray, nm: FloatArray, kind: str) -> FloatArray:
    return np.asarray(templates(expected[None], nm)[0, list(TYPES).index(kind)])


def _along(found: Scores, date: int, shape: FloatArray) -> tuple[float, float]:
    """Amplitude along a shape (k,) by generalized least squares, and its size in sigmas."""
    there = np.isfinite(found.residual[date]) & np.isfinite(found.noise)
    hat = found.leverage[date] * (-1.0 if found.kept[date] else 1.0)
    scale = found.noise[there] * np.sqrt(max(1.0 + hat, 1e-6))
    matrix = found.correlation[np.ix_(there, there)] * np.outer(scale, scale)
    solved = np.linalg.solve(matrix, shape[there])
    power = float(shape[there] @ solved)
    if power <= 0.0:
        return 0.0, 0.0
    along = float(found.residual[date][there] @ solved)
    return along / power, along / np.sqrt(power)


def _unit(kind: str) -> float:
    return 100.0 if TYPES[kind][2] == "percent" else 1.0


def uniformity(image: ImageSeries, date: int, kind: str, amplitude: float, nm: FloatArray) -> float:
    """The share (0 to 1) of cells in which a type of ``templates`` holds with about the
    ``amplitude`` that the whole image has (in the unit of the type); NaN without cells.
    """
    residual, expected = image.cell_residual[date], image.cell_expected[date]
    there = np.isfinite(residual).all(axis=1)
    if not there.any() or not amplitude:
        return float("nan")
    shape = templates(expected[there], nm)[:, list(TYPES).index(kind)]
    along = (residual[there] * shape).sum(axis=1)
    own = along / np.maximum((shape * shape).sum(axis=1), 1e-12)
    ratio = own / (amplitude / _unit(kind))
    return float(((ratio > _LIKE[0]) & (ratio < _LIKE[1])).mean())


def _means(parts: Sequence[Mapping[str, Any]], split: bool) -> FloatArray:
    """Mean model of all pixels plus mean residual of those used, per half and band, or per band."""
    total = {
        key: np.array([
            np.sum([np.asarray(part["halves"][half][key]) for part in parts], axis=0)
            for half in range(2)
        ], dtype=np.float64)
        for key in ("count", "expected", "used", "residual")
    }  # fmt: skip
    if not split:
        total = {key: value.sum(axis=0) for key, value in total.items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        means = total["expected"] / total["count"] + total["residual"] / total["used"]
    return np.asarray(means).ravel()


def _share(parts: Sequence[Mapping[str, Any]]) -> float:
    known = sum(int(part["known"]) for part in parts)
    return sum(int(part["used"]) for part in parts) / max(known, 1)


def _cells(parts: Sequence[Mapping[str, Any]]) -> tuple[FloatArray, FloatArray]:
    counts = np.concatenate([np.asarray(part["cells"], dtype=np.float64) for part in parts])
    sums = np.concatenate([np.asarray(part["cell_sums"]) for part in parts], axis=2)
    counts[counts < _FEWEST] = np.nan
    means = sums / counts
    return means[0].T, means[1].T


def inliers(residual: FloatArray, used: BoolArray) -> BoolArray:
    """Pixels whose residual is like that of most, in all bands."""
    kept = np.ones(used.shape, bool)
    if not used.any():
        return kept
    for band in residual:
        seen = band[used]
        middle = np.median(seen)
        scale = max(1.4826 * float(np.median(np.abs(seen - middle))), 1e-6)
        with np.errstate(invalid="ignore"):
            kept &= np.abs(band - middle) <= _TRIM * scale
    return kept
