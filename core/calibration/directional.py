# SPDX-License-Identifier: GPL-3.0-or-later
"""The difference of directions within pairs, corrected with a model of the site's anisotropy.

The kernels or parameters of a directional model (``brdf``) are fitted to the surface reflectances
of the reference sensor, site by site and band by band, over all of its observations in use. What
the reference saw in a pair is then multiplied by the model's reflectance under the target's
directions by that under its own. The models are reciprocal, so that exchanged pairs need nothing
else. Matching of Lacherade et al. 2013 (doi:10.1109/TGRS.2012.2227061) does without; a correction
allows wider limits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..errors import InsufficientDataError
from ..types import AnyArray, FloatArray
from .atmosphere import Angles
from .brdf import Model, fit, rpv
from .summary import clipped

# Fewer observations of a site than this do not say how it changes with the directions.
LEAST = 20
_CLIPPINGS = 3
# Bounds of the RPV parameters after the level: k, asymmetry, hot spot.
_LOW, _HIGH, _START = (0.3, -0.6, -1.0), (1.7, 0.6, 3.0), (0.8, -0.1, 1.0)

Shape = Callable[[Angles], FloatArray]


class Correction(StrEnum):
    """The directional model of a correction; see ``brdf``."""

    NONE = "none"
    ROUJEAN = "roujean"
    ROSSLI = "rossli"
    RPV = "rpv"


_KERNELS = {Correction.ROUJEAN: Model.ROUJEAN, Correction.ROSSLI: Model.ROSS_LI}
_OTHER = {
    Correction.ROUJEAN: Correction.ROSSLI, Correction.ROSSLI: Correction.ROUJEAN,
    Correction.RPV: Correction.ROUJEAN,
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """The reference's observations of one site and band: directions and surface reflectance (n,)"""

    angles: Angles
    reflectance: FloatArray

    def select(self, rows: AnyArray) -> Seen:
        """Some of them."""
        return Seen(Angles(*(np.asarray(one)[rows] for one in self.angles)), self.reflectance[rows])


@dataclass(frozen=True)
class Directions:
    """What the ground of each pair (p, c) is multiplied by: ``factor``; ``other``: the same by
    another model, and ``halves``: by fits to every other observation, which say how sure it is.
    ``lacking``: sites that are not corrected, having too few observations.
    """

    factor: FloatArray
    other: FloatArray
    halves: tuple[FloatArray, FloatArray]
    lacking: tuple[str, ...] = ()


def fitted(correction: Correction, seen: Seen) -> Shape:
    """The model of a site's anisotropy in one band; outliers beyond three standard deviations
    (clouds, shadows) are left out.

    Raises ``InsufficientDataError`` for fewer than half of ``LEAST`` known observations, or where
    all have the same directions.
    """
    known = np.isfinite(seen.reflectance) & (seen.reflectance > 0.0)
    used = seen.select(np.flatnonzero(known))
    if len(used.reflectance) < LEAST // 2:
        raise InsufficientDataError(
            f"A directional model needs {LEAST} observations of a site; there are "
            f"{len(used.reflectance)}."
        )
    shape = _fitted(correction, used)
    for _ in range(_CLIPPINGS):
        keep = clipped(used.reflectance / shape(used.angles))
        if keep.all() or keep.sum() < LEAST // 2:
            break
        used = used.select(np.flatnonzero(keep))
        shape = _fitted(correction, used)
    return shape


def directions(
    correction: Correction,
    sites: AnyArray,
    pairs: tuple[Angles, Angles],
    seen: dict[str, Sequence[Seen]],
) -> Directions:
    """The correction of p pairs over their ``sites`` (p,), of which the target and the reference
    have the directions ``pairs``; ``seen``: what the reference observed of each site, by band.
    """
    count = len(next(iter(seen.values())))
    made = [np.ones((len(sites), count)) for _ in range(4)]
    lacking = []
    for site, bands in seen.items():
        rows = np.flatnonzero(sites == site)
        own, partner = (Angles(*(np.asarray(one)[rows] for one in side)) for side in pairs)
        try:
            shapes = [_shapes(correction, band) for band in bands]
        except InsufficientDataError:
            lacking.append(site)
            continue
        for column, several in enumerate(shapes):
            for factor, shape in zip(made, several, strict=True):
                factor[rows, column] = shape(own) / shape(partner)
    return Directions(made[0], made[1], (made[2], made[3]), tuple(lacking))


def _shapes(correction: Correction, seen: Seen) -> tuple[Shape, ...]:
    """The model, another one, and the model fitted to every other observation."""
    if len(seen.reflectance) < LEAST:
        raise InsufficientDataError(f"fewer than {LEAST} observations")
    number = np.arange(len(seen.reflectance))
    halves = (fitted(correction, seen.select(number[start::2])) for start in (0, 1))
    return fitted(correction, seen), fitted(_OTHER[correction], seen), *halves


def _fitted(correction: Correction, seen: Seen) -> Shape:
    if correction in _KERNELS:
        sun, view, turn = (np.asarray(one) for one in seen.angles)
        found = fit(_KERNELS[correction], sun, view, turn, seen.reflectance)
        return lambda angles: found.reflectance(*(np.asarray(one) for one in angles))
    return _rpv(seen)


def _rpv(seen: Seen) -> Shape:
    """The RPV model by least squares of the relative deviations; its level is a linear factor."""
    from scipy.optimize import least_squares

    def shape(parameters: FloatArray, angles: Angles) -> FloatArray:
        return rpv(*angles, 1.0, *parameters)

    def deviation(parameters: FloatArray) -> FloatArray:
        ratio = seen.reflectance / shape(parameters, seen.angles)
        return np.asarray(ratio / ratio.mean() - 1.0)

    best = least_squares(deviation, _START, bounds=(_LOW, _HIGH), x_scale=(0.1, 0.1, 1.0)).x
    return lambda angles: shape(best, angles)
