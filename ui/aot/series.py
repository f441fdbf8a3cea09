# SPDX-License-Identifier: GPL-3.0-or-later
"""AERONET and satellite at one site over time, and their difference under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg

from ...core.aot.types import MatchUps
from ...core.types import AnyArray, BoolArray, FloatArray
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.items import seconds
from ..plots.nearest import Points
from ..text import tr
from ..theme import faint
from .model import AotModel

SIZE = 7


class SeriesPlot(PlotFrame):
    """Time series of the picked site: photometer and satellite points, differences."""

    name = "aot_series"

    def __init__(self, model: AotModel) -> None:
        self._model = model
        super().__init__(tr("Time series"))
        self.top = self.add_plot("", "", dates=True)
        self.bottom = self.add_plot(tr("Difference"), tr("Date (UTC)"), dates=True)
        self.link_rows(5, 3)
        self.add_legend(self.top)
        self.reference = items.add_points(self.top, 3, "s", tr("AERONET"))
        self.zero = items.add_level(self.bottom)
        self.rejected = [items.add_points(self.top, SIZE, "x", tr("Rejected"))]
        self.accepted = [items.add_points(self.top, SIZE, "o", tr("Satellite"))]
        self.rejected.append(items.add_points(self.bottom, SIZE, "x"))
        self.accepted.append(items.add_points(self.bottom, SIZE, "o"))
        self.ready()

    def draw(self) -> None:
        """Paint the series of the picked site, or of the one with most match-ups."""
        matchups, site = self._model.matchups, self._model.shown_site()
        if matchups is None or not site:
            self.listen([])
            return
        self.title.setText(tr("Time series at {}").format(site))
        self.name_axis(self.top, "left", self._model.quantity_label(short=True))
        self.zero.setPen(pg.mkPen(self.theme.foreground))
        rows = self._model.site_rows(site)
        self._draw_reference(matchups, site, rows & np.isfinite(matchups.reference))
        time = seconds(matchups.time)
        layers = []
        for place, values in enumerate((matchups.satellite, matchups.difference)):
            shown = rows & np.isfinite(values) & np.isfinite(time)
            shown &= matchups.reason != "implausible"  # fill values would stretch the axes
            self._draw_points(place, time, values, shown, matchups.accepted)
            index = np.flatnonzero(shown)
            layers.append(Points(self.plots[place], time[index], values[index], index))
        self.listen(layers)

    def _draw_reference(self, matchups: MatchUps, site: str, matched: BoolArray) -> None:
        """All photometer values where they are at hand, else their means at the overpasses."""
        raw = self._model.reference_series(site)
        time, value = (
            raw if raw is not None else (matchups.time[matched], matchups.reference[matched])
        )
        rows = items.thinned(np.arange(len(value)))
        self.reference.setSize(3 if raw is not None else 6)
        brush = faint(self.theme.reference, 150 if raw is not None else 255)
        items.put_points(self.reference, seconds(time[rows]), value[rows], None, brush)

    def _draw_points(
        self, place: int, x: FloatArray, y: FloatArray, shown: BoolArray, accepted: BoolArray
    ) -> None:
        gray, edge = self.theme.rejected, pg.mkPen(self.theme.background)
        bad, good = shown & ~accepted, shown & accepted
        items.put_points(self.rejected[place], x[bad], y[bad], pg.mkPen(gray), pg.mkBrush(gray))
        items.put_points(
            self.accepted[place], x[good], y[good], edge, pg.mkBrush(self.theme.accepted)
        )

    def describe(self, identity: Any) -> str:
        """The match-up in two lines."""
        return self._model.describe(int(identity))

    def columns(self) -> Mapping[str, AnyArray]:
        """The match-ups of the site that is shown."""
        if self._model.matchups is None:
            return {}
        rows = self._model.site_rows(self._model.shown_site())
        return {key: values[rows] for key, values in self._model.columns().items()}
