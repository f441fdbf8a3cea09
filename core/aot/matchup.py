# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairs satellite observations with photometer means, and says of each rejected one why.

The photometer values within +/-window (bounds included) of an overpass are averaged; a row needs a
minimum number of them. All work is done on sorted arrays (one binary search per bound, one segment
sum per quantity), so that days, time zones and 00 UTC play no role. The protocol follows Ichoku et
al. (2002, 10.1029/2001GL013206) and Petrenko et al. (2012, 10.5194/amt-5-913-2012).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..progress import Progress, Silent, check
from ..types import AnyArray, BoolArray, FloatArray
from ..wording import listed
from .expected_errors import EXPECTED_ERRORS as EXPECTED_ERRORS
from .filters import REASONS as REASONS
from .filters import filter_rows
from .filters import headline_rows as headline_rows
from .filters import headline_window as headline_window
from .keys import Factor, fold_site, level_allowed, level_name, level_rank, season
from .plausible import implausible, range_text
from .segments import Segments
from .stability import is_stable, neighborhood_cloud
from .types import MatchSettings, MatchUps, Observations

SILENT = Silent()
MINUTE_MS = 60_000
REFERENCE_EXTRAS = ("longitude", "latitude", "elevation_m")


@dataclass(frozen=True)
class _Means:
    """What the photometer says around each satellite row: arrays (n,)."""

    mean: FloatArray
    count: AnyArray
    std: FloatArray
    offset_min: FloatArray
    nearest: AnyArray  # index into the reference rows; -1 where there is none
    angstrom: FloatArray


def match(
    satellite: Observations,
    reference: Observations,
    settings: MatchSettings | None = None,
    progress: Progress = SILENT,
) -> MatchUps:
    """Match every satellite row (n) with the photometer's observations at the site of the same
    name.

    Site names are compared without regard to case, blanks, ``-`` and ``_``; the match-ups have the
    photometer's spelling. Values are in the quantity's unit (AOT: 1; water vapor: cm); photometer
    values outside the plausible range (fill values) have no part in the means. Where the reference
    has several quality levels, each row uses the best allowed level that has enough observations
    (without such a level: the one with most), never a mixture. All rows come back: rejected ones
    with ``reason``; satellite windows of several sizes are all kept (see ``headline_window``).
    """
    settings = settings or MatchSettings()
    reference = _plausible_part(satellite, reference, settings.quantity, progress)
    sites = Factor.of(satellite.site, fold_site)
    known = Factor.of(reference.site, fold_site)
    codes = known.translate(sites)
    _report_names(satellite, reference, progress)
    means, level = _best_level(satellite, reference, codes, known.codes, settings, progress)
    site = _spelled(satellite, reference, sites)
    extra = dict(satellite.extra)
    if np.any(site != satellite.site):
        extra["satellite_site"] = satellite.site
    extra.update(_reference_extras(reference, known, codes, extra, len(satellite)))
    extra["level"] = level
    extra["instrument"] = _nearest_text(reference, "instrument", means.nearest)
    extra["angstrom_440_870"] = means.angstrom
    extra["season"] = season(satellite.time)
    difference_m = _floats(extra, "pixel_elevation_m", len(satellite)) - extra[
        "elevation_m"
    ].astype(np.float64)
    extra["altitude_difference_m"] = difference_m
    extra["neighborhood_cloud"] = neighborhood_cloud(satellite)
    if settings.altitude_scale_m is not None:
        extra["reference_uncorrected"] = means.mean
    matchups = MatchUps(
        site,
        satellite.time,
        satellite.value,
        _to_pixel_altitude(means.mean, difference_m, settings),
        means.count,
        means.std,
        means.offset_min,
        is_stable(means.std, means.mean, extra["neighborhood_cloud"], settings),
        np.zeros(len(satellite), dtype=np.bool_),
        np.full(len(satellite), "", dtype=object),
        extra,
        settings,
    )
    return filter_rows(matchups, settings, codes < 0)


