# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "Calibration": coefficients over time, by band, their spread and their uncertainty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QKeySequence, QShortcut

from ...core.calibration.parameter_update import Model
from ...core.database.names import parse_name
from ...core.table import Table
from ..body import Room
from ..tasks import Runner
from ..text import tr
from . import commands, memory
from .controls import most
from .opening import Opening
from .parts import Resolve


class CalibrationPanel(Opening):
    """The content of the dock; see ``PanelParts`` for its signals."""

    def __init__(
        self,
        runner: Runner | None = None,
        fetch: Callable[[str], Table | None] | None = None,
        resolve: Resolve = parse_name,
    ) -> None:
        super().__init__(runner, fetch, resolve)
        self._connect()

    def _connect(self) -> None:
        controls, model = self.controls, self.model
        controls.run_picked.connect(self._open_run)
        controls.sites.connect(self.show_sites)
        controls.bands.connect(self.show_bands)
        controls.method.connect(lambda name: self._choose_anew(replace(model.choice, method=name)))
        controls.errors.connect(self._set_errors)
        controls.reset.connect(self._reset)
        self.timeline.stacked_box.toggled.connect(self._stack)
        self.timeline.picked.connect(self._pick_point)
        self.timeline.selected.connect(
            lambda ids, more: self.select([one for one in ids if not isinstance(one, tuple)], more)
        )
        self.bands.picked.connect(lambda place: self.show_band(self.bands.figures[place].band))
        for plot in (self.histogram, self.trend, self.clouds):
            plot.band_picked.connect(self.show_band)
        self.trend.picked.connect(self._pick_on_trend)
        self.trend.model_picked.connect(self._set_trend_model)
        for plot in (self.trend, self.budget, self.clouds, self.impact):
            plot.command_wanted.connect(lambda plot=plot: self.copy_line(self.command_of(plot)))
        self.body.page_shown.connect(self._compute_late)
        self.bar.judged.connect(self.judge)
        self.bar.forgotten.connect(self.forget)
        shortcut = QShortcut(QKeySequence("Esc"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.forget)
        self.sources.add_menu(self._databases)

    def show_all(self) -> None:
        """Show a table that is new."""
        self.timeline.stacked_box.blockSignals(True)
        self.timeline.stacked_box.setChecked(self.model.stacked)
        self.timeline.stacked_box.blockSignals(False)
        self.show_changed()

    # -- what is shown ---------------------------------------------------------------------------

    def show_sites(self, sites: Sequence[str]) -> None:
        """These sites; none of them: all."""
        if self.model.inputs is None:
            return
        known = frozenset(sites) & set(self.model.sites)
        every = not known or len(known) == len(self.model.sites)
        self._choose_anew(replace(self.model.choice, sites=None if every else known))

    def show_bands(self, bands: Sequence[str]) -> None:
        """These bands on the time axis; none: those before."""
        if self.model.inputs is None:
            return
        self.model.bands = most(bands) or self.model.bands
        if self.model.band not in self.model.bands:
            self.model.band = self.model.bands[0]
        self.unfit(self.timeline)
        self.show_changed()

    def show_band(self, band: str) -> None:
        """Histogram, trend and clouds of this band."""
        if self.model.inputs is not None and band in self.model.rows.bands:
            self.model.band = band
            own = (self.histogram, self.trend, self.clouds)
            self.unfit(*own)
            self.redraw(*own)
            self._compute_late()
            self.state_changed.emit()

    def _set_trend_model(self, name: str) -> None:
        self.model.trend_model = Model(name)
        self.redraw(self.trend)
        self._compute_late()
        self.state_changed.emit()

    def _compute_late(self) -> None:
        """Start what the plots in front wait for."""
        for plot in (self.trend, self.clouds):
            if plot.isVisible() or plot is self.body.page():
                self.late.ask(plot)

    def _refine(self) -> None:
        self._compute_late()

    def _choose_anew(self, choice: Any) -> None:
        self.model.set_choice(choice)
        self.unfit(self.timeline, self.histogram, self.trend, self.clouds)
        self.show_changed()

    def _set_errors(self, errors: int) -> None:
        self.model.errors = errors
        self.show_changed()

    def _stack(self, on: bool) -> None:
        self.model.stacked = on
        self.unfit(self.timeline)
        self.redraw(self.timeline)
        self.state_changed.emit()

    def _reset(self) -> None:
        if self.model.inputs is not None:
            self.model.reset()
            self.pair.forget_seen()
            self.unfit(*self.plots)
            self.show_changed()

    def _apply(self) -> None:
        if self.model.inputs is None:
            return
        choice = self.controls.choice(self.model.choice)
        if choice != self.model.choice:
            self.model.set_choice(choice)
            self.unfit(self.histogram, self.trend, self.clouds)
            self.show_changed()

    def show_changed(self) -> None:
        """The selection is another: summaries and plots follow."""
        model = self.model
        if model.inputs is None:
            self.changed()
            return
        figures = model.figures()
        self.statistics.show_figures(figures, model.errors, len(model.selection or ()))
        self.controls.show_state(model)
        counted = any(one.summary.count for one in figures)
        self.say("" if counted else tr("No coefficient passes the limits. Widen or reset them."))
        self.bar.draw()
        self.pair.draw()
        self.changed()

    # -- picking ---------------------------------------------------------------------------------

    def _pick_point(self, identity: Any) -> None:
        if isinstance(identity, tuple):  # a half-year
            self.timeline.tell(identity)
            return
        self.choose(int(identity))
        self.timeline.tell(identity)

    def _pick_on_trend(self, identity: Any) -> None:
        if not isinstance(identity, tuple):  # else a change
            self.choose(int(identity))
        self.trend.tell(identity)

    def choose(self, row: int) -> None:
        """Look at one coefficient, here and on the map."""
        model = self.model
        model.row = row
        if model.selection is not None and row not in model.selection:
            model.selection = None
            self.show_changed()
        self.pair.forget_seen()
        self.timeline.show_chosen()
        self.bar.draw()
        self.pair.draw()
        self.background.seen(self.pair.show_seen)
        if self.body.room is Room.VERY_WIDE:
            self.body.show_page(self.pair)
        self.pair_picked.emit(model.picked())

    def select(self, rows: Sequence[int], more: bool = False) -> None:
        """Select rows (or these, too): the summaries are theirs, and a verdict is for them."""
        model = self.model
        if model.inputs is None or (not rows and model.selection is None):
            return
        model.select(rows, more)
        self.show_changed()

    def forget(self) -> None:
        """Select nothing any more."""
        self.select([])

    def pick_site(self, site: str) -> None:
        """Show ``site`` alone; where it is alone already, all sites."""
        if self.model.inputs is None or site not in self.model.sites:
            return
        alone = self.model.shown_sites() == [site]
        self.show_sites([] if alone else [site])
        self.site_picked.emit(site)

    def pick_place(self, longitude: float, latitude: float, reach_deg: float) -> bool:
        """Show the site nearest to a click on the map; False where none is within ``reach_deg``
        degrees.
        """
        if self.model.inputs is None:
            return False
        site = self.model.nearest_site(longitude, latitude, reach_deg)
        if site:
            self.pick_site(site)
        return bool(site)

    def stop_picking(self) -> None:
        """The map has gone to another tool."""
        self.controls.pick_button.setChecked(False)

    # -- verdicts --------------------------------------------------------------------------------

    def judge(self, verdict: str, reason: str) -> None:
        """Keep a verdict on what is selected in the table, with its reason."""
        self.background.keep(verdict, reason, self._judged, self.told.emit)

    def _judged(self, source: str) -> None:
        self.bar.reason.clear()
        self.show_changed()
        self.judged.emit(source)

    # -- command and state -----------------------------------------------------------------------

    def command(self) -> str:
        """The ``qgis_process`` line that reproduces what is shown; "" for an unknown run."""
        return commands.calibration(self.model)

    def command_of(self, plot: Any) -> str:
        """The line that makes what one plot shows; "" for an unknown run."""
        makers = {
            self.trend: commands.trend, self.budget: commands.budget,
            self.clouds: commands.clouds, self.impact: commands.impact,
        }  # fmt: skip
        return makers[plot](self.model)

    def own_state(self) -> dict[str, Any]:
        """Table, selection and limits."""
        return {**memory.state_of(self.model), "rejected": self.timeline.rejected_box.isChecked()}

    def recall(self, state: Mapping[str, Any]) -> bool:
        """Put them back; False where they are of another table."""
        found = memory.recall(self.model, state)
        if found:
            self.timeline.rejected_box.setChecked(bool(state.get("rejected", True)))
        return found
