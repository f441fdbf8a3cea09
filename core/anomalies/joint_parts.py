# SPDX-License-Identifier: GPL-3.0-or-later
"""What the compiled joint scores and their numpy twin share: constants, and arrays by name."""

from __future__ import annotations

from typing import NamedTuple

from ..types import BoolArray, FloatArray

TINY = 1e-18  # square of reflectance: what constant bands have left is rounding
ZERO = 1e-9  # of z, for the same reason
CLIP, DROP = 1.5, 4.0  # of z: bounded, then no influence on the first correlation


class JointOptions(NamedTuple):
    """``ridge``, ``scale_floor`` and ``lower`` as in ``robust.FitSettings``; ``prior_weight`` what
    the prior of the correlation counts for; the most ``steps``; ``consistency`` of the variance of
    cut dates; ``least_kept`` the least share of the clear dates that is kept.
    """

    ridge: float
    scale_floor: float
    prior_weight: float
    steps: int
    lower: bool
    consistency: float
    least_kept: float


class JointTables(NamedTuple):
    """``prior`` (k, k) of the correlation; critical distances (2, k + 1, n + 1) of the ``start``
    and of all later steps (``limits``), see ``scores.critical_distances``.
    """

    prior: FloatArray
    start: FloatArray
    limits: FloatArray


class JointArrays(NamedTuple):
    """What is filled, of one pixel or pixel first: ``noise`` (k,), ``correlation`` (k, k), leverage
    ``hat`` and ``z`` (k, n), ``summary`` (3, n) with squared distance, freedom and number of bands,
    and the dates ``kept`` (n,).
    """

    noise: FloatArray
    correlation: FloatArray
    hat: FloatArray
    z: FloatArray
    summary: FloatArray
    kept: BoolArray