def refilter(matchups: MatchUps, settings: MatchSettings) -> MatchUps:
    """Apply the filters of ``settings`` anew to rows that are matched already (fast: for sliders).

    The photometer means stay as they are. A narrower ``time_window_min`` than the one of the match
    rejects rows whose mean photometer time lies outside it; for exact means in another window, or
    another ``altitude_scale_m``, call ``match``. ``level`` can only choose among the levels that
    the match used.
    """
    no_site = matchups.reason == "no_site"
    cloud = _floats(matchups.extra, "neighborhood_cloud", len(matchups))
    mean = matchups.extra.get("reference_uncorrected", matchups.reference)
    stable = is_stable(matchups.reference_std, mean, cloud, settings)
    return filter_rows(
        replace(matchups, settings=settings, stable=stable),
        settings,
        np.asarray(no_site, dtype=np.bool_),
        narrowed=settings.time_window_min < matchups.settings.time_window_min,
    )


def unmatched_sites(
    satellite: Observations, reference: Observations
) -> tuple[list[str], list[str]]:
    """Names of the satellite's sites without photometer, and of the photometer's without satellite,
    sorted.
    """
    ours = _names(satellite)
    theirs = _names(reference)
    return (
        sorted(name for key, name in ours.items() if key not in theirs),
        sorted(name for key, name in theirs.items() if key not in ours),
    )


def _plausible_part(
    satellite: Observations, reference: Observations, quantity: str, progress: Progress
) -> Observations:
    """The reference without values that cannot be; both sides' numbers of them are told."""
    bad = implausible(reference.value, quantity)
    bounds = f"outside the plausible range, {range_text(quantity)}: fill values or another unit?"
    count = int(np.count_nonzero(implausible(satellite.value, quantity)))
    if count:
        progress.warn(
            f"{count} values of {satellite.name} lie {bounds} These rows are rejected "
            "(implausible)."
        )
    if not bad.any():
        return reference
    progress.warn(
        f"{int(bad.sum())} values of {reference.name} lie {bounds} They are left out of the means."
    )
    return replace(reference, value=np.where(bad, np.nan, reference.value))


def _spelled(satellite: Observations, reference: Observations, sites: Factor) -> AnyArray:
    """One spelling (n,) per site: the photometer's first one, else the satellite's own first."""
    known = _names(satellite) | _names(reference)
    names = np.empty(len(sites.labels), dtype=object)
    names[:] = [known[label] for label in sites.labels]
    return names[sites.codes]


def _names(observations: Observations) -> dict[str, str]:
    names = Factor.of(observations.site, str).labels
    return {fold_site(name): name for name in reversed(names)}


def _report_names(satellite: Observations, reference: Observations, progress: Progress) -> None:
    ours, theirs = unmatched_sites(satellite, reference)
    if ours:
        progress.warn(
            f"No photometer is called: {listed(ours, 20)}. "
            "These satellite rows are rejected (no_site)."
        )
    if theirs:
        progress.info(f"No satellite row is at: {listed(theirs, 20)}.")


def _best_level(
    satellite: Observations,
    reference: Observations,
    codes: AnyArray,
    known: AnyArray,
    settings: MatchSettings,
    progress: Progress,
) -> tuple[_Means, AnyArray]:
    """Per row the means of the best level with enough observations.

    A level that is not allowed counts only where no allowed one has a single observation: it tells
    why the row is rejected.
    """
    levels = Factor.of(
        reference.extra.get("level", np.full(len(reference), "", dtype=object)), level_name
    )
    order = sorted(
        range(len(levels.labels)), key=lambda i: level_rank(levels.labels[i], settings.level)
    )
    best = _empty_means(len(satellite))
    names = np.full(len(satellite), "", dtype=object)
    for index in order:
        check(progress)
        rows = np.flatnonzero(
            (levels.codes == index) & np.isfinite(reference.value) & ~np.isnat(reference.time)
        )
        found = _window_means(satellite, reference, rows, codes, known, settings)
        if level_allowed(levels.labels[index], settings.level):
            enough = found.count >= settings.min_observations
            better = (best.count < settings.min_observations) & (
                enough | (found.count > best.count)
            )
        else:
            better = (best.count == 0) & (found.count > 0)
        best = _choose(better, found, best)
        names[better] = levels.labels[index]
    return best, names


