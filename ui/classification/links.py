# SPDX-License-Identifier: GPL-3.0-or-later
"""What links the plots with the map, both ways: cells, samples, pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.io.land_cover_layers import CLASSES
from ..text import tr
from .model import Cell
from .signature import PIXEL

if TYPE_CHECKING:
    from .panel import LandCoverPanel


class Links:
    """Of one ``panel``, whose signals tell the map what to show."""

    def __init__(self, panel: LandCoverPanel) -> None:
        self._panel = panel

    def choose_cell(self, cell: Cell | None) -> None:
        """Show the samples in a cell of the confusion matrix on the map and in the list; without
        one, no cell of either matrix is chosen.
        """
        panel, model = self._panel, self._panel.model
        model.cell = cell
        if cell is None:
            self.choose_pair(None)
        panel.confusion.choose(cell)
        panel.confusion.tell(cell)
        self.show_marks()
        panel.controls.samples.show_rows(model)
        panel.settle()

    def choose_pair(self, cell: Cell | None) -> None:
        """Show where both maps have the classes of a cell; of whole rows and columns nothing is
        shown.
        """
        panel, model = self._panel, self._panel.model
        model.pair = cell
        panel.comparison.choose(cell)
        panel.comparison.tell(cell)
        self.show_marks()

    def show_marks(self) -> None:
        """Show on the map what is chosen on the pages in sight, and nothing of the others."""
        panel, pages = self._panel, self._panel.pages()
        panel.samples_shown.emit(self._samples() if panel.confusion in pages else None)
        panel.pair_shown.emit(self._pair() if panel.comparison in pages else None)

    def _samples(self) -> object:
        """Longitudes and latitudes of the samples in the chosen cell, None without any."""
        rows, view = self._panel.model.samples_in_cell(), self._panel.model.view
        there = view is not None and len(rows) > 0
        return (view.longitude[rows], view.latitude[rows]) if there else None

    def _pair(self) -> object:
        """Files and codes of the chosen cell of two maps; None for whole rows and columns."""
        model = self._panel.model
        found, cell = model.comparison, model.pair
        if found is None or cell is None or -1 in cell:
            return None
        codes = int(found.first.codes[cell[0]]), int(found.second.codes[cell[1]])
        return (model.chosen[CLASSES], model.second), codes

    def show_sample(self, row: int) -> None:
        """Show a sample (row of the view) on the map."""
        view = self._panel.model.view
        if view is not None:
            self._panel.place_picked.emit(float(view.longitude[row]), float(view.latitude[row]))

    def point_picked(self, identity: Any) -> None:
        """A point of the signatures was clicked: one of the pixel shows where it is."""
        place = self._panel.model.place
        if int(identity) <= PIXEL and place is not None:
            self._panel.place_picked.emit(*place)

    def pick_place(self, longitude: float, latitude: float, reach_deg: float) -> bool:
        """Show the pixel of a place, in *Confusion* the nearest sample, in *Compare* the pair of
        classes; False where there is nothing.
        """
        panel = self._panel
        page, files = panel.body.page(), panel.model.files()
        pixels = bool(files.stacks or files.classes)
        front = page not in (panel.confusion, panel.comparison)
        if pixels and (front or panel.signature in panel.pages()):
            panel.set_place((longitude, latitude), front)
        if page is panel.confusion:
            return self._pick_sample(longitude, latitude, reach_deg)
        if page is panel.comparison and panel.model.comparison is not None:
            panel.background.pair_at(longitude, latitude, self._pair_found, panel.compute_failed)
            return True
        return pixels

    def _pick_sample(self, longitude: float, latitude: float, reach_deg: float) -> bool:
        model = self._panel.model
        at, found = model.nearest_sample(longitude, latitude, reach_deg), model.mapped
        if at < 0 or found is None:
            return False
        self.choose_cell((int(found.reference[at]), int(found.mapped[at])))
        self._panel.controls.samples.pick(int(found.rows[at]))
        return True

    def _pair_found(self, first: int, second: int) -> None:
        found = self._panel.model.comparison
        if found is None:
            return
        rows = np.flatnonzero(found.first.codes == first)
        columns = np.flatnonzero(found.second.codes == second)
        if len(rows) and len(columns):
            self.choose_pair((int(rows[0]), int(columns[0])))
        else:
            self._panel.told.emit(tr("One of the maps has no class there."))
