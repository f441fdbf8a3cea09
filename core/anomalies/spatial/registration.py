# SPDX-License-Identifier: GPL-3.0-or-later
"""Is an image displaced against the images before and after it?

A shift by d changes the image by about -d times its gradient: least squares of the residual on the
gradients of the expected image, repeated with the expected image moved by what was found (Lucas &
Kanade 1981). An independent look is the slope of the phase of the cross-power spectrum (Stone et
al. 2001, 10.1109/36.957286).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...dependencies import require
from ...types import AnyArray, BoolArray, FloatArray

ROUNDS = 4
FARTHEST = 5.0  # pixels; more is no registration error of a product
_LOW = 0.2  # cycles per pixel: beyond, aliasing and noise rule the phase
_FEWEST = 200
_CLOSE = 1e-3  # pixels


@dataclass(frozen=True)
class Shift:
    """``rows`` and ``columns`` (pixels, south and east) by which the content of the image lies off,
    the share ``explained`` of the squared residual (0 to 1); ``phase_rows``, ``phase_columns``: the
    same by phase correlation, NaN where it found nothing.
    """

    rows: float
    columns: float
    explained: float
    phase_rows: float
    phase_columns: float

    @property
    def pixels(self) -> float:
        """Length of the shift."""
        return float(np.hypot(self.rows, self.columns))

    @property
    def confirmed(self) -> bool:
        """Whether both ways agree to half a pixel or a quarter of the shift."""
        apart = np.hypot(self.rows - self.phase_rows, self.columns - self.phase_columns)
        return bool(apart <= max(0.5, 0.25 * self.pixels))


def shift_sums(
    observed: FloatArray, expected: FloatArray, used: BoolArray, weights: FloatArray
) -> dict[str, Any]:
    """What a tile says of the shift of an image.

    ``observed``, ``expected`` (k, rows, columns) reflectance, NaN where unknown; ``used`` (rows,
    columns); ``weights`` (k,) 1 / variance of the noise.
    """
    if used.sum() < _FEWEST:
        return {"count": 0}
    ndimage = require("scipy.ndimage")
    filled = _filled(expected)
    inner = ndimage.binary_erosion(used, iterations=2)
    if inner.sum() < _FEWEST:
        return {"count": 0}
    found = np.zeros(2)
    matrix, before, after = np.zeros((2, 2)), 0.0, 0.0
    for step in range(ROUNDS):
        right, matrix, energy = np.zeros(2), np.zeros((2, 2)), 0.0
        for band, weight, seen in zip(filled, weights, observed, strict=True):
            moved = ndimage.shift(band, found, order=3, mode="nearest") if step else band
            slope = np.stack(np.gradient(moved))[:, inner]
            left = (seen - moved)[inner]
            left -= left.mean()
            slope -= slope.mean(axis=1, keepdims=True)
            down, across = slope
            matrix += weight * _moments(down, across)
            right += weight * np.array([(down * left).sum(), (across * left).sum()])
            energy += float(weight * (left * left).sum())
        before, after = (energy, energy) if step == 0 else (before, energy)
        if step == ROUNDS - 1 or np.linalg.det(matrix) <= 1e-12 * np.trace(matrix) ** 2:
            break
        move = -np.linalg.solve(matrix, right)
        found = np.clip(found + move, -FARTHEST, FARTHEST)
        if np.abs(move).max() < _CLOSE:
            # So near, what is left follows from the slopes: to look again would change nothing.
            after = energy + float((right * move).sum())
            break
    return {
        "count": int(inner.sum()),
        "shift": found,
        "matrix": matrix,
        "before": before,
        "after": min(before, after),
        "phase": _phase(observed, filled, used, weights),
    }


def shift_of(parts: Sequence[Mapping[str, Any]]) -> Shift | None:
    """What all tiles together say: their shifts weighted by the information in their gradients;
    None where there is none.
    """
    parts = [part for part in parts if part["count"]]
    if not parts:
        return None
    matrix = sum(np.asarray(part["matrix"]) for part in parts)
    right = sum(np.asarray(part["matrix"]) @ np.asarray(part["shift"]) for part in parts)
    before = sum(part["before"] for part in parts)
    after = sum(part["after"] for part in parts)
    rows, columns = np.linalg.lstsq(np.asarray(matrix), np.asarray(right), rcond=None)[0]
    # JSON knows no NaN.
    seen = [part["phase"] for part in parts if part["phase"] is not None]
    phase = np.median(np.array(seen), axis=0) if seen else np.full(2, np.nan)
    explained = 1.0 - after / before if before > 0.0 else 0.0
    return Shift(float(rows), float(columns), explained, float(phase[0]), float(phase[1]))


def phase_shift(observed: FloatArray, expected: FloatArray) -> FloatArray | None:
    """By how many (rows, columns) ``observed`` lies off ``expected`` (both rows, columns, without
    gaps), to a fraction of a pixel; None where the spectra have nothing in common.
    """
    window = np.outer(np.hanning(observed.shape[0]), np.hanning(observed.shape[1]))
    one, two = (np.fft.fft2((image - image.mean()) * window) for image in (observed, expected))
    cross = one * np.conj(two)
    size = np.abs(cross)
    if not size.max() > 0.0:
        return None
    peak = np.fft.ifft2(cross / np.maximum(size, 1e-3 * size.max())).real
    place = np.unravel_index(int(peak.argmax()), peak.shape)
    whole = np.array([p - n if p > n // 2 else p for p, n in zip(place, peak.shape, strict=True)])
    v, u = np.meshgrid(*(np.fft.fftfreq(n, 1.0) for n in peak.shape), indexing="ij")
    low = (np.hypot(u, v) < _LOW) & (np.hypot(u, v) > 0.0)
    waves, weight = np.stack([v[low], u[low]], axis=1), size[low]
    shift = whole.astype(np.float64)
    for _ in range(3):
        turned = cross[low] * np.exp(2j * np.pi * (waves * shift).sum(axis=1))
        angle = -np.angle(turned) / (2.0 * np.pi)
        right = np.array([(weight * wave * angle).sum() for wave in waves.T])
        shift = shift + np.linalg.solve(_moments(waves[:, 0], waves[:, 1], weight), right)
    return None if np.abs(shift).max() > FARTHEST else shift


def _moments(one: FloatArray, two: FloatArray, weight: FloatArray | float = 1.0) -> FloatArray:
    """Sums of products (2, 2); not by BLAS, whose last digits change with its threads."""
    mixed = (weight * one * two).sum()
    return np.array([[(weight * one * one).sum(), mixed], [mixed, (weight * two * two).sum()]])


def _phase(
    observed: FloatArray, expected: Sequence[FloatArray], used: BoolArray, weights: FloatArray
) -> FloatArray | None:
    """Phase correlation in the band whose contrast stands out most from its noise."""
    contrast = [weight * float(band[used].var())
                for weight, band in zip(weights, expected, strict=True)]  # fmt: skip
    at = int(np.argmax(contrast))
    # Gaps hold the expected values plus the mean difference: they say "no shift" and no more.
    difference = float(np.mean((observed[at] - expected[at])[used]))
    seen = np.where(used, observed[at], expected[at] + difference)
    return phase_shift(seen, expected[at])


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
