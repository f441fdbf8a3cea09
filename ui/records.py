# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the tables of panels come from: sources, and the records of the runs that made them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..core.io.sources import split_source

SIDE_CAR = ".provenance.json"
CONNECTION = "database:"  # a source that is a connection of QGIS, by its name
ADDRESS = "postgresql://"
RUN = "|run="


def read_record(path: str) -> dict[str, Any]:
    """The record of the run that wrote the table ``path``; empty where there is none."""
    try:
        found = json.loads(Path(path + SIDE_CAR).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def source_in(state: Mapping[str, Any]) -> str:
    """The table that a panel's ``state`` names, "" where it is not there any more."""
    source = str(state.get("source", ""))
    return source if source and is_there(source) else ""


def is_there(source: str) -> bool:
    """Whether a source is a file that is there, or a database on a server (unknown until asked)."""
    return is_database_source(source) or Path(split_source(source)[0]).is_file()


def is_database_source(source: str) -> bool:
    """Whether a source is a database on a server, by its address or its connection of QGIS."""
    return source.startswith((CONNECTION, ADDRESS))


def split_run(source: str) -> tuple[str, int | None]:
    """What comes before the run that a source names, and its number (None: it names none)."""
    before, found, number = source.rpartition(RUN)
    return (before, int(number)) if found and number.isdigit() else (source, None)


def database_text(source: str) -> str:
    """How people and algorithms name the database on a server that a source stands for."""
    return split_run(source)[0].removeprefix(CONNECTION)
