# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies planted in a table of time series, with the truth as a second table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zlib import crc32

import numpy as np

from ..errors import InputError
from ..io.tables import points
from ..names import split_list
from ..progress import Progress, Silent, each
from ..series.long_table import SeriesColumns
from ..series.table import placed_series
from ..series.types import TimeSeries
from ..table import Table, from_rows
from ..types import AnyArray
from .inject import KINDS, Injection, inject

LASTING = ("step", "drift")
# In the unit of ``KINDS``: found at most sites, and not at all of them.
AMPLITUDES = {
    "cloud": 0.1, "thin_cloud": 0.06, "aot_under": 0.05, "aot_over": 0.05, "shadow": 0.3,
    "gain": 0.1, "offset": 0.05, "wrong_date": 60.0, "step": 0.05, "drift": 0.05,
}  # fmt: skip
_USED = "used"
_FIELDS = {
    "site": "text", "event": "int", "time": "time", "type": "text", "amplitude": "float",
    "unit": "text", "parameter": "float", "mask_state": "text", "sensor": "text", "orbit": "text",
    "product": "text",
}  # fmt: skip


@dataclass(frozen=True)
class InjectionPlan:
    """What is planted at each site: ``count`` anomalies of each type of ``amplitudes`` (type to
    amplitude in the unit of ``KINDS``), each for ``duration`` clear dates; ``step`` and ``drift``
    once, to the end of the series. The same ``seed`` plants the same at a site of the same name,
    whatever other sites there are.
    """

    amplitudes: Mapping[str, float] = field(default_factory=lambda: {"cloud": AMPLITUDES["cloud"]})
    count: int = 5
    duration: int = 1
    seed: int = 1

    def __post_init__(self) -> None:
        unknown = [kind for kind in self.amplitudes if kind not in KINDS]
        if unknown or not self.amplitudes:
            raise InputError(
                f"The anomaly '{unknown[0] if unknown else ''}' is unknown. Choose one or more of: "
                f"{', '.join(KINDS)}."
            )
        if self.count < 1 or self.duration < 1:
            raise InputError("COUNT and DURATION must be 1 or more.")
        wrong = [
            kind for kind, value in self.amplitudes.items()
            if not np.isfinite(value) or value == 0.0
        ]  # fmt: skip
        if wrong:
            raise InputError(f"The amplitude of '{wrong[0]}' must be a number other than 0.")
        if not 0.0 < self.amplitudes.get("shadow", 0.5) <= 1.0:
            raise InputError("The amplitude of a shadow is the share of direct sun taken, 0 to 1.")


def amplitudes_of(kinds: list[str], text: str) -> dict[str, float]:
    """Amplitude of each of the ``kinds`` from ``text``: empty (those of ``AMPLITUDES``), one number
    for all, or pairs such as ``cloud=0.1, shadow=0.4`` (others keep theirs).

    Raises ``InputError`` for what is no number, or no chosen kind.
    """
    found = {kind: AMPLITUDES.get(kind, float("nan")) for kind in kinds}
    for part in (piece.strip() for piece in text.split(",")):
        name, _, number = part.rpartition("=")
        if not part:
            continue
        try:
            value = float(number)
        except ValueError as error:
            raise InputError(
                f"AMPLITUDE cannot be read at '{part}': give one number, or pairs such as "
                "cloud=0.1, shadow=0.4."
            ) from error
        if name and name.strip() not in found:
            raise InputError(
                f"AMPLITUDE names '{name.strip()}', which is not among the types chosen "
                f"({', '.join(found)})."
            )
        found |= {name.strip(): value} if name else dict.fromkeys(found, value)
    return found


def inject_table(
    table: Table,
    columns: SeriesColumns | None = None,
    value_scale: float = 1.0,
    plan: InjectionPlan | None = None,
    progress: Progress | None = None,
) -> tuple[Table, Table]:
    """Plant anomalies in the values of ``table``: the table as it was but for those values, and the
    truth.

    The truth has one row, a point, per site, event and changed date: ``type``, ``amplitude`` in
    ``unit`` as asked for, the physical ``parameter``, ``mask_state`` (lasting changes go on below
    masks) and ``change_<band>`` in reflectance. Columns of whole numbers stay whole (rounded).
    Raises as ``inject`` and ``series_from_table`` do.
    """
    columns, plan = columns or SeriesColumns(), plan or InjectionPlan()
    placed = placed_series(table, columns, value_scale)
    changed = _Values(table, columns, value_scale)
    rows: list[dict[str, Any]] = []
    for series, places in each(placed, progress or Silent(), "Planting anomalies"):
        after, truths = _inject_site(series, plan)
        changed.put(series, after, places)
        for event, truth in truths:
            rows += _truth_rows(series, event, truth)
    return changed.table(), _truth_table(rows, [series for series, _ in placed])


