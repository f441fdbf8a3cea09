# SPDX-License-Identifier: GPL-3.0-or-later
"""Calibration of a sensor against another one over Antarctic snow."""

from __future__ import annotations

from ...core.calibration.meteo import Fill, Model
from ...core.calibration.site_kinds import SiteKind
from ..base import tr
from .cross_algorithm import CrossCalibration
from .cross_parameters import Defaults


class CalibrateAntarctic(CrossCalibration):
    """A_k of each band against a reference sensor, over the snow of the Antarctic plateau."""

    ID = "calibrateantarctic"
    TAGS = (
        "calibration", "antarctic", "snow", "dome c", "cross-calibration", "toa reflectance",
        "ozone", "muscle",
    )  # fmt: skip
    DEFAULTS = Defaults(
        distance_deg=5.0, sun_deg=2.0, reciprocity=False, max_zenith_deg=82.0, max_spread=0.02,
        aot=0.02, water=0.05, altitude_m=3200.0, fill=Fill.PARTNER, model=Model.MOLECULAR,
        kind=SiteKind.SNOW,
    )  # fmt: skip

    def title(self) -> str:
        return tr("Calibrate over Antarctic sites")

    def summary(self) -> str:
        return tr(
            "Calibrates a sensor against another one over the snow of the Antarctic plateau (Dome "
            "C, Dome 1 to 4): pairs of close geometry with tight limits on the height of the sun, "
            "never with sun and view exchanged, because snow is not reciprocal. The sun is low: "
            "instead of SMAC an atmosphere of molecules and gases along curved paths is the "
            "default, and ozone, which matters most, is that of the partner where one side does "
            "not state it. A_k, trend and uncertainty as over deserts.\n\n"
            "After Lacherade et al. (2013), 10.1109/TGRS.2012.2227061, and Vermote and Tanre "
            "(1992), 10.1016/0022-4073(92)90149-X."
        )
