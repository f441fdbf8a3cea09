# SPDX-License-Identifier: GPL-3.0-or-later
"""How a band or an index runs through the dates: by class of the samples, and of a pixel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from qgis.PyQt.QtGui import QColor

from ...core.io.land_cover_layers import STACK, PixelSeries
from ...core.io.stacks import NEVER
from ...core.types import AnyArray, FloatArray
from ..plots import items
from ..plots.frame import PlotFrame
from ..plots.nearest import Points
from ..text import grouped, number, tr
from ..theme import Theme, faint, mix
from .model import MOST_CLASSES, SAMPLES, LandCoverModel

BAND_ALPHA = 45  # of the band between percentiles
PIXEL = -1  # ids of points: the pixel's are -1 - date, those of a class are class * STRIDE + date
STRIDE = 100_000


class SignaturePlot(PlotFrame):
    """Mean and the band between the 10th and the 90th percentile of each class; the pixel on top,
    hollow where its value comes from other dates.
    """

    name = "land_cover_signature"
    legend_share = 0.4

    def __init__(self, model: LandCoverModel) -> None:
        self._model = model
        super().__init__(tr("Signature"))
        self.plot = self.add_plot("", tr("Date"), dates=True)
        legend = self.add_legend(self.plot)
        self.bands = [pg.PlotCurveItem(fillLevel="enclosed", pen=None) for _ in range(MOST_CLASSES)]
        for band in self.bands:
            self.plot.addItem(band)
        self.means = [items.add_curve(self.plot, " ", bounds=True) for _ in range(MOST_CLASSES)]
        self.line = items.add_curve(self.plot, bounds=True)
        self.clear = items.add_points(self.plot, 9, "o", " ")
        self.hollow = items.add_points(self.plot, 9, "o", " ")
        for item in (*self.means, self.clear, self.hollow):
            legend.set_shown(item, False)
        self.ready()

    def draw(self) -> None:
        """Paint what the model has of the band."""
        model = self._model
        self.instead(self._lack())
        found, shown = model.signatures, model.shown()
        if found is None:
            shown = []
        layers = []
        for place, (band, mean) in enumerate(zip(self.bands, self.means, strict=True)):
            at = shown[place] if place < len(shown) else -1
            layers += self._class(band, mean, at)
        layers += self._pixel(model.pixel)
        self.name_axis(self.plot, "left", model.band)
        self.title.setText(self._title())
        self.arrange_legend()
        self.listen(layers)

    def _class(self, band: Any, mean: Any, at: int) -> list[Points]:
        found, view = self._model.signatures, self._model.view
        self.plot.legend.set_shown(mean, at >= 0)
        if at < 0 or found is None or view is None:
            band.setData(x=[], y=[])
            mean.setData(x=[], y=[])
            return []
        known = np.isfinite(found.mean[at])
        x = items.seconds(found.days)[known]
        one = view.classes.items[at]
        color = class_color(one.color, self.theme)
        outline = np.concatenate([found.high[at][known], found.low[at][known][::-1]])
        band.setData(
            x=np.concatenate([x, x[::-1]]), y=outline, brush=pg.mkBrush(faint(color, BAND_ALPHA))
        )
        items.put_curve(mean, x, found.mean[at][known], pg.mkPen(color, width=2))
        most = int(found.counts[at].max()) if found.counts.size else 0
        self.plot.legend.rename(mean, f"{one.label} ({grouped(most)})")
        ids = at * STRIDE + np.flatnonzero(known)
        return [Points(self.plot, x, found.mean[at][known], ids)]

    def _pixel(self, pixel: PixelSeries | None) -> list[Points]:
        known = np.zeros(0, bool) if pixel is None else np.isfinite(pixel.values)
        x = np.zeros(0) if pixel is None else items.seconds(pixel.days)
        y = np.zeros(0) if pixel is None else pixel.values
        filled = np.zeros(0, bool) if pixel is None else pixel.filled == 1.0
        ink = self.theme.foreground
        items.put_curve(self.line, x[known], y[known], pg.mkPen(ink, width=1))
        for item, rows, brush in (
            (self.clear, known & ~filled, pg.mkBrush(ink)),
            (self.hollow, known & filled, pg.mkBrush(self.theme.background)),
        ):
            items.put_points(item, x[rows], y[rows], pg.mkPen(ink, width=2), brush)
            self.plot.legend.set_shown(item, bool(rows.any()))
        there = pixel is not None and bool(np.isfinite(pixel.gap).any())
        self.plot.legend.rename(self.clear, tr("Pixel, clear date") if there else tr("Pixel"))
        self.plot.legend.rename(self.hollow, tr("Pixel, gap-filled date"))
        return [Points(self.plot, x[known], y[known], PIXEL - np.flatnonzero(known))]

    def _title(self) -> str:
        pixel = self._model.pixel
        if pixel is None:
            return tr("Signature")
        if not pixel.label:
            return tr("Signature; pixel without a class")
        text = tr("Signature; pixel: {}").format(pixel.label)
        if np.isfinite(pixel.confidence):
            text += tr(", confidence {} %").format(number(pixel.confidence, 0))
        return text

    def _lack(self) -> str:
        model = self._model
        if not (model.chosen[SAMPLES] or model.chosen[STACK]):
            return tr(
                "Add samples (calval:preparesamples) or a feature stack (calval:computeprimitives) "
                "to the project."
            )
        if not model.all_bands():
            return tr("Neither the samples nor the stack have bands with dates, as NDVI_20190101.")
        if model.signatures is None and model.pixel is None:
            view = model.view
            if view is not None and model.band in view.bands:
                return tr("Reading the samples…")
            return tr("Press On map, then click a pixel: its series is drawn here.")
        return ""

    def describe(self, identity: Any) -> str:
        """A date of a class or of the pixel, in two lines."""
        code = int(identity)
        return self._of_pixel(PIXEL - code) if code < 0 else self._of_class(*divmod(code, STRIDE))

    def _of_class(self, at: int, date: int) -> str:
        found, view = self._model.signatures, self._model.view
        if found is None or view is None:
            return ""
        first = tr("{label}, {day}: mean {mean}").format(
            label=view.classes.labels[at], day=found.days[date],
            mean=number(float(found.mean[at, date]), 4),
        )  # fmt: skip
        return f"{first}\n" + tr("{low} to {high} (10 % to 90 %), {count} samples").format(
            low=number(float(found.low[at, date]), 4), high=number(float(found.high[at, date]), 4),
            count=grouped(int(found.counts[at, date])),
        )  # fmt: skip

    def _of_pixel(self, date: int) -> str:
        pixel = self._model.pixel
        if pixel is None:
            return ""
        first = tr("Pixel at {lat}°, {lon}°, {day}: {value}").format(
            lat=number(pixel.latitude, 5), lon=number(pixel.longitude, 5), day=pixel.days[date],
            value=number(float(pixel.values[date]), 4),
        )  # fmt: skip
        return f"{first}\n" + gap_text(float(pixel.gap[date]))

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per class and date, then those of the pixel."""
        model = self._model
        found, view, pixel = model.signatures, model.view, model.pixel
        blocks: list[dict[str, AnyArray]] = []
        if found is not None and view is not None:
            blocks += [
                _block(view.classes.labels[at], found.days, found.mean[at], found.low[at],
                       found.high[at], found.counts[at].astype(float))
                for at in model.shown()[:MOST_CLASSES]
            ]  # fmt: skip
        if pixel is not None:
            none = np.full(len(pixel.days), np.nan)
            block = _block("pixel", pixel.days, pixel.values, none, none, none)
            blocks.append(block | {"days_to_clear_date": pixel.gap})
        if not blocks:
            return {}
        return {key: np.concatenate([one[key] for one in blocks]) for key in blocks[0]}


def _block(
    label: str, days: AnyArray, mean: FloatArray, low: FloatArray, high: FloatArray,
    count: FloatArray,
) -> dict[str, AnyArray]:  # fmt: skip
    return {
        "class": np.full(len(days), label, dtype=object),
        "date": days.astype("datetime64[ms]"), "value": mean, "percentile_10": low,
        "percentile_90": high, "samples": count, "days_to_clear_date": np.full(len(days), np.nan),
    }  # fmt: skip


def gap_text(gap: float) -> str:
    """What the days to the nearest clear date say of a value."""
    if gap != gap:
        return tr("it is not known whether this date was clear")
    if gap == NEVER:
        return tr("never clear")
    if gap == 0.0:
        return tr("clear on this date")
    return tr("gap-filled: nearest clear date {} days away").format(number(gap, 0))


def class_color(color: str, theme: Theme) -> QColor:
    """The color of a class, moved to the letters' where it would be lost on the background."""
    found = QColor(color)
    close = abs(found.lightness() - theme.background.lightness()) < 70
    return mix(found, theme.foreground, 0.35) if close else found
