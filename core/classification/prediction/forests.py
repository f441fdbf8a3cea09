# SPDX-License-Identifier: GPL-3.0-or-later
"""What a forest says of samples: compiled where numba is installed, else through numpy, the same
bits either way.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ...jit import runs_compiled
from ..model import Forest
from . import forest_kernels
from .packed_forest import PackedForest, packed
from .traversal import mean_shares

Float32 = npt.NDArray[np.float32]
CHUNK = 16_384  # samples at a time where numpy does it: bounds the memory


def forest_votes(
    forest: Forest, values: Float32, compiled: bool | None = None
) -> tuple[npt.NDArray[np.int32], Float32]:
    """The class (n,), an index, of ``values`` (n, features), and its share of the votes (n,), 0 to
    1, in one pass. The share is the mean over the trees of the shares of the leaves; of trees that
    are grown until leaves are pure, it is the share of the trees. Equal shares: the lowest index.

    ``values`` whose features follow each other in memory (the transpose of planes of a raster) are
    not copied. NaN goes right at each node, as in ``traversal.traverse``.
    """
    if not runs_compiled(compiled):
        return _best(forest, values)
    winner, share = np.empty(len(values), np.int32), np.empty(len(values), np.float32)
    made = _packed(_Key(forest))
    forest_kernels.winners(
        _bits(values), made.nodes, made.starts, made.leaf, made.shares, np.uint64(made.shift),
        winner, share,
    )  # fmt: skip
    return winner, share


def forest_shares(forest: Forest, values: Float32, compiled: bool | None = None) -> Float32:
    """The mean shares (n, classes) of ``values`` (n, features); rows sum to 1."""
    mean = np.empty((len(values), forest.shares.shape[1]), np.float32)
    if runs_compiled(compiled):
        made = _packed(_Key(forest))
        forest_kernels.means(
            _bits(values), made.nodes, made.starts, made.leaf, made.shares, np.uint64(made.shift),
            mean,
        )  # fmt: skip
        return mean
    for start in range(0, len(values), CHUNK):
        mean[start : start + CHUNK] = mean_shares(forest, values[start : start + CHUNK])
    return mean


def forest_bytes(forest: Forest) -> int:
    """The memory that a forest takes while it is used, as read and as packed."""
    read: int = sum(getattr(forest, name).nbytes for name in Forest.__dataclass_fields__)
    return read + (_packed(_Key(forest)).size if runs_compiled() else 0)


def _best(forest: Forest, values: Float32) -> tuple[npt.NDArray[np.int32], Float32]:
    winner, share = np.empty(len(values), np.int32), np.empty(len(values), np.float32)
    for start in range(0, len(values), CHUNK):
        part = slice(start, start + CHUNK)
        mean = mean_shares(forest, values[part])
        winner[part] = mean.argmax(axis=1)
        share[part] = mean.max(axis=1)
    return winner, share


def _bits(values: Float32) -> npt.NDArray[np.uint32]:
    """The bits of planes (features, n)."""
    return np.ascontiguousarray(values.T, dtype=np.float32).view(np.uint32)


class _Key:
    """A forest by its identity: comparing all nodes would take longer than packing them."""

    def __init__(self, forest: Forest) -> None:
        self.forest = forest

    def __hash__(self) -> int:
        return id(self.forest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.forest is other.forest


@lru_cache(maxsize=16)
def _packed(key: _Key) -> PackedForest:
    return packed(key.forest)
