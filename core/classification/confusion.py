# SPDX-License-Identifier: GPL-3.0-or-later
"""Confusion matrices and the accuracies that they give, unweighted.

Rows are the reference, columns the map, as in the files of iota2 and the Orfeo ToolBox. Measures:
Congalton 1991 (10.1016/0034-4257(91)90048-B); kappa: Cohen 1960 (10.1177/001316446002000104).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import AnyArray, FloatArray
from .classes import Classes


@dataclass(frozen=True)
class Confusion:
    """``counts`` (classes, classes): samples by class in the reference (row) and in the map
    (column); whole numbers, or means of several runs.
    """

    classes: Classes
    counts: FloatArray

    def __post_init__(self) -> None:
        if self.counts.shape != (len(self.classes), len(self.classes)):
            raise ValueError(f"{self.counts.shape} does not fit {len(self.classes)} classes")

    @property
    def total(self) -> float:
        """How many samples there are."""
        return float(self.counts.sum())

    @property
    def overall(self) -> float:
        """Overall accuracy (0 to 1): the share of samples on the diagonal; NaN without any."""
        return _ratio(float(np.trace(self.counts)), self.total)

    @property
    def kappa(self) -> float:
        """Cohen's kappa (-1 to 1); NaN without samples, or where all are of one class in both."""
        expected = float(self.counts.sum(axis=1) @ self.counts.sum(axis=0))
        chance = _ratio(expected, self.total**2)
        return _ratio(self.overall - chance, 1.0 - chance)

    @property
    def precision(self) -> FloatArray:
        """User's accuracy (classes,), 0 to 1; NaN for classes that the map has nowhere."""
        return _shares(np.diag(self.counts), self.counts.sum(axis=0))

    @property
    def recall(self) -> FloatArray:
        """Producer's accuracy (classes,), 0 to 1; NaN for classes without reference."""
        return _shares(np.diag(self.counts), self.counts.sum(axis=1))

    @property
    def f_scores(self) -> FloatArray:
        """Harmonic mean of precision and recall (classes,): 2 n_ii / (row + column); NaN for
        classes that are in neither.
        """
        both = self.counts.sum(axis=0) + self.counts.sum(axis=1)
        return _shares(2.0 * np.diag(self.counts), both)

    @property
    def macro_f1(self) -> float:
        """Mean F-score of the classes that are in the reference or the map; NaN without any."""
        known = self.f_scores[np.isfinite(self.f_scores)]
        return float(known.mean()) if len(known) else float("nan")


def confusion_of(classes: Classes, reference: AnyArray, mapped: AnyArray) -> Confusion:
    """The matrix of two arrays (n,) of indices of ``classes``."""
    count = len(classes)
    pairs = np.bincount(np.asarray(reference) * count + np.asarray(mapped), minlength=count**2)
    return Confusion(classes, pairs.reshape(count, count).astype(np.float64))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _shares(parts: FloatArray, wholes: FloatArray) -> FloatArray:
    return np.divide(parts, wholes, out=np.full(len(parts), np.nan), where=wholes > 0.0)
