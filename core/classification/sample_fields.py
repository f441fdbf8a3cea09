# SPDX-License-Identifier: GPL-3.0-or-later
"""The columns of a table of samples: what those say that prepare, train, assess and show them."""

from __future__ import annotations

from collections.abc import Iterable

POLYGON, ZONE, SPLIT, FOLD, ORIGIN = "polygon", "zone", "split", "fold", "origin"
YEAR = "year"  # of the features, where samples are of several years
# Beside the class and the features; with the columns that a GeoPackage adds.
RESERVED = (POLYGON, ZONE, SPLIT, FOLD, ORIGIN, YEAR, "fid", "geom")
# Values of the column origin: pixels of the reference, and rows that were made of them, which train
# only.
REFERENCE, REPLICATE, JITTER, SMOTE, MOVED = "reference", "replicate", "jitter", "smote", "moved"
MADE = (REPLICATE, JITTER, SMOTE, MOVED)


def split_column(run: int) -> str:
    """The column that says on which side a sample is in a ``run``, from 0."""
    return f"{SPLIT}_{run}" if run else SPLIT


def split_columns(names: Iterable[str]) -> list[str]:
    """Which of the columns ``names`` say on which side a sample is, that of the first run first."""
    further = [one for one in names if one.startswith(f"{SPLIT}_")]
    known = [split_column(run) for run in range(1, len(further) + 1)]
    return [SPLIT, *(one for one in known if one in further)]


def is_reserved(name: str) -> bool:
    """Whether a column of this name, in any case, is neither a class nor a feature."""
    return name.casefold() in RESERVED or name.casefold().startswith(f"{SPLIT}_")
