# SPDX-License-Identifier: GPL-3.0-or-later
"""Regular, gap-filled series out of files: products or dated rasters, or a long table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..execution.runner import TileRun
from ..execution.settings import ExecutionSettings
from ..io.grids import unproject
from ..io.products.masks import unmasked_note
from ..io.stacks import ImageStack, stack_of
from ..io.tables import points
from ..progress import Part, Progress, Silent, each
from ..sensor_names import sensor_of
from ..table import Table, from_rows
from ..times import parse_day
from ..types import TimeArray
from .duplicates import series_without_repeats
from .extract_files import Source, find_source
from .extraction import FIELDS as EXTRACTED
from .long_table import SeriesColumns
from .reflectance import check_one_scale, infinite_note
from .regular_rasters import RasterTargets, Totals, write_regular
from .regularize import GapFilling, days_from, regular_times, regularize
from .types import CLEAR, TimeSeries, is_clear
from .wavelengths import wavelength_in

AREA = "area"
NODATA_STATE = "nodata"
_ONE_PRODUCT = ("orbit", "product")  # what a row made of several has not
FIELDS = {
    **{name: kind for name, kind in EXTRACTED.items() if name not in _ONE_PRODUCT},
    "days_to_clear": "float",
}


@dataclass(frozen=True)
class RegularGrid:
    """``start`` and ``end`` as ISO dates ("": the first and the last day of the data), and the step
    in days.
    """

    start: str = ""
    end: str = ""
    step_days: int = 10

    def times(self, first: np.datetime64, last: np.datetime64) -> TimeArray:
        """The regular dates; ``first`` and ``last`` are those of the data."""
        start = parse_day(self.start, "START") if self.start.strip() else first
        end = parse_day(self.end, "END") if self.end.strip() else last
        return regular_times(start, end, self.step_days)


@dataclass(frozen=True)
class RegularReport:
    """``table``: long table of the filled series; ``date_count``: regular dates; ``input_count``:
    dates of the input; ``filled_share`` of the output's values that exist (clear or filled),
    ``never_share`` of the pixels or series that are never clear (0 to 1). ``run``: of images, the
    tiles, to be discarded once all that is made of this report is in place.
    """

    table: Table
    date_count: int
    input_count: int
    filled_share: float
    never_share: float
    notes: tuple[str, ...] = ()
    run: TileRun | None = field(default=None, repr=False)


def regularize_stack(
    source: Source,
    bands: Sequence[str],
    policy: str,
    grid: RegularGrid,
    settings: GapFilling,
    targets: RasterTargets,
    folder: Path | str,
    execution: ExecutionSettings | None = None,
    progress: Progress | None = None,
) -> RegularReport:
    """Write the images of ``source`` on regular dates (see ``write_regular``), with tiles in
    ``folder``; the table of the report holds the mean over the area for each band and date.

    Raises ``InputError``, also naming the dates of another scale, ``ProductError`` naming the file
    that does not fit, and what ``write_regular`` raises.
    """
    progress = progress or Silent()
    products, unreadable = find_source(source, Part(progress, 0.0, 0.1))
    stack = stack_of(products, bands, policy, Part(progress, 0.1, 0.2))
    check_one_scale(stack)
    times = grid.times(stack.times[0], stack.times[-1])
    part = Part(progress, 0.2, 1.0)
    totals, run = write_regular(stack, times, settings, targets, folder, execution, part)
    values = totals.pixels * len(times) * len(stack.bands)
    return RegularReport(
        table=_area_table(stack, times, totals),
        date_count=len(times),
        input_count=len(stack),
        filled_share=float(totals.count.sum()) / values,
        never_share=totals.never / totals.pixels,
        notes=(
            *filter(None, [unmasked_note(products, policy)]),
            *([infinite_note(totals.infinite)] if totals.infinite else []),
            *(f"Left out: {path}: {reason}" for path, reason in unreadable),
        ),
        run=run,
    )


def regularize_series(
    series: Sequence[TimeSeries],
    grid: RegularGrid,
    settings: GapFilling,
    progress: Progress | None = None,
) -> RegularReport:
    """All ``series`` (one or more) on the same regular dates, as a long table.

    Raises ``InputError`` for a grid or settings that cannot be used.
    """
    if not series:
        raise InputError("There is no time series to be filled.")
    first = min(one.times[0] for one in series)
    last = max(one.times[-1] for one in series)
    times = grid.times(first, last)
    tables = [
        _series_rows(one, times, settings)
        for one in each(list(series), progress or Silent(), "Filling gaps")
    ]
    keys = list(tables[0])
    columns = {key: np.concatenate([part[key] for part in tables]) for key in keys}
    place = points(columns.pop("longitude"), columns.pop("latitude"))
    filled = np.isfinite(columns["value"])
    never = np.mean([not np.isfinite(part["value"]).any() for part in tables])
    return RegularReport(
        table=Table(columns, "regular time series", place),
        date_count=len(times),
        input_count=sum(len(one) for one in series),
        filled_share=float(filled.mean()),
        never_share=float(never),
        notes=tuple(_unmasked(series)),
    )


def regularize_table(
    table: Table,
    columns: SeriesColumns,
    value_scale: float,
    grid: RegularGrid,
    settings: GapFilling,
    progress: Progress | None = None,
) -> RegularReport:
    """As ``regularize_series``, of the series in a long table (see
    ``series_without_repeats``).
    """
    series = series_without_repeats(table, columns, value_scale, progress)
    return regularize_series(series, grid, settings, progress)


def _unmasked(series: Sequence[TimeSeries]) -> Iterable[str]:
    count = sum(one.unmasked_count for one in series)
    if count:
        total = sum(len(one) for one in series)
        yield f"{count} of {total} observations have no mask; they were used as if they were clear."


def _series_rows(one: TimeSeries, times: TimeArray, settings: GapFilling) -> dict[str, Any]:
    order = np.argsort(one.times, kind="stable")
    values = one.values[order].astype(np.float32)[:, :, None]
    clear = is_clear(one.mask_state[order])[:, None]
    days, out_days = days_from(one.times[order], times[0]), days_from(times, times[0])
    filled, quality = regularize(values, clear, days, out_days, settings)
    bands, dates = len(one.bands), len(times)
    value = filled[:, :, 0].T.ravel().astype(np.float64)
    gap = np.tile(quality[:, 0], bands).astype(np.float64)
    count = bands * dates
    return {
        "site": np.full(count, one.site, dtype=object),
        "time": np.tile(times, bands),
        "band": np.repeat(np.array(one.bands, dtype=object), dates),
        "wavelength_nm": np.repeat(one.wavelengths_nm, dates),
        "value": value,
        "std": np.full(count, np.nan),
        "valid_fraction": np.isfinite(value).astype(np.float64),
        "mask_state": np.where(np.isfinite(value), CLEAR, NODATA_STATE).astype(object),
        "days_to_clear": np.where(np.isfinite(gap), gap, np.nan),
        "sensor": np.full(count, _all_of(one.sensor), dtype=object),
        "longitude": np.full(count, one.longitude),
        "latitude": np.full(count, one.latitude),
    }


def _all_of(sensors: Iterable[object]) -> str:
    """The sensors that filled values are made of, in one text: a value is of none of them alone."""
    return ", ".join(sorted({str(one) for one in sensors} - {""}))


def _area_table(stack: ImageStack, times: TimeArray, totals: Totals) -> Table:
    """Mean, standard deviation and share of filled pixels over the whole area."""
    left, bottom, right, top = stack.grid.bounds()
    longitude, latitude = unproject(stack.grid.wkt, (left + right) / 2.0, (bottom + top) / 2.0)
    sensors = _all_of(sensor_of(one) for one in stack.products)
    rows: list[dict[str, Any]] = []
    for band, name in enumerate(stack.bands):
        for date, time in enumerate(times):
            numbers = _moments(totals, date, band)
            days = totals.days_count[date]
            rows.append(
                {
                    "site": AREA,
                    "time": time,
                    "band": name,
                    "wavelength_nm": wavelength_in(stack.products, name),
                    **numbers,
                    "mask_state": CLEAR if np.isfinite(numbers["value"]) else NODATA_STATE,
                    "days_to_clear": totals.days[date] / days if days else np.nan,
                    "sensor": sensors,
                }
            )
    made = from_rows(rows, FIELDS, "regular time series")
    count = len(made)
    return replace(made, geometry=points(np.full(count, longitude), np.full(count, latitude)))


def _moments(totals: Totals, date: int, band: int) -> dict[str, float]:
    count, total = totals.count[date, band], totals.total[date, band]
    mean = total / count if count else float("nan")
    spread = totals.squares[date, band] - count * mean**2
    return {
        "value": mean,
        "std": float(np.sqrt(max(spread, 0.0) / (count - 1.0))) if count > 1 else float("nan"),
        "valid_fraction": count / totals.pixels,
    }
