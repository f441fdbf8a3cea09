# SPDX-License-Identifier: GPL-3.0-or-later
"""Which columns of a table of samples are features, and which say where and when they are from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from ...errors import InputError, TableError
from ...table import Table
from ...types import AnyArray
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
_DECIMAL = re.compile(r"\s*[-+]?\d*\.\d+(?:[eE][-+]?\d+)?\s*")


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
    return [
        name
        for name, values in table.columns.items()
        if name not in others
        and (values.dtype.kind in "fiu" or _decimals(values))
        and name.casefold() not in _NOT_FEATURES
        and not _RUN.fullmatch(name.casefold())
    ]


def _decimals(values: AnyArray) -> bool:
    """Whether all cells are written with a decimal point: "0.8620" stays text in a CSV file."""
    cells = [one for one in values if one is not None and one != ""]
    return bool(cells) and all(isinstance(one, str) and _DECIMAL.fullmatch(one) for one in cells)
