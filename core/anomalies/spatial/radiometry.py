# SPDX-License-Identifier: GPL-3.0-or-later
"""The image as one pixel: the means of its residuals, and how the contrast of it is off.

The residual of each band is averaged over what the images have in common (what a part of an image
has alone, such as clouds, is cut off first). Beside these levels stands the relative change of the
local contrast (``texture``): a law that depends on the reflectance of the ground, as gain, aerosol
and thin cloud do, each in its own way, changes both; an offset changes the level alone. Both are
time series with noise that is common to the image and much smaller than that of a pixel. Sums of
tiles add up to those of the image.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...spread import TO_SIGMA
from ...types import BoolArray, FloatArray
from .texture import texture_of

CELLS = 4  # per side of a tile, in which the law must hold too
_TRIM = 4.0  # scaled median absolute deviations from the middle of the tile
_FEWEST = 30  # pixels of a cell


@dataclass(frozen=True)
class ImageSeries:
    """What n images say as a whole: ``level`` (n, k), mean reflectance; ``texture`` (n, k),
    relative change of the local contrast, NaN where there is none; ``used`` (n,) share of clear
    pixels; ``cell_count`` (n, cells) of them; ``cell_residual`` and ``cell_expected`` (n, cells,
    k), reflectance, NaN where a cell has too few pixels.
    """

    level: FloatArray
    texture: FloatArray
    used: FloatArray
    cell_count: FloatArray
    cell_residual: FloatArray
    cell_expected: FloatArray


def radiometric_sums(
    residual: FloatArray, expected: FloatArray, used: BoolArray, kept: BoolArray
) -> dict[str, Any]:
    """The sums of a tile on one date: ``residual``, ``expected`` (k, rows, columns) reflectance,
    NaN without a model; ``used`` (rows, columns): clear pixels; ``kept``: those of them that are
    ``inliers``.
    """
    known = np.isfinite(expected).all(axis=0)
    used, kept = used & known, kept & known
    rows, columns = np.indices(kept.shape)
    cell = rows * CELLS // kept.shape[0] * CELLS + columns * CELLS // kept.shape[1]
    where = cell[used]
    sums = [[np.bincount(where, band[used], CELLS**2) for band in values]
            for values in (residual, expected)]  # fmt: skip
    return {
        "known": int(known.sum()), "used": int(used.sum()), "kept": int(kept.sum()),
        "expected": np.where(known, expected, 0.0).sum(axis=(1, 2)),
        "residual": np.where(kept, residual, 0.0).sum(axis=(1, 2)),
        "cells": np.bincount(where, minlength=CELLS**2), "cell_sums": sums,
    }  # fmt: skip


def image_series(dates: Sequence[Sequence[Mapping[str, Any]]]) -> ImageSeries:
    """The series of the whole image, from what all tiles say on each of n ``dates``: a
    ``radiometry`` and a ``texture`` each.
    """
    sums = [[part["radiometry"] for part in parts] for parts in dates]
    cells = [_cells(parts) for parts in sums]
    return ImageSeries(
        np.stack([_level(parts) for parts in sums]),
        np.stack([texture_of([part["texture"] for part in parts]) for parts in dates]),
        np.array([_share(parts) for parts in sums]),
        np.stack([_counts(parts) for parts in sums]),
        np.stack([one[0] for one in cells]),
        np.stack([one[1] for one in cells]),
    )


def _level(parts: Sequence[Mapping[str, Any]]) -> FloatArray:
    """Mean model of all pixels plus mean residual of those kept (k,)."""
    total = {
        key: np.sum([np.asarray(part[key], dtype=np.float64) for part in parts], axis=0)
        for key in ("known", "kept", "expected", "residual")
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        level = total["expected"] / total["known"] + total["residual"] / total["kept"]
    return np.asarray(level)


def _share(parts: Sequence[Mapping[str, Any]]) -> float:
    known = sum(int(part["known"]) for part in parts)
    return sum(int(part["used"]) for part in parts) / max(known, 1)


def _counts(parts: Sequence[Mapping[str, Any]]) -> FloatArray:
    return np.concatenate([np.asarray(part["cells"], dtype=np.float64) for part in parts])


def _cells(parts: Sequence[Mapping[str, Any]]) -> tuple[FloatArray, FloatArray]:
    counts = _counts(parts)
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
        scale = max(TO_SIGMA * float(np.median(np.abs(seen - middle))), 1e-6)
        with np.errstate(invalid="ignore"):
            kept &= np.abs(band - middle) <= _TRIM * scale
    return kept
