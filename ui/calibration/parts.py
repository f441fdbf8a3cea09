# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel of calibrations is put together from, its words, and what it tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.PyQt.QtCore import pyqtSignal

from ...core.database.names import DatabaseName, parse_name
from ...core.table import Table
from ..body import Body
from ..data_panel import DataPanel, PanelTexts
from ..sources import SourceTexts
from ..tasks import Runner
from ..text import tr
from .background import Background
from .bands import BandPlot
from .budget import BudgetPlot
from .clouds import CloudPlot
from .controls import Controls
from .histogram import HistogramPlot
from .impact import ImpactPlot
from .judge_bar import JudgeBar
from .late import Late
from .model import CalibrationModel
from .pair import PairPage
from .statistics import StatisticsBox
from .timeline import Timeline
from .trend import TrendPlot

SIDE_SHARE = 0.42  # of the height, under the plots
Resolve = Callable[[str], DatabaseName]


class PanelParts(DataPanel):
    """The widgets and their places; ``resolve`` gives the database that a text names, with what is
    needed to open it.

    Signals beside those of ``DataPanel``: ``pair_picked`` (``PickedPair``), ``judged`` (the source
    in which a verdict was kept).
    """

    connections: Callable[[], Sequence[str]] = staticmethod(lambda: ())  # of QGIS, by name
    pair_picked = pyqtSignal(object)
    judged = pyqtSignal(str)
    debounce_ms = 30

    def __init__(
        self,
        runner: Runner | None = None,
        fetch: Callable[[str], Table | None] | None = None,
        resolve: Resolve = parse_name,
    ) -> None:
        super().__init__(runner, fetch)
        self.resolve = resolve
        self.model = CalibrationModel()
        self.late = Late(self.model, self.runner, self.told.emit)
        self.background = Background(self.model, self.runner)
        self.controls, self.statistics = Controls(), StatisticsBox()
        self.timeline, self.bands = Timeline(self.model), BandPlot(self.model)
        self.histogram, self.budget = HistogramPlot(self.model), BudgetPlot(self.model)
        self.trend, self.impact = TrendPlot(self.model), ImpactPlot(self.model)
        self.clouds = CloudPlot(self.model)
        self.pair, self.bar = PairPage(self.model), JudgeBar(self.model)
        body = Body(
            (tr("Over time"), self.timeline),
            [
                (tr("By band"), self.bands),
                (tr("Trend"), self.trend),
                (tr("Histogram"), self.histogram),
                (tr("Uncertainty"), self.budget),
                (tr("Pair"), self.pair),
                (tr("Clouds"), self.clouds),
                (tr("Cloud impact"), self.impact),
            ],
            [self.controls, self.statistics],
            side_share=SIDE_SHARE,
        )
        plots = (self.timeline, self.bands, self.trend, self.histogram, self.budget, self.clouds,
                 self.impact)  # fmt: skip
        self.build(body, plots, self.controls, (self.bar,))

    def texts(self) -> PanelTexts:
        """The words of this panel."""
        return PanelTexts(
            sources=SourceTexts(
                choose=tr("Choose coefficients"),
                offered=tr("Coefficients and databases in the project and opened before"),
                open=tr("Open a table of coefficients, or a calibration database"),
                kinds=tr("Coefficients, calibration databases"),
            ),
            title=tr("Look at calibration coefficients"),
            text=tr(
                "Open the table “Coefficients” that “Calibrate over deserts” or “Calibrate over "
                "Antarctic sites” wrote, or the calibration database that keeps their runs (a "
                "GeoPackage, or one in PostgreSQL); or load simulated data of two sensors over "
                "three deserts to see a finished case."
            ),
            open=tr("Open coefficients…"),
            reading=tr("Reading the coefficients…"),
            task=tr("Read coefficients"),
            no_command=tr(
                "There is no record of the run that made these coefficients, so no command to copy."
            ),
        )
