# SPDX-License-Identifier: GPL-3.0-or-later
"""Less noise from as many draws: an approximation of known covariance beside them."""

from __future__ import annotations

import numpy as np

from ..types import FloatArray


def corrected_covariance(
    together: FloatArray, expected: FloatArray, known: FloatArray, block: int = 1
) -> tuple[FloatArray, FloatArray]:
    """The covariance (b, b) of draws ``together`` (n, b), n of 2 or more, and the standard errors
    (b,) of the standard deviations in it, in the units of the draws.

    ``expected`` (n, b): what an approximation of ``known`` covariance (b, b) makes of the same
    draws; ``block``: how many successive draws belong together, the blocks being independent, two
    or more of them. The noise that both share cancels; that of their difference is left.

    After Owen, Monte Carlo theory, methods and examples, section 8.9 (control variates).
    """
    count = len(together)
    ours, theirs = (values - values.mean(axis=0) for values in (together, expected))
    covariance = known + (ours.T @ ours - theirs.T @ theirs) / (count - 1)
    bands = np.arange(len(known))
    # Of few draws the rest may come out below zero: the draws alone cannot.
    plain = np.sum(ours**2, axis=0) / (count - 1)
    covariance[bands, bands] = np.where(
        covariance[bands, bands] < 0.0, plain, covariance[bands, bands]
    )
    rest = (ours**2 - theirs**2).reshape(count // block, block, -1).mean(axis=1)
    spread = rest.std(axis=0, ddof=1) / np.sqrt(len(rest))
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.where(spread > 0.0, spread / (2.0 * np.sqrt(np.diag(covariance))), spread)
    return covariance, error
