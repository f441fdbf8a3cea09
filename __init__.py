# SPDX-License-Identifier: GPL-3.0-or-later
"""CalVal Toolbox: calibration, validation and land-surface products inside QGIS."""

from __future__ import annotations

from typing import Any


def classFactory(iface: Any) -> Any:  # QGIS asks for this name
    """Make the plugin; ``iface`` is None where QGIS runs without a window."""
    from .provider.interrupts import heed_interrupts

    heed_interrupts()  # before the imports of the plugin, which take longer

    from .provider.plugin import CalValPlugin

    return CalValPlugin(iface)
