# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of samples, and its summary by run, zone and class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...io.geometries import points
from ...io.polygon_pixels import PixelPlaces
from ...table import Table, from_rows
from ...types import AnyArray
from ..dominance import largest_polygons
from ..sample_fields import FOLD, MOVED, ORIGIN, POLYGON, REFERENCE, YEAR, ZONE, split_column
from .augment import Extra
from .reference import Reference
from .split import TEST, TRAIN, groups_of
from .stack import FeatureStack

_WORDS = np.array(["", "train", "test"], dtype=object)  # by UNUSED, TRAIN, TEST
SUMMARY_FIELDS = {
    "run": "int", "zone": "text", "class": "text", "polygons": "int", "train_polygons": "int",
    "test_polygons": "int", "pixels": "int", "train": "int", "test": "int", "moved": "int",
    "augmented": "int", "train_largest": "float", "test_largest": "float",
}  # fmt: skip


@dataclass(frozen=True)
class Samples:
    """Pixels (n,) of the ``reference`` polygons (p,) with their ``features`` (n, features), what
    they are ``drawn`` for (n, runs), and the ``folds`` of the polygons (p,).
    """

    reference: Reference
    pixels: PixelPlaces
    features: npt.NDArray[np.float32]
    drawn: npt.NDArray[np.int8]
    folds: npt.NDArray[np.int64]


def sample_table(samples: Samples, extras: Sequence[Extra], stack: FeatureStack, wkt: str) -> Table:
    """The samples that any run uses, then those that were made; points in the CRS ``wkt``.

    A made sample trains in its own run only: in another run the sample that it comes from may be a
    test.
    """
    reference, runs = samples.reference, samples.drawn.shape[1]
    used = np.flatnonzero((samples.drawn > 0).any(axis=1))
    base = np.concatenate([used, *(one.base for one in extras)])
    owner = samples.pixels.polygon[base]
    made = np.concatenate(
        [np.zeros(0), *(np.full(len(one), run) for run, one in enumerate(extras))]
    )
    columns: dict[str, AnyArray] = {
        reference.column: _numbers(reference.labels)[owner],
        POLYGON: _numbers(reference.ids)[owner],
        ZONE: np.concatenate([reference.zones[owner[: len(used)]], *(e.zone for e in extras)]),
    }
    for run in range(runs):
        own = np.where(made == run, TRAIN, 0).astype(np.int64)
        columns[split_column(run)] = _WORDS[
            np.concatenate([samples.drawn[used, run], own]).astype(np.int64)
        ]
    columns[FOLD] = samples.folds[owner]
    if len(stack.seasons) > 1:
        columns[YEAR] = _numbers(np.array(stack.years, dtype=object))[samples.pixels.raster[base]]
    origins = np.full(len(used), REFERENCE, dtype=object)
    columns[ORIGIN] = np.concatenate([origins, *(one.origin for one in extras)])
    values = np.concatenate([samples.features[used], *(one.features for one in extras)])
    columns |= {name: values[:, at] for at, name in enumerate(stack.features)}
    geometry = points(samples.pixels.x[base], samples.pixels.y[base])
    return Table(columns, "samples", geometry, wkt=wkt)


def _largest(polygons: AnyArray) -> float:
    """The share (0 to 1) of samples (n,) in the polygon with most of them; NaN without samples."""
    return float(largest_polygons(np.zeros(len(polygons), np.int64), polygons, 1).share[0])


def _numbers(texts: AnyArray) -> AnyArray:
    """Texts as whole numbers, where all of them are."""
    plain = all(one.isdecimal() and str(int(one)) == one and len(one) < 18 for one in texts)
    return texts.astype(np.int64) if plain and len(texts) else texts


def summary_table(samples: Samples, sides: npt.NDArray[np.int8], extras: Sequence[Extra]) -> Table:
    """Polygons, pixels and samples of each run, zone and class, and which share of the samples the
    largest polygon has; ``sides`` (polygons, runs).

    Zones and classes that got samples only from elsewhere have a row, too.
    """
    reference, owner = samples.reference, samples.pixels.polygon
    ids, runs = reference.ids.astype(str), samples.drawn.shape[1]
    rows: dict[tuple[int, str, str], dict[str, object]] = {}

    def row(run: int, zone: str, label: str) -> dict[str, object]:
        blank = {name: 0 for name, kind in SUMMARY_FIELDS.items() if kind == "int"}
        key = (run, zone, label)
        return rows.setdefault(key, blank | {"run": run, "zone": zone, "class": label})

    for zone, label, members in groups_of(reference.zones, reference.labels):
        pixels = np.flatnonzero(np.isin(owner, members))
        for run in range(runs):
            side, drawn = sides[members, run], samples.drawn[pixels, run]
            row(run, zone, label).update({
                "polygons": len(members), "pixels": len(pixels),
                "train_polygons": int((side == TRAIN).sum()),
                "test_polygons": int((side == TEST).sum()),
                "train": int((drawn == TRAIN).sum()), "test": int((drawn == TEST).sum()),
                "train_largest": _largest(ids[owner[pixels[drawn == TRAIN]]]),
                "test_largest": _largest(ids[owner[pixels[drawn == TEST]]]),
            })  # fmt: skip
    for run, extra in enumerate(extras):
        for zone, label, members in groups_of(extra.zone, reference.labels[owner[extra.base]]):
            copies = int((extra.origin[members] == MOVED).sum())
            row(run, zone, label).update({"moved": copies, "augmented": len(members) - copies})
    order = {label: place for place, label in enumerate(reference.classes.labels)}
    keys = sorted(rows, key=lambda key: (key[0], key[1], order[key[2]]))
    return from_rows([rows[key] for key in keys], SUMMARY_FIELDS, "samples by class")
