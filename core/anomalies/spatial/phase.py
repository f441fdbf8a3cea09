# SPDX-License-Identifier: GPL-3.0-or-later
"""By how much is an image displaced, by the phase of the cross-power spectrum?

The whole pixels come from the peak of the phase correlation, the rest from the slope of the phase
at low frequencies (Stone et al. 2001, 10.1109/36.957286).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...types import BoolArray, FloatArray

FARTHEST = 5.0  # pixels; more is no registration error of a product
_LOW = 0.2  # cycles per pixel: beyond, aliasing and noise rule the phase


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
        shift = shift + np.linalg.solve(moments(waves[:, 0], waves[:, 1], weight), right)
    return None if np.abs(shift).max() > FARTHEST else shift


def phase_of_bands(
    observed: FloatArray, expected: Sequence[FloatArray], used: BoolArray, weights: FloatArray
) -> FloatArray | None:
    """Phase correlation in the band whose contrast stands out most from its noise."""
    contrast = [weight * float(band[used].var())
                for weight, band in zip(weights, expected, strict=True)]  # fmt: skip
    at = int(np.argmax(contrast))
    # Gaps are flat in both: were they filled from one for the other, they would say "no shift".
    one, two = (
        np.where(used, image - image[used].mean(), 0.0) for image in (observed[at], expected[at])
    )
    return phase_shift(one, two)


def moments(one: FloatArray, two: FloatArray, weight: FloatArray | float = 1.0) -> FloatArray:
    """Sums of products (2, 2); not by BLAS, whose last digits change with its threads."""
    mixed = (weight * one * two).sum()
    return np.array([[(weight * one * one).sum(), mixed], [mixed, (weight * two * two).sum()]])
