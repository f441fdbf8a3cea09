# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel works on: a match-up table, and the tables it was made from where they are still
there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...core.aot.matchup_tables import VALUE_FIELDS, matchups_from_table, read_observations
from ...core.aot.types import MatchUps, Observations
from ...core.errors import CalValError
from ...core.io.tables import read_table
from ...core.progress import Part, Progress, Silent
from ...core.table import Table
from ..records import read_record, split_source
from ..text import tr


@dataclass(frozen=True)
class Inputs:
    """A loaded match-up table.

    ``source``: path, maybe with ``|layername=``. ``parameters``: those of the run that made it, as
    recorded beside it. ``satellite`` and ``reference``: the tables that it was made from, None
    where they cannot be read any more; ``note`` then says why.
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


@dataclass(frozen=True)
class _Columns:
    """The parameters that say how one of the two tables is read."""

    table: str
    site: str
    time: str
    value: str
    value_default: str
    time_format: str
    site_name: str
    place: int


_SATELLITE = _Columns(
    "SATELLITE", "SITE_FIELD", "TIME_FIELD", "AOT_FIELD", "aot_mean", "TIME_FORMAT", "SITE_NAME", 0
)
_AERONET = _Columns(
    "AERONET", "AERONET_SITE_FIELD", "AERONET_TIME_FIELD", "AERONET_AOT_FIELD", "aot",
    "AERONET_TIME_FORMAT", "AERONET_SITE_NAME", 1,
)  # fmt: skip


def load(source: str, table: Table | None = None, progress: Progress | None = None) -> Inputs:
    """Read the match-up table ``source`` (or take ``table``) and look for what it was made from.

    Raises ``CalValError`` where it is not a match-up table; inputs that cannot be read only switch
    re-matching off.
    """
    progress = progress or Silent()
    path, layer = split_source(source)
    if table is None:
        table = read_table(path, layer, progress=Part(progress, 0.0, 0.4))
    matchups = matchups_from_table(table)
    record = read_record(path)
    parameters = dict(record.get("parameters", {}))
    finder = _Finder(record, parameters, Path(path).parent, matchups.settings.quantity)
    try:
        satellite = finder.read(_SATELLITE, Part(progress, 0.4, 0.6))
        reference = finder.read(_AERONET, Part(progress, 0.6, 1.0))
    except CalValError as error:
        return Inputs(source, matchups, parameters, note=str(error))
    return Inputs(source, matchups, parameters, satellite, reference, finder.note)


class _Finder:
    """Finds and reads the tables that a run compared."""

    def __init__(
        self, record: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path, quantity: str
    ) -> None:
        self._record, self._parameters = record, parameters
        self._folder, self._quantity = folder, quantity
        self.note = ""

    def read(self, columns: _Columns, progress: Progress) -> Observations | None:
        """The observations behind a parameter, None where their table is not there any more."""
        found = self._find(columns.table)
        if found is None:
            return None
        path, layer = found
        value = self._text(columns.value)
        if value in ("", columns.value_default):
            value = VALUE_FIELDS[self._quantity][columns.place]
        return read_observations(
            lambda own, kept: read_table(path, layer, kept, own),
            self._text(columns.site),
            self._text(columns.time),
            value,
            self._text(columns.time_format),
            self._text(columns.site_name),
            progress,
        )

    def _text(self, key: str) -> str:
        return str(self._parameters.get(key) or "")

    def _find(self, key: str) -> tuple[str, str] | None:
        """Path and layer of a table: where it was, or under its name beside the match-up table."""
        value = self._parameters.get(key)
        stated = value.get("source", "") if isinstance(value, Mapping) else value or ""
        path, layer = split_source(str(stated))
        entries = self._record.get("inputs", [])
        recorded = [str(one.get("path", "")) for one in entries if one.get("parameter") == key]
        candidates = [candidate for candidate in (path, *recorded) if candidate]
        for candidate in candidates:
            for place in (Path(candidate), self._folder / Path(candidate).name):
                if place.is_file():
                    return str(place), layer
        if candidates:
            self.note = tr("{} is not where it was.").format(Path(candidates[0]).name)
        return None
