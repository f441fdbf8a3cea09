# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated landscape of eight classes in two eco-climatic zones, where the same crop has its
season at other times. Drawn at random; no map was used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...simulation.drawing import cells, ellipse, empty, texture, turned
from ...simulation.fields import patches, smooth_noise
from ...simulation.landscape import Landscape, finish
from ...types import AnyArray, BoolArray, FloatArray
from ..classes import Classes, LandClass

SIZE = 160  # pixels of 10 m
ZONES = ("plain", "hills")
LATER_DAYS = 24.0  # by which all seasons are later in the hills
BORDER = (0.56, 0.44)  # share of the width at which the zones meet, in the north and in the south
COLORS = {
    "broad-leaved forest": "#2e9e4f", "built-up": "#c83c3c", "coniferous forest": "#14563c",
    "grassland": "#a8d65c", "maize": "#f2b701", "sunflower": "#f28c28", "water": "#3a7fc4",
    "wheat": "#f5e6a0",
}  # fmt: skip
CLASSES = Classes(
    tuple(LandClass(code, label, color) for code, (label, color) in enumerate(COLORS.items(), 1))
)
CROPS = {"wheat": "wheat", "maize": "maize", "sunflower": "sunflower", "meadow": "grassland"}
ROTATION = ("wheat", "maize", "meadow", "sunflower", "wheat", "sunflower", "maize", "meadow")
HOUSES = ("tiled roofs", "concrete", "tiled roofs", "garden", "road")
_VILLAGES = ((0.22, 0.20), (0.70, 0.30), (0.45, 0.07), (0.30, 0.74), (0.76, 0.66), (0.55, 0.93))
_LAKES = ((0.10, 0.36), (0.52, 0.24), (0.88, 0.14), (0.14, 0.90), (0.50, 0.70), (0.90, 0.84))


@dataclass(frozen=True)
class Ground:
    """``landscape``: what the sensors see. ``objects`` (rows, columns): the number of the parcel,
    as somebody would draw it, that a pixel belongs to; ``labels``: the class of each of them.
    ``zone`` (rows, columns): index of ``ZONES``; ``elevation_m`` (rows, columns).
    """

    landscape: Landscape
    objects: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    zone: npt.NDArray[np.int64]
    elevation_m: FloatArray

    def codes(self) -> npt.NDArray[np.uint8]:
        """The true class (rows, columns) of each pixel, by the codes of ``CLASSES``."""
        own = CLASSES.codes[CLASSES.index_of(np.array(self.labels, dtype=object))]
        return np.asarray(own[self.objects], dtype=np.uint8)


class _Sketch:
    """A landscape while it is drawn, with the class of what is drawn."""

    def __init__(self, size: int) -> None:
        self.draft = empty(size)
        self.objects = np.zeros((size, size), dtype=np.int64)
        self.labels: list[str] = []

    def add(self, where: BoolArray, cover: str, label: str) -> None:
        """Draw a parcel of one cover."""
        if where.any():
            self.objects[where] = len(self.labels)
            self.labels.append(label)
            self.draft.add(where, cover)


def draw_ground(size: int, rng: np.random.Generator) -> Ground:
    """A landscape of ``size`` x ``size`` pixels of 10 m."""
    sketch = _Sketch(size)
    zone = zones(size)
    rise = np.clip((np.arange(size) / size - 0.3) / 0.7, 0.0, 1.0)
    elevation = (
        150.0 + 220.0 * rise**1.2 + (10.0 + 60.0 * rise) * smooth_noise((size, size), 40.0, rng)
    )
    along, across = turned(size, 18.0)
    start = int(rng.integers(len(ROTATION)))
    for number, field in enumerate(cells(along, across, 10.0, rng)):
        crop = ROTATION[(start + 3 * number) % len(ROTATION)]
        sketch.add(field, crop, CROPS[crop])
    _forests(sketch, size, rng)
    for row, column in _VILLAGES:
        _village(sketch, ellipse(size, row, column, 0.085, 0.07, rng), size, rng)
    for row, column in _LAKES:
        high, wide = rng.uniform(0.025, 0.055, 2)
        sketch.add(ellipse(size, row, column, high, wide, rng), "pond", "water")
    road = np.abs(across - 6.0 - 3.0 * np.sin(along / 23.0)) < 0.7
    sketch.add(road, "road", "built-up")
    ground = finish(sketch.draft, texture(size, 0.03, 5.0, 0.015, rng), rng)
    later = LATER_DAYS * _mostly(ground.parcels, zone, len(ground.covers))
    moved = replace(ground, shift_days=ground.shift_days + later[:, np.newaxis])
    return Ground(moved, sketch.objects, tuple(sketch.labels), zone, elevation)


def zones(size: int) -> npt.NDArray[np.int64]:
    """The index (rows, columns) of the zone of each pixel, by its center."""
    centers = (np.arange(size) + 0.5) / size
    border = BORDER[0] + (BORDER[1] - BORDER[0]) * centers
    return np.asarray(centers[np.newaxis, :] > border[:, np.newaxis], dtype=np.int64)


def _forests(sketch: _Sketch, size: int, rng: np.random.Generator) -> None:
    """Woods of both kinds, parted into stands."""
    kinds = (("copse", "broad-leaved forest", 40.0), ("conifers", "coniferous forest", -30.0))
    for cover, label, degrees in kinds:
        wood = patches((size, size), 0.10, 16.0, rng)
        for stand in cells(*turned(size, degrees), 13.0, rng, wood):
            sketch.add(stand, cover, label)


def _village(sketch: _Sketch, inside: BoolArray, size: int, rng: np.random.Generator) -> None:
    """Blocks, each one object of many covers."""
    along, across = turned(size, float(rng.uniform(0.0, 90.0)))
    for block in cells(along, across, 8.0, rng, inside):
        sketch.objects[block] = len(sketch.labels)
        sketch.labels.append("built-up")
        for cell in cells(along, across, 2.2, rng, block):
            sketch.draft.add(cell, HOUSES[int(rng.integers(len(HOUSES)))])


def _mostly(parcels: AnyArray, zone: AnyArray, count: int) -> FloatArray:
    """1 for parcels (count,) that lie in the second zone for the larger part, else 0."""
    whole = np.bincount(parcels.ravel(), minlength=count)
    second = np.bincount(parcels.ravel(), weights=zone.ravel(), minlength=count)
    return np.asarray(second > 0.5 * np.maximum(whole, 1), dtype=np.float64)
