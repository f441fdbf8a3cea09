# SPDX-License-Identifier: GPL-3.0-or-later
"""What is worth a warning before anybody trains with the samples."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from ...errors import InputError
from ...wording import listed, plural
from ..dominance import dominated, largest_polygons
from .reference import COPY, Reference
from .settings import COUNTS, SampleSettings
from .split import TEST, TRAIN, groups_of, sole

if TYPE_CHECKING:
    from .run import SampleReport
    from .tables import Samples

_NAMED = 6


def check_settings(settings: SampleSettings, reference: Reference) -> None:
    """Raises ``InputError`` where settings name classes or zones that the reference has not."""
    labels, zones = set(reference.labels.tolist()), set(reference.zones.tolist())
    if settings.strategy == COUNTS and not settings.amounts:
        raise InputError("The strategy counts takes a number by class: AMOUNT=wheat=500,maize=300.")
    for key, names in (("AMOUNT", settings.amounts), ("AUGMENT_TO", settings.augment_amounts)):
        _require(key, "class", set(names), labels)
    _require("MOVE", "class", {move.label for move in settings.moves}, labels)
    _require("MOVE", "zone", {move.source for move in settings.moves}, zones)
    _require("MOVE", "zone", {move.target for move in settings.moves}, zones)


def _require(key: str, what: str, named: set[str], known: set[str]) -> None:
    unknown = sorted(named - known)
    if unknown:
        there = listed(sorted(known - {""}), 10) or "none"
        raise InputError(
            f"{key} names the {what} {listed(unknown, 3)}; the reference has: {there}."
        )


def advice(report: SampleReport, settings: SampleSettings) -> list[str]:
    """Sentences about the polygons, their classes, zones, folds and years."""
    reference = report.reference
    return [
        *_left_out(reference),
        *_pixels(report.left_out),
        *_single(reference, settings),
        *_buffered(report),
        *_absent(reference),
        *_one_place(report),
    ]


def one_polygon(samples: Samples) -> list[str]:
    """Classes with all or most of their samples of the first run in one polygon."""
    reference, owner, notes = samples.reference, samples.pixels.polygon, []
    groups = list(groups_of(reference.zones, reference.labels))
    group = np.zeros(len(reference), dtype=np.int64)
    for place, (_, _, rows) in enumerate(groups):
        group[rows] = place
    names, ids = [_named(zone, label) for zone, label, _ in groups], reference.ids.astype(str)
    for side, what in ((TRAIN, "training"), (TEST, "test")):
        own = owner[samples.drawn[:, 0] == side]
        largest = largest_polygons(group[own], ids[own], len(groups))
        notes += dominated(largest, names, f"{what} samples of a class")
    return notes


def on_both_sides(report: SampleReport) -> list[str]:
    """A sentence on places that train in one year and test in another."""
    sides: dict[bytes, set[int]] = {}
    for shape, side in zip(report.reference.shapes, report.sides[:, 0], strict=True):
        sides.setdefault(shape, set()).add(int(side))
    count = sum({TRAIN, TEST} <= found for found in sides.values())
    if not count:
        return []
    return [
        f"{plural(count, 'place')} of reference polygons {'trains' if count == 1 else 'train'} in "
        "one year and test in another: tests look too good. MIN_DISTANCE=1 leaves them out of "
        "training."
    ]


def _left_out(reference: Reference) -> list[str]:
    counts = Counter(one.reason for one in reference.left_out)
    notes = []
    for reason, count in sorted(counts.items()):
        ids = [one.polygon for one in reference.left_out if one.reason == reason]
        notes.append(f"{plural(count, 'polygon')} left out ({reason}): {listed(ids, _NAMED)}.")
    if counts.get(COPY):
        notes.append("Coordinates repeat: copies of one place would stand on both sides.")
    return notes


def _pixels(left_out: dict[str, int]) -> list[str]:
    return [
        f"{plural(count, 'pixel')} left out: {reason}." for reason, count in left_out.items()
        if count
    ]  # fmt: skip


def _single(reference: Reference, settings: SampleSettings) -> list[str]:
    if settings.train_ratio >= 1.0:
        return ["All polygons train (TRAIN_RATIO): nothing is left for tests."]
    groups = groups_of(reference.zones, reference.labels)
    alone = [_named(zone, label) for zone, label, rows in groups if len(rows) == 1]
    if not alone:
        return []
    return [
        f"Cannot be validated, as there is one polygon only, which trains: "
        f"{listed(alone, _NAMED)}. Add polygons: two at least for each class and zone."
    ]


def _named(zone: str, label: str) -> str:
    return f"{label} (zone {zone})" if zone else label


def _buffered(report: SampleReport) -> list[str]:
    """Training polygons too near a test polygon, and classes that lost all of them."""
    lost = int((report.sides[:, 0] == 0).sum())
    if not lost:
        return []
    bare = [
        _named(zone, label)
        for zone, label, rows in groups_of(report.reference.zones, report.reference.labels)
        if not (report.sides[rows, 0] == TRAIN).any()
    ]
    notes = [f"{plural(lost, 'polygon')} left out of training: too near a test polygon."]
    if bare:
        notes.append(f"No training polygon is left: {listed(bare, _NAMED)}. Reduce MIN_DISTANCE.")
    return notes


def _absent(reference: Reference) -> list[str]:
    every = sorted(set(reference.labels.tolist()))
    notes = []
    for zone in sorted(set(reference.zones.tolist())):
        there = set(reference.labels[reference.zones == zone].tolist())
        missing = [label for label in every if label not in there]
        if missing:
            notes.append(f"Zone {zone} has no polygon of {listed(missing, _NAMED)}.")
    return notes


def _one_place(report: SampleReport) -> list[str]:
    """Classes that live in one fold or one year: what tells them apart may be the place or the
    weather.
    """
    reference, notes = report.reference, []
    folds = sorted(sole(reference.labels, report.folds))
    if folds:
        notes.append(
            f"All polygons of {listed(folds, _NAMED)} lie in one spatial fold: spatial "
            "cross-validation cannot judge them. Smaller blocks (BLOCK_SIZE_M) may help."
        )
    elif len(set(report.folds.tolist())) == 1:
        notes.append(
            "All polygons lie in one spatial block: no spatial cross-validation. Choose a smaller "
            "BLOCK_SIZE_M."
        )
    known = np.array([year != "" for year in reference.years], dtype=np.bool_)
    years = sole(reference.labels, reference.years, known)
    named = [f"{label} ({year})" for label, year in years.items()]
    if named:
        notes.append(
            f"Known of one year only: {listed(named, _NAMED)}. A classifier may tell the years "
            "apart instead of the classes."
        )
    return notes
