# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of products that could not be read: a table, and sentences for the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ...table import Table, from_rows
from ...types import Product
from .reader import ABSENT

SHOWN = 10


def left_out_table(unreadable: Iterable[tuple[str, str]]) -> Table:
    """The table ``path``, ``reason`` of (path, why) pairs."""
    rows = [{"path": path, "reason": reason} for path, reason in unreadable]
    return from_rows(rows, {"path": "text", "reason": "text"}, "unreadable products")


def left_out_notes(unreadable: Sequence[tuple[str, str]]) -> Iterable[str]:
    """The first ``SHOWN`` of them as sentences, and how many more there are."""
    for path, reason in unreadable[:SHOWN]:
        yield f"Left out: {path}: {reason}"
    if len(unreadable) > SHOWN:
        yield f"Left out: {len(unreadable) - SHOWN} more."


def product_notes(products: Sequence[Product]) -> Iterable[str]:
    """What the readers noted of ``products``: equal notes once, with how many products they
    concern; of the notes that name missing files the first ``SHOWN``.
    """
    counted = Counter(note for product in products for note in product.notes)
    absent = [note for note in counted if note.startswith(ABSENT)]
    for note, count in counted.items():
        if note not in absent[SHOWN:]:
            yield f"{note} ({count} product(s))" if count > 1 else note
    if len(absent) > SHOWN:
        yield (
            f"Files that the metadata list are missing from {len(absent) - SHOWN} more products. "
            "'Catalog products' lists them in its column 'notes'."
        )


def nothing_readable(unreadable: Sequence[tuple[str, str]]) -> str:
    """That none of what was found can be read; at least one pair is given."""
    path, reason = unreadable[0]
    return (
        f"Nothing of what was found can be read ({len(unreadable)} in all). The first, {path}: "
        f"{reason} 'Catalog products' lists all of them with their reasons."
    )


def listed(names: Sequence[str]) -> str:
    """The first ``SHOWN`` names, separated by commas."""
    return ", ".join(names[:SHOWN]) + (" ..." if len(names) > SHOWN else "")
