# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of samples as it is looked at: its classes, places and dated features; what a map says
at each sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ...io.class_maps import classes_in, sample_map
from ...io.tables import column_names, positions, read_table
from ...progress import Part, Progress, Silent
from ...table import Table
from ...types import AnyArray, BoolArray, FloatArray
from ..chain.origin import fair_splits
from ..class_colors import colored
from ..classes import Classes, classes_of, label_texts
from ..confusion import Confusion, confusion_of
from ..feature_names import feature_of
from ..matching import extended, places_of
from ..sample_fields import (
    ORIGIN,
    POLYGON,
    REFERENCE,
    RESERVED,
    SPLIT,
    ZONE,
    is_reserved,
    split_columns,
)
from .signatures import Dated, Signatures, dated_bands, signatures

TEST, TRAIN, ALL = "test", "train", "all"
SIDES = (TEST, TRAIN, ALL)


@dataclass(frozen=True)
class SampleView:
    """Samples (n,) of the layer ``layer`` of the table ``path``, their class in the column
    ``field``, which is one of ``fields``. ``index`` (n,) among ``classes``, which have colors;
    ``sides`` (n,) by the column of each split: ``train``, ``test`` or ""; ``real`` (n,): not made
    by augmentation; ``polygon`` and ``zone`` (n,): texts; ``longitude``, ``latitude`` (n,):
    degrees. ``bands``: features with dates.
    """

    path: str
    layer: str
    field: str
    fields: tuple[str, ...]
    classes: Classes
    index: npt.NDArray[np.int64]
    sides: Mapping[str, AnyArray]
    real: BoolArray
    polygon: AnyArray
    zone: AnyArray
    longitude: FloatArray
    latitude: FloatArray
    bands: dict[str, Dated]

    def __len__(self) -> int:
        return len(self.index)

    def rows_of(self, side: str, splits: Sequence[str]) -> npt.NDArray[np.int64]:
        """Rows of the real samples of a ``side`` (one of ``SIDES``): those that are test in all of
        the ``splits``, those that train in any of them, or all.
        """
        says = [self.sides[name] == side for name in splits] or [np.zeros(len(self), np.bool_)]
        found = np.logical_and.reduce(says) if side == TEST else np.logical_or.reduce(says)
        return np.flatnonzero(self.real & (found | (side == ALL)))


@dataclass(frozen=True)
class MappedSamples:
    """What the map says at samples: ``rows`` (m,) of the view, ``reference`` and ``mapped`` (m,)
    indices of the ``confusion``'s classes, which are those that occur; ``lost``: samples off the
    map or without a class there; ``splits``: the columns of the sides that count, of all runs that
    the map was made of.
    """

    confusion: Confusion
    rows: npt.NDArray[np.int64]
    reference: npt.NDArray[np.int64]
    mapped: npt.NDArray[np.int64]
    lost: int
    splits: tuple[str, ...] = (SPLIT,)

    def cell(self, reference: int, mapped: int) -> npt.NDArray[np.int64]:
        """The rows of the view in a cell of the matrix; -1 stands for every class."""
        row = (self.reference == reference) | (reference < 0)
        found: npt.NDArray[np.int64] = self.rows[row & ((self.mapped == mapped) | (mapped < 0))]
        return found


def class_fields(names: Sequence[str]) -> tuple[str, ...]:
    """Columns that may hold the class: neither features with dates nor what the preparation of
    samples adds.
    """
    return tuple(
        name for name in names
        if not is_reserved(name) and feature_of(name).day is None
    )  # fmt: skip


def open_samples(
    path: str, layer: str = "", field: str = "", legend: str = "", progress: Progress | None = None
) -> SampleView:
    """Read classes and places of samples, without their features. ``field``: the column with the
    class; "": the first that may be one. ``legend``: a map whose colors classes have, "" for none.

    Raises ``InputError`` where no column can hold classes, or rows have none.
    """
    names = column_names(path, layer)
    fields = class_fields(names)
    field = field if field in fields else (fields[0] if fields else "")
    if not field:
        raise InputError(
            f"No column of {path} can hold the class of samples. Make samples with "
            "calval:preparesamples."
        )
    splits = split_columns(names)
    wanted = [field, *(one for one in names if one.casefold() in RESERVED), *splits[1:]]
    table = read_table(path, layer, wanted, progress)
    labels = label_texts(table, field)
    classes = classes_of(labels)
    if table.geometry is None:
        raise InputError(f"{table.name} has no places: give samples as a layer of points.")
    longitude, latitude, _ = positions(table.geometry)
    known = classes_in(legend, np.array([], dtype=np.int64)) if legend else None
    index = classes.index_of(labels)
    return SampleView(
        path, layer, field, fields, colored(classes, known), index,
        {name: table.texts(name, "") for name in splits},
        table.texts(ORIGIN, REFERENCE) == REFERENCE,
        _named(table, POLYGON), _named(table, ZONE), longitude, latitude,
        dated_bands(names),
    )  # fmt: skip


def read_signatures(view: SampleView, name: str, progress: Progress | None = None) -> Signatures:
    """Signatures of the band or index ``name`` of all classes, from the real samples."""
    dated = view.bands[name]
    columns = [column for _, column in dated]
    table = read_table(view.path, view.layer, columns, progress)
    values = np.stack([table.floats(one) for one in columns], axis=1)
    days = np.array([day for day, _ in dated], dtype="datetime64[D]")
    real = view.real
    return signatures(name, days, values[real], view.index[real], len(view.classes))


def map_at_samples(
    view: SampleView, path: str, side: str = TEST, progress: Progress | None = None
) -> MappedSamples:
    """What the map ``path`` says at the real samples of a ``side`` (one of ``SIDES``).

    Raises ``InputError`` where there are none, or a label is no class of the map.
    """
    progress = progress or Silent()
    splits = fair_splits(path, list(view.sides))
    rows = view.rows_of(side, splits)
    if not len(rows):
        several = side == TEST and len(splits) > 1
        raise InputError(
            f"No sample is on the side '{side}'"
            + (
                f" in all of the {len(splits)} runs of the map: each was trained on by one of them."
                if several else "."
            ) + " Choose other samples."
        )  # fmt: skip
    table = read_table(view.path, view.layer, [view.field], Part(progress, 0.0, 0.3)).select(rows)
    at = sample_map(path, table, Part(progress, 0.3, 1.0))
    labels = label_texts(table, view.field)[at.rows]
    texts = [str(code) for code in at.codes]
    known = extended(classes_in(path, at.codes), [*labels, *texts], table.name)
    used = np.unique([*places_of(labels, known, table.name), *places_of(texts, known, path)])
    classes = colored(Classes(tuple(known.items[int(place)] for place in used)))
    reference = places_of(labels, classes, table.name)
    mapped = places_of(texts, classes, path)
    return MappedSamples(
        confusion_of(classes, reference, mapped), rows[at.rows], reference, mapped,
        at.outside + at.unclassified, splits,
    )  # fmt: skip


def _named(table: Table, column: str) -> AnyArray:
    """The texts (n,) of a column, "" where there is none."""
    blank = np.full(len(table), "", dtype=object)
    return label_texts(table, column) if column in table else blank
