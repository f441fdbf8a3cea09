# SPDX-License-Identifier: GPL-3.0-or-later
"""The assessment of a map from files: samples, areas and matrices brought to the same classes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ...errors import InputError
from ...io.class_maps import MapAreas, classes_in, map_areas, sample_map
from ...io.confusion_files import read_confusion
from ...names import split_list
from ...progress import Part, Progress, Silent
from ...table import Table
from ...types import AnyArray, FloatArray
from ...wording import listed, plural
from ..classes import NO_CLASS, Classes, classes_of, label_texts
from ..matching import extended, places_of
from ..training.sample_places import coordinates, polygons_of, repeated_places
from .area_accuracy import NONE
from .assessment import Assessment, Samples, assess_runs, assess_samples
from .sample_sizes import LEAST_IN_CLASS, SampleDesign, design_sample

TEST = "test"
_NAMED = 5


@dataclass(frozen=True)
class Columns:
    """Columns of the reference: the class, that of the map ("": it is read from the map), the
    split ("": all rows count), the polygon ("": none, or each polygon is its own), and the
    ``further`` splits of a map that was made of several runs.
    """

    reference: str
    mapped: str = ""
    split: str = ""
    polygon: str = ""
    further: tuple[str, ...] = ()


@dataclass(frozen=True)
class AssessRequest:
    """What is assessed: a ``map`` (path, "" for none) and either ``reference`` rows or
    ``confusions`` (paths). ``strata``: classes and areas (hectares) in place of the map's.
    """

    map: str = ""
    reference: Table | None = None
    columns: Columns = field(default_factory=lambda: Columns(""))
    strata: Table | None = None
    strata_class: str = "class"
    strata_area: str = "area_ha"
    design: str = NONE
    confusions: tuple[str, ...] = ()


def assess(request: AssessRequest, progress: Progress | None = None) -> Assessment:
    """The assessment; raises ``InputError`` where files or classes do not go together."""
    progress = progress or Silent()
    areas = known_areas(request, Part(progress, 0.0, 0.4))
    if request.reference is None:
        if not request.confusions:
            raise InputError("Give REFERENCE, or the matrices of runs (CONFUSIONS).")
        known = None if areas is None else areas.classes
        matrices = [read_confusion(path, known) for path in request.confusions]
        return assess_runs(matrices, None if areas is None else areas.hectares, request.design)
    reference, fair = test_rows(request.reference, request.columns)
    samples, notes = _samples(request, reference, areas, Part(progress, 0.4, 0.8))
    found = assess_samples(
        samples, None if areas is None else _spread(areas, samples.classes), request.design,
        _pixels(areas),
    )  # fmt: skip
    alone = [] if request.columns.polygon else _repeated(reference)
    return replace(found, notes=(*found.notes, *fair, *notes, *alone))


def _repeated(reference: Table) -> list[str]:
    count = repeated_places(coordinates(reference)[0])
    if not count:
        return []
    return [
        f"{plural(count, 'repeated place')} among {len(reference):,} rows of {reference.name}: "
        "each counts as a sample of its own, and intervals are too narrow. Keep one row for each "
        "place, or name what belongs together (POLYGON_FIELD)."
    ]


def known_areas(request: AssessRequest, progress: Progress) -> MapAreas | None:
    """The areas of the classes, from the table of strata or from the map; None without either."""
    if request.strata is None:
        return map_areas(request.map, progress) if request.map else None
    labels = request.strata[request.strata_class]
    hectares = request.strata.floats(request.strata_area)
    if not (np.isfinite(hectares) & (hectares >= 0.0)).all() or not hectares.sum() > 0.0:
        raise InputError(f"The areas in {request.strata.name} have to be numbers of 0 or more.")
    classes = classes_in(request.map, np.array([], int)) if request.map else classes_of(labels)
    classes = extended(classes, list(labels), request.strata.name) if request.map else classes
    at = places_of(labels, classes, request.strata.name)
    total = np.bincount(at, hectares, len(classes)).astype(np.float64)
    return MapAreas(classes, np.zeros(len(classes), np.int64), total)


def test_rows(reference: Table, columns: Columns) -> tuple[Table, tuple[str, ...]]:
    """The rows that all columns of the split say "test" of, all rows without such a column; and
    what is worth a note about them.
    """
    if not columns.split:
        return reference, ()
    splits = (columns.split, *columns.further)
    says = [
        np.array([text.strip().lower() == TEST for text in reference.texts(name)], np.bool_)
        for name in splits
    ]
    for name, one in zip(splits, says, strict=True):
        if not one.any():
            raise InputError(f"Column '{name}' of {reference.name} says 'test' in no row.")
    chosen = np.logical_and.reduce(says)
    if not chosen.any():
        raise InputError(
            f"No row of {reference.name} is 'test' in all of {listed(splits, _NAMED)}: each may "
            "have trained a run of the map. Give a reference that had no part in training, or "
            "assess the map of each run by its own test rows."
        )
    if not columns.further:
        return reference.select(chosen), ()
    note = (
        f"Of {plural(int(says[0].sum()), 'test row')} of '{columns.split}' only the "
        f"{int(chosen.sum()):,} count that are 'test' in all of {listed(splits, _NAMED)}: others "
        "may have trained a run of the map."
    )
    return reference.select(chosen), (note,)


def plan_sample(
    request: AssessRequest,
    found: Assessment | None,
    target_error: float,
    users: str,
    least: int = LEAST_IN_CLASS,
    progress: Progress | None = None,
) -> SampleDesign:
    """The sizes of a sample of the map; ``users``: expected user's accuracies, one number for all
    classes, one for each in the order of codes, or ``label=number``; "": those that were found.

    Raises ``InputError`` where there are no areas or no expectation.
    """
    if found is not None and found.areas is not None:
        classes, areas = found.confusion.classes, found.areas
    else:
        known = known_areas(request, progress or Silent())
        if known is None:
            raise InputError("A sample is planned for a map: give MAP or STRATA.")
        classes, areas = known.classes, known.hectares
    expected = _expected(users, classes, found)
    return design_sample(classes, areas, expected, target_error, least)


def _expected(users: str, classes: Classes, found: Assessment | None) -> FloatArray:
    parts = list(split_list(users))
    if not parts:
        if found is None or not np.isfinite(found.confusion.precision).all():
            raise InputError(
                "Say which user's accuracies are expected (EXPECTED_USERS), as 0.8 or "
                "forest=0.9,crop=0.7."
            )
        return found.confusion.precision
    try:
        if not any("=" in part for part in parts):
            numbers = [float(part) for part in parts]
            if len(numbers) not in (1, len(classes)):
                raise InputError(
                    f"EXPECTED_USERS has {len(numbers)} numbers for {len(classes)} classes."
                )
            return np.broadcast_to(np.array(numbers), (len(classes),)).copy()
        pairs = [part.rpartition("=")[::2] for part in parts]
        values = np.full(len(classes), np.nan)
        at = places_of([label for label, _ in pairs], classes, "EXPECTED_USERS")
        values[at] = [float(number) for _, number in pairs]
    except ValueError as error:
        raise InputError(
            f"EXPECTED_USERS cannot be '{users}'. Write forest=0.9,crop=0.7."
        ) from error
    missing = [label for label, one in zip(classes.labels, values, strict=True) if one != one]
    if missing:
        raise InputError(f"EXPECTED_USERS lacks {', '.join(missing)}.")
    return values


def _samples(
    request: AssessRequest, reference: Table, areas: MapAreas | None, progress: Progress
) -> tuple[Samples, list[str]]:
    columns, notes = request.columns, []
    labels = label_texts(reference, columns.reference)
    polygons = polygons_of(reference, columns.polygon) if columns.polygon else None
    if columns.mapped:
        mapped = label_texts(reference, columns.mapped)
        rows = np.flatnonzero((mapped != "") & (mapped != str(NO_CLASS)))
        mapped = mapped[rows]
        lost = len(reference) - len(rows)
        if lost:
            notes.append(f"{plural(lost, 'row')} without a class of the map: left out.")
    else:
        if not request.map:
            raise InputError("Give the map (MAP), or the column that holds its class (MAP_FIELD).")
        at = sample_map(request.map, reference, progress)
        rows, mapped = at.rows, np.array([str(code) for code in at.codes], object)
        if at.polygons and polygons is None:
            polygons = 1 + np.arange(len(reference))
        notes += _lost(at.outside, at.unclassified)
    labels, polygons = labels[rows], None if polygons is None else polygons[rows]
    named = labels != ""
    if not named.all():
        notes.append(
            f"{plural(int((~named).sum()), 'sample')} without a reference class: left out."
        )
    labels, mapped = labels[named], mapped[named]
    classes = _classes(request, areas, labels, mapped, reference.name)
    return Samples(
        classes, places_of(labels, classes, reference.name),
        places_of(mapped, classes, request.map or reference.name),
        None if polygons is None else polygons[named],
    ), notes  # fmt: skip


def _classes(
    request: AssessRequest, areas: MapAreas | None, labels: AnyArray, mapped: AnyArray, name: str
) -> Classes:
    if areas is None:
        return classes_of([*labels, *mapped])
    return extended(areas.classes, [*labels, *mapped], name)


def _pixels(areas: MapAreas | None) -> float:
    """Pixels of the map; infinitely many where they are not known, as of a table of areas."""
    count = 0 if areas is None else int(areas.pixels.sum())
    return float(count) if count else math.inf


def _spread(areas: MapAreas, classes: Classes) -> FloatArray:
    """The areas in the order of ``classes``, which may be more."""
    found = np.zeros(len(classes))
    found[np.searchsorted(classes.codes, areas.classes.codes)] = areas.hectares
    return found


def _lost(outside: int, unclassified: int) -> Sequence[str]:
    notes = []
    if outside:
        notes.append(f"{plural(outside, 'reference place')} off the map: left out.")
    if unclassified:
        notes.append(f"{plural(unclassified, 'sample')} where the map has no class: left out.")
    return notes


__all__ = ["AssessRequest", "Columns", "assess", "plan_sample"]
