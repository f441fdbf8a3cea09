# SPDX-License-Identifier: GPL-3.0-or-later
"""By what factor is the local contrast of an image off that of its model?

A gain scales the differences between neighboring pixels, an atmosphere that transmits less weakens
them, an offset and additive light leave them as they are. The differences of the residual over a
few pixels are regressed on those of the model, band by band; each pair of pixels counts by how
little the difference of its residuals scatters from date to date. Sums of tiles add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ...types import BoolArray, FloatArray

LAG = 3  # pixels: beyond the width of a pixel of 20 m on a grid of 10 m
MOST_DATES = 40  # from which the scatter is known well enough
_EDGES = 0.85  # quantile of the contrast from which a pixel is an edge
_FLOOR = 1e-6  # of the mean square: 0.001 in reflectance

Pairs = tuple[FloatArray, FloatArray]  # down and across


def pair_scatter(dates: Iterable[tuple[FloatArray, BoolArray]]) -> Pairs:
    """The mean square of the difference of residuals over ``LAG`` pixels, down (k, rows - lag,
    columns) and across (k, rows, columns - lag), over some ``dates``: residual (k, rows, columns),
    reflectance, and which pixels are used (rows, columns). Infinite where no date has the pair.
    """
    total: list[FloatArray] = []
    count: list[FloatArray] = []
    for residual, used in dates:
        pairs, both = _pairs(residual), _both(used)
        squares = [
            np.where(there, np.square(pair), 0.0) for pair, there in zip(pairs, both, strict=True)
        ]
        total = [one + more for one, more in zip(total, squares, strict=True)] if total else squares
        seen = [there.astype(np.float64) for there in both]
        count = [one + more for one, more in zip(count, seen, strict=True)] if count else seen
    down, across = (
        np.where(n > 0.0, square / np.maximum(n, 1.0) + _FLOOR, np.inf)
        for square, n in zip(total, count, strict=True)
    )
    return down, across


def texture_sums(
    residual: FloatArray, expected: FloatArray, used: BoolArray, scatter: Pairs
) -> dict[str, Any]:
    """The sums of a tile on one date: ``along`` and ``power`` (k,) of the regression, and
    ``pairs``, how many pairs of pixels they are of.
    """
    along, power, count = np.zeros(len(residual)), np.zeros(len(residual)), 0
    for off, model, both, square in zip(
        _pairs(residual), _pairs(expected), _both(used), scatter, strict=True
    ):
        weight = np.where(both, 1.0 / square, 0.0)
        model = np.where(both, model, 0.0)
        along += (weight * model * np.where(both, off, 0.0)).sum(axis=(1, 2))
        power += (weight * model * model).sum(axis=(1, 2))
        count += int(both.sum())
    return {"along": along, "power": power, "pairs": count}


def texture_of(parts: Sequence[Mapping[str, Any]]) -> FloatArray:
    """The relative change of the contrast (k,) of a whole image, from the sums of its tiles; NaN
    where the model has no contrast.
    """
    along = np.sum([np.asarray(part["along"]) for part in parts], axis=0)
    power = np.sum([np.asarray(part["power"]) for part in parts], axis=0)
    return np.where(power > 0.0, along / np.where(power > 0.0, power, 1.0), np.nan)


def _pairs(image: FloatArray) -> Pairs:
    return image[:, LAG:] - image[:, :-LAG], image[:, :, LAG:] - image[:, :, :-LAG]


def _both(used: BoolArray) -> tuple[BoolArray, BoolArray]:
    return used[LAG:] & used[:-LAG], used[:, LAG:] & used[:, :-LAG]


def edges_of(mean: npt.NDArray[np.float32], weights: FloatArray) -> npt.NDArray[np.uint8]:
    """Where neighbors differ most (rows, columns; 0 or 1): of images ``mean`` (k, rows, columns),
    reflectance, with ``weights`` (k,) of the bands, 1 / variance of their noise.
    """
    contrast = np.zeros(mean.shape[1:])
    if min(contrast.shape) < 2:
        return contrast.astype(np.uint8)
    for band, weight in zip(mean, weights, strict=True):
        down, across = np.gradient(np.nan_to_num(band.astype(np.float64)))
        contrast += weight * (down**2 + across**2)
    return (contrast > np.quantile(contrast, _EDGES)).astype(np.uint8)
