# SPDX-License-Identifier: GPL-3.0-or-later
"""The panels of the plugin, in the order of the menu."""

from .anomalies import AnomaliesController
from .aot import AotController
from .calibration import CalibrationController
from .dem import ElevationController
from .land_cover import LandCoverController
from .panel import PanelController

PANELS: tuple[type[PanelController], ...] = (
    AotController,
    AnomaliesController,
    CalibrationController,
    ElevationController,
    LandCoverController,
)
