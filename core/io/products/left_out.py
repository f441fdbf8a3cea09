# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of products that could not be read: a table, and sentences for the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...table import Table, from_rows

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
