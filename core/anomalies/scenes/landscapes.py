# SPDX-License-Identifier: GPL-3.0-or-later
"""The four simulated landscapes: fields near Toulouse, blocks of Beijing, desert near Ouarzazate,
dune country near Birdsville. Drawn at random; no map was used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ...simulation.fields import patches, smooth_noise
from ...types import AnyArray, BoolArray, FloatArray
from .landscape import Draft, Landscape, finish

Box = tuple[float, float, float, float]


def landscape(name: str, size: int, rng: np.random.Generator) -> Landscape:
    """The landscape of one of ``LANDSCAPES``, ``size`` x ``size`` pixels of 10 m."""
    return LANDSCAPES[name](size, rng)


def _toulouse(size: int, rng: np.random.Generator) -> Landscape:
    """Fields of wheat, maize, sunflower and grass, two roads, a village, copses and a pond."""
    draft = _empty(size)
    along, across = _turned(size, 24.0)
    crops = ("wheat", "maize", "sunflower", "wheat", "meadow", "maize", "wheat")
    start = int(rng.integers(len(crops)))
    for number, field in enumerate(_cells(along, across, 13.0, rng)):
        draft.add(field, crops[(start + number * 3) % len(crops)])
    for copse in range(2):
        spot = patches((size, size), 0.022, 9.0, np.random.default_rng(rng.integers(2**31)))
        draft.add(spot, "copse" if copse == 0 else "meadow")
    village = _ellipse(size, 0.27, 0.72, 0.15, 0.12, rng)
    houses = ("tiled roofs", "tiled roofs", "garden", "concrete", "garden")
    for cell in _cells(*_turned(size, 60.0), 2.4, rng):
        draft.add(cell & village, houses[int(rng.integers(len(houses)))])
    wave = 2.0 * np.sin(along / 17.0)
    draft.add(np.abs(across - 4.0 - wave) < 0.8, "road")
    draft.add(np.abs(along + 9.0 - 1.5 * np.sin(across / 13.0)) < 0.6, "road")
    draft.add(_ellipse(size, 0.80, 0.24, 0.045, 0.03, rng), "pond")
    rows = 1.0 + 0.012 * np.sin(across * 2.1)
    return finish(draft, rows * _texture(size, 0.03, 5.0, 0.012, rng), rng)


def _beijing(size: int, rng: np.random.Generator) -> Landscape:
    """Blocks of buildings between avenues, a park with a lake, a factory with blue roofs."""
    draft = _empty(size)
    along, across = _turned(size, 3.0)
    roofs = ("concrete", "concrete", "courtyard", "tiled roofs", "concrete", "courtyard", "park")
    for block in _cells(along, across, 15.0, rng):
        style = rng.integers(len(roofs), size=3)
        for cell in _cells(along, across, float(rng.uniform(2.2, 4.2)), rng, block):
            draft.add(cell, roofs[int(style[rng.integers(3)])])
        draft.add(block & _outline(block), "avenue" if rng.random() < 0.6 else "courtyard")
    works = _ellipse(size, 0.76, 0.22, 0.13, 0.10, rng, square=True)
    for cell in _cells(along, across, 5.0, rng, works):
        draft.add(cell, ("blue roof", "white roof", "concrete")[int(rng.integers(3))])
    draft.add(works & _outline(works), "road")
    draft.add(_ellipse(size, 0.74, 0.24, 0.022, 0.022, rng, square=True), "metal roof")
    draft.add(_ellipse(size, 0.32, 0.66, 0.19, 0.14, rng), "park")
    draft.add(_ellipse(size, 0.33, 0.68, 0.10, 0.06, rng), "pond")
    draft.add(np.abs(across + 6.0) < 1.6, "avenue")
    draft.add(np.abs(along - 11.0) < 1.2, "avenue")
    return finish(draft, _texture(size, 0.02, 3.0, 0.03, rng), rng)


def _ouarzazate(size: int, rng: np.random.Generator) -> Landscape:
    """Dunes beside a stony plain, outcrops of rock, a dry river."""
    draft = _empty(size)
    along, across = _turned(size, -32.0)
    border = 0.12 * size * smooth_noise((size, size), 0.35 * size, rng)
    draft.add(np.ones((size, size), dtype=np.bool_), "stony plain")
    dunes = across + border < 0.08 * size
    draft.add(dunes, "dunes")
    for share in (0.05, 0.035):
        draft.add(patches((size, size), share, 14.0, rng) & ~dunes, "rock")
    bed = 0.30 * size + 0.05 * size * np.sin(along / (0.11 * size))
    draft.add(np.abs(across - bed) < 1.9, "wadi")
    crest = (across + 7.0 * smooth_noise((size, size), 26.0, rng)) / 11.0
    shade = 0.085 * (np.sin(2.0 * np.pi * crest) + 0.45 * np.sin(4.0 * np.pi * crest + 1.0))
    texture = _texture(size, 0.035, 8.0, 0.010, rng) * (1.0 + np.where(dunes, shade, 0.0))
    return finish(draft, texture, rng)


def _birdsville(size: int, rng: np.random.Generator) -> Landscape:
    """Red linear dunes with grassland between them, a creek with trees, a clay pan."""
    draft = _empty(size)
    along, across = _turned(size, 68.0)
    draft.add(np.ones((size, size), dtype=np.bool_), "grassland")
    for _ in range(3):
        draft.add(patches((size, size), 0.18, 22.0, rng), "grassland")
    crest = across + 4.0 * smooth_noise((size, size), (45.0, 45.0), rng)
    ridge = np.cos(2.0 * np.pi * crest / 27.0)
    draft.add(ridge > 0.62, "red dunes")
    draft.add(_ellipse(size, 0.20, 0.26, 0.13, 0.075, rng), "clay pan")
    bed = 0.20 * size + 0.07 * size * np.sin(across / (0.10 * size))
    width = 2.2 + 0.8 * smooth_noise((size, size), 9.0, rng)
    draft.add(np.abs(along - bed) < width, "creek")
    trees = np.where(rng.random((size, size)) < 0.045, 0.80, 1.0)
    shade = 1.0 + 0.05 * np.sin(2.0 * np.pi * crest / 27.0 + 0.8)
    return finish(draft, _texture(size, 0.05, 6.0, 0.02, rng) * trees * shade, rng)


LANDSCAPES: dict[str, Callable[[int, np.random.Generator], Landscape]] = {
    "Toulouse": _toulouse,
    "Beijing": _beijing,
    "Ouarzazate": _ouarzazate,
    "Birdsville": _birdsville,
}


def _empty(size: int) -> Draft:
    return Draft(np.zeros((size, size), dtype=np.int64), [])


def _texture(
    size: int, smooth: float, scale: float, fine: float, rng: np.random.Generator
) -> FloatArray:
    """Relative brightness around 1 with a smooth and a fine part (standard deviations)."""
    noise = smooth * smooth_noise((size, size), scale, rng) + fine * rng.normal(size=(size, size))
    return np.asarray(np.clip(1.0 + noise, 0.6, 1.4))


def _turned(size: int, degrees: float) -> tuple[FloatArray, FloatArray]:
    """Coordinates (rows, columns) in pixels from the center, turned: along and across."""
    rows, columns = np.mgrid[0:size, 0:size] - (size - 1) / 2.0
    angle = np.deg2rad(degrees)
    cosine, sine = np.cos(angle), np.sin(angle)
    return columns * cosine + rows * sine, rows * cosine - columns * sine


def _cells(
    along: FloatArray,
    across: FloatArray,
    smallest: float,
    rng: np.random.Generator,
    within: BoolArray | None = None,
) -> Iterator[BoolArray]:
    """A region parted again and again into rectangles, none with a side much below ``smallest``."""
    inside = np.ones(along.shape, dtype=np.bool_) if within is None else within
    if not inside.any():
        return
    box = (
        float(along[inside].min()), float(along[inside].max()),
        float(across[inside].min()), float(across[inside].max()),
    )  # fmt: skip
    for left, right, low, high in _parted(box, smallest, rng):
        cell = inside & (along >= left) & (along <= right) & (across >= low) & (across <= high)
        if cell.any():
            yield cell


def _parted(box: Box, smallest: float, rng: np.random.Generator) -> Sequence[Box]:
    left, right, low, high = box
    wide, tall = right - left, high - low
    if max(wide, tall) < 2.2 * smallest:
        return [box]
    cut = float(rng.uniform(0.36, 0.64))
    if wide > tall:
        middle = left + cut * wide
        halves = ((left, middle, low, high), (middle, right, low, high))
    else:
        middle = low + cut * tall
        halves = ((left, right, low, middle), (left, right, middle, high))
    return [part for half in halves for part in _parted(half, smallest, rng)]


def _outline(region: BoolArray) -> BoolArray:
    """The pixels of a region that touch its upper or left border: a street beside it."""
    inner = region.copy()
    inner[1:] &= region[:-1]
    inner[:, 1:] &= region[:, :-1]
    return np.asarray(region & ~inner)


def _ellipse(
    size: int,
    row: float,
    column: float,
    high: float,
    wide: float,
    rng: np.random.Generator,
    square: bool = False,
) -> BoolArray:
    """A rounded region with an uneven border (or a rectangle); all as shares of the size."""
    rows, columns = np.mgrid[0:size, 0:size] / float(size)
    down, aside = (rows - row) / high, (columns - column) / wide
    if square:
        return np.asarray(np.maximum(np.abs(down), np.abs(aside)) <= 1.0)
    uneven = 1.0 + 0.15 * smooth_noise((size, size), 0.12 * size, rng)
    shape: AnyArray = np.hypot(down, aside) <= uneven
    return shape
