# SPDX-License-Identifier: GPL-3.0-or-later
"""What an atmospheric correction leaves in simulated images: correlated between bands, and mostly
smooth in space.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..types import AnyArray, FloatArray
from .covers import WAVELENGTHS_NM
from .fields import smooth_noise

# Shares of the variance that is not common to the image: smooth over it, by parcel, by pixel.
SMOOTH, PARCEL, PIXEL = 0.30, 0.62, 0.08


def noise_sigma(at: Sequence[float]) -> FloatArray:
    """Standard deviation (bands,) of the reflectance, from those ``at`` 490, 840 and 2200 nm."""
    return np.interp(np.log(WAVELENGTHS_NM), np.log([490.0, 840.0, 2200.0]), at)


def correction_noise(
    sigma: FloatArray,
    parcels: AnyArray,
    parcel_count: int,
    common_share: float,
    rng: np.random.Generator,
) -> FloatArray:
    """Noise (bands, rows, columns) of standard deviation ``sigma`` (bands,); ``common_share`` of
    its variance is the same in the whole image. ``parcels`` (rows, columns): numbers below
    ``parcel_count``.
    """
    shape = parcels.shape
    root = np.linalg.cholesky(_correlation())

    def together(*extra: int) -> FloatArray:
        return np.tensordot(root, rng.normal(size=(len(sigma), *extra)), axes=1)

    common = together()[:, np.newaxis, np.newaxis]
    smooth = np.stack([smooth_noise((shape[0], shape[1]), 45.0, rng) for _ in range(2)])
    tilt = together(2) / np.sqrt(2.0)
    local = np.sqrt(SMOOTH) * np.tensordot(tilt, smooth, axes=1)
    local += np.sqrt(PARCEL) * together(parcel_count)[:, parcels]
    local += np.sqrt(PIXEL) * together(*shape)
    noise = np.sqrt(common_share) * common + np.sqrt(1.0 - common_share) * local
    return np.asarray(sigma[:, np.newaxis, np.newaxis] * noise)


def _correlation() -> FloatArray:
    """Correlation of the noise between bands: fades with the ratio of their wavelengths."""
    logs = np.log(WAVELENGTHS_NM)
    apart = np.abs(logs[:, np.newaxis] - logs[np.newaxis, :])
    return np.asarray(0.30 + 0.68 * np.exp(-apart / 0.45) + 0.02 * np.eye(len(logs)))
