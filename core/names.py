# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of names and numbers that users type."""

from __future__ import annotations

import csv
import re

from .errors import InputError


def split_names(text: str) -> tuple[str, ...]:
    """Names separated by commas; a name with commas or quotation marks stands between quotation
    marks, doubled inside: ``Libya4, "My ""old"" site, north"``. A line break separates, too.
    """
    rows = csv.reader(text.splitlines(), skipinitialspace=True)
    names = (name.strip() for row in rows for name in row)
    return tuple(dict.fromkeys(name for name in names if name))


def split_list(text: str) -> tuple[str, ...]:
    """Entries separated by commas, semicolons or lines, in their order, without the blanks around
    them; the same may come more than once, and empty ones do not count.
    """
    parts = (part.strip() for part in re.split(r"[,;\n]", text))
    return tuple(part for part in parts if part)


def split_numbers(text: str, key: str, fewest: int = 1) -> tuple[float, ...]:
    """Numbers separated by commas, semicolons or lines; ``key`` names the parameter in an error.

    Raises ``InputError`` where one is no number, where there are less than ``fewest`` (0 or 1), or
    where commas may be meant as decimal points ("0,1; 0,2").
    """
    if "," in text and ";" in text:
        raise InputError(
            f"{key} has commas and semicolons: '{text[:40]}'. Write decimals with a point, and one "
            "sign between numbers."
        )
    try:
        values = tuple(map(float, split_list(text)))
    except ValueError as error:
        raise InputError(
            f"{key} cannot be '{text}': {key} must be numbers separated by commas, such as 0.01, "
            "0.05."
        ) from error
    if len(values) < fewest:
        raise InputError(f"{key} is empty: give one number at least.")
    return values
