# SPDX-License-Identifier: GPL-3.0-or-later
"""Calibration of a sensor against another one over deserts."""

from __future__ import annotations

from ...core.calibration.site_kinds import SiteKind
from ..base import tr
from .cross_algorithm import CrossCalibration
from .cross_parameters import Defaults


class CalibrateDesert(CrossCalibration):
    """A_k of each band against a reference sensor, over stable desert sites."""

    ID = "calibratedesert"
    TAGS = (
        "calibration", "desert", "pics", "cross-calibration", "SMAC", "toa reflectance", "muscle",
    )  # fmt: skip
    DEFAULTS = Defaults(kind=SiteKind.DESERT)

    def title(self) -> str:
        return tr("Calibrate over deserts")

    def summary(self) -> str:
        return tr(
            "Calibrates a sensor against another one over stable desert sites. What the reference "
            "measured under nearly the same geometry is taken to the ground (SMAC), carried to the "
            "bands of the other sensor along the spectrum of the site, and taken back to the top "
            "of the atmosphere: A_k is measured by simulated reflectance, for every pair of "
            "observations and band, with mean, trend and an uncertainty by contributor.\n\n"
            "After Lacherade et al. (2013), 10.1109/TGRS.2012.2227061, and Rahman and Dedieu "
            "(1994), 10.1080/01431169408954055."
        )
