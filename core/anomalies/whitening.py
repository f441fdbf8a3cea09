# SPDX-License-Identifier: GPL-3.0-or-later
"""Spectra made white: in units in which the noise of all bands is independent and of size one."""

from __future__ import annotations

import numpy as np

from ..types import BoolArray, FloatArray


def factors(correlation: FloatArray, there: BoolArray) -> FloatArray:
    """Cholesky factors (m, k, k) of ``correlation`` (m, k, k); bands that are not ``there`` (m, k)
    stand alone.
    """
    part = np.where(there[:, :, None] & there[:, None], correlation, 0.0)
    diagonal = np.arange(there.shape[1])
    part[:, diagonal, diagonal] = 1.0
    return np.asarray(np.linalg.cholesky(part))


def whiten(factor: FloatArray, vectors: FloatArray) -> FloatArray:
    """L^-1 of vectors (m, j, k), by forward substitution over the few bands."""
    out = np.empty(vectors.shape)
    for a in range(vectors.shape[2]):
        total = vectors[..., a] - np.einsum("mjb,mb->mj", out[..., :a], factor[:, a, :a])
        out[..., a] = total / factor[:, a, a][:, None]
    return out
