# SPDX-License-Identifier: GPL-3.0-or-later
"""When the plots of a panel are drawn: those in front at once, the others when they come there, and
what is slow when a slider has come to rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QWidget

from .body import Body
from .plots.frame import PlotFrame
from .tasks import single_shot

REST_MS = 350  # after a slider has come to rest


class Drawing(QWidget):
    """A panel with ``plots`` in a ``body``, and sliders that start ``_soon``.

    Signal ``state_changed``: what is shown is another.
    """

    state_changed = pyqtSignal()

    debounce_ms = 15  # while a slider moves
    body: Body
    plots: tuple[PlotFrame, ...]

    def __init__(self) -> None:
        super().__init__()
        self._stale: set[PlotFrame] = set()
        self._unfitted: set[PlotFrame] = set()
        self._soon = single_shot(self.debounce_ms, self._apply, self)
        self._rest = single_shot(REST_MS, self._refine, self)

    def _apply(self) -> None:
        """A slider has moved."""

    def _refine(self) -> None:
        """Compute what is too slow for a moving slider."""

    def flush(self) -> None:
        """Do at once what waits for a slider to rest."""
        for timer, action in ((self._soon, self._apply), (self._rest, self._refine)):
            if timer.isActive():
                timer.stop()
                action()

    def changed(self, plots: Sequence[PlotFrame] | None = None) -> None:
        """The model is another: draw ``plots`` (None: all) when they are in front, and compute the
        slow things when nobody has changed it for a while.
        """
        self._stale = set(self.plots if plots is None else plots)
        self.draw_shown()
        self._rest.start()
        self.state_changed.emit()

    def unfit(self, *plots: PlotFrame) -> None:
        """Let these show all their data when they are drawn next."""
        self._unfitted |= set(plots)

    def redraw(self, *plots: PlotFrame) -> None:
        """Draw these, too, when they are in front."""
        self._stale |= set(plots)
        self.draw_shown()

    def draw_shown(self) -> None:
        """Draw what is in front; the other pages are drawn when they come to the front."""
        for plot in tuple(self._stale):
            if plot.isVisible() or plot is self.body.page() or self.body.tabs.indexOf(plot) < 0:
                self._stale.discard(plot)
                plot.draw()
                if plot in self._unfitted:
                    self._unfitted.discard(plot)
                    plot.fit()
