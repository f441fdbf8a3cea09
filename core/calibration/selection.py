# SPDX-License-Identifier: GPL-3.0-or-later
"""Which coefficients count under narrower limits, and what those say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..types import AnyArray, BoolArray, FloatArray, TimeArray
from .coefficients import Coefficients
from .desert import OUTLIER
from .drift import constant_or_line, line_of, noise_of
from .outliers import clipped_in_time
from .summary import Summary, half_year_numbers, half_years, summarize

FAR = "geometry differs too much"
LATE = "too many days apart"


@dataclass(frozen=True)
class Choice:
    """What is looked at, and the limits that are narrower than those of the run.

    ``sites``, ``bands``, ``sensors``: names, None for all; ``method``: the spectral method, "" for
    all; ``first``, ``last``: days, both included, None for no limit; ``rows``: numbers of rows,
    None for all. ``distance_deg``, ``days``: the largest difference of geometry and of time;
    ``clip_sigmas``: beyond how many standard deviations a coefficient is an outlier, None: as the
    table says.
    """

    sites: frozenset[str] | None = None
    bands: frozenset[str] | None = None
    sensors: frozenset[str] | None = None
    method: str = ""
    first: np.datetime64 | None = None
    last: np.datetime64 | None = None
    rows: frozenset[int] | None = None
    distance_deg: float = float("inf")
    days: float = float("inf")
    clip_sigmas: float | None = None


@dataclass(frozen=True)
class Chosen:
    """The outcome, all (n,): ``shown``: what is looked at; ``reason``: why a row does not count, ""
    where it does. ``passed``: what counts, ``counted``: of what is looked at.
    """

    shown: BoolArray
    reason: AnyArray

    @cached_property
    def passed(self) -> BoolArray:
        """Rows that no limit takes out, looked at or not (n,)."""
        return np.asarray(self.reason == "")

    @cached_property
    def counted(self) -> BoolArray:
        """Rows that are looked at and count (n,)."""
        return self.shown & self.passed


def choose(rows: Coefficients, choice: Choice) -> Chosen:
    """What ``choice`` makes of the coefficients.

    A row that the table rejects stays rejected, with one exception: where ``clip_sigmas`` is given,
    outliers are found anew, as the calibration finds them: for each sensor, method and band, around
    a line in time with a level for each site, among the rows within the limits. What was judged by
    hand stays as it was judged, whatever the limits.
    """
    reason = reasons(rows, choice)
    shown = np.ones(len(rows), dtype=np.bool_)
    for values, names in (
        (rows.site, choice.sites), (rows.band, choice.bands), (rows.sensor, choice.sensors)
    ):  # fmt: skip
        if names is not None:
            shown &= np.isin(values.astype(str), sorted(names))
    if choice.method:
        shown &= rows["method"] == choice.method
    if choice.first is not None:
        shown &= rows.time >= choice.first
    if choice.last is not None:
        shown &= rows.time < choice.last.astype("datetime64[D]") + np.timedelta64(1, "D")
    if choice.rows is not None:
        shown &= np.isin(np.arange(len(rows)), sorted(choice.rows))
    return Chosen(shown, reason)


def reasons(rows: Coefficients, choice: Choice) -> AnyArray:
    """Why each row does not count under the limits of ``choice`` (n,), "" where it does."""
    found, judged = rows.refusal.copy(), rows.by_hand
    if choice.clip_sigmas is not None:
        found[~judged & (found == OUTLIER)] = ""
    free = (found == "") & ~judged
    with np.errstate(invalid="ignore"):
        far = free & (rows["distance_deg"] > choice.distance_deg)
        late = free & ~far & (np.abs(rows["days"]) > choice.days)
    found[far], found[late] = FAR, LATE
    if choice.clip_sigmas is not None:
        _clip(rows, found, judged, choice.clip_sigmas)
    return found


def _clip(rows: Coefficients, found: AnyArray, judged: BoolArray, sigmas: float) -> None:
    free = (found == "") & ~judged
    for key in np.unique(rows.groups):
        group = (rows.groups == key) & free
        values = np.where(group, rows.a_k, np.nan)
        found[group & ~clipped_in_time(rows.time, values, rows.site, sigmas)] = OUTLIER


@dataclass(frozen=True)
class BandFigures:
    """The ``summary`` of one band, and how many of its coefficients are ``rejected``."""

    band: str
    wavelength_nm: float
    summary: Summary
    rejected: int


def band_figures(rows: Coefficients, chosen: Chosen, bands: Sequence[str]) -> list[BandFigures]:
    """The summary of each of the ``bands`` over the rows that are looked at and count."""
    counted, made = chosen.counted, []
    for band in bands:
        own = rows.of_band(band)
        kept = np.flatnonzero(own & counted)
        rejected = int((own & chosen.shown & ~counted).sum())
        found = summarize(rows.time[kept], rows.a_k[kept], rows.site[kept])
        made.append(BandFigures(band, rows.wavelength_nm(band), found, rejected))
    return made


@dataclass(frozen=True)
class HalfYears:
    """Means by half-year (h,): their middle times, names ("2004-H1"), and summaries."""

    time: TimeArray
    name: tuple[str, ...]
    summary: tuple[Summary, ...]


def half_year_means(time: TimeArray, values: FloatArray) -> HalfYears:
    """Coefficients (n,) at ``time`` summed up by half-year; ``time`` of each is the mean one."""
    order = np.argsort(time, kind="stable")
    time, values = time[order].astype("datetime64[ms]"), values[order]
    numbers = half_year_numbers(time)
    starts = np.unique(numbers, return_index=True)[1]
    ends = [*starts[1:], len(time)]
    spans = [slice(*one) for one in zip(starts, ends, strict=True)] if len(time) else []
    middles = [time[span].astype(np.int64).mean() for span in spans]
    at = np.array(middles, dtype=np.float64).astype(np.int64).astype("datetime64[ms]")
    names = tuple(str(one) for one in half_years(time[starts]))
    noise = noise_of(time, values)
    made = tuple(summarize(time[one], values[one], noise=noise, trended=False) for one in spans)
    return HalfYears(at, names, made)


def trend_line(
    time: TimeArray, values: FloatArray, at: TimeArray, sites: AnyArray | None = None
) -> tuple[FloatArray, FloatArray] | None:
    """The line of ``drift.constant_or_line`` through coefficients (n,) of ``sites`` (n,) at the
    times ``at`` (m,), and its standard error there; None where there is no trend to speak of.
    """
    choice = constant_or_line(time, values, sites)
    return None if choice is None else line_of(choice).at(at)


def near_values(values: FloatArray, shown: BoolArray, rejected: BoolArray) -> BoolArray:
    """Which of the ``shown`` values (n,) an axis has to show: all that count, and of the
    ``rejected`` those that are no farther from them than they are from each other. Where none
    counts, all.
    """
    known = shown & np.isfinite(values)
    good = values[known & ~rejected]
    if not len(good):
        return np.asarray(known)
    low, high = float(good.min()), float(good.max())
    span = high - low
    return np.asarray(known & (values >= low - span) & (values <= high + span))


def histogram(values: FloatArray, most: int = 60) -> tuple[FloatArray, AnyArray]:
    """Edges (k + 1,) and counts (k,) of values (n,); the width is the smaller of Sturges' and
    Freedman and Diaconis' (numpy's ``auto``), ``most`` bins at most.
    """
    good = values[np.isfinite(values)]
    if not len(good):
        return np.array([0.0, 1.0]), np.array([0])
    edges = np.histogram_bin_edges(good, "auto")
    if len(edges) > most + 1:
        edges = np.linspace(edges[0], edges[-1], most + 1)
    counts, edges = np.histogram(good, edges)
    return edges, counts
