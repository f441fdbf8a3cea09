# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model says of samples."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ..model import Member, Model
from .forests import forest_shares
from .stored import restore, stored_shares
from .support_vectors import vector_shares


def probabilities(model: Model, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Class probabilities (n, classes), rows sum to 1, of ``values`` (n, features) in the order of
    ``model.features``: the mean over the members by their weights.

    Raises ``MissingPackageError`` where a member needs scikit-learn and it is absent: forests and
    support vectors do not.
    """
    values = np.ascontiguousarray(values, dtype=np.float32)
    total = np.zeros((len(values), len(model.classes)))
    for member in model.members:
        total += member.weight * member_shares(member, values, len(model.classes))
    shares: npt.NDArray[np.float32] = total.astype(np.float32)
    shares /= np.float32(sum(one.weight for one in model.members))
    return shares


def member_shares(
    member: Member, values: npt.NDArray[np.float32], class_count: int
) -> npt.NDArray[np.float32]:
    """Class probabilities (n, classes) of one member."""
    if member.forest is not None:
        return forest_shares(member.forest, values)
    if member.vectors is not None:
        return vector_shares(member.vectors, values, class_count)
    return stored_shares(_restored(member.stored), values, class_count)


@lru_cache(maxsize=4)
def _restored(data: bytes) -> Any:
    return restore(data)
