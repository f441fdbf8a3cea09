# SPDX-License-Identifier: GPL-3.0-or-later
"""The Processing provider ``calval``."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..core import dependencies
from ..core.io.formats import RASTER_EXTENSIONS, TABLE_EXTENSIONS
from ..i18n import tr

PROVIDER_ID = "calval"
ROOT = Path(__file__).parent.parent
ICON = ROOT / "resources" / "icons" / "calval.svg"


class CalValProvider(QgsProcessingProvider):
    """All algorithms of the toolbox, listed on a bare QGIS too; what is missing is said, never
    hidden.
    """

    def id(self) -> str:
        return PROVIDER_ID

    def name(self) -> str:
        return "CalVal Toolbox"

    def longName(self) -> str:
        return f"CalVal Toolbox {self.versionInfo()}"

    def versionInfo(self) -> str:
        from ..core.version import plugin_version

        return plugin_version()

    def icon(self) -> QIcon:
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:
        return str(ICON)

    def helpId(self) -> str:
        return PROVIDER_ID

    def warningMessage(self) -> str:
        missing = [
            name for name in ("scipy", "jinja2", "defusedxml") if not dependencies.available(name)
        ]
        if not missing:
            return ""
        return tr("Some algorithms cannot run yet.") + " " + dependencies.missing_sentence(missing)

    def supportsNonFileBasedOutput(self) -> bool:
        return False

    def supportedOutputVectorLayerExtensions(self) -> list[str]:
        return list(TABLE_EXTENSIONS)

    def supportedOutputTableExtensions(self) -> list[str]:
        return list(TABLE_EXTENSIONS)

    def supportedOutputRasterLayerExtensions(self) -> list[str]:
        return list(RASTER_EXTENSIONS)

    def loadAlgorithms(self) -> None:
        from ..algorithms.registry import algorithms

        for algorithm in algorithms():
            self.addAlgorithm(algorithm)
