# SPDX-License-Identifier: GPL-3.0-or-later
"""Three and more images: places that all of them see, and shifts of models that make them fit.

Pairs that are pointed alone differ by meters in height, because a pair cannot tell an error along
its epipolar lines. Places seen in three images can: the shifts of all models but the first are
found together, by least squares over the places, which are eliminated. What stays unknown, a common
height, is settled by the smallest shifts. Source: Triggs et al. 2000 (10.1007/3-540-44480-7_21),
bundle adjustment with its gauge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..spread import TO_SIGMA
from ..types import BoolArray, FloatArray
from . import views_kernels
from .pointing import FEWEST
from .rpc import RpcModel, runs_compiled
from .rpc_kernels import MOST_STEPS, NEAR_PX
from .triangulation_numpy import look, slopes_of

_ROUNDS = 10
_SETTLED_PX = 1e-4


@dataclass(frozen=True)
class Adjustment:
    """``shifts`` (views, 2: column, row; pixels) of the models, zero for the first; ``scatter_px``:
    NMAD of the residuals of the tracks that agree, ``used`` of ``count``; ``agrees`` (count,).
    """

    shifts: FloatArray
    scatter_px: float
    used: int
    count: int
    agrees: BoolArray

    def corrected(self, models: Sequence[RpcModel]) -> list[RpcModel]:
        """The models, shifted."""
        return [one.shifted(*map(float, by)) for one, by in zip(models, self.shifts, strict=True)]


def intersect(
    models: Sequence[RpcModel],
    pixels: FloatArray,
    near: FloatArray,
    compiled: bool | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Places (3, n: degrees, degrees, m) whose projections come nearest to ``pixels`` (views, 2, n:
    column, row; NaN where a view has none), and the root mean square of what is left (n,; pixels).

    ``near`` (3, n): first guesses, such as those of a pair. NaN where fewer than two views see the
    place.
    """
    ground = np.array(near, dtype=np.float64, order="C")
    pixels = np.ascontiguousarray(pixels, dtype=np.float64)
    vectors = np.stack([one.to_vector() for one in models])
    if runs_compiled(compiled, pixels.shape[2]):
        error = np.zeros(pixels.shape[2])
        views_kernels.intersect_points(vectors, pixels, ground, error)
        return ground, error
    with np.errstate(all="ignore"):
        return _intersect(vectors, pixels, ground)


def adjust(models: Sequence[RpcModel], tracks: FloatArray, near: FloatArray) -> Adjustment:
    """Shifts of ``models`` (two or more) that make ``tracks`` (views, 2, n: the pixels of n places
    in all views) fit, some of them wrong. ``near`` (3, n): first guesses of the places.

    Each model should have been pointed to the first one alone before. Raises
    ``InsufficientDataError`` where too few tracks agree, ``InputError`` where there is one view.
    """
    views = len(models)
    if views < 2 or tracks.shape[0] != views:
        raise InputError("An adjustment takes the pixels of two or more images, one model each.")
    shifts = np.zeros((views, 2))
    agrees = np.isfinite(tracks).all(axis=(0, 1)) & np.isfinite(near).all(axis=0)
    scatter = 0.0
    for _ in range(_ROUNDS):
        if np.count_nonzero(agrees) < FEWEST:
            raise InsufficientDataError(
                f"Only {np.count_nonzero(agrees)} of {tracks.shape[2]} places that all images show "
                f"agree with each other, at least {FEWEST} have to. Leave an image out, or choose "
                "a part with more texture."
            )
        step, distance = _round(models, shifts, tracks, near, agrees)
        shifts[1:] += step
        scatter = TO_SIGMA * float(np.nanmedian(distance[agrees]))
        known = np.isfinite(tracks).all(axis=(0, 1))
        agrees = known & (distance <= max(3.0 * scatter, 0.5))
        if np.abs(step).max() < _SETTLED_PX:
            break
    used = int(np.count_nonzero(agrees))
    return Adjustment(shifts, scatter, used, tracks.shape[2], agrees)


def _round(
    models: Sequence[RpcModel],
    shifts: FloatArray,
    tracks: FloatArray,
    near: FloatArray,
    agrees: BoolArray,
) -> tuple[FloatArray, FloatArray]:
    """A step of the shifts (views - 1, 2), and how far (n,) tracks are from fitting before it."""
    views, count = len(models), tracks.shape[2]
    moved = tracks - shifts[:, :, None]
    ground, _ = intersect(models, moved, near, compiled=False)
    rest, turns = np.empty((2 * views, count)), np.empty((2 * views, 3, count))
    for v, one in enumerate(models):
        vector = one.to_vector()
        place, turn = look(vector, slopes_of(vector), ground)
        rest[2 * v : 2 * v + 2], turns[2 * v : 2 * v + 2] = moved[v] - place, turn
    # Degrees and meters differ in size by far; columns of unit length do not.
    turns = turns / np.sqrt((turns**2).sum(axis=0, keepdims=True))
    square = np.einsum("ikn,iln->nkl", turns, turns)
    bad = ~np.isfinite(square).all(axis=(1, 2))
    square[bad] = np.eye(3)
    free = np.eye(2 * views) - np.einsum("ikn,nkl,jln->nij", turns, np.linalg.inv(square), turns)
    free[bad], rest[:, bad] = 0.0, np.nan

    median = np.median(rest[:, agrees & ~bad], axis=1)
    # What a median over the places leaves is as little moved by wrong ones as that of a pair.
    normal = free[agrees & ~bad].mean(axis=0)
    left, sizes, right = np.linalg.svd(normal[:, 2:])
    rank = 2 * views - 3
    step = right[:rank].T @ ((left[:, :rank].T @ median) / sizes[:rank])
    around = rest - normal[:, 2:] @ step[:, None]
    return step.reshape(-1, 2), np.sqrt((around**2).sum(axis=0))


def _intersect(
    vectors: FloatArray, pixels: FloatArray, ground: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """As the kernel, all places at a time."""
    known = np.isfinite(pixels).all(axis=1)
    count = known.sum(axis=0)
    scale = vectors[0, [8, 7, 9]]
    slopes = [slopes_of(vector) for vector in vectors]
    error = np.full(pixels.shape[2], np.nan)
    todo = np.nonzero(count >= 2)[0]
    for _ in range(MOST_STEPS):
        square, side, total = (
            np.zeros((len(todo), 3, 3)),
            np.zeros((len(todo), 3)),
            np.zeros(len(todo)),
        )
        for v, vector in enumerate(vectors):
            place, turn = look(vector, slopes[v], ground[:, todo])
            use = known[v, todo]
            rest = np.where(use, pixels[v][:, todo] - place, 0.0)
            turn = np.where(use, turn * scale[:, None], 0.0)
            square += np.einsum("ikn,iln->nkl", turn, turn)
            side += np.einsum("ikn,in->nk", turn, rest)
            total += (rest**2).sum(axis=0)
        good = np.isfinite(square).all(axis=(1, 2)) & (np.abs(np.linalg.det(square)) > 0.0)
        square[~good] = np.eye(3)
        step = np.linalg.solve(square, side[:, :, None])[:, :, 0]
        gain = np.maximum((step * side).sum(axis=1), 0.0)
        ground[:, todo] += step.T * scale[:, None]
        error[todo] = np.sqrt(np.maximum(total - gain, 0.0) / count[todo])
        lost = todo[~good]
        ground[:, lost] = error[lost] = np.nan
        todo = todo[good & (np.sqrt(gain) > NEAR_PX)]
        if not len(todo):
            break
    ground[:, todo] = error[todo] = np.nan
    ground[:, count < 2] = np.nan
    return ground, error
