# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pixels become samples: by strategy for training, all of them for tests, up to a limit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

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


def thin(polygons: IntArray, keys: IntArray, most: int, seed: int) -> IntArray:
    """Places (k,) of at most ``most`` pixels of each polygon (0: of all), all with the same chance.

    ``polygons`` (pixels,): the polygon of each; ``keys`` (polygons,): numbers of their own, so that
    what is drawn of one does not depend on the others.
    """
    if not most:
        return np.arange(len(polygons))
    order = np.argsort(polygons, kind="stable")
    cuts = np.flatnonzero(np.diff(polygons[order])) + 1
    parts = [
        _some(rows, most, seed, "thin", int(keys[polygons[rows[0]]]))
        for rows in np.split(order, cuts) if len(rows)
    ]  # fmt: skip
    return np.sort(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)
