# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "Time series": series of sites, their models, anomalies, and an expert's verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QGuiApplication, QKeySequence, QShortcut

from ...core.report import palette
from ...core.series.types import TimeSeries
from ...core.table import Table
from ..plots.frame import PlotFrame
from ..records import source_in, split_source
from ..tasks import Runner, single_shot
from ..text import tr
from . import memory
from .inputs import SeriesInputs, load
from .model import MOST_BANDS
from .names import mask_name
from .parts import PanelParts
from .picked import PickedDate, picked_date

DEBOUNCE_MS, REST_MS = 15, 350


class SeriesPanel(PanelParts):
    """The content of the dock; see ``PanelParts`` for its signals."""

    def __init__(
        self, runner: Runner | None = None, fetch: Callable[[str], Table | None] | None = None
    ) -> None:
        super().__init__(runner, fetch)
        self._ticket = 0
        self._stale: set[PlotFrame] = set()
        self._unfitted: set[PlotFrame] = set()
        self._pending: dict[str, Any] | None = None
        self._soon = single_shot(DEBOUNCE_MS, self._apply)
        self._rest = single_shot(REST_MS, self._refine)
        self._connect()

    def _connect(self) -> None:
        self.sources.chosen.connect(self.open)
        self.sources.help_wanted.connect(self.help_wanted)
        controls = self.controls
        controls.sites.connect(self.show_sites)
        controls.bands.connect(self.show_bands)
        controls.masks.connect(self._show_masks)
        controls.picked.connect(self.pick_site)
        controls.changed.connect(self._soon.start)
        controls.picking.connect(self.picking)
        controls.copy.connect(self.copy_command)
        controls.reset.connect(self._reset)
        self.timeline.stacked_box.toggled.connect(self._stack_bands)
        self.timeline.picked.connect(lambda one: self.choose(*self.timeline.locate(one)))
        self.season.picked.connect(
            lambda one: self.choose(self.model.site, self.season.row_of(one))
        )
        self.events.picked.connect(self.choose)
        self.events.filtered.connect(self._filtered)
        self.chosen.stepped.connect(self.step)
        self.chosen.judged.connect(self.judge)
        self.body.page_shown.connect(self._draw_shown)
        for plot in self.plots:
            plot.failed.connect(self.told)
            plot.exported.connect(lambda path: self.told.emit(tr("Saved {}").format(path)))
        for key, by in (("N", 1), ("P", -1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=by: self.step(by))

    # -- loading ---------------------------------------------------------------------------------

    def open(self, source: str) -> None:
        """Show the table ``source`` (a path, maybe with ``|layername=``, or a layer's id)."""
        ticket = self._next()
        table = self.fetch(source)
        self.say(tr("Reading the time series…"))
        self.runner.run(
            tr("Read time series"),
            lambda progress: load(source, table, progress),
            lambda inputs: self._loaded(ticket, inputs),
            lambda error: self._failed(ticket, error),
        )

    def show_inputs(self, inputs: SeriesInputs) -> None:
        """Show series that are in memory."""
        self._loaded(self._next(), inputs)

    def show_series(self, series: TimeSeries) -> None:
        """Show one series of any origin beside those of the table, and keep it there."""
        self.model.add(series)
        self.stack.setCurrentWidget(self.content)
        self._show_all()

    def _loaded(self, ticket: int, inputs: SeriesInputs) -> None:
        if ticket != self._ticket:
            return
        self.model.set_inputs(inputs)
        path, layer = split_source(inputs.source)
        self.sources.show_source(inputs.source, layer or Path(path).name)
        self.stack.setCurrentWidget(self.content)
        state, self._pending = self._pending, None
        if state and memory.recall(self.model, state):
            self.body.tabs.setCurrentIndex(int(state.get("page", 0)))
        self._show_all()
        self.opened.emit(inputs.source)

    def _show_all(self) -> None:
        self.say("")
        self.timeline.stacked_box.blockSignals(True)
        self.timeline.stacked_box.setChecked(self.model.stacked)
        self.timeline.stacked_box.blockSignals(False)
        self.controls.show_settings(self.model.settings)
        self._unfitted = set(self.plots)
        self._changed()

    def _failed(self, ticket: int, error: Exception) -> None:
        if ticket == self._ticket:
            self.say(str(error))
            self.told.emit(str(error))

    def _next(self) -> int:
        self._ticket += 1
        return self._ticket

    # -- what is shown ---------------------------------------------------------------------------

    def flush(self) -> None:
        """Do at once what waits for a slider to rest."""
        for timer, action in ((self._soon, self._apply), (self._rest, self._refine)):
            if timer.isActive():
                timer.stop()
                action()

    def show_sites(self, sites: list[str]) -> None:
        """These sites on the time axis."""
        self.model.show_sites(sites)
        self._unfitted.add(self.timeline)
        self._changed()

    def show_bands(self, bands: list[str]) -> None:
        """These bands and indices, in the order of the list."""
        self.model.bands = bands[:MOST_BANDS] or self.model.bands
        self._unfitted.add(self.timeline)
        self._changed()

    def _show_masks(self, shown: list[str]) -> None:
        self.model.hidden = set(self.model.mask_states()) - set(shown)
        self._changed()

    def _stack_bands(self, on: bool) -> None:
        self.model.stacked = on
        self._unfitted.add(self.timeline)
        self._changed()

    def _apply(self) -> None:
        settings = self.controls.settings()
        if self.model.entries and settings != self.model.settings:
            self.model.settings = settings
            self._changed()

    def _reset(self) -> None:
        if self.model.inputs is not None:
            self.model.settings = self.model.inputs.settings
            self.controls.show_settings(self.model.settings)
            self._changed()

    def _filtered(self) -> None:
        self._changed()

    def _changed(self) -> None:
        """Sites, bands, filters or settings are others: show what follows."""
        model = self.model
        if not model.entries:
            return
        if model.chosen is not None and model.chosen[0] not in model.shown:
            model.chosen = None
        found = model.detection()
        self.statistics.show_figures(model.site, model.figures(), found.bands, found.harmonics)
        self.say(" ".join(found.notes))
        self._offer()
        self.events.draw()
        self.chosen.draw()
        self._stale = set(self.plots)
        self._draw_shown()
        self._rest.start()
        self.state_changed.emit()

    def _offer(self) -> None:
        """Entries of the lists beside the plots."""
        model, controls = self.model, self.controls
        colors = {
            site: QColor(palette.TRACKS[place % len(palette.TRACKS)])
            for place, site in enumerate(model.shown)
        }
        names = [(name, name) for name in model.entries]
        controls.site_list.offer(names, model.shown, colors if model.stacked else None)
        controls.site_list.pick(model.site)
        controls.band_list.offer([(one, one) for one in model.offered_bands()], model.bands)
        states = model.mask_states()
        entries = [(f"{mask_name(one)} ({count})", one) for one, count in states.items()]
        controls.mask_list.offer(entries, [one for one in states if one not in model.hidden])
        for part in (controls.mask_list, controls.mask_title):
            part.setVisible(bool(states))

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
        """What the shown sites have in common."""
        self.background.common_dates(self.timeline.show_common)

    # -- picking ---------------------------------------------------------------------------------

    def pick_site(self, site: str) -> None:
        """Show the model, statistics and season of ``site``."""
        if site not in self.model.entries or site == self.model.site:
            return
        self.model.pick(site)
        self._unfitted |= {self.timeline, self.season}
        self._changed()
        self.site_picked.emit(site)

    def pick_place(self, longitude: float, latitude: float, reach_deg: float) -> bool:
        """Pick the site nearest to a click on the map; False where none is within ``reach_deg``
        degrees.
        """
        site = self.model.nearest_site(longitude, latitude, reach_deg)
        if site:
            self.pick_site(site)
        return bool(site)

    def stop_picking(self) -> None:
        """The map has gone to another tool."""
        self.controls.pick_button.setChecked(False)

    def choose(self, site: str, row: int) -> None:
        """Look at one date of one site, here and on the map."""
        self.pick_site(site)
        self.model.chosen = (site, row)
        self.timeline.show_chosen()
        self.events.choose()
        self.chosen.draw()
        self._stale.add(self.spectrum)
        self._draw_shown()
        self.date_picked.emit(self.picked())

    def picked(self) -> PickedDate | None:
        """The date that is looked at, for those who look for it elsewhere."""
        return picked_date(self.model)

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) anomaly."""
        found = self.model.step(by) if self.model.entries else None
        if found is not None:
            self.choose(*found)

    def judge(self, verdict: str) -> None:
        """Keep an expert's verdict on the chosen date in the table."""
        self.background.keep_verdict(verdict, self._judged, self.told.emit)

    def _judged(self, source: str) -> None:
        self.events.draw()
        self.chosen.draw()
        self.judged.emit(source)

    # -- command and state -----------------------------------------------------------------------

    def command(self) -> str:
        """The ``qgis_process`` line that detects what is shown; "" where it is in no file."""
        return memory.command(self.model)

    def copy_command(self) -> None:
        """Put the command on the clipboard."""
        line = self.command()
        if line:
            QGuiApplication.clipboard().setText(line)
            self.told.emit(tr("The command is on the clipboard."))
        else:
            self.told.emit(tr("These series are in no file that a command could read."))

    def state(self) -> dict[str, Any]:
        """What is to survive a restart, as plain JSON values."""
        if self.model.inputs is None:
            return self._pending or {}
        return {**memory.state_of(self.model), "page": self.body.tabs.currentIndex()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show again what ``state`` says, where its table still exists."""
        source = source_in(state)
        if source:
            self._pending = dict(state)
            self.open(source)

    def offer_layers(self, layers: Sequence[tuple[str, str]]) -> None:
        """Offer tables of the project as (name, source) pairs."""
        self.sources.offer(layers)
