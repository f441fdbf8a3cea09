# SPDX-License-Identifier: GPL-3.0-or-later
"""The four simulated landscapes: fields near Toulouse, blocks of Beijing, desert near Ouarzazate,
dune country near Birdsville. Drawn at random; no map was used.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...simulation.drawing import cells, ellipse, empty, outline, texture, turned
from ...simulation.fields import patches, smooth_noise
from ...simulation.landscape import Landscape, finish


def landscape(name: str, size: int, rng: np.random.Generator) -> Landscape:
    """The landscape of one of ``LANDSCAPES``, ``size`` x ``size`` pixels of 10 m."""
    return LANDSCAPES[name](size, rng)


def _toulouse(size: int, rng: np.random.Generator) -> Landscape:
    """Fields of wheat, maize, sunflower and grass, two roads, a village, copses and a pond."""
    draft = empty(size)
    along, across = turned(size, 24.0)
    crops = ("wheat", "maize", "sunflower", "wheat", "meadow", "maize", "wheat")
    start = int(rng.integers(len(crops)))
    for number, field in enumerate(cells(along, across, 13.0, rng)):
        draft.add(field, crops[(start + number * 3) % len(crops)])
    for copse in range(2):
        spot = patches((size, size), 0.022, 9.0, np.random.default_rng(rng.integers(2**31)))
        draft.add(spot, "copse" if copse == 0 else "meadow")
    village = ellipse(size, 0.27, 0.72, 0.15, 0.12, rng)
    houses = ("tiled roofs", "tiled roofs", "garden", "concrete", "garden")
    for cell in cells(*turned(size, 60.0), 2.4, rng):
        draft.add(cell & village, houses[int(rng.integers(len(houses)))])
    wave = 2.0 * np.sin(along / 17.0)
    draft.add(np.abs(across - 4.0 - wave) < 0.8, "road")
    draft.add(np.abs(along + 9.0 - 1.5 * np.sin(across / 13.0)) < 0.6, "road")
    draft.add(ellipse(size, 0.80, 0.24, 0.045, 0.03, rng), "pond")
    rows = 1.0 + 0.012 * np.sin(across * 2.1)
    return finish(draft, rows * texture(size, 0.03, 5.0, 0.012, rng), rng)


def _beijing(size: int, rng: np.random.Generator) -> Landscape:
    """Blocks of buildings between avenues, a park with a lake, a factory with blue roofs."""
    draft = empty(size)
    along, across = turned(size, 3.0)
    roofs = ("concrete", "concrete", "courtyard", "tiled roofs", "concrete", "courtyard", "park")
    for block in cells(along, across, 15.0, rng):
        style = rng.integers(len(roofs), size=3)
        for cell in cells(along, across, float(rng.uniform(2.2, 4.2)), rng, block):
            draft.add(cell, roofs[int(style[rng.integers(3)])])
        draft.add(block & outline(block), "avenue" if rng.random() < 0.6 else "courtyard")
    works = ellipse(size, 0.76, 0.22, 0.13, 0.10, rng, square=True)
    for cell in cells(along, across, 5.0, rng, works):
        draft.add(cell, ("blue roof", "white roof", "concrete")[int(rng.integers(3))])
    draft.add(works & outline(works), "road")
    draft.add(ellipse(size, 0.74, 0.24, 0.022, 0.022, rng, square=True), "metal roof")
    draft.add(ellipse(size, 0.32, 0.66, 0.19, 0.14, rng), "park")
    draft.add(ellipse(size, 0.33, 0.68, 0.10, 0.06, rng), "pond")
    draft.add(np.abs(across + 6.0) < 1.6, "avenue")
    draft.add(np.abs(along - 11.0) < 1.2, "avenue")
    return finish(draft, texture(size, 0.02, 3.0, 0.03, rng), rng)


def _ouarzazate(size: int, rng: np.random.Generator) -> Landscape:
    """Dunes beside a stony plain, outcrops of rock, a dry river."""
    draft = empty(size)
    along, across = turned(size, -32.0)
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
    uneven = texture(size, 0.035, 8.0, 0.010, rng) * (1.0 + np.where(dunes, shade, 0.0))
    return finish(draft, uneven, rng)


def _birdsville(size: int, rng: np.random.Generator) -> Landscape:
    """Red linear dunes with grassland between them, a creek with trees, a clay pan."""
    draft = empty(size)
    along, across = turned(size, 68.0)
    draft.add(np.ones((size, size), dtype=np.bool_), "grassland")
    for _ in range(3):
        draft.add(patches((size, size), 0.18, 22.0, rng), "grassland")
    crest = across + 4.0 * smooth_noise((size, size), (45.0, 45.0), rng)
    ridge = np.cos(2.0 * np.pi * crest / 27.0)
    draft.add(ridge > 0.62, "red dunes")
    draft.add(ellipse(size, 0.20, 0.26, 0.13, 0.075, rng), "clay pan")
    bed = 0.20 * size + 0.07 * size * np.sin(across / (0.10 * size))
    width = 2.2 + 0.8 * smooth_noise((size, size), 9.0, rng)
    draft.add(np.abs(along - bed) < width, "creek")
    trees = np.where(rng.random((size, size)) < 0.045, 0.80, 1.0)
    shade = 1.0 + 0.05 * np.sin(2.0 * np.pi * crest / 27.0 + 0.8)
    return finish(draft, texture(size, 0.05, 6.0, 0.02, rng) * trees * shade, rng)


LANDSCAPES: dict[str, Callable[[int, np.random.Generator], Landscape]] = {
    "Toulouse": _toulouse,
    "Beijing": _beijing,
    "Ouarzazate": _ouarzazate,
    "Birdsville": _birdsville,
}
