# SPDX-License-Identifier: GPL-3.0-or-later
"""Rational polynomials fitted on places and their pixels: cameras made, or models corrected.

Terrain-independent fit: a lattice of places over the whole range of heights, each numerator and
denominator by linear least squares (Tao and Hu 2001, Photogrammetric Engineering and Remote Sensing
67(12), the direct solution; Akiki et al. 2021, arXiv 2102.13423). Denominators of satellite images
stay within a percent of 1, so that nothing is gained by weighting with them.
"""

from __future__ import annotations

import numpy as np

from ..errors import InputError
from ..types import FloatArray
from .rpc import TERMS, RpcModel
from .rpc_numpy import monomials

_FEWEST = 100
_SMALLEST = 1e-13  # singular values below, relative to the largest, tell nothing


def fit_rpc(
    lon: FloatArray, lat: FloatArray, height: FloatArray, column: FloatArray, row: FloatArray
) -> RpcModel:
    """The model that maps places (n,: degrees, degrees, m) to their pixels (n,).

    The range of the places becomes that of the model. Raises ``InputError`` where there are too few
    or they lie at one height only.
    """
    parts = [np.asarray(one, np.float64).ravel() for one in (row, column, lat, lon, height)]
    if len(parts[0]) < _FEWEST:
        raise InputError(f"An RPC is fitted on at least {_FEWEST} places, not {len(parts[0])}.")
    offsets = [(float(one.min()) + float(one.max())) / 2.0 for one in parts]
    scales = [float(np.ptp(one)) / 2.0 for one in parts]
    if min(scales) <= 0.0:
        raise InputError("An RPC is fitted on places at several pixels and heights only.")
    line, sample, y, x, z = (
        (one - offset) / scale for one, offset, scale in zip(parts, offsets, scales, strict=True)
    )
    terms = monomials(x, y, z).T
    fitted = [*_ratio(terms, line), *_ratio(terms, sample)]
    return RpcModel.from_vector(np.concatenate([offsets, scales, *fitted]))


def _ratio(terms: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Numerator and denominator (20,) whose ratio is ``values`` (n,); the denominator begins with
    1. Of the many where a lower degree would do, the smallest coefficients.
    """
    matrix = np.concatenate([terms, -values[:, None] * terms[:, 1:]], axis=1)
    found = np.linalg.lstsq(matrix, values, rcond=_SMALLEST)[0]
    return found[:TERMS], np.concatenate([[1.0], found[TERMS:]])
