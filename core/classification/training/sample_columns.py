# SPDX-License-Identifier: GPL-3.0-or-later
"""Which columns of a table of samples are features, and which say where and when they are from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from ...errors import InputError, TableError
from ...table import Table
from ...times import EMPTY_CELLS
from ...wording import listed
from ..feature_names import feature_of
from ..sample_fields import FOLD, ORIGIN, POLYGON, SPLIT, ZONE

POLYGONS = (POLYGON, "polygonid", "polygon_id", "polyid", "originfid")
LONGITUDES = ("longitude", "lon", "long", "lng")
LATITUDES = ("latitude", "lat")
DATES = ("start_date", "from", "date", "time", "year", "start")

# Numbers that are no measurements: identifiers, coordinates, dates, the making of the samples.
_NOT_FEATURES = frozenset(
    {
        "id", "fid", "gid", "ogc_fid", "objectid", "oid", "index", "geom", "geometry",
        "x", "y", "xcoord", "ycoord", "easting", "northing", "row", "col", "column", "pixel",
        "end_date", "to", "end", "month", "day", "doy",
        "class", "code", "classe", "label", "target", "cluster", "weight",
        "region", "tile", FOLD, SPLIT, ORIGIN, ZONE,
        *POLYGONS, *LONGITUDES, *LATITUDES, *DATES,
    }
)  # fmt: skip
_RUN = re.compile(r"split_\d+")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+|inf)(?:[eE][-+]?\d+)?", re.IGNORECASE)
_WHOLE = re.compile(r"[-+]?(?:0|[1-9]\d*)")
_WITH_COMMA = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
_KNOWN = "known as identifier, place, date, class or making of samples"
_TEXT = "no numbers"
_EMPTY = "it has no value in any row"
_NAMED = 8


def feature_columns(table: Table, named: Sequence[str], others: Sequence[str]) -> list[str]:
    """The columns of ``table`` that are features: those ``named`` (``*`` and ``?`` stand for any
    letters), else all columns of numbers but ``others`` and those that are known to be identifiers,
    coordinates, dates, zones, splits or classes.

    Raises ``InputError`` or ``TableError`` where nothing is left, a name is unknown, or two columns
    mean the same feature.
    """
    found = _named(table, named, others) if named else _numeric(table, others)
    if not found:
        raise InputError(
            f"{table.name} has no column of numbers that could be a feature. Its columns are: "
            f"{listed(list(table.columns), 12)}. Name the features (FEATURE_FIELDS)."
        )
    names = [str(feature_of(one)) for one in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"Several columns of {table.name} mean the feature {listed(twice, 5)}.")
    return found


def first_of(table: Table, names: Sequence[str]) -> str:
    """The first column that has one of ``names``, in any case; "" where none has."""
    known = {column.casefold(): column for column in table.columns}
    return next((known[name] for name in names if name in known), "")


def _named(table: Table, named: Sequence[str], others: Sequence[str]) -> list[str]:
    found: list[str] = []
    for name in named:
        matching = [one for one in table.columns if one == name or fnmatchcase(one, name)]
        if not matching:
            raise TableError(
                f"{table.name} has no column '{name}' (FEATURE_FIELDS). Its columns are: "
                f"{listed(list(table.columns), 12)}."
            )
        found += [one for one in matching if one not in found]
    wrong = [one for one in found if one in others]
    if wrong:
        raise InputError(
            f"The column {listed(wrong, 3)} is the class, zone, split or place of the samples: it "
            "cannot be a feature as well. Take it out of FEATURE_FIELDS."
        )
    return found


def _numeric(table: Table, others: Sequence[str]) -> list[str]:
    return [name for name in table.columns if not _reason(table, name, others)]


def passed_over(table: Table, others: Sequence[str]) -> tuple[list[str], list[str]]:
    """Where ``feature_columns`` chose by itself: sentences on columns that it did not take although
    they look like measurements, and on all others beside ``others``, each with the reason.
    """
    doubtful: list[str] = []
    plain: dict[str, list[str]] = {}
    for name in table.columns:
        reason = "" if name in others else _reason(table, name, others)
        if reason and reason not in (_KNOWN, _TEXT):
            doubtful.append(f"The column '{name}' is no feature: {reason}.")
        elif reason:
            plain.setdefault(reason, []).append(name)
    return doubtful, [
        f"No features: {listed(names, _NAMED)} ({reason})." for reason, names in plain.items()
    ]


def _reason(table: Table, name: str, others: Sequence[str]) -> str:
    """Why a column is no feature, "" where it is one; raises ``InputError`` for decimal commas."""
    if name in others or name.casefold() in _NOT_FEATURES or _RUN.fullmatch(name.casefold()):
        return _KNOWN
    values = table[name]
    if values.dtype.kind in "iu":
        return ""
    if values.dtype.kind == "f":
        return _EMPTY if len(values) and (values != values).all() else ""
    if values.dtype.kind in "bM":
        return _TEXT
    return _reason_of_text(table, name, {"" if one is None else str(one).strip() for one in values})


def _reason_of_text(table: Table, name: str, cells: set[str]) -> str:
    """A CSV column stays text where a cell would not come back from its number as it was written:
    "0.8620", or a whole number, -9999 or "NA" among decimal ones.
    """
    filled = cells - EMPTY_CELLS
    if not filled:
        return _EMPTY
    odd = {one for one in filled if not _NUMBER.fullmatch(one)}
    commas = {one for one in odd if _WITH_COMMA.fullmatch(one)}
    if commas and commas == odd:
        raise InputError(
            f"The column '{name}' of {table.name} holds numbers with decimal commas, such as "
            f"'{min(commas)}': write them with decimal points, or leave the column out by naming "
            "the features (FEATURE_FIELDS)."
        )
    if odd:
        if 2 * len(odd) > len(filled):
            return _TEXT
        return f"it holds numbers, but also '{min(odd)}': correct or empty such cells"
    if all(_WHOLE.fullmatch(one) for one in filled) and filled != cells:
        return ""  # whole numbers with cells that are empty
    if not any("." in one or "e" in one.casefold() for one in filled):
        return "whole numbers kept as text are mostly codes. If it is one, name it (FEATURE_FIELDS)"
    return ""
