# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel of time series is put together from, its words, and what it tells."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import pyqtSignal

from ...core.table import Table
from ..body import Body
from ..data_panel import DataPanel, PanelTexts
from ..sources import SourceTexts
from ..tasks import Runner
from ..text import tr
from .background import Background
from .chosen import ChosenBar
from .columns import ColumnsPage
from .controls import Controls
from .events import EventList
from .live import LivePixels
from .model import SeriesModel
from .residuals import ResidualPlot
from .season import SeasonPlot
from .spectrum import SpectrumPlot
from .statistics import StatisticsBox
from .timeline import Timeline

SIDE_SHARE = 0.4  # of the height, under the plots: rows of bands need more of it


class PanelParts(DataPanel):
    """The widgets and their places.

    Signals beside those of ``DataPanel``: ``date_picked`` (``PickedDate``), ``opened`` and
    ``judged`` (a source: shown from now on, a verdict was kept in it), ``live_wanted`` (whether
    the mouse on the map is followed), ``compared`` (two ``PickedDate`` to be shown left and right
    of a line on the map; None, None: none), ``dates_selected`` (list of ``PickedDate``),
    ``site_residuals`` (a table of sites on the chosen date and its title, or None).
    """

    date_picked = pyqtSignal(object)
    opened = pyqtSignal(str)
    judged = pyqtSignal(str)
    live_wanted = pyqtSignal(bool)
    dates_selected = pyqtSignal(list)
    compared = pyqtSignal(object, object)
    site_residuals = pyqtSignal(object, str)

    def __init__(
        self, runner: Runner | None = None, fetch: Callable[[str], Table | None] | None = None
    ) -> None:
        super().__init__(runner, fetch)
        self.model = SeriesModel()
        self.background = Background(self.model, self.runner)
        self.live = LivePixels(self.model, self.runner)
        self.controls, self.statistics = Controls(), StatisticsBox()
        self.timeline, self.spectrum = Timeline(self.model), SpectrumPlot(self.model)
        self.season, self.residuals = SeasonPlot(self.model), ResidualPlot(self.model)
        self.events = EventList(self.model)
        self.chosen = ChosenBar(self.model)
        body = Body(
            (tr("Series"), self.timeline),
            [
                (tr("Spectrum"), self.spectrum),
                (tr("Season"), self.season),
                (tr("Residuals"), self.residuals),
                (tr("Anomalies"), self.events),
            ],
            [self.controls, self.statistics],
            side_share=SIDE_SHARE,
        )
        plots = (self.timeline, self.spectrum, self.season, self.residuals)
        images = (tr("Look at pixels of images…"), self.controls.map_bar.pop_up)
        self.build(body, plots, self.controls, (self.chosen,), (images,))
        self.columns = ColumnsPage()
        self.stack.addWidget(self.columns)

    def texts(self) -> PanelTexts:
        """The words of this panel."""
        return PanelTexts(
            sources=SourceTexts(
                choose=tr("Choose a table of time series"),
                offered=tr("Tables of time series in the project and opened before"),
                open=tr("Open a table of time series from a file"),
                kinds=tr("Tables of time series"),
            ),
            title=tr("Look at time series and their anomalies"),
            text=tr(
                "Open the table that “Extract time series” or “Detect anomalies in time series” "
                "wrote, or load simulated series of four sites to see a finished case on the map "
                "and here."
            ),
            open=tr("Open a table…"),
            reading=tr("Reading the time series…"),
            task=tr("Read time series"),
            no_command=tr("These series are in no file that a command could read."),
        )
