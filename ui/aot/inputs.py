# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel works on: a match-up table, and the tables it was made from where they are still there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...core.aot.matchup_tables import matchups_from_table, observations_from_table
from ...core.aot.types import MatchUps, Observations
from ...core.errors import CalValError
from ...core.io.tables import read_table
from ...core.progress import Part, Progress, Silent
from ...core.table import Table

SIDE_CAR = ".provenance.json"


@dataclass(frozen=True)
class Inputs:
    """A loaded match-up table.

    ``source``: path, maybe with ``|layername=``. ``parameters``: those of the run that made it, as recorded beside
    it. ``satellite`` and ``reference``: the tables that it was made from, None where they cannot be read any more;
    ``note`` then says why.
    """

    source: str
    matchups: MatchUps
    parameters: Mapping[str, Any] = field(default_factory=dict)
    satellite: Observations | None = None
    reference: Observations | None = None
    note: str = ""

    @property
    def can_rematch(self) -> bool:
        """Whether another time window can be matched anew."""
        return self.satellite is not None and self.reference is not None


def split_source(source: str) -> tuple[str, str]:
    """Path and layer name of a layer source such as ``/data/a.gpkg|layername=matchups``."""
    path, *options = source.split("|")
    named = [option.split("=", 1)[1] for option in options if option.startswith("layername=")]
    return path.removeprefix("file://"), named[0] if named else ""


def load(source: str, table: Table | None = None, progress: Progress | None = None) -> Inputs:
    """Read the match-up table ``source`` (or take ``table``) and look for what it was made from.

    Raises ``CalValError`` where it is not a match-up table; inputs that cannot be read only switch re-matching off.
    """
    progress = progress or Silent()
    path, layer = split_source(source)
    if table is None:
        table = read_table(path, layer, progress=Part(progress, 0.0, 0.4))
    matchups = matchups_from_table(table)
    record = _record(Path(path + SIDE_CAR))
    parameters = dict(record.get("parameters", {}))
    try:
        satellite, reference = _tables(record, parameters, Path(path).parent, Part(progress, 0.4, 1.0))
    except CalValError as error:
        return Inputs(source, matchups, parameters, note=str(error))
    return Inputs(source, matchups, parameters, satellite, reference)


def _record(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
