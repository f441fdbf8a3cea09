# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples as they are trained on: features, classes, places, and what is to be left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ...io.products.loading import NODATA
from ...table import Table
from ...types import AnyArray, BoolArray, FloatArray
from ...wording import listed, plural
from ..classes import LARGEST_CODE, Classes, classes_of, label_texts
from ..date_steps import Steps, steps_of
from ..feature_names import feature_of
from ..sample_fields import MADE, ORIGIN, REFERENCE, SPLIT
from .sample_columns import feature_columns, passed_over
from .sample_places import Places, sample_places


@dataclass(frozen=True)
class Columns:
    """``label`` holds the classes; ``features`` as ``sample_columns.feature_columns`` takes them;
    ``zone`` and ``split`` may be "" (none); ``block_m``: side of spatial blocks (m), 0 for
    what suits the coordinates.
    """

    label: str
    features: Sequence[str] = ()
    zone: str = ""
    split: str = ""
    block_m: float = 0.0


@dataclass(frozen=True)
class TrainingSet:
    """``values`` (n, features) float32, finite; ``index`` (n,) of the classes; ``test`` (n,) rows
    that are never trained on; ``made`` (n,) rows that augmentation made: trained on, never tested;
    ``zone`` (n,) texts, "" without zones; ``places`` says which samples lie together;
    ``passed_over``: sentences on columns that were not taken as features, as was to be expected.
    """

    features: tuple[str, ...]
    classes: Classes
    values: npt.NDArray[np.float32]
    index: npt.NDArray[np.int64]
    test: BoolArray
    made: BoolArray
    zone: AnyArray
    places: Places
    notes: tuple[str, ...] = field(default=())
    passed_over: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.index)

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Training samples of each class (classes,)."""
        return np.bincount(self.index[~self.test], minlength=len(self.classes))

    @property
    def steps(self) -> Steps:
        """Which features are consecutive dates of a band (steps, 2)."""
        return steps_of(self.features)

    def select(self, rows: BoolArray) -> TrainingSet:
        """Some rows, with the same classes."""
        return replace(
            self, values=self.values[rows], index=self.index[rows], test=self.test[rows],
            made=self.made[rows], zone=self.zone[rows], places=self.places.select(rows),
        )  # fmt: skip


def training_set(table: Table, columns: Columns) -> TrainingSet:
    """The samples of ``table``; rows without a class, and rows with a feature that is empty,
    infinite or no data (-9999), are left out, and notes say how many.

    Raises ``InputError`` or ``TableError`` where columns are missing or have no value at all,
    labels differ by case alone, or less than two classes are left to train.
    """
    if not len(table):
        raise InputError(f"{table.name} holds no samples.")
    split = columns.split or (SPLIT if SPLIT in table and columns.label != SPLIT else "")
    table = _of_run(table, split)
    table, labels, notes = _with_class(table, columns.label)
    blank = np.full(len(table), "", dtype=object)
    zone = label_texts(table, columns.zone) if columns.zone else blank
    special = [one for one in (columns.label, columns.zone, split) if one]
    names = feature_columns(table, columns.features, special)
    wide = _values(table, names)
    complete = np.isfinite(wide).all(axis=1)
    notes += _left_out(table, names, wide, complete)
    doubtful, plain = ([], []) if columns.features else passed_over(table, special)
    made = np.isin(table.texts(ORIGIN, REFERENCE), MADE)
    whole = TrainingSet(
        tuple(str(feature_of(one)) for one in names),
        classes_of(labels[complete]),
        wide.astype(np.float32),
        np.zeros(len(table), dtype=np.int64),
        _test_rows(table, split) & ~made,
        made,
        zone,
        sample_places(table, columns.block_m),
        (*doubtful, *notes),
        tuple(plain),
    ).select(complete)
    found = replace(whole, index=whole.classes.index_of(labels[complete]))
    return _checked(found, names, columns.label)


def _of_run(table: Table, split: str) -> Table:
    """Without the rows that the split says nothing of: they are samples of other runs."""
    if not split:
        return table
    said = np.array([bool(one.strip()) for one in table.texts(split)], dtype=np.bool_)
    return table.select(said) if said.any() else table


def _with_class(table: Table, label: str) -> tuple[Table, AnyArray, tuple[str, ...]]:
    """The rows that have a class, their classes, and what was left out."""
    labels = label_texts(table, label)
    labels[labels == "nan"] = ""  # as pandas writes empty cells
    known = labels != ""
    lost = int(np.count_nonzero(~known))
    if lost == len(table):
        raise InputError(f"No sample of {table.name} has a class in the column '{label}'.")
    notes = (f"{plural(lost, 'sample')} without a class: left out.",) * bool(lost)
    return table.select(known), labels[known], notes


def _values(table: Table, names: Sequence[str]) -> FloatArray:
    wide = np.stack([table.floats(one) for one in names], axis=1)
    wide[(wide == NODATA) | (np.abs(wide) > np.finfo(np.float32).max)] = np.nan
    return wide


def _left_out(
    table: Table, names: Sequence[str], wide: FloatArray, complete: BoolArray
) -> tuple[str, ...]:
    empty = [name for name, gone in zip(names, np.isnan(wide).all(axis=0), strict=True) if gone]
    if empty:
        raise InputError(
            f"{listed(empty, 5)} of {table.name} has no value in any row. Take it out of the "
            "features (FEATURE_FIELDS), or fill it."
        )
    if complete.all():
        return ()
    counts = np.isnan(wide).sum(axis=0)
    worst = names[int(counts.argmax())]
    text = (
        f"{plural(int((~complete).sum()), 'sample')} of {len(complete):,} left out: a feature has "
        f"no value (most often {worst}, in {plural(int(counts.max()), 'row')})."
    )
    if not complete.any():
        raise InputError(f"No sample of {table.name} has a value in all features: {text}")
    return (text,)


def _test_rows(table: Table, split: str) -> BoolArray:
    if not split:
        return np.zeros(len(table), dtype=np.bool_)
    words = np.array([one.strip().casefold() for one in table.texts(split)], dtype=object)
    unknown = sorted(set(words) - {"train", "test"})
    if unknown:
        raise InputError(
            f"The column '{split}' of {table.name} holds '{unknown[0]}': it says train or test of "
            "each sample. Choose another column (SPLIT_FIELD), or rename this one."
        )
    rows: BoolArray = words == "test"
    return rows


def _checked(found: TrainingSet, names: Sequence[str], label: str) -> TrainingSet:
    counts = found.counts
    trained = [one for one, count in zip(found.classes.labels, counts, strict=True) if count]
    if len(trained) < 2:
        raise InputError(
            f"All samples to train on are of one class ({listed(trained, 1) or 'none'}; column "
            f"'{label}'): a classifier needs two or more."
        )
    notes = list(found.notes)
    untrained = sorted(set(found.classes.labels) - set(trained))
    if untrained:
        notes.append(
            f"No training sample of {listed(untrained, 5)}: test samples of it count as wrong."
        )
    single = [one for one, count in zip(found.classes.labels, counts, strict=True) if count == 1]
    if single:
        notes.append(
            f"One sample only of {listed(single, 5)}: it is trained on, and nothing can be said "
            "of how well it is found."
        )
    notes += [*_renumbered(found.classes), *_given_away(found, names)]
    return replace(found, notes=tuple(notes))


def _renumbered(classes: Classes) -> list[str]:
    """Labels that are numbers and still get other codes, because not all labels can be codes."""
    for one in classes.items:
        if one.label.lstrip("-").isdecimal() and one.label != str(one.code):
            return [
                f"Labels that are numbers are no codes of the map here: '{one.label}' gets "
                f"{one.code}. All would have to be whole numbers from 1 to {LARGEST_CODE} without "
                "leading zeros."
            ]
    return []


def _given_away(found: TrainingSet, names: Sequence[str]) -> list[str]:
    """Features that are the class under another name, one value for each."""
    told: list[str] = []
    count = len(np.unique(found.index))
    for place, name in enumerate(names):
        distinct, inverse = np.unique(found.values[:, place], return_inverse=True)
        if (
            len(distinct) == count
            and len(np.unique(inverse.ravel() * count + found.index)) == count
        ):
            told.append(name)
    if not told or len(found) <= 2 * count:
        return []
    return [
        f"{listed(told, 3)} has one value for each class, as if it were the class itself under "
        "another name: take it out of the features (FEATURE_FIELDS) unless it was measured."
    ]
