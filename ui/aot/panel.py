# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "AOT validation": a match-up table, filters that act at once, statistics, plots, and
the ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from ...core.aot.expected_errors import EXPECTED_ERRORS
from ...core.aot.filters import headline_window
from ...core.aot.types import MatchSettings
from ...core.table import Table
from ..body import Body, Room
from ..plots.frame import PlotFrame
from ..records import source_in, split_source
from ..sources import SourceBar, SourceTexts
from ..tasks import InlineRunner, Runner, single_shot
from ..text import tr
from ..widgets import EmptyState, label
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

DEBOUNCE_MS = 30
REST_MS = 350


class AotPanel(QWidget):
    """The content of the dock.

    ``runner`` does what takes longer than 0.2 s. ``fetch`` gives the rows of a source that is no
    file (a layer in memory), None for files. Signals: ``matchup_picked`` (``PickedMatchUp``),
    ``site_picked`` (name, "" for all), ``picking`` (whether a click on the map is wanted),
    ``example_wanted``, ``help_wanted``, ``told`` (a sentence for the message bar),
    ``state_changed``.
    """

    matchup_picked = pyqtSignal(object)
    site_picked = pyqtSignal(str)
    picking = pyqtSignal(bool)
    example_wanted = pyqtSignal()
    help_wanted = pyqtSignal()
    told = pyqtSignal(str)
    state_changed = pyqtSignal()

    def __init__(
        self, runner: Runner | None = None, fetch: Callable[[str], Table | None] | None = None
    ) -> None:
        super().__init__()
        self.model = AotModel()
        self.runner: Runner = runner or InlineRunner()
        self.background = Background(self.model, self.runner)
        self.fetch = fetch or (lambda source: None)
        self.sources = SourceBar(_source_texts())
        self.filters, self.statistics = FilterBox(), StatisticsBox()
        self.scatter, self.series = ScatterPlot(self.model), SeriesPlot(self.model)
        self.bins, self.ranking = BinsPlot(self.model), RankingPlot(self.model)
        self.plots: tuple[PlotFrame, ...] = (self.scatter, self.series, self.bins, self.ranking)
        self.body = Body(
            (tr("Scatter"), self.scatter),
            [
                (tr("Time series"), self.series),
                (tr("By AOT"), self.bins),
                (tr("Site ranking"), self.ranking),
            ],
            [self.filters, self.statistics],
        )
        self.notice = label()
        self.notice.hide()
        self.empty = self._empty_state()
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sources)
        column.addWidget(self.notice)
        column.addLayout(self._stack, 1)
        self._ticket = 0
        self._stale: set[PlotFrame] = set()
        self._unfitted: set[PlotFrame] = set()
        self._pending: dict[str, Any] | None = None
        self._soon, self._rest = (
            single_shot(DEBOUNCE_MS, self._apply),
            single_shot(REST_MS, self._refine),
        )
        self._connect()

    def _empty_state(self) -> EmptyState:
        return EmptyState(
            tr("Compare satellite AOT with AERONET"),
            tr(
                "Open the match-up table that the algorithm “Compare satellite AOT with AERONET” "
                "wrote, or load the example data to see a finished case on the map and here."
            ),
            [
                (tr("Open match-ups…"), lambda: self.sources.ask()),
                (tr("Load example data"), self.example_wanted.emit),
            ],
        )

    def _connect(self) -> None:
        self.sources.chosen.connect(self.open)
        self.sources.help_wanted.connect(self.help_wanted)
        self.filters.picking.connect(self.picking)
        self.filters.copy.connect(self.copy_command)
        self.filters.changed.connect(self._soon.start)
        self.filters.settled.connect(self._rest.start)
        self.filters.site_picked.connect(self.pick_site)
        self.filters.envelope_picked.connect(self._set_envelope)
        self.filters.reset.connect(self._reset)
        self.body.page_shown.connect(self._page_shown)
        self.body.room_changed.connect(lambda room: self.statistics.set_room(room is Room.NARROW))
        for plot in self.plots:
            plot.failed.connect(self.told)
            plot.exported.connect(lambda path: self.told.emit(tr("Saved {}").format(path)))
        for plot in (self.scatter, self.series):
            plot.picked.connect(lambda row, plot=plot: self._pick_row(row, plot))
        self.ranking.picked.connect(self._pick_ranked)

    # -- loading ---------------------------------------------------------------------------------

    def open(self, source: str) -> None:
        """Show the table ``source`` (a path, maybe with ``|layername=``, or a layer's id)."""
        ticket = self._next()
        table = self.fetch(source)
        self._say(tr("Reading the match-ups…"))
        self.runner.run(
            tr("Read match-ups"),
            lambda progress: load(source, table, progress),
            lambda inputs: self._loaded(ticket, inputs),
            lambda error: self._failed(ticket, error),
        )

    def show_inputs(self, inputs: Inputs) -> None:
        """Show match-ups that are in memory."""
        self._loaded(self._next(), inputs)

    def _loaded(self, ticket: int, inputs: Inputs) -> None:
        if ticket != self._ticket:
            return
        self.model.set_inputs(inputs)
        path, layer = split_source(inputs.source)
        self.sources.show_source(inputs.source, layer or Path(path).name)
        widest = None if inputs.can_rematch else self.model.settings.time_window_min
        self.filters.offer(self.model.sites, self.model.windows, widest)
        self.filters.offer_envelopes(self.model.settings.quantity)
        self.filters.note.setText("" if inputs.can_rematch else _cannot_rematch(inputs))
        self._stack.setCurrentWidget(self.body)
        self._take_pending()
        self._show_settings()
        self._unfitted = set(self.plots)
        self._redraw()
        self._rest.start()
        self.state_changed.emit()

    def _failed(self, ticket: int, error: Exception) -> None:
        if ticket == self._ticket:
            self._say(str(error))
            self.told.emit(str(error))

    def _next(self) -> int:
        self._ticket += 1
        return self._ticket

    # -- filters ---------------------------------------------------------------------------------

    def flush(self) -> None:
        """Do at once what waits for a slider to rest."""
        for timer, action in ((self._soon, self._apply), (self._rest, self._refine)):
            if timer.isActive():
                timer.stop()
                action()

    def _apply(self) -> None:
        if self.model.matchups is None:
            return
        settings = self.filters.settings()
        if settings == self.model.settings:
            return
        ticket = self._next()
        if self.model.is_quick(settings):
            self._put(ticket, settings, self.model.matched(settings))
            return
        self.runner.run(
            tr("Match satellite and AERONET"),
            lambda progress: self.model.matched(settings, progress),
            lambda matchups: self._put(ticket, settings, matchups),
            lambda error: self._failed(ticket, error),
        )

    def _put(self, ticket: int, settings: MatchSettings, matchups: Any) -> None:
        if ticket != self._ticket:
            return
        self.model.put(settings, matchups)
        self._redraw()
        self._rest.start()
        self.state_changed.emit()

    def _reset(self) -> None:
        if self.model.inputs is None:
            return
        inputs = self.model.inputs
        self.model.set_inputs(inputs)
        self._show_settings()
        self._redraw()
        self._rest.start()
        self.state_changed.emit()

    def _set_envelope(self, key: str) -> None:
        self.model.envelope = EXPECTED_ERRORS[key]
        self._redraw()
        self._rest.start()
        self.state_changed.emit()

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
        self._say("" if count else tr("No match-up passes the filters. Widen or reset them."))
        self._stale = set(self.plots) - {self.ranking}
        self._draw_shown()

    def _page_shown(self) -> None:
        self._draw_shown()
        if self.body.page() is self.ranking:
            self.background.ranking(self.ranking)

    def _draw_shown(self) -> None:
        """Draw what is in front; the other pages are drawn when they come to the front."""
        for plot in tuple(self._stale):
            if plot.isVisible() or plot is self.body.page() or self.body.tabs.indexOf(plot) < 0:
                self._stale.discard(plot)
                plot.draw()
                if plot in self._unfitted:
                    self._unfitted.discard(plot)
                    plot.fit()

    def _refine(self) -> None:
        """Compute what is too slow for a moving slider."""
        ticket = self._ticket
        self.background.intervals(
            self.statistics.show_figures, lambda error: self._failed(ticket, error)
        )
        if self.body.page() is self.ranking:
            self.background.ranking(self.ranking)

    def _say(self, sentence: str) -> None:
        self.notice.setText(sentence)
        self.notice.setVisible(bool(sentence))

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
        self._unfitted |= {self.series, self.bins}
        self._redraw()
        if self.ranking.ranking is not None:
            self.ranking.draw()
        self._rest.start()
        self.site_picked.emit(site)
        self.state_changed.emit()

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

    def copy_command(self) -> None:
        """Put the command on the clipboard."""
        line = self.command()
        if line:
            QGuiApplication.clipboard().setText(line)
            self.told.emit(tr("The command is on the clipboard."))
        else:
            self.told.emit(
                tr("There is no record of the run that made this table, so no command to copy.")
            )

    def state(self) -> dict[str, Any]:
        """What is to survive a restart, as plain JSON values."""
        if self.model.inputs is None:
            return self._pending or {}
        return {
            **memory.state_of(self.model),
            "page": self.body.tabs.currentIndex(),
            "rejected": self.scatter.rejected_box.isChecked(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show again what ``state`` says, where its table still exists."""
        source = source_in(state)
        if source:
            self._pending = dict(state)
            self.open(source)

    def offer_layers(self, layers: Sequence[tuple[str, str]]) -> None:
        """Offer match-up tables of the project as (name, source) pairs."""
        self.sources.offer(layers)

    def _take_pending(self) -> None:
        state, self._pending = self._pending, None
        if state and memory.recall(self.model, state):
            self.scatter.rejected_box.setChecked(bool(state.get("rejected", True)))
            self.body.tabs.setCurrentIndex(int(state.get("page", 0)))


def _cannot_rematch(inputs: Inputs) -> str:
    why = inputs.note or tr("no record of its inputs lies beside the table")
    return tr(
        "The time window can only be narrowed: {} Rows are filtered by their mean photometer time."
    ).format(why if why.endswith(".") else f"{why}.")


def _source_texts() -> SourceTexts:
    return SourceTexts(
        choose=tr("Choose a match-up table"),
        offered=tr("Match-up tables in the project and opened before"),
        open=tr("Open a match-up table from a file"),
        kinds=tr("Match-up tables"),
    )
