# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of names that users type."""

from __future__ import annotations

import csv


def split_names(text: str) -> tuple[str, ...]:
    """Names separated by commas; a name with commas or quotation marks stands between quotation
    marks, doubled inside: ``Libya4, "My ""old"" site, north"``.
    """
    row = next(csv.reader([text], skipinitialspace=True), [])
    return tuple(dict.fromkeys(name.strip() for name in row if name.strip()))
