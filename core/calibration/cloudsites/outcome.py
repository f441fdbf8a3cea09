# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of one product: how far it went, how many clouds lie in which cell, and how their
reflectances are distributed. Small enough to be kept, so that no product has to be read twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from ...types import AnyArray, FloatArray, Product
from ..extraction.naming import product_name
from .cells import Cell

KEY = "cloud_search_by_cell"  # in the metadata of a product in the database
BIN = 0.0005  # of reflectance, in which distributions are kept
Histogram = tuple[AnyArray, AnyArray]
_BASELINE = re.compile(r"_N\d\d\.\d\d$")  # at the end of the names of Sentinel-2's datatakes


class Stage(StrEnum):
    """How far a product went."""

    RANGE = "out of range"  # not seen under the conditions that are asked for
    METADATA = "too few clouds by its metadata"
    PREVIEW = "nothing bright and white in its preview"
    BANDS = "bands read"


@dataclass(frozen=True)
class SceneOutcome:
    """One product. ``overpass``: what the tiles of one flight over the ground have in common;
    ``cells``: those of which it shows enough to count as seen. Of products whose bands were read:
    ``left``, ``spoiled`` and ``moved`` as ``Selection``; ``counts``: pixels with data and clouds by
    cell, of all cells that it touches; ``values``: number of the bin of ``BIN`` and how many clouds
    it holds, by cell and band; ``bands_read``: how many bands were opened for their pixels,
    ``bands``: how many there are; ``known``: whether all of that comes from the database.
    """

    product: str
    sensor: str
    time: np.datetime64
    overpass: str
    cells: tuple[Cell, ...]
    stage: Stage
    reason: str = ""
    left: Mapping[str, int] = field(default_factory=dict)
    spoiled: int = 0
    moved: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    counts: Mapping[Cell, tuple[int, int]] = field(default_factory=dict)
    values: Mapping[Cell, Mapping[str, Histogram]] = field(default_factory=dict)
    bands_read: int = 0
    bands: int = 0
    known: bool = False

    @property
    def clouds(self) -> int:
        """How many pixels are deep convective clouds."""
        return sum(count for _, count in self.counts.values())


def overpass_of(product: Product) -> str:
    """What the tiles of one flight over the ground have in common, whatever the baseline of their
    processing; the name of the product where its metadata do not say it.
    """
    return _BASELINE.sub("", product.datatake) or product_name(product)


def histogram(values: FloatArray) -> Histogram:
    """Known values (n,) in bins of ``BIN``: their numbers, rising, and counts."""
    known = values[np.isfinite(values)]
    return np.unique(np.rint(known / BIN).astype(np.int64), return_counts=True)


def to_json(one: SceneOutcome) -> dict[str, Any]:
    """What the database keeps of a product whose bands were read."""
    return {
        "left": dict(one.left), "spoiled": one.spoiled,
        "moved": {rule: list(counts) for rule, counts in one.moved.items()},
        "counts": [[*cell, *counts] for cell, counts in one.counts.items()],
        "values": [
            [*cell, {band: [part.tolist() for part in pair] for band, pair in own.items()}]
            for cell, own in one.values.items()
        ],
        "bands_read": one.bands_read, "bands": one.bands,
    }  # fmt: skip


def restored(kept: Mapping[str, Any], plain: SceneOutcome) -> SceneOutcome:
    """The outcome ``plain`` with what the database has kept of it."""
    return SceneOutcome(
        plain.product, plain.sensor, plain.time, plain.overpass, plain.cells, Stage.BANDS, "",
        kept["left"], int(kept["spoiled"]),
        {rule: (int(more), int(less)) for rule, (more, less) in kept["moved"].items()},
        {(int(i), int(j)): (int(seen), int(clouds)) for i, j, seen, clouds in kept["counts"]},
        {
            (int(i), int(j)): {
                band: (np.array(bins, dtype=np.int64), np.array(counts, dtype=np.int64))
                for band, (bins, counts) in own.items()
            }
            for i, j, own in kept["values"]
        },
        int(kept["bands_read"]), int(kept["bands"]), known=True,
    )  # fmt: skip
