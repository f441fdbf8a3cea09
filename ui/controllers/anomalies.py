# SPDX-License-Identifier: GPL-3.0-or-later
"""Links the panel of time series with the map, the layers and their times, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import QgsExpression, QgsProject, QgsVectorLayer

from ...core.anomalies.demo import write_demo_series
from ...core.progress import Progress
from ..text import tr
from .common import own_folder
from .hover import HoverTool
from .layers import fetch_rows, foreign_tables, image_sources, same_source, source_of, tables_with
from .panel import PanelController
from .residual_layer import ResidualLayer
from .swipe import Swipe
from .temporal import set_times

SERIES_FIELDS = {"site", "time", "band", "value"}


class AnomaliesController(PanelController):
    """The panel "Time series" in the window of QGIS."""

    KEY = "anomalies"
    _compared: tuple[Any, Any] = (None, None)

    @staticmethod
    def title() -> str:
        """What the dock and the menu call the panel."""
        return tr("Time series")

    def make(self) -> Any:
        """The widget."""
        from ..anomalies.panel import SeriesPanel

        return SeriesPanel(self.runner, fetch_rows)

    def link(self) -> None:
        """What is clicked in the plots is shown on the map; what is shown has its times there."""
        self.panel.date_picked.connect(self.show_date)
        self.panel.site_picked.connect(self.show_site)
        self.panel.opened.connect(self._set_times)
        self.panel.judged.connect(self._reload)
        self.panel.dates_selected.connect(self.select_dates)
        self.swipe, self.residuals = Swipe(self.host.map.canvas), ResidualLayer()
        self.panel.site_residuals.connect(self.show_residuals)
        self.panel.compared.connect(self.compare)
        live = self.panel.live
        self.hover = HoverTool(self.host.map, live.hover, self._pin, self.panel.stop_live)
        self.panel.live_wanted.connect(self.hover.set_on)
        live.outlined.connect(self.hover.outline)
        live.pinned.connect(self.hover.keep)

    def close(self) -> None:
        """Let go of the map and the project."""
        super().close()
        self.hover.set_on(False)
        self.hover.clear()
        self.swipe.close()
        self.residuals.close()

    def _pin(self, longitude: float, latitude: float, _reach_deg: float) -> None:
        if not self.panel.live.pin(longitude, latitude):
            self.host.tell(tr("There is no image here."))

    def layers_changed(self) -> None:
        """Offer the tables of the project."""
        layers = [*tables_with(SERIES_FIELDS), *foreign_tables()]
        self.panel.offer_layers([(layer.name(), source_of(layer)) for layer in layers])
        self.panel.controls.map_bar.offer(image_sources())
        if self.panel.model.inputs is not None:
            self._set_times(self.panel.model.inputs.source)

    def load_example(self) -> None:
        """Simulate four sites, once, and show them here and on the map."""
        target = own_folder("example_series") / "time_series.gpkg"

        def work(progress: Progress) -> None:
            if not target.is_file():
                write_demo_series(target, progress)

        self.host.tell(tr("Simulating time series of four sites…"))
        self.runner.run(
            tr("Simulate time series"),
            work,
            lambda _nothing: self._show_series(str(target)),
            lambda error: self.host.tell(str(error)),
        )

    def nothing_here(self) -> str:
        """What is said where a click on the map meets nothing."""
        return tr("There is no site of the time series here.")

    def _show_series(self, path: str) -> None:
        if not self._layers(path):
            layer = QgsVectorLayer(path, tr("Time series (simulated example)"), "ogr")
            if layer.isValid():
                QgsProject.instance().addMapLayer(layer)
        self.panel.open(path)

    def _layers(self, source: str) -> list[QgsVectorLayer]:
        return [one for one in tables_with(SERIES_FIELDS) if same_source(source_of(one), source)]

    def _set_times(self, source: str) -> None:
        """QGIS's temporal controller shows these layers date by date."""
        for layer in self._layers(source):
            set_times(layer, "time")

    def _reload(self, source: str) -> None:
        for layer in self._layers(source):
            layer.dataProvider().reloadData()
            layer.updateFields()
            layer.triggerRepaint()

    def show_date(self, picked: Any) -> None:
        """Select a date on the map, move the map to its site, flash it, and show its product where
        the project knows it.
        """
        if picked is None:
            return
        self.select_dates([picked])
        self.show_place(picked.longitude, picked.latitude)
        self.host.products.show(picked.product)

    def compare(self, before: Any, after: Any) -> None:
        """Two dates left and right of a line on the map, where the project knows their images."""
        self._compared = (before, after)
        if before is None or after is None:
            self.swipe.close()
            return

        def pair(right: Any) -> None:
            self.host.products.image(before.product, lambda left: both(left, right))

        def both(left: Any, right: Any) -> None:
            if self._compared != (before, after):
                return
            if left is None or right is None:
                missing = before if left is None else after
                self.swipe.close()
                self.host.tell(tr("The project has no image of {}.").format(missing.day()))
                return
            self.swipe.show(left, right, (before.day(), after.day()))

        self.host.products.image(after.product, pair)

    def select_dates(self, picked: Sequence[Any]) -> None:
        """Select dates in the layers that they are from."""
        sources = {one.source for one in picked} or {self._source()}
        for source in filter(None, sources):
            where = _expression([one for one in picked if one.source == source])
            for layer in self._layers(source):
                if where:
                    layer.selectByExpression(where)
                else:
                    layer.removeSelection()

    def _source(self) -> str:
        inputs = self.panel.model.inputs
        return "" if inputs is None else str(inputs.source)

    def show_residuals(self, table: Any, name: str) -> None:
        """Show sites by their residuals on the map, or take them away."""
        if table is None:
            self.residuals.close()
        elif not len(table):
            self.host.tell(tr("No site of these series has a place on the map."))
        else:
            self.residuals.show(table, name)

    def show_site(self, site: str) -> None:
        """Show a site that was picked in the panel."""
        if site:
            self.show_place(*self.panel.model.place(site))


def _expression(picked: Sequence[Any]) -> str:
    """What selects the rows of dates, "" for none."""
    texts: dict[str, list[str]] = {}
    for one in picked:
        texts.setdefault(one.site, []).extend(one.time_texts())
    parts = []
    for site, times in texts.items():
        quoted = ", ".join(QgsExpression.quotedValue(text) for text in times)
        parts.append(f'("site" = {QgsExpression.quotedValue(site)} AND "time" IN ({quoted}))')
    return " OR ".join(parts)
