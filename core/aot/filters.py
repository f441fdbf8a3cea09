# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of match-ups in their fixed order: each rejected row keeps the first reason that
applies.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray
from .keys import Factor, level_allowed
from .plausible import implausible
from .status import DEFAULT_AOT, TIME_UNKNOWN
from .types import FilterStep, MatchSettings, MatchUps

REASONS: dict[str, str] = {
    "no_retrieval": "The satellite table has no value (or no time) here",
    "implausible": "The satellite value lies outside the plausible range (fill value, other unit)",
    "time_unknown": "The time of day of the overpass is not known",
    "no_site": "No photometer has this site's name",
    "no_reference_in_window": "No photometer observation within the time window",
    "level": "Photometer observations of another quality level only",
    "too_few_observations": "Fewer photometer observations than asked for",
    "default_aot": "The product holds a default AOT here, not a retrieved one",
    "saturated": "The satellite value is clipped at the product's upper bound",
    "gap_filled": "Too large a share of the window is gap-filled",
    "cloudy": "Too large a share of the window is cloudy",
    "unstable": "The photometer's AOT varies too much around the overpass",
    "altitude": "Pixel and photometer differ too much in altitude",
    "duplicate": "Another tile or product of the same overpass is used for this site",
}
ALWAYS = ("no_retrieval", "no_site", "no_reference_in_window", "too_few_observations")


def filter_rows(
    matchups: MatchUps, settings: MatchSettings, no_site: BoolArray, narrowed: bool = False
) -> MatchUps:
    """The same rows with ``accepted`` and ``reason`` set by ``settings``; ``no_site`` (n,) marks
    unknown sites.

    A filter whose column is absent or empty rejects nothing. Duplicates are looked for last, among
    the rows that passed everything else: of one site, window size, sensor, campaign and datatake
    the row with the highest valid share (then the lowest cloud share) stays.
    """
    reason = np.full(len(matchups), "", dtype=object)
    for name, bad in _tests(matchups, settings, no_site, narrowed).items():
        reason[bad & (reason == "")] = name
    if settings.deduplicate:
        reason[_duplicates(matchups, np.asarray(reason == ""))] = "duplicate"
    return replace(matchups, reason=reason, accepted=np.asarray(reason == "", dtype=np.bool_))


