# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be known of a sensor's bands to carry a measurement through the atmosphere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..types import FloatArray
from .atmosphere import Air, Angles
from .smac import SmacCoefficients, effects
from .spectral import Response

# Two-way gas transmission below which a band says too little of the ground: the oxygen band at 761
# nm and the water bands at 900 nm and beyond.
MIN_GAS_TRANSMISSION = 0.85
_NOMINAL = Angles(30.0, 10.0, 90.0), Air(0.2, 300.0, 1.5, 1013.25)


@dataclass(frozen=True)
class BandModel:
    """One band: ``smac`` and ``response`` are None where they are not known."""

    name: str
    wavelength_nm: float
    smac: SmacCoefficients | None = None
    response: Response | None = None

    @cached_property
    def effective_nm(self) -> float:
        """Effective wavelength: of the response where it is known."""
        return self.wavelength_nm if self.response is None else self.response.effective_nm

    @cached_property
    def window(self) -> bool:
        """Whether the band sees the ground through a window of the atmosphere."""
        return self.smac is not None and bool(gas(self.smac) >= MIN_GAS_TRANSMISSION)


def gas(band: SmacCoefficients) -> FloatArray:
    """Two-way gas transmission of a band in an ordinary atmosphere (sun at 30, view at 10 degrees,
    300 DU, 1.5 g/cm2).
    """
    angles, air = _NOMINAL
    return effects(band, angles, air).gas
