# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers and words in sentences."""

from __future__ import annotations

from collections.abc import Sequence


def signed(value: float, decimals: int = 2) -> str:
    """A number with its sign, "+0.25"; "0.00" where nothing is left of it, never "-0.00"."""
    text = f"{value:+.{decimals}f}"
    return text.lstrip("+-") if not text.strip("+-0.") else text


def plural(count: int, word: str, several: str = "") -> str:
    """A count with its word: "1 product", "1,200 products"; ``several``: of irregular ones."""
    return f"{count:,} {word if count == 1 else several or word + 's'}"


def listed(names: Sequence[str], most: int) -> str:
    """Names separated by commas, the first ``most`` of them: "a, b, c and 4 more"."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
