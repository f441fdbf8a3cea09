# SPDX-License-Identifier: GPL-3.0-or-later
"""The columns that a configuration names are looked for before hours of features are made."""

from __future__ import annotations

from ...errors import TableError
from ...io.tables import read_source
from .configuration import Configuration


def check_columns(told: Configuration) -> None:
    """Raises ``TableError`` where the reference, the validation or the zones lack their column,
    ``InputError`` where one of them is no table.
    """
    named = (
        ("reference", told.reference, "class_field", told.class_field),
        ("validation", told.validation, "class_field", told.class_field),
        ("zones", told.zones, "zone_field", told.zone_field),
    )
    for key, source, field, column in named:
        if source:
            try:
                read_source(source)[column]
            except TableError as error:
                raise TableError(f"{field} of the {key}: {error}") from error
