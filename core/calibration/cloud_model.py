# SPDX-License-Identifier: GPL-3.0-or-later
"""A deep convective cloud below thin air: its own reflectance, and what is seen from above."""

from __future__ import annotations

from ..types import FloatArray
from .atmosphere import Air, above, below
from .molecular import molecular_effects
from .smac import SmacCoefficients
from .transfer import Side


def cloud_reflectance(side: Side, band: int, air: Air, gain: float = 1.0) -> FloatArray:
    """Reflectance of the cloud itself (n,) by what a band (index) measures, divided by ``gain``;
    ``air``: above the cloud, its pressure that at the top.
    """
    toa = side.measurements["mean"][:, band] / gain
    return below(molecular_effects(_smac(side, band), side.angles(band), air), toa)


def toa_reflectance(side: Side, band: int, cloud: FloatArray, air: Air) -> FloatArray:
    """TOA reflectance (n,) of a band (index) over clouds of this reflectance (n,)."""
    return above(molecular_effects(_smac(side, band), side.angles(band), air), cloud)


def _smac(side: Side, band: int) -> SmacCoefficients:
    model = side.bands[band]
    if model.smac is None:
        raise ValueError(f"{model.name} has no SMAC coefficients")
    return model.smac
