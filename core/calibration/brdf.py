# SPDX-License-Identifier: GPL-3.0-or-later
"""How the reflectance of a surface changes with the directions of sun and sensor.

Linear models are sums of kernels: Roujean et al. 1992 (JGR 97(D18), doi:10.1029/92JD01411), and
Ross-Thick/Li-Sparse reciprocal (Wanner et al. 1995, doi:10.1029/95JD02371; Lucht et al. 2000,
doi:10.1109/36.841980), with h/b = 2 and b/r = 1. RPV: Rahman, Pinty and Verstraete 1993 (JGR
98(D11), doi:10.1029/93JD02072). Angles are in degrees, the relative azimuth of any fold; arguments
broadcast against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..errors import InsufficientDataError
from ..types import AnyArray, FloatArray
from .geometry import phase_cosine

_H_BY_B = 2.0


class Model(StrEnum):
    """Linear kernel models."""

    ROUJEAN = "roujean"
    ROSS_LI = "ross_li"


@dataclass(frozen=True)
class Fit:
    """A linear model fitted to reflectances: its three weights, the number of observations, and the
    standard deviation of the residuals by the mean reflectance.
    """

    model: Model
    weights: FloatArray
    count: int
    relative_residual: float

    def reflectance(
        self, sun_zenith: AnyArray, view_zenith: AnyArray, relative_azimuth: AnyArray
    ) -> FloatArray:
        """The reflectance of the fit under other directions."""
        shapes = kernels(self.model, sun_zenith, view_zenith, relative_azimuth)
        modeled: FloatArray = shapes @ self.weights
        return modeled


def kernels(
    model: Model, sun_zenith: AnyArray, view_zenith: AnyArray, relative_azimuth: AnyArray
) -> FloatArray:
    """The three kernels (..., 3), of which the first is 1; zenith angles from 0 to below 90."""
    s, v = np.radians(sun_zenith), np.radians(view_zenith)
    turn = np.radians(np.abs((np.asarray(relative_azimuth) + 180.0) % 360.0 - 180.0))
    phase = np.arccos(phase_cosine(sun_zenith, view_zenith, relative_azimuth))
    volume = ((np.pi / 2.0 - phase) * np.cos(phase) + np.sin(phase)) / (np.cos(s) + np.cos(v))
    if model is Model.ROUJEAN:
        second, third = _protrusions(s, v, turn), 4.0 / (3.0 * np.pi) * volume - 1.0 / 3.0
    else:
        second, third = volume - np.pi / 4.0, _li_sparse(s, v, turn, phase)
    return np.stack(np.broadcast_arrays(np.ones_like(volume), second, third), axis=-1)


def fit(
    model: Model,
    sun_zenith: AnyArray,
    view_zenith: AnyArray,
    relative_azimuth: AnyArray,
    reflectance: AnyArray,
) -> Fit:
    """The kernel weights by least squares; unknown values are left out.

    Raises ``InsufficientDataError`` below 6 observations or where all have the same directions.
    """
    shapes = kernels(model, sun_zenith, view_zenith, relative_azimuth)
    known = np.isfinite(reflectance) & np.isfinite(shapes).all(axis=-1)
    x, y = shapes[known], np.asarray(reflectance, dtype=np.float64)[known]
    weights, _, rank, _ = np.linalg.lstsq(x, y, rcond=1e-8)
    if len(y) < 6 or rank < 3:
        raise InsufficientDataError(
            "A directional model needs 6 or more observations under different directions; there "
            f"are {len(y)}."
        )
    residual = y - x @ weights
    spread = np.sqrt(float(residual @ residual) / (len(y) - 3)) / y.mean()
    return Fit(model, weights, len(y), float(spread))


def rpv(
    sun_zenith: AnyArray | float,
    view_zenith: AnyArray | float,
    relative_azimuth: AnyArray | float,
    rho_0: AnyArray | float,
    k: AnyArray | float,
    asymmetry: AnyArray | float,
    rho_c: AnyArray | float,
) -> FloatArray:
    """Reflectance factor of the RPV model: ``rho_0`` its level, ``k`` the bowl (below 1) or bell
    shape, ``asymmetry`` (-1 ... 1) forward or backward, ``rho_c`` the hot spot.
    """
    s, v = np.radians(sun_zenith), np.radians(view_zenith)
    sun, view = np.cos(s), np.cos(v)
    shape = (sun * view * (sun + view)) ** (np.asarray(k) - 1.0)
    theta = np.asarray(asymmetry, dtype=np.float64)
    cosine = phase_cosine(sun_zenith, view_zenith, relative_azimuth)
    lobe = (1.0 - theta**2) / (1.0 + 2.0 * theta * cosine + theta**2) ** 1.5
    distance = _distance(s, v, np.radians(relative_azimuth))
    spot = 1.0 + (1.0 - np.asarray(rho_c)) / (1.0 + distance)
    factor: FloatArray = rho_0 * shape * lobe * spot
    return factor


def _protrusions(s: AnyArray, v: AnyArray, turn: AnyArray) -> AnyArray:
    """Roujean's geometric kernel: opaque vertical protrusions and their shadows."""
    ts, tv = np.tan(s), np.tan(v)
    lit = ((np.pi - turn) * np.cos(turn) + np.sin(turn)) * ts * tv / (2.0 * np.pi)
    return np.asarray(lit - (ts + tv + _distance(s, v, turn)) / np.pi)


def _li_sparse(s: AnyArray, v: AnyArray, turn: AnyArray, phase: AnyArray) -> AnyArray:
    """Li's kernel for sparse crowns, reciprocal form."""
    secants = 1.0 / np.cos(s) + 1.0 / np.cos(v)
    across = np.tan(s) * np.tan(v) * np.sin(turn)
    cosine = _H_BY_B * np.sqrt(_distance(s, v, turn) ** 2 + across**2) / secants
    t = np.arccos(np.clip(cosine, -1.0, 1.0))
    overlap = (t - np.sin(t) * np.cos(t)) * secants / np.pi
    crowns = 0.5 * (1.0 + np.cos(phase)) / (np.cos(s) * np.cos(v))
    return np.asarray(overlap - secants + crowns)


def _distance(s: AnyArray, v: AnyArray, turn: AnyArray) -> AnyArray:
    """How far apart the shadows of sun and view end, for objects of height 1."""
    ts, tv = np.tan(s), np.tan(v)
    squared = ts**2 + tv**2 - 2.0 * ts * tv * np.cos(turn)
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)))
