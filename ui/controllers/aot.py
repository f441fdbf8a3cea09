# SPDX-License-Identifier: GPL-3.0-or-later
"""Links the AOT panel with the map and the layers, both ways."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import QgsExpression

from ..text import tr
from .layers import fetch_rows, same_source, source_of, tables_with
from .panel import PanelController

MATCHUP_FIELDS = {"site", "time", "satellite", "reference", "accepted"}


class AotController(PanelController):
    """The panel "AOT validation" in the window of QGIS."""

    KEY = "aot"

    @staticmethod
    def title() -> str:
        """What the dock and the menu call the panel."""
        return tr("AOT validation")

    def make(self) -> Any:
        """The widget."""
        from ..aot.panel import AotPanel

        return AotPanel(self.runner, fetch_rows)

    def link(self) -> None:
        """What is clicked in the plots is shown on the map."""
        self.panel.matchup_picked.connect(self.show_matchup)
        self.panel.site_picked.connect(self.show_site)

    def layers_changed(self) -> None:
        """Offer the match-up tables of the project."""
        layers = tables_with(MATCHUP_FIELDS)
        self.panel.offer_layers([(layer.name(), source_of(layer)) for layer in layers])

    def show_example(self, example: Any) -> None:
        """Show the match-ups of the example."""
        self.panel.open(str(example.matchups))

    def nothing_here(self) -> str:
        """What is said where a click on the map meets nothing."""
        return tr("There is no site of the match-ups here.")

    def show_matchup(self, picked: Any) -> None:
        """Select a match-up on the map, move the map to its site, flash it, and show its product
        where the project knows it.
        """
        quoted = ", ".join(QgsExpression.quotedValue(text) for text in picked.time_texts())
        where = f'"site" = {QgsExpression.quotedValue(picked.site)} AND "time" IN ({quoted})'
        if np.isfinite(picked.window_m):
            where += f' AND "window_m" = {picked.window_m:g}'
        tables = tables_with(MATCHUP_FIELDS)
        tables = [one for one in tables if same_source(source_of(one), picked.source)]
        for layer in tables:
            layer.selectByExpression(where)
        if not self.show_place(picked.longitude, picked.latitude):
            for layer in tables:  # without columns of the place its points tell it
                self.host.map.show_selected(layer)
        self.host.products.show(picked.product)

    def show_site(self, site: str) -> None:
        """Show a site that was picked in the panel."""
        if site:
            self.show_place(*self.panel.model.place(site))
