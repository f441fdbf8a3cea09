# SPDX-License-Identifier: GPL-3.0-or-later
"""How the ground is carried from the bands of one sensor to those of another: parameters."""

from __future__ import annotations

from dataclasses import replace

from ...core.calibration.desert import Settings
from ...core.calibration.directional import Correction
from ...core.calibration.transfer import SpectralMethod
from ..base import CalValAlgorithm, Job, make, tr

METHODS, SPECTRA, BRDF = "SPECTRAL_METHOD", "HYPERSPECTRUM", "BRDF"


def add_spectral(algorithm: CalValAlgorithm) -> None:
    """Which spectral methods, and the spectra of the sites."""
    algorithm.add(
        make.choice(
            METHODS, tr("Spectral methods"),
            tr(
                "How the ground is carried from the bands of the reference to those of the other "
                "sensor. spline: a cubic through them; monotone: one without extremes; "
                "hyperspectrum: the spectrum given below, stretched to pass through them; "
                "toa_integration and toa_hyperspectrum: the spline and the spectrum, averaged over "
                "the band at the top of the atmosphere instead of at the ground. Several stand "
                "side by side; the first one is the main one, and the uncertainty is that of it."
            ),
            tuple(one.value for one in SpectralMethod), SpectralMethod.SPLINE.value, several=True,
        ),
        make.path(
            SPECTRA, tr("Spectra of the sites"),
            tr(
                "A table of wavelength and reflectance for all sites, or with the columns site, "
                "wavelength_nm and reflectance. Only their shape is used. For the methods with a "
                "hyperspectrum."
            ),
            optional=True, advanced=True,
        ),
    )  # fmt: skip


def add_brdf(algorithm: CalValAlgorithm) -> None:
    """Whether the difference of directions within pairs is corrected."""
    algorithm.add(
        make.choice(
            BRDF, tr("Correction of directions"),
            tr(
                "A directional model of each site, fitted to what the reference measured there, "
                "takes its reflectance to the directions of the other sensor: roujean and rossli "
                "(kernels), rpv (four parameters). none: the limits of the matching alone. With a "
                "model the limits may be wider."
            ),
            tuple(one.value for one in Correction), Correction.NONE.value, advanced=True,
        ),
    )  # fmt: skip


def with_brdf(settings: Settings, job: Job) -> Settings:
    """The settings with the correction that is chosen."""
    return replace(settings, brdf=Correction(job[BRDF]))


def methods_of(job: Job) -> tuple[SpectralMethod, ...]:
    """The methods that are chosen, the main one first; the spline where none is."""
    chosen = dict.fromkeys(SpectralMethod(name) for name in job[METHODS])
    return tuple(chosen) or (SpectralMethod.SPLINE,)
