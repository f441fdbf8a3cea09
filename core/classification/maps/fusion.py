# SPDX-License-Identifier: GPL-3.0-or-later
"""Several maps of one place made one: by votes, by Dempster-Shafer, or weighted by confidence.

Dempster-Shafer for classifiers after Xu, Krzyzak and Suen 1992 (10.1109/21.155943): a map that says
class c puts its mass of belief on c alone, the rest on "any class"; masses are joined by
Dempster's rule. For two maps, labels are those of the Orfeo ToolBox's FusionOfClassifications.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ...types import AnyArray, FloatArray
from ..confusion import Confusion

METHODS = MAJORITY, DEMPSTER_SHAFER, CONFIDENCE_WEIGHTED = (
    "majority", "dempster_shafer", "confidence_weighted",
)  # fmt: skip
MASSES = ("precision", "recall", "accuracy", "kappa")
CHOICES = NO_MAP, BOTH_MAPS, FIRST_MAP, SECOND_MAP = (0, 1, 2, 3)
_ALIKE = 1e-12  # beliefs that differ by less are a tie: they come of sums in another order
IntArray = npt.NDArray[np.int64]


def masses_of(confusion: Confusion, kind: str) -> FloatArray:
    """The mass of belief (classes,), 0 to 1, that a map puts on each class that it says.

    ``kind``: of ``MASSES``; measures that are not known or below 0 (a kappa worse than chance)
    give no belief.
    """
    count = len(confusion.classes)
    found = {
        "precision": confusion.precision,
        "recall": confusion.recall,
        "accuracy": np.full(count, confusion.overall),
        "kappa": np.full(count, confusion.kappa),
    }[kind]
    return np.clip(np.nan_to_num(found, nan=0.0), 0.0, 1.0)


def combine_masses(indices: IntArray, masses: FloatArray) -> tuple[IntArray, FloatArray]:
    """Dempster's rule for pixels (maps, n): the index of the class with the most belief and that
    belief (0 to 1).

    ``indices``: of the classes from 1, 0 where a map says nothing; ``masses`` (maps, classes). The
    result is 0 where no map gives any belief, and -1 where several classes have the same.
    """
    given = np.where(indices > 0, np.take_along_axis(masses, np.maximum(indices - 1, 0), 1), 0.0)
    said = np.where(given > 0.0, indices, 0)
    doubts = 1.0 - given
    beliefs = np.zeros(indices.shape)
    for at in range(len(indices)):
        same = said == said[at]
        supporters = np.where(same, doubts, 1.0).prod(axis=0)
        others = np.where(same, 1.0, doubts).prod(axis=0)
        beliefs[at] = np.where(said[at] > 0, (1.0 - supporters) * others, 0.0)
    total = _distinct_sum(said, beliefs) + doubts.prod(axis=0)
    winner, best = _winner(said, beliefs)
    belief = np.divide(best, total, out=np.zeros(len(best)), where=total > 0.0)
    return winner, belief


def weigh_votes(indices: IntArray, weights: FloatArray) -> tuple[IntArray, FloatArray]:
    """The class with most weight among pixels (maps, n), and its share of all weight (0 to 1).

    ``indices`` as in ``combine_masses``; ``weights`` (maps, n), not negative. Where a map says a
    class with no weight it does not vote. 0: no votes; -1: a tie.
    """
    said = np.where(weights > 0.0, indices, 0)
    cast = np.where(said > 0, weights, 0.0)
    votes = np.zeros(indices.shape)
    for at in range(len(indices)):
        votes[at] = np.where((said == said[at]) & (said[at] > 0), cast, 0.0).sum(axis=0)
    winner, best = _winner(said, votes)
    total = cast.sum(axis=0)
    return winner, np.divide(best, total, out=np.zeros(len(best)), where=total > 0.0)


def count_votes(indices: IntArray, nodata_votes: bool = True) -> tuple[IntArray, FloatArray]:
    """The class that most maps say, and its share of the votes; as in ``weigh_votes``.

    ``nodata_votes``: a map that says nothing votes for "no class", as in the Orfeo ToolBox: one
    class against one of these is a tie, one against two is no class. Else only the others vote.
    """
    if not nodata_votes:
        return weigh_votes(indices, np.ones(indices.shape))
    winner, share = weigh_votes(indices + 1, np.ones(indices.shape))
    return np.where(winner > 0, winner - 1, winner), share


def choice_of(indices: IntArray, winner: IntArray) -> npt.NDArray[np.uint8]:
    """Which of two maps (2, n) the fused class comes from: 0 none, 1 both, 2 the first, 3 the
    second.
    """
    agrees = (indices == winner) & (winner > 0)
    found = np.where(agrees[0], np.where(agrees[1], BOTH_MAPS, FIRST_MAP),
                     np.where(agrees[1], SECOND_MAP, NO_MAP))  # fmt: skip
    return found.astype(np.uint8)


def confidence_of(indices: IntArray, winner: IntArray, confidences: FloatArray) -> FloatArray:
    """The largest of the ``confidences`` (maps, n) of maps that say the fused class; NaN where
    none does.
    """
    agrees = (indices == winner) & (winner > 0)
    best = np.where(agrees, confidences, -np.inf).max(axis=0)
    return np.where(np.isfinite(best), best, np.nan)


def table_of(states: Sequence[int]) -> IntArray:
    """All combinations of what maps may say, (maps, product of ``states``), the last one
    fastest.
    """
    grids = np.meshgrid(*(np.arange(count) for count in states), indexing="ij")
    return np.asarray(np.stack([one.ravel() for one in grids]), dtype=np.int64)


def _winner(said: IntArray, scores: FloatArray) -> tuple[IntArray, FloatArray]:
    best = scores.max(axis=0)
    first = np.take_along_axis(said, scores.argmax(axis=0)[None], 0)[0]
    tie = ((scores >= best - _ALIKE) & (said != first) & (said > 0)).any(axis=0)
    return np.where(best > 0.0, np.where(tie, -1, first), np.where(tie, -1, 0)), best


def _distinct_sum(said: IntArray, beliefs: FloatArray) -> FloatArray:
    """Sums of the beliefs of the classes that are said, each once."""
    total = np.zeros(said.shape[1])
    for at in range(len(said)):
        earlier = (said[:at] == said[at]).any(axis=0)
        total += np.where(earlier, 0.0, beliefs[at])
    return total


def codes_from(winner: IntArray, codes: AnyArray, undecided: int) -> IntArray:
    """Codes of classes out of winners: 0 where there is none, ``undecided`` where it is a tie."""
    lookup = np.concatenate([[0], codes, [undecided]]).astype(np.int64)
    return np.asarray(lookup[winner])  # -1 is the last entry
