# SPDX-License-Identifier: GPL-3.0-or-later
"""The relative pointing error of two images, from matches between them.

Models of satellite images are off by some pixels. What a pair can tell is how far matches lie from
their epipolar lines; along them an error cannot be told from height. The second model is moved
across the lines so that their median distance vanishes (de Franchis et al. 2014,
10.1109/IGARSS.2014.6947154). First the most frequent distance is looked for, so that wrong matches,
even of repeated patterns, do not pull the median.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import InsufficientDataError
from ..spread import TO_SIGMA
from ..types import BoolArray, FloatArray
from .epipolar import Tile, affine_epipolar, virtual_matches
from .rpc import RpcModel
from .triangulation import height_range, triangulate

FEWEST = 8  # matches that must agree
WINDOW_PX = 1.0  # half width of the window that is slid over the distances
CLEAREST = 3.0  # times as many matches as by chance must lie in it
_STEPS = 20


@dataclass(frozen=True)
class Pointing:
    """How far (``column``, ``row``, pixels) the second model has to be shifted to fit the first.

    ``across``: the same as a signed distance along ``normal`` (unit vector: column, row);
    ``scatter_px``: NMAD of the distances of the matches that agree, ``used``, of ``count``;
    ``agrees`` (count,): which these are; ``before_px``, ``after_px``: median absolute distance of
    these without and with the correction.
    """

    column: float
    row: float
    across: float
    normal: tuple[float, float]
    scatter_px: float
    before_px: float
    after_px: float
    used: int
    count: int
    agrees: BoolArray

    def corrected(self, second: RpcModel) -> RpcModel:
        """The second model, shifted."""
        return second.shifted(self.column, self.row)


def measure_pointing(
    first: RpcModel,
    second: RpcModel,
    matches: FloatArray,
    heights: tuple[float, float] | None = None,
) -> Pointing:
    """The correction of ``second`` from ``matches`` (4, n: column, row in each image), some wrong.

    ``heights``: lowest and highest possible (m); matches that lie far beyond are left out. Raises
    ``InsufficientDataError`` where too few matches agree, ``InputError`` where both images look
    from the same direction.
    """
    matches = np.asarray(matches, dtype=np.float64)
    count = matches.shape[1]
    if count < FEWEST:
        raise _too_few(count, count)
    low, high = heights or height_range(first, second)
    ground = triangulate(first, second, matches, (low, high))
    margin = 0.5 * (high - low)
    usable = np.isfinite(ground.across)
    usable &= (ground.height >= low - margin) & (ground.height <= high + margin)
    if np.count_nonzero(usable) < FEWEST:
        raise _too_few(int(np.count_nonzero(usable)), count)
    shift, agrees = _settle(ground.across, usable)
    used = int(np.count_nonzero(agrees))
    if used < FEWEST or not _clear(ground.across[usable], shift):
        raise _too_few(used, count)
    inner = ground.across[agrees]
    normal = _normal(first, second, matches[:, agrees], (low, high))
    return Pointing(
        column=shift * normal[0],
        row=shift * normal[1],
        across=shift,
        normal=normal,
        scatter_px=TO_SIGMA * float(np.median(np.abs(inner - shift))),
        before_px=float(np.median(np.abs(inner))),
        after_px=float(np.median(np.abs(inner - shift))),
        used=used,
        count=count,
        agrees=agrees,
    )


def mode(values: FloatArray, half_width: float = WINDOW_PX) -> float:
    """The middle of the window of twice ``half_width`` that holds most of ``values`` (n,)."""
    ordered = np.sort(values)
    held = np.searchsorted(ordered, ordered + 2.0 * half_width, "right") - np.arange(len(ordered))
    best = int(np.argmax(held))
    return float(np.median(ordered[best : best + held[best]]))


def _settle(across: FloatArray, usable: BoolArray) -> tuple[float, BoolArray]:
    """The median of the matches around the mode, within three times their scatter, and which."""
    shift, reach = mode(across[usable]), WINDOW_PX
    agrees = usable
    for _ in range(_STEPS):
        new = usable & (np.abs(across - shift) <= reach)
        if not new.any() or (new == agrees).all():
            break
        agrees = new
        shift = float(np.median(across[agrees]))
        scatter = TO_SIGMA * float(np.median(np.abs(across[agrees] - shift)))
        reach = float(np.clip(3.0 * scatter, 0.5 * WINDOW_PX, 3.0 * WINDOW_PX))
    return shift, agrees


def _clear(across: FloatArray, shift: float) -> bool:
    """Whether clearly more matches lie around ``shift`` than if all were wrong."""
    near = np.count_nonzero(np.abs(across - shift) <= WINDOW_PX)
    rest = np.sort(np.abs(across - shift))
    # Around it, in a belt that holds the middle half of the others, what chance gives.
    far = rest[rest > 2.0 * WINDOW_PX]
    if not len(far):
        return True
    width = float(np.quantile(far, 0.75)) - 2.0 * WINDOW_PX
    chance = 0.75 * len(far) / max(width, WINDOW_PX) * WINDOW_PX
    return bool(near >= CLEAREST * chance)


def _normal(
    first: RpcModel, second: RpcModel, matches: FloatArray, heights: tuple[float, float]
) -> tuple[float, float]:
    """The unit vector across the epipolar lines of the second image that distances count along."""
    low, high = matches[:2].min(axis=1), matches[:2].max(axis=1)
    size = high - low + 1.0
    tile = Tile(float(low[0]), float(low[1]), float(size[0]), float(size[1]))
    right, down = affine_epipolar(virtual_matches(first, second, tile, *heights)).rising
    return -down, right


def _too_few(agree: int, count: int) -> InsufficientDataError:
    return InsufficientDataError(
        f"Of {count} matches between the two images {agree} agree with each other, at least "
        f"{FEWEST} have to, and clearly more than by chance: the images may show different places, "
        "clouds or water, or the range of heights is wrong. Choose other images, another part of "
        "them, or other heights."
    )
