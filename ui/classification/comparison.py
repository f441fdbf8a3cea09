# SPDX-License-Identifier: GPL-3.0-or-later
"""The cross table of two maps, with the areas of their classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...core.io.land_cover_layers import CLASSES
from ...core.types import AnyArray
from ..text import grouped, number, percent, tr
from .cells import CellTable
from .confusion import row_shares, small_percent
from .matrix import MatrixPlot
from .model import LandCoverModel


class ComparisonPlot(MatrixPlot):
    """Rows are the first map, columns the second; ``percents``: percent of the row, not hectares.

    Areas of the classes stand at the right (first map) and below (second map).
    """

    name = "land_cover_comparison"

    def __init__(self, model: LandCoverModel) -> None:
        self._model = model
        self.percents = True
        super().__init__(tr("Compare maps"), tr("First map"), tr("Second map"))

    def draw(self) -> None:
        """Paint the cross table of the model."""
        model = self._model
        self.instead(self._lack())
        found = model.comparison
        if found is None:
            self.title.setText(tr("Compare maps"))
            self.show_cells(None, ((), ()), ((), ()))
            return
        shares = row_shares(found.hectares)
        texts = np.array(
            [
                ["" if not area else small_percent(share) if self.percents else hectares(area)
                 for area, share in zip(row, part, strict=True)]
                for row, part in zip(found.hectares, shares, strict=True)
            ], dtype=object,
        ).reshape(found.hectares.shape)  # fmt: skip
        self.chosen = model.pair
        table = CellTable(
            shares, found.same, texts,
            ([hectares(one) for one in found.hectares.sum(axis=1)],),
            ([hectares(one) for one in found.hectares.sum(axis=0)],),
        )  # fmt: skip
        self.title.setText(
            tr("The maps agree on {share} of {area} ha").format(
                share=percent(found.agreement, 1), area=hectares(float(found.hectares.sum()))
            )
        )
        self.name_axis(self.plot, "left", tr("First map: {}").format(
            model.name(model.chosen[CLASSES])))  # fmt: skip
        self.name_axis(self.plot, "bottom", tr("Second map: {}").format(model.name(model.second)))
        self.show_cells(
            table,
            (found.first.labels, found.second.labels),
            ((tr("ha"),), (tr("ha"),)),
        )
        self._read_out(self.describe(model.pair))

    def _lack(self) -> str:
        model = self._model
        if not (model.chosen[CLASSES] and model.second):
            return tr(
                "Add two maps of classes on one grid to the project, as the outputs of Classify "
                "time series (calval:classifytimeseries) or Regularize map (calval:regularizemap)."
            )
        return "" if model.comparison is not None else tr("Comparing the maps…")

    def describe(self, identity: Any) -> str:
        """A cell, or a whole row or column, in two lines."""
        found = self._model.comparison
        if found is None or identity is None:
            return ""
        row, column = identity
        total = float(found.hectares.sum())
        if column < 0 or row < 0:
            name = found.first.labels[row] if column < 0 else found.second.labels[column]
            which = tr("First map") if column < 0 else tr("Second map")
            area = found.hectares[row].sum() if column < 0 else found.hectares[:, column].sum()
            return f"{which}: {name}\n" + _area(float(area), total)
        first = tr("First map {first}, second map {second}").format(
            first=found.first.labels[row], second=found.second.labels[column]
        )
        return f"{first}\n" + _area(float(found.hectares[row, column]), total) + tr(
            ", {} pixels"
        ).format(grouped(int(found.pixels[row, column])))  # fmt: skip

    def columns(self) -> Mapping[str, AnyArray]:
        """One row per pair of classes."""
        found = self._model.comparison
        if found is None:
            return {}
        row, column = (one.ravel() for one in np.indices(found.pixels.shape))
        first, second = (np.array(one.labels, dtype=object) for one in (found.first, found.second))
        return {
            "first_map": first[row], "second_map": second[column],
            "pixels": found.pixels.ravel(), "area_ha": found.hectares.ravel(),
            "same_class": found.same.ravel(),
        }  # fmt: skip


def hectares(area: float) -> str:
    """An area in hectares, with decimals where it is small."""
    return grouped(round(area)) if area >= 100.0 else number(area, 1 if area >= 1.0 else 2)


def _area(area: float, total: float) -> str:
    return tr("{area} ha, {share} of what both maps cover").format(
        area=hectares(area), share=percent(area / total if total else float("nan"), 1)
    )
