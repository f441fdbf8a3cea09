# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel works on: a long table of time series, with or without what was detected in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...core.anomalies.detect import DetectionSettings
from ...core.anomalies.harmonics import harmonics_for
from ...core.anomalies.opinions import OPINIONS
from ...core.anomalies.tables import DETECTED
from ...core.anomalies.verdicts import COLUMN
from ...core.errors import TableError
from ...core.io.tables import read_table
from ...core.progress import Part, Progress, Silent
from ...core.series.guess import Reading, guess_reading, is_own
from ...core.series.table import placed_series
from ...core.series.types import TimeSeries
from ...core.table import Table
from ...core.types import AnyArray
from ..records import read_record, split_source
from ..text import tr


@dataclass(frozen=True)
class Entry:
    """One series that the panel can show: n dates.

    ``source``: the table it is from, "" for a series of another origin. ``rows`` (n, k): the rows
    of the table, -1 where there is none. ``verdict`` (n,): texts of an expert, "" without.
    """

    series: TimeSeries
    source: str = ""
    rows: AnyArray = field(default_factory=lambda: np.empty((0, 0), dtype=np.int64))
    verdict: AnyArray = field(default_factory=lambda: np.empty(0, dtype=object))

    def __post_init__(self) -> None:
        if len(self.verdict) != len(self.series):
            empty = np.full(len(self.series), "", dtype=object)
            object.__setattr__(self, "verdict", empty)


@dataclass(frozen=True)
class SeriesInputs:
    """A loaded table.

    ``source``: path, maybe with ``|layername=``, or a layer's id. ``settings``: those that the
    table was made with, or the defaults. ``parameters``: those of the run, as recorded beside it.
    ``detected``: whether the table is one of detections. ``reading``: how its columns were read.
    """

    source: str
    entries: tuple[Entry, ...]
    settings: DetectionSettings = field(default_factory=DetectionSettings)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    detected: bool = False
    reading: Reading = Reading()


class ForeignTableError(TableError):
    """A table whose columns have other names: ``table``, and the ``guess`` what they are."""

    def __init__(self, source: str, table: Table, guess: Reading) -> None:
        super().__init__(tr("Say which columns of {} are which.").format(table.name))
        self.source, self.table, self.guess = source, table, guess


def load(
    source: str,
    table: Table | None = None,
    progress: Progress | None = None,
    reading: Reading | None = None,
) -> SeriesInputs:
    """Read the table ``source`` (or take ``table``) as ``reading`` says; raises ``CalValError``
    where it is none of time series, ``ForeignTableError`` where ``reading`` has to be asked for.
    """
    progress = progress or Silent()
    path, layer = split_source(source)
    if table is None:
        table = read_table(path, layer, progress=Part(progress, 0.0, 0.7))
    if reading is None and not is_own(table.columns):
        guess = guess_reading(table)
        if guess is not None:
            raise ForeignTableError(source, table, guess)
    reading = reading or Reading()
    placed = placed_series(table, reading.columns, reading.scale)
    verdicts = table.texts(COLUMN, "")
    entries = tuple(_entry(source, series, rows, verdicts) for series, rows in placed)
    record = read_record(path)
    parameters = dict(record.get("parameters", {}))
    detected = is_own(table.columns) and all(key in table for key in DETECTED)
    settings = _settings(table, entries, parameters) if detected else DetectionSettings()
    progress.report(1.0)
    used = parameters if detected else {}
    return SeriesInputs(source, entries, settings, used, detected, reading)


def _entry(source: str, series: TimeSeries, rows: AnyArray, verdicts: AnyArray) -> Entry:
    own = rows[np.arange(len(rows)), (rows >= 0).argmax(axis=1)]
    return Entry(series, source, rows, verdicts[own])


def _settings(
    table: Table, entries: tuple[Entry, ...], parameters: Mapping[str, Any]
) -> DetectionSettings:
    """The settings of the run, from its table and its record."""
    standard = DetectionSettings()
    threshold = float(table.floats("threshold")[0])
    harmonics, automatic = [], True
    counts = table.floats("harmonics")
    for entry in entries:
        value = int(counts[entry.rows[entry.rows >= 0][0]])
        harmonics.append(value)
        automatic = automatic and value == harmonics_for(int(entry.series.clear.sum()))
    scale = str(parameters.get("NOISE_SCALE") or standard.scale)
    stated = parameters.get("METHODS")
    words = stated.split(",") if isinstance(stated, str) else list(stated or [])
    named = tuple(
        str(one).strip() for one in words if str(one).strip() in (*standard.methods, *OPINIONS)
    )
    return DetectionSettings(
        harmonics=None if automatic else max(harmonics),
        threshold=threshold if 0.0 < threshold < 1.0 else standard.threshold,
        methods=named or standard.methods,
        scale=scale if scale in ("symmetric", "lower") else standard.scale,
    )
