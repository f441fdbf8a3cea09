# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame of every panel: a dock that makes its content, or says what it lacks."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QDockWidget, QWidget

from ..core.dependencies import PACKAGES, available, missing_sentence
from .text import tr
from .widgets import EmptyState

Factory = Callable[[], QWidget]
# What the panels and the algorithms behind them use: named together, so that one command gets all.
USED = ("pyqtgraph", "scipy", "matplotlib", "jinja2", "defusedxml")


class PanelDock(QDockWidget):
    """A dock named ``name`` (the key of its state), whose content ``factory`` makes when pyqtgraph
    is there.
    """

    def __init__(
        self, title: str, name: str, factory: Factory, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self.setObjectName(f"calval_{name}")
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self._factory = factory
        self.content: QWidget | None = None
        self.fill()

    def fill(self) -> None:
        """Make the content, or the page that says how to get what is missing."""
        if self.content is not None:
            return
        if not available("pyqtgraph"):
            self.setWidget(self._missing(missing_sentence(_absent())))
            return
        try:
            content = self._factory()
        except ImportError as error:
            self.setWidget(
                self._missing(tr("A Python package cannot be loaded: {}.").format(error))
            )
            return
        self.content = content
        self.setWidget(content)

    def _missing(self, sentence: str) -> EmptyState:
        advice = tr(
            "On Debian and Ubuntu the package python3-pyqtgraph brings pyqtgraph. "
            "The algorithms of the toolbox work without pyqtgraph."
        )
        return EmptyState(
            tr("This panel needs pyqtgraph"),
            f"{sentence}\n\n{advice}",
            [(tr("Copy the command"), _copy_pip_line), (tr("Look again"), self.fill)],
        )


def _absent() -> list[str]:
    return [name for name in USED if not available(name)]


def _copy_pip_line() -> None:
    names = " ".join(PACKAGES[name].pip for name in _absent() or USED[:1])
    QGuiApplication.clipboard().setText(f"python3 -m pip install {names}")