def _inject_site(
    series: TimeSeries, plan: InjectionPlan
) -> tuple[TimeSeries, list[tuple[int, Injection]]]:
    """All types, one after the other, lasting ones first; no date is used for two single ones."""
    kinds = sorted(plan.amplitudes, key=lambda kind: kind not in LASTING)
    current, truths, used = series, [], np.zeros(len(series), bool)
    for kind in kinds:
        place = list(KINDS).index(kind)
        # By the name of the site: its anomalies are the same whatever other sites there are.
        own = [plan.seed, crc32(series.site.encode()), place]
        seed = int(np.random.SeedSequence(own).generate_state(1)[0])
        free = replace(current, mask_state=np.where(used, _USED, current.mask_state).astype(object))
        after, truth = inject(free, kind, plan.amplitudes[kind], plan.count, plan.duration, seed)
        current = replace(after, mask_state=series.mask_state)
        if kind in LASTING:
            truths.append((1, truth))
            continue
        used[truth.index] = True
        truths += [(event + 1, _part(truth, event, plan.duration)) for event in range(plan.count)]
    return current, truths


def _part(truth: Injection, event: int, duration: int) -> Injection:
    """One of the events of an injection."""
    rows = slice(event * duration, (event + 1) * duration)
    return replace(
        truth,
        index=truth.index[rows],
        time=truth.time[rows],
        parameter=truth.parameter[rows],
        change=truth.change[rows],
    )


class _Values:
    """The value columns of a table, long or with a column per band, being changed."""

    def __init__(self, table: Table, columns: SeriesColumns, scale: float) -> None:
        self._table, self._scale = table, scale
        names = list(split_list(columns.value))
        self._wide = len(names) > 1 or not columns.band
        self._columns = {name: table.floats(name).copy() for name in names}
        self._long = names[0]

    def put(self, before: TimeSeries, after: TimeSeries, places: AnyArray) -> None:
        """Take over what differs at the rows ``places`` (n, k)."""
        differs = (places >= 0) & (before.values != after.values) & np.isfinite(after.values)
        for date, band in zip(*np.nonzero(differs), strict=True):
            name = before.bands[band] if self._wide else self._long
            self._columns[name][places[date, band]] = after.values[date, band] / self._scale

    def table(self) -> Table:
        """The table with the new values."""
        columns: dict[str, AnyArray] = dict(self._table.columns)
        for name, values in self._columns.items():
            whole = columns[name].dtype.kind in "iu"
            columns[name] = np.rint(values).astype(np.int64) if whole else values
        return replace(self._table, columns=columns)


def _truth_rows(series: TimeSeries, event: int, truth: Injection) -> list[dict[str, Any]]:
    rows = []
    for place, date in enumerate(truth.index):
        changes = zip(series.bands, truth.change[place], strict=True)
        rows.append(
            {
                "site": series.site, "event": event, "time": truth.time[place],
                "type": truth.kind, "amplitude": truth.amplitude, "unit": truth.unit,
                "parameter": float(truth.parameter[place]),
                "mask_state": series.mask_state[date], "sensor": series.sensor[date],
                "orbit": series.orbit[date], "product": series.product[date],
                "longitude": series.longitude, "latitude": series.latitude,
                **{f"change_{band}": float(change) for band, change in changes},
            }
        )  # fmt: skip
    return rows


def _truth_table(rows: list[dict[str, Any]], series: list[TimeSeries]) -> Table:
    bands = dict.fromkeys(f"change_{band}" for one in series for band in one.bands)
    table = from_rows(rows, {**_FIELDS, **dict.fromkeys(bands, "float")}, "truth")
    longitude, latitude = (
        np.array([row[key] for row in rows], dtype=np.float64) for key in ("longitude", "latitude")
    )
    return replace(table, geometry=points(longitude, latitude))
