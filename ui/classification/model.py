# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel shows, free of widgets: files, choices, and what was computed of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...core.classification.views.compare import MapComparison
from ...core.classification.views.model_view import ModelView
from ...core.classification.views.sample_view import TEST, MappedSamples, SampleView
from ...core.classification.views.signatures import Signatures
from ...core.io.land_cover_layers import (
    CLASSES,
    CONFIDENCE,
    DAYS,
    STACK,
    PixelFiles,
    PixelSeries,
)

SAMPLES = "samples"
SECOND = "second"
KINDS = (SAMPLES, STACK, DAYS, CLASSES, CONFIDENCE)
MOST_CLASSES = 12  # drawn at a time
PREFERRED = "NDVI"
Cell = tuple[int, int]


@dataclass
class LandCoverModel:
    """The state of the panel; what is computed is None until it is there.

    ``offered``: names of files by their sources, by kind of ``KINDS``. ``chosen``: the source of
    each kind, "" for none; ``wanted``: what people chose, which may not be there yet. ``second``:
    the map that that of ``CLASSES`` is compared with. ``class_field``: the column with the class of
    the samples, "" for the first that may be one; ``band`` of the signatures; ``checked``: labels
    of the classes drawn, None for the first few. ``place`` (degrees) of the pixel; ``side`` of the
    samples in the matrix. Cells are (row, column) of a matrix.
    """

    offered: dict[str, dict[str, str]] = field(default_factory=lambda: {one: {} for one in KINDS})
    chosen: dict[str, str] = field(default_factory=lambda: dict.fromkeys(KINDS, ""))
    wanted: dict[str, str] = field(default_factory=dict)
    second: str = ""
    class_field: str = ""
    band: str = ""
    checked: list[str] | None = None
    place: tuple[float, float] | None = None
    side: str = TEST
    model_path: str = ""
    bands: dict[str, int] = field(default_factory=dict)
    view: SampleView | None = None
    signatures: Signatures | None = None
    pixel: PixelSeries | None = None
    mapped: MappedSamples | None = None
    cell: Cell | None = None
    facts: ModelView | None = None
    comparison: MapComparison | None = None
    pair: Cell | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look at."""
        return not (any(self.offered.values()) or self.model_path)

    def name(self, source: str) -> str:
        """What people call a file."""
        names = (one[source] for one in self.offered.values() if source in one)
        return next(names, Path(source).name)

    def files(self) -> PixelFiles:
        """What a pixel is read from: of stacks and days the chosen ones first, then other tiles."""
        chosen = self.chosen
        stacks, days = (
            tuple(sorted(self.offered[kind], key=lambda one: one != chosen[kind]))
            * bool(chosen[kind])
            for kind in (STACK, DAYS)
        )
        return PixelFiles(stacks, days, chosen[CLASSES], chosen[CONFIDENCE])

    def offer(self, found: dict[str, dict[str, str]]) -> None:
        """Files that may be chosen; choices of others are given up, and where there is none the
        file that was wanted is chosen, or else the first, unless people chose none.
        """
        self.offered = {kind: dict(found.get(kind, {})) for kind in KINDS}
        for kind, names in self.offered.items():
            declined = self.wanted.get(kind) == "" and not self.chosen[kind]
            if self.chosen[kind] not in names and not declined:
                self.choose(kind, self._usual(kind, list(names)))
        self.settle_second()

    def settle_second(self) -> None:
        """Another second map where the chosen one is not there, or is the first."""
        others = [one for one in self.offered[CLASSES] if one != self.chosen[CLASSES]]
        if self.second not in others:
            self.choose_second(self._usual(SECOND, others))

    def _usual(self, kind: str, sources: list[str]) -> str:
        wanted = self.wanted.get(kind, "")
        return wanted if wanted in sources else next(iter(sources), "")

    def choose(self, kind: str, source: str) -> None:
        """Another file of a kind; what was computed of the one before is forgotten."""
        self.chosen[kind] = source
        if kind == SAMPLES:
            self.view, self.signatures = None, None
        if kind == STACK:
            self.bands = {}
        if kind in (SAMPLES, CLASSES):
            self.mapped, self.cell = None, None
        if kind == CLASSES:
            self.comparison, self.pair = None, None
        if kind != SAMPLES:
            self.pixel = None

    def choose_second(self, source: str) -> None:
        """Another second map."""
        self.second, self.comparison, self.pair = source, None, None

    def all_bands(self) -> list[str]:
        """Bands and indices with dates, of samples and stack, by name."""
        own = self.view.bands if self.view is not None else {}
        return sorted({*own, *self.bands})

    def settle_band(self) -> None:
        """Choose a band where the chosen one is none: an index that people know, else the first."""
        names = self.all_bands()
        if names and self.band not in names:
            self.band = PREFERRED if PREFERRED in names else next(iter(names), "")
            self.signatures, self.pixel = None, None

    def shown(self) -> list[int]:
        """Indices of the classes that are drawn."""
        if self.view is None:
            return []
        labels = self.view.classes.labels
        known = self.checked is not None and (not self.checked or set(self.checked) & set(labels))
        checked = self.checked if known else labels[:MOST_CLASSES]
        return [place for place, label in enumerate(labels) if label in checked]

    def samples_in_cell(self) -> npt.NDArray[np.int64]:
        """Rows of the samples in the chosen cell of the matrix."""
        if self.mapped is None or self.cell is None:
            return np.zeros(0, dtype=np.int64)
        return self.mapped.cell(*self.cell)

    def nearest_sample(self, longitude: float, latitude: float, reach_deg: float) -> int:
        """The place in the matrix's samples of the one nearest to a point (degrees); -1 where none
        is within ``reach_deg``.
        """
        if self.mapped is None or self.view is None or not len(self.mapped.rows):
            return -1
        rows = self.mapped.rows
        across = (self.view.longitude[rows] - longitude) * np.cos(np.radians(latitude))
        away = np.hypot(across, self.view.latitude[rows] - latitude)
        at = int(np.argmin(away))
        return at if away[at] <= reach_deg else -1
