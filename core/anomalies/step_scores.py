# SPDX-License-Identifier: GPL-3.0-or-later
"""Which dates stay in the model for many possible steps at once, without compiled kernels."""

from __future__ import annotations

import numpy as np

from ..types import BoolArray, FloatArray
from . import joint_numpy, robust_numpy
from .designs import AddedColumn
from .robust import FitSettings
from .scores import joint_arrays, joint_options, joint_tables


def kept_dates(
    base: FloatArray, added: FloatArray, values: FloatArray, clear: BoolArray, prior: FloatArray
) -> BoolArray:
    """The dates (c, n) that ``scores.score`` keeps, for the model ``base`` (n, p - 1) with each of
    the columns ``added`` (c, n) by itself.

    ``values`` (n, k) reflectance, gaps NaN; ``clear`` (n,) those that are used; ``prior`` (k, k).
    Dates that are not clear have no part in that, and are left out of the work.
    """
    settings, bands = FitSettings(), values.shape[1]
    dates = np.flatnonzero(clear)
    own = added[:, dates]
    design = AddedColumn(base[dates], np.repeat(own, bands, axis=0))
    y = np.repeat(values[dates].T[None], len(added), axis=0)
    rows = y.reshape(-1, len(dates))
    beta, scale, _ = robust_numpy.irls_many(design, rows, settings.options(), design.size + 1)
    beta = beta.reshape(len(added), bands, design.size)
    out = joint_arrays(len(added), bands, len(dates))
    joint_numpy.joint_many(
        design, y, np.ones((len(added), len(dates)), bool), joint_tables(prior, len(values)),
        joint_options(bands, settings), beta, scale.reshape(len(added), bands), out,
    )  # fmt: skip
    kept = np.zeros(added.shape, bool)
    kept[:, dates] = out.kept
    return kept
