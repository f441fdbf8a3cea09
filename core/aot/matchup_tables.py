# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of observations, match-ups and statistics, and the value types behind them.

The column names are a contract between algorithms, panels and models.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..errors import TableError
from ..io.tables import points, positions
from ..progress import Progress
from ..table import Table
from ..types import AnyArray, FloatArray
from .filters import headline_rows
from .types import QUANTITIES, Interval, MatchSettings, MatchUps, Observations, Summary

FLOAT_COLUMNS = (
    "window_m",
    "aot_std",
    "aot_gradient",
    "valid_fraction",
    "cloud_fraction",
    "gapfilled_fraction",
    "saturated_count",
    "zero_count",
    "pixel_elevation_m",
    "elevation_m",
    "longitude",
    "latitude",
    "angstrom_440_870",
)
TEXT_COLUMNS = ("sensor", "campaign", "product", "datatake", "status", "level", "instrument")
VALUE_FIELDS = {
    "aot": ("aot_mean", "aot"),
    "water_vapor": ("water_vapor_mean_cm", "water_vapor_cm"),
}
COLUMN_ADVICE = {
    "time": "Say which one holds the times (TIME_FIELD; AERONET_TIME_FIELD of an AERONET table).",
    "value": "Say which one holds the values (AOT_FIELD; AERONET_AOT_FIELD of an AERONET table).",
}
_MATCHUP_EXTRAS = (
    ("window_m", "float"),
    ("sensor", "text"),
    ("campaign", "text"),
    ("product", "text"),
    ("datatake", "text"),
    ("level", "text"),
    ("instrument", "text"),
    ("angstrom_440_870", "float"),
    ("aot_std", "float"),
    ("aot_gradient", "float"),
    ("valid_fraction", "float"),
    ("cloud_fraction", "float"),
    ("gapfilled_fraction", "float"),
    ("saturated_count", "float"),
    ("zero_count", "float"),
    ("altitude_difference_m", "float"),
    ("neighborhood_cloud", "float"),
    ("status", "text"),
    ("longitude", "float"),
    ("latitude", "float"),
)
_SOMETIMES = (("reference_uncorrected", "float"), ("satellite_site", "text"))
_STATISTICS = (
    ("bias", "accuracy"),
    ("std", "precision"),
    ("rmse", "uncertainty"),
    ("mae", "mae"),
    ("median", "median"),
    ("nmad", "nmad"),
    ("correlation", "correlation"),
    ("rank_correlation", "rank_correlation"),
)
_FRACTIONS = ("ee", "gcos", "gaw_goal", "gaw_threshold")
_METHODS = ("ols", "deming", "theil_sen")


def observations_from_table(
    table: Table,
    site_field: str = "site",
    time_field: str = "time",
    value_field: str = "aot_mean",
    time_format: str = "",
    site_name: str = "",
) -> Observations:
    """Observations from a table of ours or of somebody else.

    ``site_name``, where given, is the site of all rows, so that a table without a site column can
    be used; ``time_format`` as in ``core.times.parse_times``. Further columns of the ``extractaot``
    and ``importaeronet`` tables are taken along; positions come from the columns
    ``longitude``/``latitude``, else from point geometries. Raises ``TableError`` naming the columns
    that are there.
    """
    if not site_name and site_field not in table:
        raise TableError(
            f"{table.name} has no column '{site_field}' with the name of the site. Its columns "
            f"are: {', '.join(table.columns)}. Choose the right column, or give one site name for "
            "the whole table."
        )
    for kind, key in (("time", time_field), ("value", value_field)):
        if key not in table:
            raise TableError(
                f"{table.name} has no column '{key}'. Its columns are: {', '.join(table.columns)}. "
                + COLUMN_ADVICE[kind]
            )
    site = np.full(len(table), site_name, dtype=object) if site_name else table.texts(site_field)
    time = table.times(time_field, time_format)
    extra: dict[str, AnyArray] = {key: table.floats(key) for key in FLOAT_COLUMNS if key in table}
    extra.update({key: table.texts(key) for key in TEXT_COLUMNS if key in table})
    if "longitude" not in extra and table.geometry is not None:
        extra["longitude"], extra["latitude"], _ = positions(table.geometry)
    return Observations(site, time, table.floats(value_field), extra, table.name)


def read_observations(
    read: Callable[[Progress, Sequence[str] | None], Table],
    site_field: str,
    time_field: str,
    value_field: str,
    time_format: str,
    site_name: str,
    progress: Progress,
) -> Observations:
    """Observations from ``read(progress, columns)``, loading only the columns that are used.

    Empty names of columns mean ``site`` and ``time``. A missing column is reported with the names
    of all columns, which takes a second look at the table.
    """
    site_field, time_field = site_field or "site", time_field or "time"
    needed = (value_field, time_field) if site_name else (value_field, time_field, site_field)
    table = read(progress, (*needed, *FLOAT_COLUMNS, *TEXT_COLUMNS))
    if not all(key in table for key in needed):
        table = read(progress, None)
    return observations_from_table(
        table, site_field, time_field, value_field, time_format, site_name
    )


