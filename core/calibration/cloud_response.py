# SPDX-License-Identifier: GPL-3.0-or-later
"""What a shift of a band's response changes above a white cloud: molecules and ozone.

The coefficients of a band hold for its response as it is listed. How they change with the
wavelength is physics of its own: the optical thickness of molecules after Hansen & Travis 1974
(Space Sci. Rev. 16, doi:10.1007/BF00168069, eq. 2.30), the absorption of ozone in the Chappuis band
after the table of Bird & Riordan 1984 (SERI/TR-215-2436, doi:10.2172/5986936).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..types import FloatArray
from .sensor_models import BandModel

# Wavelength (nm) and absorption of ozone (per atm-cm); none is stated below and above.
_OZONE_NM = np.array([
    440.0, 450.0, 460.0, 470.0, 480.0, 490.0, 500.0, 510.0, 520.0, 530.0, 540.0, 550.0, 570.0,
    593.0, 610.0, 630.0, 656.0, 667.6, 690.0, 710.0, 718.0, 724.4, 740.0, 752.5, 757.5, 762.5,
    767.5, 780.0,
])  # fmt: skip
_OZONE = np.array([
    0.0, 0.003, 0.006, 0.009, 0.014, 0.021, 0.03, 0.04, 0.048, 0.063, 0.075, 0.085, 0.12, 0.119,
    0.12, 0.09, 0.065, 0.051, 0.028, 0.018, 0.015, 0.012, 0.01, 0.008, 0.007, 0.006, 0.005, 0.0,
])  # fmt: skip


def moved_band(model: BandModel, shift_nm: float) -> BandModel:
    """A band (with SMAC coefficients) whose response lies ``shift_nm`` farther in the red: its
    coefficients of molecules and ozone are changed by as much as their means over the response do.
    """
    if model.smac is None or not shift_nm:
        return model
    depth, ozone = (
        _mean(curve, model, shift_nm) / before if (before := _mean(curve, model, 0.0)) else 1.0
        for curve in (_molecules, _chappuis)
    )
    smac = replace(
        model.smac,
        rayleigh_depth=(model.smac.rayleigh_depth[0] * depth, *model.smac.rayleigh_depth[1:]),
        o3=(model.smac.o3[0] * ozone ** model.smac.o3[1], *model.smac.o3[1:]),
    )
    response = None if model.response is None else model.response.shifted(shift_nm)
    return replace(
        model, wavelength_nm=model.wavelength_nm + shift_nm, smac=smac, response=response
    )


def _mean(curve: Callable[[FloatArray], FloatArray], model: BandModel, shift_nm: float) -> float:
    """The mean of a curve of the wavelength (nm) over the response, or at the nominal wavelength of
    a band without one.
    """
    if model.response is None:
        return float(curve(np.array([model.wavelength_nm + shift_nm]))[0])
    moved = model.response.shifted(shift_nm)
    return float(moved.mean(curve(moved.wavelength_nm)))


def _molecules(wavelength_nm: FloatArray) -> FloatArray:
    """Optical thickness of the molecules at sea level."""
    um2 = (wavelength_nm / 1000.0) ** -2
    return np.asarray(0.008569 * um2**2 * (1.0 + 0.0113 * um2 + 0.00013 * um2**2))


def _chappuis(wavelength_nm: FloatArray) -> FloatArray:
    """Absorption of ozone per atm-cm."""
    return np.asarray(np.interp(wavelength_nm, _OZONE_NM, _OZONE, 0.0, 0.0))
