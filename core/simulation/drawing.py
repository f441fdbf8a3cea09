# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes that simulated landscapes are drawn of: turned fields, rounded regions, outlines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray
from .fields import smooth_noise
from .landscape import Draft

Box = tuple[float, float, float, float]


def empty(size: int) -> Draft:
    """A landscape of ``size`` x ``size`` pixels with nothing drawn yet."""
    return Draft(np.zeros((size, size), dtype=np.int64), [])


def texture(
    size: int, smooth: float, scale: float, fine: float, rng: np.random.Generator
) -> FloatArray:
    """Relative brightness around 1 with a smooth and a fine part (standard deviations)."""
    noise = smooth * smooth_noise((size, size), scale, rng) + fine * rng.normal(size=(size, size))
    return np.asarray(np.clip(1.0 + noise, 0.6, 1.4))


def turned(size: int, degrees: float) -> tuple[FloatArray, FloatArray]:
    """Coordinates (rows, columns) in pixels from the center, turned: along and across."""
    rows, columns = np.mgrid[0:size, 0:size] - (size - 1) / 2.0
    angle = np.deg2rad(degrees)
    cosine, sine = np.cos(angle), np.sin(angle)
    return columns * cosine + rows * sine, rows * cosine - columns * sine


def cells(
    along: FloatArray,
    across: FloatArray,
    smallest: float,
    rng: np.random.Generator,
    within: BoolArray | None = None,
) -> Iterator[BoolArray]:
    """A region parted again and again into rectangles, none with a side much below ``smallest``."""
    inside = np.ones(along.shape, dtype=np.bool_) if within is None else within
    if not inside.any():
        return
    box = (
        float(along[inside].min()), float(along[inside].max()),
        float(across[inside].min()), float(across[inside].max()),
    )  # fmt: skip
    for left, right, low, high in _parted(box, smallest, rng):
        cell = inside & (along >= left) & (along <= right) & (across >= low) & (across <= high)
        if cell.any():
            yield cell


def _parted(box: Box, smallest: float, rng: np.random.Generator) -> Sequence[Box]:
    left, right, low, high = box
    wide, tall = right - left, high - low
    if max(wide, tall) < 2.2 * smallest:
        return [box]
    cut = float(rng.uniform(0.36, 0.64))
    if wide > tall:
        middle = left + cut * wide
        halves = ((left, middle, low, high), (middle, right, low, high))
    else:
        middle = low + cut * tall
        halves = ((left, right, low, middle), (left, right, middle, high))
    return [part for half in halves for part in _parted(half, smallest, rng)]


def outline(region: BoolArray) -> BoolArray:
    """The pixels of a region that touch its upper or left border: a street beside it."""
    inner = region.copy()
    inner[1:] &= region[:-1]
    inner[:, 1:] &= region[:, :-1]
    return np.asarray(region & ~inner)


def ellipse(
    size: int,
    row: float,
    column: float,
    high: float,
    wide: float,
    rng: np.random.Generator,
    square: bool = False,
) -> BoolArray:
    """A rounded region with an uneven border (or a rectangle); all as shares of the size."""
    rows, columns = np.mgrid[0:size, 0:size] / float(size)
    down, aside = (rows - row) / high, (columns - column) / wide
    if square:
        return np.asarray(np.maximum(np.abs(down), np.abs(aside)) <= 1.0)
    uneven = 1.0 + 0.15 * smooth_noise((size, size), 0.12 * size, rng)
    shape: AnyArray = np.hypot(down, aside) <= uneven
    return shape
