# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "Time series": series of sites, their models, anomalies, and an expert's verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QKeySequence, QShortcut

from ...core.series.guess import Reading
from ...core.table import Table
from ..names import track_color
from ..tasks import Runner
from . import memory
from .inputs import ForeignTableError, SeriesInputs, load
from .map_links import MapLinks
from .model import MOST_BANDS
from .names import mask_name
from .picked import picked_dates


class SeriesPanel(MapLinks):
    """The content of the dock; see ``PanelParts`` for its signals."""

    def __init__(
        self, runner: Runner | None = None, fetch: Callable[[str], Table | None] | None = None
    ) -> None:
        super().__init__(runner, fetch)
        self._readings: dict[str, Reading] = {}
        self._asked = self._opening = ""
        self._connect()

    def _connect(self) -> None:
        controls = self.controls
        controls.sites.connect(self.show_sites)
        controls.bands.connect(self.show_bands)
        controls.masks.connect(self._show_masks)
        controls.picked.connect(self.pick_site)
        controls.reset.connect(self._reset)
        self.timeline.stacked_box.toggled.connect(self._stack_bands)
        self.timeline.picked.connect(lambda one: self.choose(*self.timeline.locate(one)))
        self.season.picked.connect(
            lambda one: self.choose(self.model.site, self.season.row_of(one))
        )
        self.events.picked.connect(self.choose)
        self.timeline.selected.connect(
            lambda ids, more: self.select([self.timeline.locate(one) for one in ids], more)
        )
        self.season.selected.connect(
            lambda ids, more: self.select(
                [(self.model.site, row) for row in self.season.rows_of(ids)], more
            )
        )
        self.residuals.selected.connect(
            lambda ids, more: self.select(
                [(self.model.site, row) for row in self.residuals.rows_of(ids)], more
            )
        )
        self.residuals.picked.connect(
            lambda one: self.choose(self.model.site, one) if one >= 0 else None
        )
        self.events.selected.connect(self.select)
        self.chosen.forgotten.connect(self.forget)
        self.events.filtered.connect(self.show_changed)
        self.chosen.stepped.connect(self.step)
        self.chosen.judged.connect(self.judge)
        self.columns.agreed.connect(self._read_as)
        self.columns.left.connect(self._leave_columns)
        keys = {"N": lambda: self.step(1), "P": lambda: self.step(-1), "Esc": self.forget}
        for key, action in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    # -- loading ---------------------------------------------------------------------------------

    def read(self, source: str, table: Table | None, progress: Any) -> SeriesInputs:
        """The series in a table."""
        return load(source, table, progress, self._readings.get(source))

    def failed(self, ticket: int, error: Exception) -> None:
        """Ask which columns are which, where a table has names of its own."""
        if isinstance(error, ForeignTableError) and self.is_current(ticket):
            self.say("")
            self._asked = error.source
            self.columns.ask(error.table, error.guess)
            self.stack.setCurrentWidget(self.columns)
            return
        if self.is_current(ticket) and self._readings.pop(self._opening, None) is not None:
            if self._opening == self._asked:  # what was chosen on the page does not fit
                self.stack.setCurrentWidget(self.columns)
        super().failed(ticket, error)

    def open(self, source: str) -> None:
        """Show the table ``source`` (a path, maybe with ``|layername=``, or a layer's id)."""
        self._opening = source
        super().open(source)

    def _read_as(self, reading: Reading) -> None:
        self._readings[self._asked] = reading
        self.open(self._asked)

    def _leave_columns(self) -> None:
        self.say("")
        self.stack.setCurrentWidget(self.content if self.model.entries else self.empty)

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show again what ``state`` says, where its table still exists."""
        reading = memory.reading_of(state)
        if reading is not None:
            self._readings[str(state.get("source", ""))] = reading
        super().restore(state)

    def take(self, inputs: SeriesInputs) -> None:
        """Put series into the model."""
        self.model.set_inputs(inputs)

    def show_all(self) -> None:
        """Show a table that is new."""
        self.show_new()
        self.opened.emit(self.model.inputs.source)

    def show_new(self) -> None:
        """Show a model with other series."""
        self.say("")
        self.timeline.stacked_box.blockSignals(True)
        self.timeline.stacked_box.setChecked(self.model.stacked)
        self.timeline.stacked_box.blockSignals(False)
        self.controls.show_settings(self.model.settings)
        self.unfit(*self.plots)
        self.show_changed()

    # -- what is shown ---------------------------------------------------------------------------

    def show_sites(self, sites: list[str]) -> None:
        """These sites on the time axis."""
        self.model.show_sites(sites)
        self.unfit(self.timeline)
        self.show_changed()

    def show_bands(self, bands: list[str]) -> None:
        """These bands and indices, in the order of the list."""
        self.model.bands = bands[:MOST_BANDS] or self.model.bands
        self.unfit(self.timeline)
        self.show_changed()

    def _show_masks(self, shown: list[str]) -> None:
        self.model.hidden = set(self.model.mask_states()) - set(shown)
        self.show_changed()

    def _stack_bands(self, on: bool) -> None:
        self.model.stacked = on
        self.unfit(self.timeline)
        self.show_changed()

    def _apply(self) -> None:
        settings = self.controls.settings()
        if self.model.entries and settings != self.model.settings:
            self.model.settings = settings
            self.show_changed()

    def _reset(self) -> None:
        if self.model.inputs is not None:
            self.model.settings = self.model.inputs.settings
            self.controls.show_settings(self.model.settings)
            self.show_changed()

    def show_changed(self) -> None:
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
        self.changed()

    def _offer(self) -> None:
        """Entries of the lists beside the plots."""
        model, controls = self.model, self.controls
        colors = {site: track_color(place) for place, site in enumerate(model.shown)}
        names = [(name, name) for name in model.entries]
        controls.site_list.offer(names, model.shown, colors if model.stacked else None)
        controls.site_list.pick(model.site)
        controls.band_list.offer([(one, one) for one in model.offered_bands()], model.bands)
        states = model.mask_states()
        entries = [(f"{mask_name(one)} ({count})", one) for one, count in states.items()]
        controls.mask_list.offer(entries, [one for one in states if one not in model.hidden])
        for part in (controls.mask_list, controls.mask_title):
            part.setVisible(bool(states))

    def _refine(self) -> None:
        """What the shown sites have in common."""
        self.background.common_dates(self.timeline.show_common)
        if self.controls.map_bar.residual_button.isChecked() and self.model.chosen is not None:
            self.map_residuals()

    # -- picking ---------------------------------------------------------------------------------

    def pick_site(self, site: str) -> None:
        """Show the model, statistics and season of ``site``."""
        if site not in self.model.entries or site == self.model.site:
            return
        self.model.pick(site)
        self.unfit(self.timeline, self.season, self.residuals)
        self.show_changed()
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
        if self.model.selection and (site, row) not in self.model.selection:
            self.model.selection = []
            self._show_selected()
        self.timeline.show_chosen()
        self.events.choose()
        self.chosen.draw()
        self.redraw(self.spectrum)
        self.show_on_map()

    def select(self, dates: Sequence[tuple[str, int]], more: bool = False) -> None:
        """Select (site, row) pairs (or these, too) in all plots, in the list and on the map; a
        verdict is for all of them.
        """
        if not dates and not self.model.selection:
            return
        self.model.select(dates, more)
        self._show_selected()
        self.events.choose()
        self.chosen.draw()
        self.redraw(self.spectrum)
        self.dates_selected.emit(picked_dates(self.model))

    def _show_selected(self) -> None:
        for plot in (self.timeline, self.season, self.residuals):
            plot.show_selected()

    def forget(self) -> None:
        """Select nothing any more."""
        self.select([])

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

    def own_state(self) -> dict[str, Any]:
        """Table, sites, bands, filters and settings."""
        return memory.state_of(self.model)

    def recall(self, state: Mapping[str, Any]) -> bool:
        """Put them back; False where they are of another table."""
        return memory.recall(self.model, state)
