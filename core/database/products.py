# SPDX-License-Identifier: GPL-3.0-or-later
"""Products that measurements were extracted from."""

from __future__ import annotations

import numpy as np

from ..table import Table
from . import ddl
from .base import Database
from .schema import table
from .sensors import sensor_id
from .tables import completed, load_table


def save_products(db: Database, sensor: str, products: Table) -> int:
    """Add the products (columns as in the schema, ``name`` needed) that are not there yet under
    their name and version; returns how many were added.
    """
    with db.transaction():
        number = sensor_id(db, sensor)
        found = db.rows(
            ddl.select("products", ("name", "version"), "WHERE sensor_id = ?"), (number,)
        )
        known = {tuple(row) for row in found}
        versions = products.texts("version", default="")
        keys = list(zip(products.texts("name").tolist(), versions.tolist(), strict=True))
        new = [row for row, key in enumerate(keys) if key not in known and key not in keys[:row]]
        if not new:
            return 0
        chosen = products.select(np.array(new))
        first = db.next_id("products")
        own = {
            "id": np.arange(first, first + len(new)),
            "sensor_id": np.full(len(new), number),
            "version": versions[new],
        }
        definition = table("products")
        db.insert(definition, completed(chosen, definition, own).columns)
        return len(new)


def load_products(db: Database, sensor: str) -> Table:
    """The products of a sensor, with the columns of the schema."""
    return load_table(db, table("products"), "sensor_id = ?", (sensor_id(db, sensor),))
