# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "AOT validation": a match-up table, filters that act at once, statistics, plots, and
the ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal

from ...core.aot.expected_errors import EXPECTED_ERRORS
from ...core.aot.filters import headline_window
from ...core.aot.types import MatchSettings
from ...core.table import Table
from ..body import Body, Room
from ..data_panel import DataPanel, PanelTexts
from ..plots.frame import PlotFrame
from ..sources import SourceTexts
from ..tasks import Runner
from ..text import tr
from . import memory, parameters
from .background import Background
from .bins import BinsPlot
from .filters import FilterBox
from .inputs import Inputs, load
from .model import AotModel
from .ranking import RankingPlot
from .scatter import ScatterPlot
from .series import SeriesPlot
from .statistics import StatisticsBox


class AotPanel(DataPanel):
    """The content of the dock; see ``DataPanel`` for its signals. ``site_picked`` is "" for all
    sites; ``matchup_picked`` carries a ``PickedMatchUp``.
    """

    matchup_picked = pyqtSignal(object)
    debounce_ms = 30

    def __init__(
        self, runner: Runner | None = None, fetch: Callable[[str], Table | None] | None = None
    ) -> None:
        super().__init__(runner, fetch)
        self.model = AotModel()
        self.background = Background(self.model, self.runner)
        self.filters, self.statistics = FilterBox(), StatisticsBox()
        self.scatter, self.series = ScatterPlot(self.model), SeriesPlot(self.model)
        self.bins, self.ranking = BinsPlot(self.model), RankingPlot(self.model)
        body = Body(
            (tr("Scatter"), self.scatter),
            [
                (tr("Time series"), self.series),
                (tr("By AOT"), self.bins),
                (tr("Site ranking"), self.ranking),
            ],
            [self.filters, self.statistics],
        )
        plots = (self.scatter, self.series, self.bins, self.ranking)
        self.build(body, plots, self.filters)
        self._connect()

    def texts(self) -> PanelTexts:
        """The words of this panel."""
        return PanelTexts(
            sources=SourceTexts(
                choose=tr("Choose a match-up table"),
                offered=tr("Match-up tables in the project and opened before"),
                open=tr("Open a match-up table from a file"),
                kinds=tr("Match-up tables"),
            ),
            title=tr("Compare satellite AOT with AERONET"),
            text=tr(
                "Open the match-up table that the algorithm “Compare satellite AOT with AERONET” "
                "wrote, or load the example data to see a finished case on the map and here."
            ),
            open=tr("Open match-ups…"),
            reading=tr("Reading the match-ups…"),
            task=tr("Read match-ups"),
            no_command=tr(
                "There is no record of the run that made this table, so no command to copy."
            ),
        )

    def _connect(self) -> None:
        self.filters.settled.connect(self._rest.start)
        self.filters.site_picked.connect(self.pick_site)
        self.filters.envelope_picked.connect(self._set_envelope)
        self.filters.reset.connect(self._reset)
        self.body.page_shown.connect(self._rank_shown)
        self.body.room_changed.connect(lambda room: self.statistics.set_room(room is Room.NARROW))
        for plot in (self.scatter, self.series):
            plot.picked.connect(lambda row, plot=plot: self._pick_row(row, plot))
        self.ranking.picked.connect(self._pick_ranked)

    # -- loading ---------------------------------------------------------------------------------

    def read(self, source: str, table: Table | None, progress: Any) -> Inputs:
        """The match-ups in a table."""
        return load(source, table, progress)

    def take(self, inputs: Inputs) -> None:
        """Put match-ups into the model and offer what they can be filtered by."""
        self.model.set_inputs(inputs)
        widest = None if inputs.can_rematch else self.model.settings.time_window_min
        self.filters.offer(self.model.sites, self.model.windows, widest)
        self.filters.offer_envelopes(self.model.settings.quantity)
        self.filters.note.setText("" if inputs.can_rematch else _cannot_rematch(inputs))

    def show_all(self) -> None:
        """Show settings, statistics and plots of a model that is new."""
        self._show_settings()
        self._redraw()

    # -- filters ---------------------------------------------------------------------------------

    def _apply(self) -> None:
        if self.model.matchups is None:
            return
        settings = self.filters.settings()
        if settings == self.model.settings:
            return
        ticket = self.next_ticket()
        if self.model.is_quick(settings):
            self._put(ticket, settings, self.model.matched(settings))
            return
        self.runner.run(
            tr("Match satellite and AERONET"),
            lambda progress: self.model.matched(settings, progress),
            lambda matchups: self._put(ticket, settings, matchups),
            lambda error: self.failed(ticket, error),
        )

    def _put(self, ticket: int, settings: MatchSettings, matchups: Any) -> None:
        if self.is_current(ticket):
            self.model.put(settings, matchups)
            self._redraw()

    def _reset(self) -> None:
        if self.model.inputs is not None:
            self.model.set_inputs(self.model.inputs)
            self.show_all()

    def _set_envelope(self, key: str) -> None:
        self.model.envelope = EXPECTED_ERRORS[key]
        self._redraw()

    def _show_settings(self) -> None:
        self.filters.show_settings(self.model.settings, self.model.envelope, self.model.site)
        if self.model.inputs is not None and self.model.windows:
            matchups = self.model.matchups
            self.filters.show_window(headline_window(matchups) if matchups is not None else 0.0)

    # -- showing ---------------------------------------------------------------------------------

    def _redraw(self) -> None:
        figures = self.model.figures()
        self.statistics.show_figures(figures)
        self.scatter.show_line(figures.overall)
        self.filters.show_lacks(self.model.without_values(self.model.settings))
        count = figures.overall.count
        self.say("" if count else tr("No match-up passes the filters. Widen or reset them."))
        self.changed([plot for plot in self.plots if plot is not self.ranking])

    def _rank_shown(self) -> None:
        if self.body.page() is self.ranking:
            self.background.ranking(self.ranking)

    def _refine(self) -> None:
        ticket = self._ticket
        self.background.intervals(
            self.statistics.show_figures, lambda error: self.failed(ticket, error)
        )
        self._rank_shown()

    # -- picking ---------------------------------------------------------------------------------

    def pick_site(self, site: str) -> None:
        """Show ``site`` in all plots ("" for all sites)."""
        if (
            self.model.matchups is None
            or site == self.model.site
            or site not in ("", *self.model.sites)
        ):
            return
        self.model.site = site
        self.filters.show_settings(self.filters.settings(), self.model.envelope, site)
        self.unfit(self.series, self.bins)
        self._redraw()
        if self.ranking.ranking is not None:
            self.ranking.draw()
        self.site_picked.emit(site)

    def pick_place(self, longitude: float, latitude: float, reach_deg: float) -> bool:
        """Pick the site nearest to a click on the map; False where none is within ``reach_deg``
        degrees.
        """
        if self.model.matchups is None:
            return False
        site = self.model.nearest_site(longitude, latitude, reach_deg)
        if site:
            self.pick_site(site)
            self.body.show_page(self.series)
        return bool(site)

    def stop_picking(self) -> None:
        """The map has gone to another tool."""
        self.filters.pick_button.setChecked(False)

    def _pick_row(self, row: Any, plot: PlotFrame) -> None:
        matchups = self.model.matchups
        if matchups is None:
            return
        self.pick_site(str(matchups.site[int(row)]))
        plot.tell(row)  # drawing the other site has cleared it
        self.matchup_picked.emit(self.model.picked(int(row)))

    def _pick_ranked(self, row: Any) -> None:
        self.pick_site(self.ranking.site_of(row))
        self.ranking.tell(row)

    # -- command and state -----------------------------------------------------------------------

    def command(self) -> str:
        """The ``qgis_process`` line that reproduces what is shown; "" where the inputs are not
        known.
        """
        if self.model.inputs is None:
            return ""
        return parameters.command(
            self.model.inputs.parameters,
            self.model.settings,
            self.model.envelope.name,
            self.model.inputs.source,
        )

    def own_state(self) -> dict[str, Any]:
        """Table, filters, and whether rejected match-ups are drawn."""
        return {**memory.state_of(self.model), "rejected": self.scatter.rejected_box.isChecked()}

    def recall(self, state: Mapping[str, Any]) -> bool:
        """Put filters back; False where they are of another table."""
        found = memory.recall(self.model, state)
        if found:
            self.scatter.rejected_box.setChecked(bool(state.get("rejected", True)))
        return found


def _cannot_rematch(inputs: Inputs) -> str:
    why = inputs.note or tr("no record of its inputs lies beside the table")
    return tr(
        "The time window can only be narrowed: {} Rows are filtered by their mean photometer time."
    ).format(why if why.endswith(".") else f"{why}.")