def matchups_to_table(matchups: MatchUps, name: str = "matchups") -> Table:
    """The match-up table, accepted and rejected rows alike, with a point per row where the position
    is known.

    ``headline`` is 1 in the rows of the satellite window that the headline figures use.
    """
    columns: dict[str, AnyArray] = {
        "site": matchups.site,
        "time": matchups.time,
        "satellite": matchups.satellite,
        "reference": matchups.reference,
        "difference": matchups.difference,
        "reference_count": matchups.reference_count.astype(np.int64),
        "reference_std": matchups.reference_std,
        "time_offset_min": matchups.time_offset_min,
        "stable": matchups.stable.astype(np.int64),
        "accepted": matchups.accepted.astype(np.int64),
        "reason": matchups.reason,
        "headline": headline_rows(matchups).astype(np.int64),
        "quantity": np.full(len(matchups), matchups.settings.quantity, dtype=object),
        "season": _extra(matchups, "season", "text"),
    }
    there = [one for one in _SOMETIMES if one[0] in matchups.extra]
    columns.update({key: _extra(matchups, key, kind) for key, kind in (*_MATCHUP_EXTRAS, *there)})
    return Table(columns, name, points(columns["longitude"], columns["latitude"]))


def matchups_from_table(table: Table) -> MatchUps:
    """Match-ups from a match-up table.

    The settings are the default ones, for the table's quantity and the window of its rows marked
    ``headline`` (the one of most of them, where tables were joined).

    Raises ``TableError`` where columns are missing or several quantities are mixed.
    """
    names = sorted(set(table.texts("quantity", "aot").tolist())) or ["aot"]
    if len(names) > 1 or names[0] not in QUANTITIES:
        raise TableError(
            f"{table.name} holds the quantities {', '.join(names)}; one of "
            f"{' or '.join(QUANTITIES)} is needed. Filter the table first."
        )
    extra = {
        key: table.floats(key) if kind == "float" else table.texts(key)
        for key, kind in (*_MATCHUP_EXTRAS, *_SOMETIMES, ("season", "text"))
        if key in table
    }
    return MatchUps(
        table.texts("site"),
        table.times("time"),
        table.floats("satellite"),
        table.floats("reference"),
        np.nan_to_num(table.floats("reference_count")).astype(np.int64),
        table.floats("reference_std", np.nan),
        table.floats("time_offset_min", np.nan),
        _truth(table, "stable"),
        np.asarray(table.floats("accepted") > 0, dtype=np.bool_),
        table.texts("reason", ""),
        extra,
        MatchSettings(quantity=names[0], window_m=_headline_window(table)),
    )


def summaries_to_table(summaries: Sequence[Summary], name: str = "statistics") -> Table:
    """The statistics table, one row per group; figures that a quantity does not have are empty."""
    columns: dict[str, AnyArray] = {
        "grouping": np.array([one.grouping for one in summaries], dtype=object),
        "group": np.array([one.group for one in summaries], dtype=object),
        "count": np.array([one.count for one in summaries], dtype=np.int64),
        "blocks": np.array([one.blocks for one in summaries], dtype=np.int64),
        "reference_mean": np.array([one.reference_mean for one in summaries], dtype=np.float64),
        "satellite_mean": np.array([one.satellite_mean for one in summaries], dtype=np.float64),
    }
    for column, attribute in _STATISTICS:
        columns.update(_bounds(column, column, [getattr(one, attribute) for one in summaries]))
    for key in _FRACTIONS:
        columns.update(_bounds(f"{key}_percent", key, [_percent(one, key) for one in summaries]))
    for method in _METHODS:
        slopes = [_line(one, method, "slope") for one in summaries]
        bounded = _bounds(f"slope_{method}", f"slope_{method}", slopes)
        columns.update(bounded)
    for method in _METHODS:
        values = [_line(one, method, "intercept").value for one in summaries]
        columns[f"intercept_{method}"] = np.array(values, dtype=np.float64)
    return Table(columns, name)


def _bounds(value: str, stem: str, intervals: list[Interval]) -> dict[str, FloatArray]:
    return {
        value: np.array([one.value for one in intervals], dtype=np.float64),
        f"{stem}_low": np.array([one.low for one in intervals], dtype=np.float64),
        f"{stem}_high": np.array([one.high for one in intervals], dtype=np.float64),
    }


def _percent(summary: Summary, key: str) -> Interval:
    if key not in summary.fractions:
        return Interval(float("nan"))
    share = summary.fractions[key].within
    return Interval(100 * share.value, 100 * share.low, 100 * share.high)


def _line(summary: Summary, method: str, part: str) -> Interval:
    line = summary.regressions.get(method)
    found = Interval(float("nan")) if line is None else getattr(line, part)
    return Interval(found.value, found.low, found.high)


def _extra(matchups: MatchUps, key: str, kind: str) -> AnyArray:
    found = matchups.extra.get(key)
    if found is None:
        empty = np.nan if kind == "float" else ""
        return np.full(len(matchups), empty, dtype=np.float64 if kind == "float" else object)
    return (
        np.asarray(found, dtype=np.float64) if kind == "float" else np.asarray(found, dtype=object)
    )


def _headline_window(table: Table) -> float | None:
    """The window (m) of the rows marked ``headline``; None where the table does not say."""
    if "headline" not in table or "window_m" not in table:
        return None
    widths = table.floats("window_m")[_truth(table, "headline")]
    sizes, counts = np.unique(widths[np.isfinite(widths)], return_counts=True)
    return float(sizes[np.argmax(counts)]) if len(sizes) else None


def _truth(table: Table, key: str) -> AnyArray:
    return np.asarray(np.nan_to_num(table.floats(key, 0.0)) > 0, dtype=np.bool_)
