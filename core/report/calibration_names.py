# SPDX-License-Identifier: GPL-3.0-or-later
"""How reports call the things of radiometric calibration."""

from __future__ import annotations

from ..calibration.budget_types import Contributor
from ..calibration.transfer import SpectralMethod
from ..wording import plural
from .document import Cell

DOUBTED = "Colored bands are in doubt, for what stands below them, and not in the headline."

_CONTRIBUTORS = {
    Contributor.AOT_COMMON: "AOT, both dates",
    Contributor.AOT_DIFFERENCE: "AOT, between dates",
    Contributor.WATER_COMMON: "water vapor, both dates",
    Contributor.WATER_DIFFERENCE: "water vapor, between dates",
    Contributor.OZONE_COMMON: "ozone",
    Contributor.PRESSURE: "pressure",
    Contributor.INTERPOLATION: "spectral interpolation",
    Contributor.RESPONSE: "spectral response",
    Contributor.MATCHING: "matching",
    Contributor.BRDF: "directional model",
    Contributor.REFERENCE: "reference sensor",
    Contributor.SCATTER: "scatter of the pairs",
    Contributor.CLOUD_TOP: "pressure at the cloud top",
    Contributor.CLOUD_SPECTRUM: "spectrum of the cloud",
    Contributor.REFERENCE_BAND: "reference band",
    Contributor.CLOUD_SCATTER: "scatter of the clouds",
}
_METHODS = {
    SpectralMethod.SPLINE: "cubic spline",
    SpectralMethod.MONOTONE: "monotone cubic",
    SpectralMethod.HYPERSPECTRUM: "hyperspectrum of the site",
    SpectralMethod.TOA_INTEGRATION: "cubic spline, integrated at TOA",
    SpectralMethod.TOA_HYPERSPECTRUM: "hyperspectrum, integrated at TOA",
}


def contributor_name(name: Contributor) -> str:
    """A contributor of the uncertainty in words."""
    return _CONTRIBUTORS[name]


def method_name(method: SpectralMethod) -> str:
    """A spectral method in words."""
    return _METHODS[method]


def band_label(band: str, wavelength_nm: float) -> str:
    """A band with its wavelength, once: "B04 (665 nm)", "665 nm"."""
    wavelength = f"{wavelength_nm:.0f}"
    return f"{band} nm" if band == wavelength else f"{band} ({wavelength} nm)"


def in_doubt(count: int) -> str:
    """A sentence about ``count`` bands that a headline leaves out; "" without any."""
    if not count:
        return ""
    return f" {plural(count, 'band is', 'bands are')} in doubt and left out (see the table)."


def marked(label: str, doubt: str) -> str | Cell:
    """A band in a table, marked where there is a ``doubt`` about it."""
    return Cell(label, doubt, "caution") if doubt else label
