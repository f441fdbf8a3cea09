# SPDX-License-Identifier: GPL-3.0-or-later
"""Is an image displaced against the images before and after it?

A shift by d changes the image by about -d times its gradient: least squares of the residual on the
gradients of the expected image, repeated with the expected image moved by what was found (Lucas &
Kanade 1981). The noise of the expected image adds to its gradients, but not to what a move changes:
how the equations answer to a move is therefore measured, by moving, not taken from the gradients.
Each part of an image has a say of its own, from whose scatter the error follows
(``shift_error``). An independent look is the slope of the phase of the cross-power spectrum
(``phase``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...dependencies import require
from ...types import AnyArray, BoolArray, FloatArray
from .phase import FARTHEST, moments, phase_of_bands
from .shift_error import ShiftError, shift_error

ROUNDS = 4
CELL = 16  # pixels on a side of what has a say of its own; smaller ones are too much alike
_FEWEST = 200
_CLOSE = 1e-3  # pixels
_STEP = 0.25  # pixels, by which the image is moved to see what that changes


@dataclass(frozen=True)
class Shift:
    """``rows`` and ``columns`` (pixels, south and east) by which the content of the image lies off,
    with their ``error``, the share ``explained`` of the squared residual (0 to 1);
    ``phase_rows``, ``phase_columns``: the same by phase correlation, NaN where it found nothing.
    """

    rows: float
    columns: float
    error: ShiftError
    explained: float
    phase_rows: float
    phase_columns: float

    @property
    def pixels(self) -> float:
        """Length of the shift."""
        return float(np.hypot(self.rows, self.columns))

    @property
    def interval(self) -> tuple[float, float]:
        """Bounds of the length (pixels), 95 %; the lower one is 0 where there may be no shift."""
        return self.error.interval(self.rows, self.columns)

    @property
    def p_value(self) -> float:
        """Chance that an image without a shift looks as displaced."""
        return self.error.p_value(self.rows, self.columns)

    @property
    def confirmed(self) -> bool:
        """Whether both ways agree to half a pixel or a quarter of the shift."""
        apart = np.hypot(self.rows - self.phase_rows, self.columns - self.phase_columns)
        return bool(apart <= max(0.5, 0.25 * self.pixels))


def shift_sums(
    observed: FloatArray, expected: FloatArray, used: BoolArray, weights: FloatArray
) -> dict[str, Any]:
    """What a part says of the shift of an image.

    ``observed``, ``expected`` (k, rows, columns) reflectance, NaN where unknown: ``expected`` must
    not have seen the image, or it has followed its shift; ``used`` (rows, columns); ``weights``
    (k,) 1 / variance of the noise.
    """
    nothing: dict[str, Any] = {"count": 0}
    if used.sum() < _FEWEST:
        return nothing
    inner = require("scipy.ndimage").binary_erosion(used, iterations=2)
    if inner.sum() < _FEWEST:
        return nothing
    tile = _Tile(observed, _filled(expected), inner, weights)
    found, before = np.zeros(2), tile.at(np.zeros(2))
    now = before
    for _ in range(ROUNDS):
        if np.linalg.det(now.matrix) <= 1e-12 * np.trace(now.matrix) ** 2:
            return nothing
        move = -np.linalg.solve(now.matrix, now.right)
        if np.abs(move).max() < _CLOSE:
            break
        found = np.clip(found + move, -FARTHEST, FARTHEST)
        now = tile.at(found)
    answers = np.stack([(tile.at(found + step).cells - now.cells) / _STEP
                        for step in _STEP * np.eye(2)], axis=-1)  # fmt: skip
    total = answers.sum(axis=0)
    if np.linalg.eigvalsh(total + total.T).min() <= 0.0:
        return nothing  # nothing but noise
    move = np.clip(-np.linalg.solve(total, now.right), -_STEP, _STEP)
    return {
        "count": int(inner.sum()),
        "shift": np.clip(found + move, -FARTHEST, FARTHEST),
        # Of each part: what is left of its equations, and how they answer to a move.
        "cells": now.cells + answers @ move,
        "answers": answers,
        "before": before.energy,
        "after": min(before.energy, now.energy + float((now.right * move).sum())),
        "phase": phase_of_bands(observed, tile.expected, used, weights),
    }


def shift_of(parts: Sequence[Mapping[str, Any]]) -> Shift | None:
    """What all parts together say: their shifts weighted by the information in their gradients;
    None where there is none.
    """
    parts = [part for part in parts if part["count"]]
    if not parts:
        return None
    shifts = [np.asarray(part["shift"]) for part in parts]
    answers = [np.asarray(part["answers"]) for part in parts]
    matrix = sum(one.sum(axis=0) for one in answers)
    right = sum(one.sum(axis=0) @ shift for one, shift in zip(answers, shifts, strict=True))
    found = np.linalg.solve(matrix, right)
    cells = [
        np.asarray(part["cells"]) + one @ (found - shift)
        for part, one, shift in zip(parts, answers, shifts, strict=True)
    ]
    error = shift_error(np.concatenate(cells), np.concatenate(answers))
    before = sum(part["before"] for part in parts)
    # One shift for all: what each part would gain by one of its own is no evidence of it.
    after = sum(
        part["after"] + _lost(one.sum(axis=0), found - shift)
        for part, one, shift in zip(parts, answers, shifts, strict=True)
    )
    explained = max(0.0, 1.0 - after / before) if before > 0.0 else 0.0
    phase = _phase(parts)
    rows, columns = (float(one) for one in found)
    return Shift(rows, columns, error, explained, float(phase[0]), float(phase[1]))


def _lost(answer: FloatArray, off: FloatArray) -> float:
    """How much more squared residual a part keeps at a shift that is ``off`` (2,) its own: a
    parabola, up to a pixel, beyond which images are not alike any more.
    """
    off = off / max(1.0, float(np.hypot(*off)))
    return float(off @ answer @ off)


def _phase(parts: Sequence[Mapping[str, Any]]) -> FloatArray:
    """The median (2,) over all pixels of what phase correlation finds in the parts; NaN without."""
    seen = [part for part in parts if part["phase"] is not None]  # JSON knows no NaN
    if not seen:
        return np.full(2, np.nan)
    return np.array([
        _weighted_median([part["phase"][axis] for part in seen], [part["count"] for part in seen])
        for axis in range(2)
    ])  # fmt: skip


def _weighted_median(values: Sequence[float], weights: Sequence[int]) -> float:
    """Of single values of equal weight the usual median."""
    order = np.argsort(values)
    share = np.cumsum(np.asarray(weights, dtype=np.float64)[order])
    ends = [np.searchsorted(share, 0.5 * share[-1], side=side) for side in ("left", "right")]
    return float(np.mean(np.asarray(values)[order][ends]))


@dataclass(frozen=True)
class _Equations:
    """At a shift: the sums ``right`` (2,) of slopes times residual, and ``cells`` (c, 2) of each
    part; the ``matrix`` (2, 2) of the slopes; the ``energy`` of the residual.
    """

    right: FloatArray
    cells: FloatArray
    matrix: FloatArray
    energy: float


class _Tile:
    """A tile of an image, to be compared with what is expected, moved."""

    def __init__(
        self, observed: FloatArray, expected: list[FloatArray], inner: BoolArray,
        weights: FloatArray,
    ) -> None:  # fmt: skip
        self.expected = expected
        self._seen = [band[inner] for band in observed]
        self._inner, self._weights = inner, weights
        rows, columns = np.nonzero(inner)
        down, across = (-(-side // CELL) for side in inner.shape)
        self._cell, self._cells = rows // CELL * across + columns // CELL, down * across

    def at(self, shift: FloatArray) -> _Equations:
        """The equations with the expected image moved by ``shift`` (rows, columns)."""
        ndimage = require("scipy.ndimage")
        cells, matrix, energy = np.zeros((self._cells, 2)), np.zeros((2, 2)), 0.0
        for band, weight, seen in zip(self.expected, self._weights, self._seen, strict=True):
            moved = ndimage.shift(band, shift, order=3, mode="nearest") if shift.any() else band
            slope = np.stack(np.gradient(moved))[:, self._inner]
            left = seen - moved[self._inner]
            left -= left.mean()
            slope -= slope.mean(axis=1, keepdims=True)
            matrix += weight * moments(*slope)
            for axis in range(2):
                cells[:, axis] += weight * np.bincount(self._cell, slope[axis] * left, self._cells)
            energy += float(weight * (left * left).sum())
        return _Equations(cells.sum(axis=0), cells, matrix, energy)


def _filled(bands: FloatArray) -> list[FloatArray]:
    """No data replaced by the nearest value, so that it makes no edges."""
    filled: list[FloatArray] = []
    known, nearest = np.zeros(bands.shape[1:], bool), None
    for band in bands:
        gap = ~np.isfinite(band)
        if not gap.any():
            filled.append(band)
            continue
        # Most often all bands have the same gaps.
        if nearest is None or not np.array_equal(gap, known):
            nearest, known = _nearest(gap), gap
        filled.append(np.asarray(band[tuple(nearest)]))
    return filled


def _nearest(gap: BoolArray) -> AnyArray:
    """Row and column (2, rows, columns) of the nearest pixel that is no gap."""
    return np.asarray(
        require("scipy.ndimage").distance_transform_edt(
            gap, return_distances=False, return_indices=True
        )
    )
