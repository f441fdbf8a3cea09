# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole comparison of satellite and photometer: match-ups, statistics, bins and waterfall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import InsufficientDataError
from ..progress import Part, Progress, Silent
from ..times import iso_texts
from ..types import AnyArray
from ..wording import listed
from .filters import headline_rows, headline_window, waterfall
from .keys import Factor
from .matchup import match, unmatched_sites
from .plausible import implausible, range_text
from .stability import NEIGHBORHOOD_M
from .statistics import summarize
from .types import ExpectedError, FilterStep, MatchSettings, MatchUps, Observations, Summary

SILENT = Silent()
_FILTER_COLUMNS = {
    "max_gapfilled": "gapfilled_fraction",
    "max_cloud": "cloud_fraction",
    "max_altitude_difference_m": "altitude_difference_m",
    "altitude_scale_m": "altitude_difference_m",
}


@dataclass(frozen=True)
class Comparison:
    """What ``compare`` found; ``overall`` is the first of the ``summaries``."""

    matchups: MatchUps
    summaries: tuple[Summary, ...]
    bins: tuple[Summary, ...]
    steps: tuple[FilterStep, ...]

    @property
    def overall(self) -> Summary:
        """The statistics of all accepted match-ups at the headline window."""
        return self.summaries[0]

    @property
    def rejected_count(self) -> int:
        """Rows of the headline window that were left out."""
        rows = headline_rows(self.matchups)
        return int(np.count_nonzero(rows & ~self.matchups.accepted))


def compare(
    satellite: Observations,
    reference: Observations,
    settings: MatchSettings,
    expected_error: ExpectedError | None = None,
    n_bootstrap: int = 1000,
    seed: int = 0,
    progress: Progress = SILENT,
) -> Comparison:
    """Match, filter and summarize; units as in ``Observations``.

    Raises ``InsufficientDataError``, with the site names and periods of both tables, where they
    have no place or no time in common. Where rows can be matched but none is accepted, the result
    holds them with their reasons, and empty statistics.
    """
    require_overlap(satellite, reference, settings)
    progress.report(0.0, "Matching")
    matchups = match(satellite, reference, settings, Part(progress, 0.0, 0.2))
    _tell(matchups, progress)
    part = Part(progress, 0.2, 1.0)
    summaries = summarize(matchups, expected_error, n_bootstrap, part, seed)
    bins = tuple(one for one in summaries if one.grouping == "aot_bin")
    return Comparison(matchups, tuple(summaries), bins, tuple(waterfall(matchups)))


def require_overlap(
    satellite: Observations, reference: Observations, settings: MatchSettings
) -> None:
    """Raise ``InsufficientDataError`` where nothing can be matched, saying what both tables
    hold.
    """
    for one, kind in ((satellite, "satellite"), (reference, "photometer")):
        if not len(_usable(one, settings.quantity)):
            bad = int(np.count_nonzero(implausible(one.value, settings.quantity)))
            fill = f", {bad} of them outside {range_text(settings.quantity)}" if bad else ""
            raise InsufficientDataError(
                f"The {kind} table {one.name} has no row with a time and a value "
                f"({len(one)} rows in all{fill}). Check the columns that were chosen and the input."
            )
    ours, theirs = unmatched_sites(satellite, reference)
    names = Factor.of(satellite.site).labels
    if len(ours) == len(names):
        raise InsufficientDataError(
            f"No site name is in both tables. {satellite.name} has: {_listed(ours)}. "
            f"{reference.name} has: {_listed(theirs)}. Names are compared without regard to case, "
            "blanks, '-' and '_'; give the site's name for a table that has none, or rename it."
        )
    slack = np.timedelta64(round(settings.time_window_min * 60_000), "ms")
    first, last = _period(satellite, settings.quantity)
    begin, end = _period(reference, settings.quantity)
    if first > end + slack or last < begin - slack:
        raise InsufficientDataError(
            f"The tables have no time in common. {satellite.name} reaches from {_span(first, last)}"
            f", {reference.name} from {_span(begin, end)} (UTC). Check the time formats, or get "
            "the data of the same period."
        )


def _tell(matchups: MatchUps, progress: Progress) -> None:
    """Say in the log what decides how the figures are read."""
    settings = matchups.settings
    for name, column in _FILTER_COLUMNS.items():
        if getattr(settings, name) is not None:
            _tell_unstated(matchups, name, column, progress)
    if settings.level != "any" and not any(matchups.extra["level"]):
        progress.warn(
            f"The photometer table states no level: nothing is known to be {settings.level}."
        )
    if not _any_number(matchups.extra["neighborhood_cloud"]):
        progress.info(
            "No row states the cloud share of a window of "
            f"{NEIGHBORHOOD_M / 1000:g} km or more: the photometer alone decides what is stable."
        )
    window = headline_window(matchups)
    if np.isfinite(window) and not headline_rows(matchups).all():
        progress.info(f"The figures are those of the {window:g} m window; the table has all.")
        for name in _campaigns_elsewhere(matchups):
            progress.warn(
                f"No row of {name} has a window of {window:g} m: it has no part in the figures. "
                "Extract it with the same window widths."
            )
    if not matchups.accepted.any():
        counted = zip(*np.unique(matchups.reason.astype(str), return_counts=True), strict=True)
        reasons = ", ".join(f"{reason}: {count}" for reason, count in counted)
        progress.warn(f"No match-up was accepted ({reasons}): the statistics are empty.")


def _tell_unstated(matchups: MatchUps, name: str, column: str, progress: Progress) -> None:
    """Warn where rows do not state what a filter looks at: it cannot reject them."""
    values = matchups.extra.get(column)
    if values is None or not _any_number(values):
        progress.warn(f"{name} has no effect: no row states '{column}'.")
        return
    rows = headline_rows(matchups) & np.isfinite(matchups.satellite)
    silent = rows & ~np.isfinite(np.asarray(values, dtype=np.float64))
    if silent.any():
        progress.warn(
            f"{name} has no effect on {int(silent.sum())} of {int(rows.sum())} rows with a value: "
            f"they do not state '{column}' ({int((silent & matchups.accepted).sum())} of them are "
            "accepted)."
        )


def _campaigns_elsewhere(matchups: MatchUps) -> list[str]:
    """Campaigns without a row at the headline window."""
    names = np.asarray(matchups.extra.get("campaign", []), dtype=object)
    if not len(names):
        return []
    return sorted(set(names) - set(names[headline_rows(matchups)]) - {""})


def _any_number(values: AnyArray) -> bool:
    return bool(np.isfinite(np.asarray(values, dtype=np.float64)).any())


def _usable(observations: Observations, quantity: str) -> AnyArray:
    good = np.isfinite(observations.value) & ~implausible(observations.value, quantity)
    return np.flatnonzero(good & ~np.isnat(observations.time))


def _period(observations: Observations, quantity: str) -> tuple[np.datetime64, np.datetime64]:
    times = observations.time[_usable(observations, quantity)]
    return times.min(), times.max()


def _span(first: np.datetime64, last: np.datetime64) -> str:
    begin, end = iso_texts(np.array([first, last]).astype("datetime64[s]"))
    return f"{begin} to {end}"


def _listed(names: list[str], most: int = 12) -> str:
    return listed([name or "(empty)" for name in names], most)
