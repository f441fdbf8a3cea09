# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window offers to every panel: the map, products, messages, help, and the example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import Qgis
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices

from ...core.help_pages import help_address
from .common import NAME
from .map import MapLink
from .products import ProductShower

INFO, WARNING = Qgis.MessageLevel.Info, Qgis.MessageLevel.Warning


class Host:
    """One for all panels; ``load_example`` starts the example."""

    def __init__(self, iface: Any, load_example: Callable[[], None]) -> None:
        self.iface, self.load_example = iface, load_example
        self.map = MapLink(iface)
        self.products = ProductShower(lambda text: self.tell(text, WARNING))

    def tell(self, text: str, level: Qgis.MessageLevel = INFO) -> None:
        """Say ``text`` in the message bar; what went wrong stays there until it is closed."""
        stays = 0 if level != INFO else -1
        self.iface.messageBar().pushMessage(NAME, text, level, stays)

    def show_help(self, page: str) -> None:
        """Open a help page of the plugin, such as ``panels/aot``, in the browser."""
        QDesktopServices.openUrl(QUrl(help_address(page)))
