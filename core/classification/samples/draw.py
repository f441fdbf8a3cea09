# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pixels become samples: by strategy for training, all of them for tests, up to a limit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...io.polygon_pixels import PixelPlaces
from ...types import AnyArray
from .settings import COUNTS, EQUAL, PERCENT, SampleSettings, random_numbers
from .split import TEST, TRAIN, UNUSED, groups_of

IntArray = npt.NDArray[np.int64]


def draw(
    zones: AnyArray, labels: AnyArray, sides: npt.NDArray[np.int8], settings: SampleSettings
) -> npt.NDArray[np.int8]:
    """``sides`` (samples, runs) where those that are not drawn are ``UNUSED``.

    ``zones`` and ``labels`` (samples,): of the polygons that hold the samples, whose order decides
    which random number is whose. The strategy holds for the training samples of each zone, class
    and run; test samples are all taken, up to ``settings.most`` as the others.
    """
    drawn = np.full(sides.shape, UNUSED, dtype=np.int8)
    groups = list(groups_of(zones, labels))
    for run in range(sides.shape[1]):
        training = [(zone, label, rows[sides[rows, run] == TRAIN]) for zone, label, rows in groups]
        smallest = _smallest(training)
        for zone, label, rows in training:
            wanted = _wanted(len(rows), label, smallest.get(zone, 0), settings)
            drawn[_some(rows, wanted, settings.seed, "train", run, zone, label), run] = TRAIN
        for zone, label, rows in groups:
            tests = rows[sides[rows, run] == TEST]
            wanted = _limited(len(tests), settings.most)
            drawn[_some(tests, wanted, settings.seed, "test", run, zone, label), run] = TEST
    return drawn


def _smallest(groups: list[tuple[str, str, IntArray]]) -> dict[str, int]:
    """The samples of the smallest class of each zone that has any."""
    smallest: dict[str, int] = {}
    for zone, _, rows in groups:
        if len(rows):
            smallest[zone] = min(smallest.get(zone, len(rows)), len(rows))
    return smallest


def _wanted(there: int, label: str, smallest: int, settings: SampleSettings) -> int:
    wanted = there
    if settings.strategy == EQUAL:
        wanted = int(settings.amount) if settings.amount else smallest
    elif settings.strategy == PERCENT and there:
        share = (100.0 if settings.amount is None else settings.amount) / 100.0
        wanted = max(int(np.floor(there * share + 0.5)), 1)
    elif settings.strategy == COUNTS:
        wanted = settings.amounts.get(label, there)
    return _limited(min(wanted, there), settings.most)


def _limited(count: int, most: int) -> int:
    return min(count, most) if most else count


def _some(rows: IntArray, wanted: int, seed: int, *keys: str | int) -> IntArray:
    """``wanted`` of ``rows``, all with the same chance, in their order."""
    if wanted >= len(rows):
        return rows
    chosen = random_numbers(seed, *keys).choice(len(rows), wanted, replace=False)
    return rows[np.sort(chosen)]


def thin(pixels: PixelPlaces, keys: IntArray, most: int, seed: int) -> PixelPlaces:
    """At most ``most`` pixels of each polygon (0: all), all with the same chance.

    ``keys`` (polygons,): numbers of their own. Each pixel has a random number that depends on seed,
    key and place alone, and those with the smallest are kept: the same whatever the order, and
    whether the pixels come at once or in parts that were thinned before. Several tiles at one
    place count as one.
    """
    if not most:
        return pixels
    ranks = _place_hash(pixels, keys[pixels.polygon], seed)
    order = np.lexsort((ranks, pixels.polygon))
    owners, ordered = pixels.polygon[order], ranks[order]
    other = np.ones(len(order), dtype=np.bool_)  # than the pixel before, in its polygon
    other[1:] = (owners[1:] != owners[:-1]) | (ordered[1:] != ordered[:-1])
    number = np.cumsum(other)
    first = number[np.searchsorted(owners, owners)]  # of the polygon of each
    return pixels.select(np.sort(order[number - first < most]))


def _place_hash(pixels: PixelPlaces, keys: IntArray, seed: int) -> npt.NDArray[np.uint64]:
    """Mixed bits of places to thousandths of a unit (SplitMix64: Steele et al. 2014,
    10.1145/2714064.2660195).
    """
    mixed = np.full(len(pixels), seed, dtype=np.uint64)
    for part in (keys, np.rint(pixels.x * 1e3), np.rint(pixels.y * 1e3)):
        mixed ^= part.astype(np.int64).view(np.uint64)
        mixed += np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return mixed
