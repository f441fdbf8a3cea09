# SPDX-License-Identifier: GPL-3.0-or-later
"""Connected areas of a whole grid, labeled strip by strip: what touches across the border of two
strips is one area. Labels of a strip are made again when they are asked for, not kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...progress import Progress, each
from ...types import AnyArray
from .bit_rows import STRIP, BitRows

Labels = npt.NDArray[np.int32]
_KEPT = 3  # strips of labels that stay in memory


class Components:
    """The areas of ``mask``, or with ``others`` of what is not in it, connected by sides or by
    ``corners`` too. They are numbered from 1 on in the order of their first pixels, row by row;
    ``sizes`` (s + 1,) are their pixels, 0 of number 0, which is no area.
    """

    def __init__(
        self, mask: BitRows, progress: Progress, others: bool = False, corners: bool = False
    ) -> None:
        self.shape = mask.shape
        self._mask, self._others = mask, others
        self._structure = np.ones((3, 3)) if corners else None
        self._kept: OrderedDict[int, Labels] = OrderedDict()
        self._before: list[int] = []  # labels of all strips before each
        shifts = (-1, 0, 1) if corners else (0,)
        counts, pairs, above, total = [np.zeros(1, dtype=np.int64)], [], None, 0
        for row in each(mask.strips(), progress, "Looking for sites"):
            labels, count = self._labeled(row)
            self._before.append(total)
            counts.append(np.bincount(labels.ravel(), minlength=count + 1)[1:])
            if above is not None:
                pairs += [_touching(above, _global(labels[0], total), one) for one in shifts]
            above = _global(labels[-1], total)
            total += count
        self._numbers = _united(total, pairs)
        pixels = np.bincount(self._numbers, weights=np.concatenate(counts))
        self.sizes = pixels.astype(np.int64)

    @property
    def count(self) -> int:
        """How many areas there are."""
        return len(self.sizes) - 1

    def keep(self, chosen: AnyArray) -> None:
        """Forget the areas that are not ``chosen`` (s + 1,), and number the others anew."""
        chosen = np.array(chosen, dtype=np.bool_)
        chosen[0] = False
        numbers = np.zeros(len(chosen), dtype=np.int32)
        numbers[chosen] = np.arange(1, int(chosen.sum()) + 1)
        self._numbers = numbers[self._numbers]
        self.sizes = np.concatenate([[0], self.sizes[chosen]])
        self._kept.clear()

    def strips(self) -> list[int]:
        """The first row of each strip."""
        return self._mask.strips()

    def strip(self, row: int) -> Labels:
        """The numbers of the strip that begins at ``row`` (rows, columns)."""
        if row not in self._kept:
            labels, _ = self._labeled(row)
            begin = self._before[row // STRIP]
            own = self._numbers[begin : begin + int(labels.max(initial=0)) + 1].copy()
            own[0] = 0
            self._kept[row] = own[labels]
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(row)
        return self._kept[row]

    def read(self, row: int, rows: int) -> Labels:
        """The numbers of up to ``rows`` rows from ``row`` on."""
        end = min(row + rows, self.shape[0])
        parts = [
            self.strip(first)[max(row - first, 0) : end - first]
            for first in range(row - row % STRIP, end, STRIP)
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _labeled(self, row: int) -> tuple[Labels, int]:
        values = self._mask.read(row, STRIP)
        image = require("scipy.ndimage")
        labels, count = image.label(
            ~values if self._others else values, structure=self._structure, output=np.int32
        )
        return labels, int(count)


def _global(labels: AnyArray, before: int) -> AnyArray:
    """Labels of one strip as those of all strips."""
    return np.where(labels > 0, labels.astype(np.int64) + before, 0)


def _touching(above: AnyArray, below: AnyArray, shift: int) -> AnyArray:
    """The labels (2, n) of pixels of one row and of the next, ``shift`` columns on, both areas."""
    width = len(above)
    upper = above[max(-shift, 0) : width - max(shift, 0)]
    lower = below[max(shift, 0) : width - max(-shift, 0)]
    both = (upper > 0) & (lower > 0)
    return np.stack([upper[both], lower[both]])


def _united(total: int, pairs: Sequence[AnyArray]) -> npt.NDArray[np.int32]:
    """The number of the area of each label (total + 1,), in the order of the first label of each:
    labels follow the order of pixels.
    """
    if not pairs:
        return np.arange(total + 1, dtype=np.int32)
    sparse: Any = require("scipy.sparse")
    one, other = np.concatenate(pairs, axis=1)
    graph = sparse.coo_matrix((np.ones(len(one), dtype=np.bool_), (one, other)),
                              shape=(total + 1, total + 1))  # fmt: skip
    _, group = require("scipy.sparse.csgraph").connected_components(graph, directed=False)
    _, first, at = np.unique(group, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int32)
    rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    return rank[at]
