# SPDX-License-Identifier: GPL-3.0-or-later
"""The calibration database: one schema, in a GeoPackage or in PostgreSQL/PostGIS.

``open_database`` opens or makes one; ``measurements``, ``runs``, ``sites``, ``sensors``,
``products`` and ``parameters`` write and read what is in it.
"""

from __future__ import annotations

from .base import Database
from .names import DatabaseName, parse_name
from .opening import open_database, writing

__all__ = ["Database", "DatabaseName", "open_database", "parse_name", "writing"]
