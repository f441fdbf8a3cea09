# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel of time series is put together from, and what it tells."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from ...core.table import Table
from ..body import Body
from ..plots.frame import PlotFrame
from ..sources import SourceBar, SourceTexts
from ..tasks import InlineRunner, Runner
from ..text import tr
from ..widgets import EmptyState, label
from .background import Background
from .chosen import ChosenBar
from .controls import Controls
from .events import EventList
from .model import SeriesModel
from .season import SeasonPlot
from .spectrum import SpectrumPlot
from .statistics import StatisticsBox
from .timeline import Timeline

SIDE_SHARE = 0.4  # of the height, under the plots: rows of bands need more of it


class PanelParts(QWidget):
    """The widgets and their places.

    ``runner`` does what takes longer than 0.2 s. ``fetch`` gives the rows of a source that is no
    file (a layer in memory), None for files. Signals: ``date_picked`` (``PickedDate``),
    ``site_picked`` (name), ``opened`` and ``judged`` (a source: shown from now on, a verdict was
    kept in it), ``picking``, ``example_wanted``, ``help_wanted``, ``told``, ``state_changed``.
    """

    date_picked = pyqtSignal(object)
    site_picked = pyqtSignal(str)
    opened = pyqtSignal(str)
    judged = pyqtSignal(str)
    picking = pyqtSignal(bool)
    example_wanted = pyqtSignal()
    help_wanted = pyqtSignal()
    told = pyqtSignal(str)
    state_changed = pyqtSignal()

    def __init__(
        self, runner: Runner | None = None, fetch: Callable[[str], Table | None] | None = None
    ) -> None:
        super().__init__()
        self.model = SeriesModel()
        self.runner: Runner = runner or InlineRunner()
        self.background = Background(self.model, self.runner)
        self.fetch = fetch or (lambda source: None)
        self.sources = SourceBar(_source_texts())
        self.controls, self.statistics = Controls(), StatisticsBox()
        self.timeline, self.spectrum = Timeline(self.model), SpectrumPlot(self.model)
        self.season, self.events = SeasonPlot(self.model), EventList(self.model)
        self.chosen = ChosenBar(self.model)
        self.plots: tuple[PlotFrame, ...] = (self.timeline, self.spectrum, self.season)
        self.body = Body(
            (tr("Series"), self.timeline),
            [
                (tr("Spectrum"), self.spectrum),
                (tr("Season"), self.season),
                (tr("Anomalies"), self.events),
            ],
            [self.controls, self.statistics],
            side_share=SIDE_SHARE,
        )
        self.notice = label()
        self.notice.hide()
        self.empty = self._empty_state()
        self.content = QWidget()
        inner = QVBoxLayout(self.content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.body, 1)
        inner.addWidget(self.chosen)
        self.stack = QStackedLayout()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sources)
        column.addWidget(self.notice)
        column.addLayout(self.stack, 1)

    def _empty_state(self) -> EmptyState:
        return EmptyState(
            tr("Look at time series and their anomalies"),
            tr(
                "Open the table that “Extract time series” or “Detect anomalies in time series” "
                "wrote, or load simulated series of four sites to see a finished case on the map "
                "and here."
            ),
            [
                (tr("Open a table…"), lambda: self.sources.ask()),
                (tr("Load example data"), self.example_wanted.emit),
            ],
        )

    def say(self, sentence: str) -> None:
        """A sentence over the plots; "" takes it away."""
        self.notice.setText(sentence)
        self.notice.setVisible(bool(sentence))


def _source_texts() -> SourceTexts:
    return SourceTexts(
        choose=tr("Choose a table of time series"),
        offered=tr("Tables of time series in the project and opened before"),
        open=tr("Open a table of time series from a file"),
        kinds=tr("Tables of time series"),
    )