def _window_means(
    satellite: Observations,
    reference: Observations,
    rows: AnyArray,
    codes: AnyArray,
    known: AnyArray,
    settings: MatchSettings,
) -> _Means:
    segments = Segments.of(known[rows], reference.time[rows])
    values = reference.value[rows]
    half = round(settings.time_window_min * MINUTE_MS)
    window = segments.around(codes, satellite.time, half)
    count, mean = window.means(values)
    spread = segments.around(
        codes, satellite.time, round(settings.stability_window_min * MINUTE_MS)
    ).stds(values)
    offset = window.mean_time_offset_ms() / MINUTE_MS
    nearest = window.nearest()
    nearest = np.where(nearest < 0, -1, rows[nearest]) if len(rows) else nearest
    angstrom: FloatArray = np.full(len(satellite), np.nan)
    if "angstrom_440_870" in reference.extra:
        angstrom = window.means(
            np.asarray(reference.extra["angstrom_440_870"][rows], dtype=np.float64)
        )[1]
    return _Means(mean, count, spread, offset, nearest, angstrom)


def _empty_means(size: int) -> _Means:
    nan = np.full(size, np.nan)
    return _Means(nan, np.zeros(size, np.int64), nan, nan, np.full(size, -1, np.int64), nan)


def _choose(take: BoolArray, new: _Means, old: _Means) -> _Means:
    return _Means(
        np.where(take, new.mean, old.mean),
        np.where(take, new.count, old.count),
        np.where(take, new.std, old.std),
        np.where(take, new.offset_min, old.offset_min),
        np.where(take, new.nearest, old.nearest),
        np.where(take, new.angstrom, old.angstrom),
    )


def _to_pixel_altitude(
    reference: FloatArray, difference_m: FloatArray, settings: MatchSettings
) -> FloatArray:
    """tau(pixel) = tau(site) exp(-(z_pixel - z_site) / H); as it is where one is unknown."""
    if settings.altitude_scale_m is None:
        return reference
    factor = np.exp(-difference_m / settings.altitude_scale_m)
    return np.where(np.isfinite(factor), reference * factor, reference)


def _reference_extras(
    reference: Observations, known: Factor, codes: AnyArray, own: dict[str, AnyArray], size: int
) -> dict[str, FloatArray]:
    """Position of each row's photometer (first known one of its site), else the satellite row's
    own.
    """
    result = {}
    for key in REFERENCE_EXTRAS:
        per_site = np.full(len(known.labels) + 1, np.nan)
        if key in reference.extra:
            values = np.asarray(reference.extra[key], dtype=np.float64)
            finite = np.flatnonzero(np.isfinite(values))[::-1]
            per_site[known.codes[finite]] = values[finite]
        found = per_site[codes]  # code -1 (no such site) reads the last entry, which is NaN
        result[key] = np.where(np.isfinite(found), found, _floats(own, key, size))
    return result


def _nearest_text(reference: Observations, key: str, nearest: AnyArray) -> AnyArray:
    result = np.full(len(nearest), "", dtype=object)
    if key in reference.extra:
        found = nearest >= 0
        result[found] = [_plain(value) for value in reference.extra[key][nearest[found]]]
    return result


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _floats(extra: Mapping[str, AnyArray], key: str, size: int) -> FloatArray:
    return np.asarray(extra[key], dtype=np.float64) if key in extra else np.full(size, np.nan)
