# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells of several pairs on one grid, made one: by agreement, not by blending.

In each cell the heights that lie together form groups; the group with the largest weight is kept
and the others are left out, as for the points of one pair (``rasterize``). So one pair that is
wrong in a cell does not move it where two others agree, beside a wall a cell is roof or ground, and
where only two pairs disagree it is the heavier one's, never a height between them. Averaging what
is close and refusing what is not: s2p (de Franchis et al. 2014, 10.5194/isprsannals-II-3-49-2014);
the densest group as a mode of heights: Facciolo, de Franchis and Meinhardt 2017
(10.1109/CVPRW.2017.198), for many pairs of satellite images.

Pairs have to agree in height before (``orientation``): what they differ by in the mean would
make steps where one of them ends.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import InputError
from ..types import FloatArray
from .rasterize import Cells

STEP_M = 1.0
LARGEST_COUNT = 65535


def fuse(
    layers: Sequence[Cells], weights: Sequence[float] | None = None, step_m: float = STEP_M
) -> Cells:
    """One layer of cells (rows, columns) from those of several pairs, all on one grid.

    ``weights``: what each layer counts, such as the square of the parallax of its pair (pixels per
    meter of height), which goes with the inverse of the variance of its heights; all alike where
    None. In a cell a layer weighs that times its confidence. ``step_m``: heights of one group
    differ by no more than that from its middle, which is the height of one of the layers; of
    equally heavy groups that of the first layer is kept.

    Of the group kept: ``height`` is the weighted mean, ``std`` the spread of all of its points
    around that mean (what they scatter within each layer, and what the layers differ by), ``count``
    the sum, ``confidence`` the weighted mean times the share of the layers' weights that the group
    has: a cell that one of three pairs tells alone is a third as sure as one that all tell.

    Raises ``InputError`` where there is no layer, or shapes, weights or step do not fit.
    """
    _check(layers, weights, step_m)
    if len(layers) == 1:
        return layers[0]
    base = np.ones(len(layers)) if weights is None else np.asarray(weights, dtype=np.float64)
    base = base / base.sum()
    height, std, sure, count = (
        np.stack([getattr(one, name) for one in layers]).astype(np.float64)
        for name in ("height", "std", "confidence", "count")
    )
    known = np.isfinite(height) & (count > 0)
    plain = np.broadcast_to(base[:, None, None], height.shape)
    # A height without any confidence is still better than none.
    heavy = np.where(known, plain * np.maximum(np.nan_to_num(sure), 1e-6), 0.0)
    kept = known & (np.abs(height - _middle(height, heavy, known, step_m)) <= step_m)
    heavy = np.where(kept, heavy, 0.0)
    with np.errstate(invalid="ignore"):
        mean = _mean(height, heavy, kept)
        variance = _mean(std**2 + (height - mean) ** 2, heavy, kept)
        confidence = _mean(sure, heavy, kept) * np.where(kept, plain, 0.0).sum(axis=0)
    return Cells(
        mean.astype(np.float32), np.sqrt(variance).astype(np.float32),
        np.minimum(np.where(kept, count, 0.0).sum(axis=0), LARGEST_COUNT).astype(np.uint16),
        confidence.astype(np.float32),
    )  # fmt: skip


def _middle(height: FloatArray, heavy: FloatArray, known: FloatArray, step_m: float) -> FloatArray:
    """The height (rows, columns) around which the heights within ``step_m`` weigh most."""
    best, middle = np.zeros(height.shape[1:]), np.full(height.shape[1:], np.nan)
    for one, there in zip(height, known, strict=True):
        with np.errstate(invalid="ignore"):
            total = np.where(np.abs(height - one) <= step_m, heavy, 0.0).sum(axis=0)
        # Sums in another order differ in the last bits: an equal group is no heavier.
        better = there & (total > best * (1.0 + 1e-12))
        best, middle = np.where(better, total, best), np.where(better, one, middle)
    return middle


def _mean(values: FloatArray, heavy: FloatArray, kept: FloatArray) -> FloatArray:
    """Weighted mean over the layers; NaN where none is kept."""
    return np.asarray(np.where(kept, values * heavy, 0.0).sum(axis=0) / heavy.sum(axis=0))


def _check(layers: Sequence[Cells], weights: Sequence[float] | None, step_m: float) -> None:
    if not layers:
        raise InputError("There are no elevation layers to fuse: none of the pairs gave one.")
    shapes = {one.height.shape for one in layers}
    if len(shapes) > 1:
        raise InputError(
            f"Elevation layers of different shapes cannot be fused: {sorted(shapes)}. Rasterize "
            "all pairs on one grid."
        )
    if weights is not None and (
        len(weights) != len(layers) or not all(np.isfinite(one) and one > 0 for one in weights)
    ):
        raise InputError(
            f"{len(layers)} elevation layers take as many weights above 0, not {list(weights)}."
        )
    if not step_m > 0.0:
        raise InputError(f"Heights that are one group lie within more than 0 m, not {step_m:g} m.")
