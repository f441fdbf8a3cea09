# SPDX-License-Identifier: GPL-3.0-or-later
"""On which dates pixels and sites are clear, looked at before anything is tested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...io.rasters import Rasters
from ...io.stacks import Block, ImageStack
from ...progress import Progress, Silent, each
from ...series.types import TimeSeries
from ...types import BoolArray, TimeArray

_SIDE = 8  # pixels of a block
# Of the image, down and across: the middle and the quarters, each read date by date.
_PLACES = ((0.5, 0.5), (0.25, 0.25), (0.25, 0.75), (0.75, 0.25), (0.75, 0.75))
_MOST_SITES = 40


def clear_of_stack(stack: ImageStack, progress: Progress | None = None) -> BoolArray:
    """Which dates are clear (n, p) at up to 5 blocks of 8 x 8 pixels: all bands have a value, and
    no mask is set. Pixels that never are (beside a swath) are left out, so that p may be 0.

    Raises ``ProductError`` naming a file that cannot be read.
    """
    blocks = _blocks(stack.grid.width, stack.grid.height)
    rows = []
    for product in each(stack.products, progress or Silent(), "Counting clear dates"):
        # One date at a time, so that a cancel is answered soon; its files are opened once.
        one = replace(stack, products=(product,))
        with Rasters() as files:
            rows.append(np.concatenate([_clear(one, block, files) for block in blocks]))
    clear = np.array(rows, dtype=np.bool_)
    return np.asarray(clear[:, clear.any(axis=0)], dtype=np.bool_)


def clear_of_series(series: Sequence[TimeSeries]) -> tuple[TimeArray, BoolArray]:
    """The days (n,) with clear observations of any site, and at which sites (n, p) they are: all
    sites, or 40 of them from the one with the fewest days to that with the most.
    """
    days = [np.unique(one.times[one.clear].astype("datetime64[D]")) for one in series]
    seen = sorted((one for one in days if len(one)), key=len)
    if not seen:
        return np.zeros(0, dtype="datetime64[D]"), np.zeros((0, 0), dtype=np.bool_)
    at = np.unique(np.linspace(0, len(seen) - 1, _MOST_SITES).astype(np.int64))
    chosen = [seen[place] for place in at]
    union = np.unique(np.concatenate(chosen))
    return union, np.stack([np.isin(union, one) for one in chosen], axis=1)


def _blocks(width: int, height: int) -> list[Block]:
    """Blocks inside an image, each once."""
    columns, rows = min(_SIDE, width), min(_SIDE, height)
    return list(dict.fromkeys(
        Block(int(across * (width - columns)), int(down * (height - rows)), columns, rows)
        for down, across in _PLACES
    ))  # fmt: skip


def _clear(stack: ImageStack, block: Block, files: Rasters) -> BoolArray:
    known = np.isfinite(stack.read(block, files)[0]).all(axis=0)
    return np.asarray((known & ~stack.masked(block, files)[0]).ravel(), dtype=np.bool_)