def headline_window(matchups: MatchUps) -> float:
    """The satellite window (m) that the headline figures use; NaN where the rows state none.

    ``settings.window_m`` where given (the nearest size present), else the middle one of the sizes
    present (of an even number the smaller middle one): the smallest windows are noisy, the largest
    mix air masses.
    """
    sizes = np.unique(_column(matchups, "window_m"))
    sizes = sizes[np.isfinite(sizes)]
    if len(sizes) == 0:
        return float("nan")
    wanted = matchups.settings.window_m
    if wanted is not None:
        return float(sizes[np.argmin(np.abs(sizes - wanted))])
    return float(sizes[(len(sizes) - 1) // 2])


def headline_rows(matchups: MatchUps) -> BoolArray:
    """Mask (n,) of the rows, accepted or not, at the headline window (all rows where no size is
    stated).
    """
    size = headline_window(matchups)
    if np.isnan(size):
        return np.ones(len(matchups), dtype=np.bool_)
    return np.asarray(_column(matchups, "window_m") == size)


def waterfall(matchups: MatchUps) -> list[FilterStep]:
    """What each filter changed at the headline window: rows removed, rows left, bias and RMSE of
    those left.

    The first line holds all rows. Filters that are off and removed nothing are left out.
    """
    rows = headline_rows(matchups)
    reason = matchups.reason[rows]
    # Fill values are counted, but no mean of them means anything.
    difference = np.where(reason == "implausible", np.nan, matchups.difference[rows])
    left = np.ones(len(reason), dtype=np.bool_)
    steps = [_step("all", 0, left, difference)]
    active = _active(matchups.settings)
    for name in REASONS:
        removed = np.asarray(reason == name)
        left = left & ~removed
        if removed.any() or name in active:
            steps.append(_step(name, int(removed.sum()), left, difference))
    return steps


def _tests(
    matchups: MatchUps, settings: MatchSettings, no_site: BoolArray, narrowed: bool
) -> dict[str, BoolArray]:
    """Rows (n,) that fail each filter, in the order of ``REASONS``."""
    count = matchups.reference_count
    absent = count < 1
    if narrowed:
        absent = absent | (np.abs(matchups.time_offset_min) > settings.time_window_min)
    levels = Factor.of(matchups.extra.get("level", np.full(len(matchups), "", dtype=object)))
    allowed = np.array(
        [level_allowed(name, settings.level) for name in levels.labels], dtype=np.bool_
    )
    off = np.zeros(len(matchups), dtype=np.bool_)
    return {
        "no_retrieval": ~np.isfinite(matchups.satellite) | np.isnat(matchups.time),
        "implausible": implausible(matchups.satellite, settings.quantity),
        "time_unknown": _says(matchups, TIME_UNKNOWN),
        "no_site": no_site,
        "no_reference_in_window": absent,
        "level": ~allowed[levels.codes] if len(levels.codes) else off,
        "too_few_observations": count < settings.min_observations,
        "default_aot": _says(matchups, DEFAULT_AOT) if _drops_default(settings) else off,
        "saturated": _column(matchups, "saturated_count") > 0 if _clips(settings) else off,
        "gap_filled": _above(matchups, "gapfilled_fraction", settings.max_gapfilled),
        "cloudy": _above(matchups, "cloud_fraction", settings.max_cloud),
        "unstable": ~matchups.stable if settings.only_stable else off,
        "altitude": _above(matchups, "altitude_difference_m", settings.max_altitude_difference_m),
    }


def _clips(settings: MatchSettings) -> bool:
    """Whether clipped values are looked for: what is counted are clipped AOT values."""
    return settings.drop_saturated and settings.quantity == "aot"


def _drops_default(settings: MatchSettings) -> bool:
    """Whether default values are looked for: a default AOT says nothing of the water vapor."""
    return settings.quantity == "aot" and not settings.keep_default_aot


def _says(matchups: MatchUps, remark: str) -> BoolArray:
    """Rows (n,) whose ``status`` holds a remark."""
    status = Factor.of(matchups.extra.get("status", np.full(len(matchups), "", dtype=object)))
    found = np.array([remark in label for label in status.labels], dtype=np.bool_)
    return np.asarray(found[status.codes], dtype=np.bool_)


def _above(matchups: MatchUps, key: str, bound: float | None) -> BoolArray:
    if bound is None:
        return np.zeros(len(matchups), dtype=np.bool_)
    return np.asarray(np.abs(_column(matchups, key)) > bound)


def _duplicates(matchups: MatchUps, passed: BoolArray) -> BoolArray:
    """Rows (n,) that repeat an overpass at a site; rows without a datatake are never duplicates."""
    result = np.zeros(len(matchups), dtype=np.bool_)
    if "datatake" not in matchups.extra:
        return result
    rows = np.flatnonzero(passed & (matchups.extra["datatake"] != ""))
    keys = [Factor.of(matchups.site[rows]).codes, _column(matchups, "window_m")[rows]]
    for name in ("datatake", "sensor", "campaign"):
        if name in matchups.extra:
            keys.append(Factor.of(matchups.extra[name][rows]).codes)
    valid = np.nan_to_num(_column(matchups, "valid_fraction")[rows], nan=-1.0)
    cloud = np.nan_to_num(_column(matchups, "cloud_fraction")[rows], nan=2.0)
    order = np.lexsort((matchups.satellite[rows], cloud, -valid, *keys))
    table = np.column_stack([np.nan_to_num(key[order], nan=-1.0) for key in keys])
    repeated = np.concatenate(([False], np.all(table[1:] == table[:-1], axis=1)))[: len(rows)]
    result[rows[order[repeated]]] = True
    return result


def _active(settings: MatchSettings) -> set[str]:
    switches = {
        "level": settings.level != "any",
        "saturated": _clips(settings),
        "gap_filled": settings.max_gapfilled is not None,
        "cloudy": settings.max_cloud is not None,
        "unstable": settings.only_stable,
        "altitude": settings.max_altitude_difference_m is not None,
        "duplicate": settings.deduplicate,
    }
    return set(ALWAYS) | {name for name, on in switches.items() if on}


def _step(name: str, removed: int, left: BoolArray, difference: FloatArray) -> FilterStep:
    values = difference[left]
    values = values[np.isfinite(values)]
    if len(values) == 0:
        return FilterStep(name, removed, int(left.sum()), float("nan"), float("nan"))
    rms = float(np.sqrt(np.mean(values * values)))
    return FilterStep(name, removed, int(left.sum()), float(values.mean()), rms)


def _column(matchups: MatchUps, key: str) -> FloatArray:
    values: AnyArray | None = matchups.extra.get(key)
    if values is None:
        return np.full(len(matchups), np.nan)
    return np.asarray(values, dtype=np.float64)
