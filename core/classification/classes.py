# SPDX-License-Identifier: GPL-3.0-or-later
"""The classes of a map: their codes in rasters, their labels, their colors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..table import Table
from ..types import AnyArray
from ..wording import listed

NO_CLASS = 0  # of pixels without a class
UNDECIDED_LABEL = "undecided"
UNDECIDED = 255  # of pixels on which a fusion does not agree, where no class has that code
NO_CONFIDENCE = 255  # of confidences in percent: the pixel has no class
LARGEST_CODE = 65_535


@dataclass(frozen=True)
class LandClass:
    """``code`` in rasters (1 to 65535), ``label`` as users read it, ``color`` as ``#rrggbb`` ("":
    one is chosen).
    """

    code: int
    label: str
    color: str = ""


@dataclass(frozen=True)
class Classes:
    """Classes in increasing order of their codes; the place of a class in it is its index."""

    items: tuple[LandClass, ...]

    def __post_init__(self) -> None:
        codes = [one.code for one in self.items]
        if codes != sorted(set(codes)) or any(not 1 <= code <= LARGEST_CODE for code in codes):
            raise InputError(
                f"Codes of classes are whole numbers from 1 to {LARGEST_CODE}, each used once."
            )

    def __len__(self) -> int:
        return len(self.items)

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels in order of the codes."""
        return tuple(one.label for one in self.items)

    @property
    def codes(self) -> npt.NDArray[np.int64]:
        """Codes (classes,) in increasing order."""
        return np.array([one.code for one in self.items], dtype=np.int64)

    def index_of(self, labels: AnyArray) -> npt.NDArray[np.int64]:
        """The index of each label (n,); raises ``InputError`` that names unknown ones."""
        places = {label: place for place, label in enumerate(self.labels)}
        texts = [label_text(one) for one in labels]
        unknown = sorted(set(texts) - set(places))
        if unknown:
            raise InputError(
                f"Unknown class: {listed(unknown, 5)}. Known are {listed(self.labels, 10)}."
            )
        return np.array([places[text] for text in texts], dtype=np.int64)


def label_text(value: object) -> str:
    """A label as text without blanks around it; whole numbers without decimals."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def label_texts(table: Table, column: str) -> AnyArray:
    """The labels (n,) in a column as ``label_text`` has them, "" where a cell is empty; raises
    ``TableError`` where the column is not there.
    """
    found = np.empty(len(table), dtype=object)
    found[:] = [label_text(one) for one in table.cells(column)]
    return found


def classes_of(labels: Sequence[object] | AnyArray) -> Classes:
    """The classes that occur in ``labels`` (n,), texts or whole numbers.

    Whole numbers from 1 to 65535 are their own codes; other labels get codes 1, 2, ... in
    alphabetical order. Raises ``InputError`` for labels that are empty, or that differ by case or
    blanks inside alone.
    """
    found = sorted({label_text(one) for one in labels})
    if "" in found:
        raise InputError("Some samples have no class: give each one, or leave them out.")
    folded: dict[str, str] = {}
    for label in found:
        other = folded.setdefault("".join(label.split()).casefold(), label)
        if other != label:
            raise InputError(
                f"The classes '{other}' and '{label}' differ by case or blanks alone. If they are "
                "one class, write it the same way everywhere."
            )
    if all(_is_code(label) for label in found):
        return Classes(tuple(LandClass(code, str(code)) for code in sorted(map(int, found))))
    if len(found) > LARGEST_CODE:
        raise InputError(f"{len(found)} classes: a map holds {LARGEST_CODE} at most.")
    return Classes(tuple(LandClass(place + 1, label) for place, label in enumerate(found)))


def _is_code(label: str) -> bool:
    return label.isdecimal() and str(int(label)) == label and 1 <= int(label) <= LARGEST_CODE
