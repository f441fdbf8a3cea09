# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin object: registers the provider; in the desktop also the menu and the panels."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication, QgsSettings

from ..i18n import install_translator
from .provider import PROVIDER_ID, CalValProvider


class CalValPlugin:
    """Made by QGIS; ``iface`` is None where there is no window (``qgis_process``)."""

    def __init__(self, iface: Any | None) -> None:
        self.iface = iface
        self.provider: CalValProvider | None = None
        self.controllers: Any | None = None
        self.translator = install_translator(str(QgsSettings().value("locale/userLocale", "en_US")))

    def initProcessing(self) -> None:
        """Register the provider; ``qgis_process`` calls this and nothing else."""
        registry = QgsApplication.processingRegistry()
        if registry.providerById(PROVIDER_ID) is not None:
            return  # another copy is registered: adding a second one would delete ours
        provider = CalValProvider()
        if registry.addProvider(provider):
            self.provider = provider

    def initGui(self) -> None:
        """Register the provider and add menu, toolbar button and panels."""
        self.initProcessing()
        from ..ui.controllers import Controllers

        self.controllers = Controllers(self.iface)
        self.controllers.load()

    def unload(self) -> None:
        """Take back everything that was added."""
        if self.controllers is not None:
            self.controllers.unload()
            self.controllers = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(PROVIDER_ID)
            self.provider = None
