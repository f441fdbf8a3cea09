# SPDX-License-Identifier: GPL-3.0-or-later
"""Confusion matrices as CSV files, in the form that the Orfeo ToolBox and iota2 write.

Two lines name the classes of rows and columns, then follows a row of numbers for each class of the
reference::

    #Reference labels (rows):1,2
    #Produced labels (columns):1,2
    8,0
    1,7
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from ..classification.classes import Classes, classes_of, label_text
from ..classification.confusion import Confusion
from ..classification.matching import places_of
from ..errors import InputError
from ..types import AnyArray, FloatArray
from .atomic import write_text

_ROWS, _COLUMNS = "#Reference labels (rows):", "#Produced labels (columns):"
_FORM = (
    f"Its first two lines have to begin with '{_ROWS}' and '{_COLUMNS}', as in files of this "
    "toolbox, of the Orfeo ToolBox and of iota2."
)


def write_confusion(path: Path | str, confusion: Confusion, shown: str = "") -> None:
    """Write ``confusion``; ``shown``: how messages call a file with a temporary name.

    Raises ``OutputError`` where the file cannot be written.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for start in (_ROWS, _COLUMNS):
        out.write(start)
        writer.writerow(confusion.classes.labels)
    writer.writerows([f"{count:.15g}" for count in row] for row in confusion.counts)
    write_text(Path(path), out.getvalue(), shown or Path(path).name)


def read_confusion(path: Path | str, known: Classes | None = None) -> Confusion:
    """Read a matrix; a class that only rows or only columns name has zeros in the other.

    ``known``: the classes that labels are looked up in, by label or by code (default: those that
    the file names). Raises ``InputError`` where the file has another form, holds what is no count,
    or names a class that is not known.
    """
    path = Path(path)
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The confusion matrix {path} cannot be read as text.") from error
    rows, columns = (_labels(lines, place, path.name) for place in (0, 1))
    counts = _counts(lines[2:], (len(rows), len(columns)), path.name)
    classes = known or classes_of((*rows, *columns))
    whole = np.zeros((len(classes), len(classes)))
    whole[np.ix_(_places(rows, classes, path.name), _places(columns, classes, path.name))] = counts
    return Confusion(classes, whole)


def _labels(lines: list[str], place: int, name: str) -> list[str]:
    start = (_ROWS, _COLUMNS)[place]
    if len(lines) <= place or not lines[place].startswith(start):
        raise InputError(f"{name} is not a confusion matrix. {_FORM}")
    labels = [label_text(one) for one in next(csv.reader([lines[place][len(start) :]]), [])]
    if not labels or len(set(labels)) < len(labels):
        raise InputError(f"Line {place + 1} of {name} names no class, or one of them twice.")
    return labels


def _counts(lines: list[str], shape: tuple[int, int], name: str) -> FloatArray:
    cells = [row for row in csv.reader(lines) if row]
    if [len(row) for row in cells] != [shape[1]] * shape[0]:
        raise InputError(
            f"{name} names {shape[0]} rows and {shape[1]} columns, but holds another number of "
            "rows or cells. Give the whole file."
        )
    try:
        counts = np.array(cells, dtype=np.float64)
    except ValueError as error:
        raise InputError(f"{name} holds something that is no number.") from error
    if not (np.isfinite(counts) & (counts >= 0.0)).all():
        raise InputError(f"{name} holds counts below 0 or without a number.")
    return counts


def _places(labels: list[str], classes: Classes, name: str) -> AnyArray:
    places = places_of(labels, classes, name)
    if len(set(places.tolist())) < len(places):
        raise InputError(f"{name} names a class twice, by its label and by its code.")
    return places
