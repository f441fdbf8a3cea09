# SPDX-License-Identifier: GPL-3.0-or-later
"""Where injections act: weights of any block of an image, the same whatever blocks it is cut into.

All weights are float64 from 0 to 1. What is random is drawn once for the whole image; images larger
than ``EXACT`` pixels get it on a coarser grid, interpolated, so that memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..types import FloatArray
from .inject_images import patch_field, soften
from .injections import Injection, Window

Shape = tuple[int, int]
EXACT = 2048  # pixels along a side up to which patches are drawn pixel by pixel
COARSE = 1024  # nodes along a side where they are not
ALIKE = 0.5  # size of patches: share of the side of a square of the same area
# Over how much the edges fade of what has no sharp ones.
_EDGES = {"cloud": 0.6, "thin_cloud": 1.6, "shadow": 0.5, "snow": 0.3}
_EDGE = 0.4


@dataclass(frozen=True)
class Place:
    """A block of an image: its first ``row`` and ``column`` and its size, and the size (rows,
    columns) of the ``whole`` image, within which it lies.
    """

    row: int
    column: int
    rows: int
    columns: int
    whole: Shape

    @property
    def slices(self) -> tuple[slice, slice]:
        """The block as an index of the whole image (rows, columns)."""
        return (
            slice(self.row, self.row + self.rows),
            slice(self.column, self.column + self.columns),
        )


Weights = Callable[[Place], FloatArray]


def check_place(injection: Injection, whole: Shape) -> None:
    """Raise ``InputError`` where its mask or its window does not fit images of ``whole`` size."""
    if injection.mask is not None:
        if injection.mask.shape != whole:
            raise InputError(
                f"The mask of an injection ({injection.type}) has {injection.mask.shape} pixels, "
                f"the images have {whole}. Make the mask on the grid of the images."
            )
        return
    row, column, high, wide = injection.window or (0, 0, 0, 0)
    if row + high > whole[0] or column + wide > whole[1]:
        raise InputError(
            f"The window of an injection ({injection.type}) reaches beyond the image of "
            f"{whole[0]} x {whole[1]} pixels. Choose a smaller one."
        )


def all_of(whole: Shape) -> Place:
    """The whole image as one block."""
    return Place(0, 0, *whole, whole)


def weights_of(injection: Injection, whole: Shape) -> Weights:
    """How strongly each pixel of a block of an image of ``whole`` size is meant.

    Raises ``InputError`` where the mask or the window does not fit the image.
    """
    check_place(injection, whole)
    if injection.mask is not None:
        mask = injection.mask
        return lambda place: mask[place.slices].astype(np.float64)
    if injection.window is not None:
        return _window(injection.window)
    if injection.kind.everywhere or injection.extent >= 1.0:
        return lambda place: np.ones((place.rows, place.columns))
    return _patches(injection, whole)


def cast(weights: Weights, offset_px: tuple[float, float], place: Place) -> FloatArray:
    """Where the shadows of what ``weights`` say fall in a block: displaced by ``offset_px`` (rows,
    columns), interpolated linearly; nothing comes in from beyond the image.
    """
    rows = _Line(place.row - offset_px[0], place.rows, place.whole[0])
    columns = _Line(place.column - offset_px[1], place.columns, place.whole[1])
    if not (rows.inside.any() and columns.inside.any()):
        return np.zeros((place.rows, place.columns))
    source = Place(rows.first, columns.first, rows.length, columns.length, place.whole)
    moved = columns.between(rows.between(weights(source), 0), 1)
    return np.where(rows.inside[:, np.newaxis] & columns.inside, moved, 0.0)


class _Line:
    """Places ``start``, ``start`` + ``step`` ... along an axis of ``size`` nodes, between which
    is interpolated; those beyond the nodes are not ``inside`` and get the outermost value.
    """

    def __init__(self, start: float, count: int, size: int) -> None:
        self._set(start + np.arange(count), size)

    @classmethod
    def coarse(cls, first: int, count: int, factor: int, size: int) -> _Line:
        """Pixels ``first`` ... on nodes that each stand for ``factor`` pixels."""
        line = cls.__new__(cls)
        line._set((np.arange(first, first + count) + 0.5) / factor - 0.5, size)
        return line

    def _set(self, at: FloatArray, size: int) -> None:
        self.inside = (at >= 0.0) & (at <= size - 1)
        held = np.clip(at, 0.0, size - 1)
        lower = np.floor(held).astype(np.int64)
        upper = np.minimum(lower + 1, size - 1)
        self.first, self.length = int(lower[0]), int(upper[-1] - lower[0]) + 1
        self._lower, self._upper = lower - self.first, upper - self.first
        self._share = held - lower

    def between(self, values: FloatArray, axis: int) -> FloatArray:
        """Values at the places, of values at the nodes ``first`` ... (``length`` of them)."""
        share = self._share[:, np.newaxis] if axis == 0 else self._share
        low, high = (np.take(values, at, axis) for at in (self._lower, self._upper))
        return np.asarray(low * (1.0 - share) + high * share)


def _window(window: Window) -> Weights:
    row, column, high, wide = window

    def weights(place: Place) -> FloatArray:
        rows, columns = np.arange(place.rows) + place.row, np.arange(place.columns) + place.column
        across = (rows >= row) & (rows < row + high)
        along = (columns >= column) & (columns < column + wide)
        return np.logical_and.outer(across, along).astype(np.float64)

    return weights


def _patches(injection: Injection, whole: Shape) -> Weights:
    """Random patches: the same for all dates of an injection."""
    factor = 1 if max(whole) <= EXACT else -(-max(whole) // COARSE)
    nodes = (-(-whole[0] // factor), -(-whole[1] // factor))
    size = ALIKE * np.sqrt(injection.extent * whole[0] * whole[1])
    excess, ramp = patch_field(
        nodes, injection.extent, size / factor,
        np.random.default_rng([injection.seed, injection.date]),
        _EDGES.get(injection.type, _EDGE),
    )  # fmt: skip

    def weights(place: Place) -> FloatArray:
        if factor == 1:
            weight = soften(excess[place.slices], ramp)
        else:
            rows = _Line.coarse(place.row, place.rows, factor, nodes[0])
            columns = _Line.coarse(place.column, place.columns, factor, nodes[1])
            part = excess[
                rows.first : rows.first + rows.length,
                columns.first : columns.first + columns.length,
            ]
            weight = soften(columns.between(rows.between(part, 0), 1), ramp)
        soft = injection.type in _EDGES
        return weight if soft else np.asarray((weight > 0.0).astype(np.float64))

    return weights
