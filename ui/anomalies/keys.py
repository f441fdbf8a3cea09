# SPDX-License-Identifier: GPL-3.0-or-later
"""The legend of the time axis: sites or bands, sensors, masked observations, types of anomalies."""

from __future__ import annotations

import pyqtgraph as pg
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from ...core.anomalies.labels import ALL_TYPES
from ..names import MARKS, mark_of
from ..plots.legend import Legend
from ..plots.legend_keys import LegendKeys
from ..text import number, tr
from ..theme import Theme, mix
from .model import MOST_SITES, SeriesModel
from .names import type_color, type_name, type_symbol
from .rows import SIZE
from .tracks import Track


class Keys(LegendKeys):
    """Fills ``legend`` with marks of their own, which stand for many points of the plots."""

    def __init__(self, legend: Legend) -> None:
        super().__init__(legend, SIZE + 2)
        self._tracks = [self._mark() for _ in range(MOST_SITES)]
        self._sensors = [self._mark() for _ in MARKS]
        self._model = self._line()
        self._masked = self._mark()
        self._types = {kind: self._mark() for kind in ALL_TYPES}
        self._common = self._line()

    def show(self, model: SeriesModel, tracks: list[Track], theme: Theme) -> None:
        """Name what is drawn, and nothing else."""
        self._show_tracks(model, tracks, theme)
        sensors = [one for one in model.sensors() if one]
        several = len(sensors) > 1
        for place, item in enumerate(self._sensors):
            shown = several and place < len(sensors)
            symbol = mark_of(model.sensors().index(sensors[place])) if shown else "o"
            item.opts.update(symbol=symbol, pen=pg.mkPen(theme.foreground), brush=pg.mkBrush(None))
            self._set(item, sensors[place] if shown else "")
        self._model.setPen(pg.mkPen(theme.muted, width=1.5))
        self._set(self._model, tr("Model ± {} σ").format(number(model.sigmas(), 1)))
        gray = pg.mkPen(theme.rejected)
        self._masked.opts.update(pen=gray, brush=pg.mkBrush(None))
        self._set(self._masked, tr("Masked") if model.mask_states() else "")
        there = {one.type for one in model.anomalies()}
        for kind, item in self._types.items():
            item.opts.update(
                symbol=type_symbol(kind),
                pen=pg.mkPen(theme.foreground),
                brush=pg.mkBrush(type_color(kind, theme)),
            )
            self._set(item, type_name(kind) if kind in there else "")

    def _show_tracks(self, model: SeriesModel, tracks: list[Track], theme: Theme) -> None:
        names: dict[str, str] = {}
        for track in tracks:
            names.setdefault(track.series.site if model.stacked else track.band, track.color)
        entries = list(names.items())
        for place, item in enumerate(self._tracks):
            if place >= len(entries):
                self._set(item, "")
                continue
            name, color = entries[place]
            shown = QColor(color)
            shown = mix(shown, QColor("#FFFFFF"), 0.35) if theme.dark else shown
            item.opts.update(pen=pg.mkPen(shown), brush=pg.mkBrush(shown))
            self._set(item, name)

    def show_common(self, count: int, theme: Theme) -> None:
        """Name the marks of common dates where there are any."""
        self._common.setPen(pg.mkPen(theme.picked, width=1.5, style=Qt.PenStyle.DotLine))
        self._set(self._common, tr("Common dates") if count else "")
