# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel of time series asks of the map: live pixels, two dates side by side, residuals."""

from __future__ import annotations

from collections.abc import Callable

from ...core.anomalies.detect import Detection
from ...core.series.types import TimeSeries
from ...core.table import Table
from ..tasks import Runner
from ..text import tr
from .parts import PanelParts
from .picked import PickedDate, picked_date


class MapLinks(PanelParts):
    """A panel adds ``show_new`` and ``show_changed``."""

    def __init__(
        self, runner: Runner | None = None, fetch: Callable[[str], Table | None] | None = None
    ) -> None:
        super().__init__(runner, fetch)
        self._left: PickedDate | None = None
        self._before: tuple[str, list[str], list[str]] = ("", [], [])
        self._connect_map()

    def show_new(self) -> None:
        """Show a model with other series."""
        raise NotImplementedError

    def show_changed(self) -> None:
        """Sites, bands, filters or settings are others: show what follows."""
        raise NotImplementedError

    def _connect_map(self) -> None:
        bar, live = self.controls.map_bar, self.live
        bar.live.connect(self._go_live)
        bar.images.connect(lambda source, name: live.open(source, name, bar.integers.isChecked()))
        bar.folder.connect(lambda folder: live.open_folder(folder, bar.integers.isChecked()))
        bar.residuals.connect(lambda _on: self.map_residuals())
        bar.swipe.connect(lambda _on: self._compare())
        bar.kept.connect(self._keep_left)
        live.opened.connect(self._images_opened)
        live.read.connect(self.show_series)
        live.failed.connect(self.told)

    # -- live pixels -----------------------------------------------------------------------------

    def show_series(self, series: TimeSeries, found: Detection | None = None) -> None:
        """Show one series of any origin (with what was ``found`` in it) beside those of the table,
        and keep it there.
        """
        self.model.add(series, found)
        self.stack.setCurrentWidget(self.content)
        self.show_new()

    def _images_opened(self, name: str, dates: int) -> None:
        self.controls.map_bar.show_images(name, dates)
        if not self.model.entries:
            self.stack.setCurrentWidget(self.content)
            self.say(tr("Move the mouse over the images on the map; a click keeps a pixel."))
            self.controls.map_bar.live_button.setChecked(True)

    def _go_live(self, on: bool) -> None:
        """Follow the mouse on the map, or take away what was under it."""
        if on:
            self._before = (self.model.site, list(self.model.shown), list(self.model.bands))
        else:
            self.live.leave()
            self._forget_live()
        self.live_wanted.emit(on)

    def _forget_live(self) -> None:
        name, (site, shown, bands) = self.live.name(), self._before
        if name not in self.model.entries:
            return
        pinned = set(self.model.shown) - {name, *shown}
        self.model.remove(name)
        if not self.model.entries:
            self.stack.setCurrentWidget(self.empty)
            for plot in self.plots:
                plot.draw()
            return
        if site in self.model.entries and not pinned:
            self.model.shown = [one for one in shown if one in self.model.entries]
            self.model.bands = bands
            self.model.pick(site)
        self.show_changed()

    def stop_live(self) -> None:
        """The map has gone to another tool."""
        self.controls.map_bar.live_button.setChecked(False)

    # -- dates on the map ------------------------------------------------------------------------

    def picked(self) -> PickedDate | None:
        """The date that is looked at, for those who look for it elsewhere."""
        return picked_date(self.model)

    def show_on_map(self) -> None:
        """Tell the map of the date that is looked at."""
        self.date_picked.emit(self.picked())
        self._compare()
        self.map_residuals()

    def map_residuals(self) -> None:
        """The sites by their residuals on the chosen date, on the map, where that is wanted."""
        if not self.controls.map_bar.residual_button.isChecked():
            self.site_residuals.emit(None, "")
        elif self.model.chosen is None:
            self.told.emit(tr("Choose a date: the map shows the sites by their residuals then."))
        else:
            self.background.site_residuals(self.site_residuals.emit, self.told.emit)

    def _keep_left(self, keep: bool) -> None:
        self._left = self.picked() if keep else None
        self._compare()

    def _compare(self) -> None:
        """Two dates left and right of a line on the map, where that is wanted."""
        after, before = self.picked(), self._left
        if not self.controls.map_bar.swipe_button.isChecked() or after is None:
            self.compared.emit(None, None)
            return
        if before is None:
            row = self.model.clear_neighbor(*self.model.chosen)
            before = None if row is None else picked_date(self.model, row)
        self.compared.emit(before, after)
