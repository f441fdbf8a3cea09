# SPDX-License-Identifier: GPL-3.0-or-later
"""The error of a shift, from how much the parts of the image agree on it.

Neighboring residuals are alike, so that pixels are no independent witnesses; parts of the image
are, nearly. The shift is found again without each of them in turn (jackknife; Tukey 1958), linear
in the equations of the parts. Parts without contrast say nothing: the degrees of freedom are those
of the number of parts that the information is shared by (Kish 1965).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...dependencies import require
from ...types import FloatArray

LEVEL = 0.05  # of the intervals
_FEWEST_PARTS = 5.0


@dataclass(frozen=True)
class ShiftError:
    """Variances (pixels squared) of ``rows`` and ``columns`` and what they have in ``common``;
    ``freedom`` of all three. NaN where too few parts of the image have contrast.
    """

    rows: float
    columns: float
    common: float
    freedom: float

    def p_value(self, rows: float, columns: float) -> float:
        """Chance of so long a shift (rows, columns) where there is none: Hotelling's law."""
        nu = self.freedom
        if not np.isfinite(nu):
            return float("nan")
        off = np.array([rows, columns])
        squared = float(off @ np.linalg.solve(self._matrix(), off))
        special = require("scipy.special")
        return float(special.fdtrc(2.0, nu - 1.0, squared * (nu - 1.0) / (2.0 * nu)))

    def interval(self, rows: float, columns: float) -> tuple[float, float]:
        """Bounds (pixels) of the length of a shift; from 0 where there may be none."""
        length = float(np.hypot(rows, columns))
        if not np.isfinite(self.freedom):
            return float("nan"), float("nan")
        along = np.array([rows, columns]) / max(length, 1e-12)
        half = self._factor() * float(np.sqrt(along @ self._matrix() @ along))
        low = 0.0 if self.p_value(rows, columns) >= LEVEL else max(0.0, length - half)
        return low, length + half

    def half_widths(self) -> tuple[float, float]:
        """Half the intervals (pixels) of the rows and of the columns."""
        factor = self._factor()
        return factor * float(np.sqrt(self.rows)), factor * float(np.sqrt(self.columns))

    def _matrix(self) -> FloatArray:
        return np.array([[self.rows, self.common], [self.common, self.columns]])

    def _factor(self) -> float:
        if not np.isfinite(self.freedom):
            return float("nan")
        return float(require("scipy.special").stdtrit(self.freedom, 1.0 - 0.5 * LEVEL))


def shift_error(cells: FloatArray, answers: FloatArray) -> ShiftError:
    """The error of a shift at which the equations ``cells`` (c, 2) of all parts together are
    solved; ``answers`` (c, 2, 2): how they change with the shift.
    """
    share = np.trace(answers, axis1=1, axis2=2)
    parts = float(share.sum() ** 2 / (share * share).sum())
    there = np.flatnonzero(np.abs(answers).sum(axis=(1, 2)) > 0.0)
    unknown = ShiftError(*[float("nan")] * 4)
    if parts < _FEWEST_PARTS:
        return unknown
    without = answers.sum(axis=0) - answers[there]
    if np.linalg.det(without).min() <= 0.0:
        return unknown
    moved = np.linalg.solve(without, (cells[there] - cells.sum(axis=0))[..., None])[..., 0]
    off = moved - moved.mean(axis=0)
    count = len(there)
    covariance = (count - 1.0) / count * np.einsum("ci,cj->ij", off, off)
    # A shift of an image without noise is not known better than its steps are.
    covariance += np.eye(2) * 1e-12
    return ShiftError(
        float(covariance[0, 0]), float(covariance[1, 1]), float(covariance[0, 1]), parts - 1.0
    )
