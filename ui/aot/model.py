# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel shows, free of widgets: the match-ups under the current filters and what is
computed from them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...core.aot.expected_errors import DEFAULT_ENVELOPE, EXPECTED_ERRORS
from ...core.aot.filters import headline_rows
from ...core.aot.keys import fold_site
from ...core.aot.matchup import match, refilter
from ...core.aot.plausible import implausible
from ...core.aot.statistics import accuracy_bins, summarize_rows
from ...core.aot.types import ExpectedError, MatchSettings, MatchUps, Summary
from ...core.progress import Part, Progress, Silent
from ...core.types import AnyArray, BoolArray, FloatArray, TimeArray
from ..names import when
from ..places import nearest_place
from ..text import number, tr
from .inputs import Inputs
from .parameters import envelope_name, settings_of
from .reasons import reason_text

QUICK_ROWS = 300_000  # rows that are re-matched at once, without a task


@dataclass(frozen=True)
class PickedMatchUp:
    """A match-up that was clicked in a plot: table, place (degrees), time and product."""

    source: str
    site: str
    time: np.datetime64
    longitude: float
    latitude: float
    product: str
    window_m: float

    def time_texts(self) -> list[str]:
        """The time as tables may write it: without and with milliseconds."""
        seconds = self.time.astype("datetime64[s]")
        texts = [f"{self.time.astype('datetime64[ms]')}Z"]
        return [f"{seconds}Z", *texts] if seconds == self.time else texts


@dataclass(frozen=True)
class Figures:
    """Statistics of all shown match-ups and of the picked site (None where none is picked)."""

    overall: Summary
    site: Summary | None
    rejected: int
    rejected_at_site: int


class AotModel:
    """The state of the panel.

    ``inputs``: what was loaded (None: nothing yet). ``settings``: the filters in force.
    ``matchups``: all rows of the headline window, accepted or rejected by ``settings`` (None:
    nothing loaded). ``site``: the picked site, "" for all. ``envelope``: the expected error.
    """

    def __init__(self) -> None:
        self.inputs: Inputs | None = None
        self.settings = MatchSettings()
        self.matchups: MatchUps | None = None
        self.site = ""
        self.envelope: ExpectedError = EXPECTED_ERRORS[DEFAULT_ENVELOPE["aot"]]
        self.sites: tuple[str, ...] = ()
        self.windows: tuple[float, ...] = ()
        self._base: MatchUps | None = None

    def set_inputs(self, inputs: Inputs) -> None:
        """Show another match-up table, with the filters of the run that made it."""
        self.inputs = inputs
        known = inputs.matchups.settings
        self.settings = replace(settings_of(inputs.parameters), quantity=known.quantity)
        if not inputs.parameters:  # without a record the table itself tells its window
            self.settings = replace(self.settings, window_m=known.window_m)
        self.envelope = EXPECTED_ERRORS[envelope_name(inputs.parameters, self.settings.quantity)]
        self._base = replace(inputs.matchups, settings=self.settings)
        self.sites = tuple(sorted({str(name) for name in inputs.matchups.site}))
        self.site = self.site if self.site in self.sites else ""
        self.windows = _sizes(inputs.matchups)
        self._show(self._base)

    @property
    def can_rematch(self) -> bool:
        """Whether the time window can be moved with exact photometer means."""
        return self.inputs is not None and self.inputs.can_rematch

    def is_quick(self, settings: MatchSettings) -> bool:
        """Whether ``settings`` can be applied while a slider moves, without a task."""
        if not self._needs_match(settings) or self.inputs is None:
            return True
        rows = sum(
            len(one) for one in (self.inputs.satellite, self.inputs.reference) if one is not None
        )
        return rows <= QUICK_ROWS

    def matched(self, settings: MatchSettings, progress: Progress | None = None) -> MatchUps:
        """Match-ups of all windows under ``settings``: matched anew where the time window asks for
        it.
        """
        if self.inputs is None or self._base is None:
            raise ValueError("nothing is loaded")
        base = self._base
        if self._needs_match(settings) and self.inputs.satellite and self.inputs.reference:
            base = match(
                self.inputs.satellite, self.inputs.reference, settings, progress or Silent()
            )
        return refilter(base, settings)

    def apply(self, settings: MatchSettings) -> None:
        """Put ``settings`` in force at once."""
        self.put(settings, self.matched(settings))

    def put(self, settings: MatchSettings, matchups: MatchUps) -> None:
        """Put ``settings`` in force with the match-ups that ``matched`` returned for them."""
        if self._needs_match(settings):
            self._base = matchups
        self.settings = settings
        self._show(matchups)

    def _needs_match(self, settings: MatchSettings) -> bool:
        base = self._base
        return (
            base is not None
            and self.can_rematch
            and settings.time_window_min != base.settings.time_window_min
        )

    def _show(self, matchups: MatchUps) -> None:
        shown = replace(matchups, settings=self.settings)
        self.matchups = rows_of(shown, headline_rows(shown))

    def figures(self, n_bootstrap: int = 0) -> Figures:
        """Statistics of what is shown; no intervals (but Wilson's) for ``n_bootstrap`` 0."""
        return figures_of(self._shown(), self.site, self.envelope, n_bootstrap)

    def bins(self, n_bootstrap: int = 0) -> list[Summary]:
        """Accuracy, precision and uncertainty per bin of the photometer's value, for the picked
        site or all.
        """
        matchups = self._shown()
        if self.site:
            matchups = rows_of(matchups, self.site_rows(self.site))
        return accuracy_bins(matchups, ee=self.envelope, n_bootstrap=n_bootstrap)

    def without_values(self, settings: MatchSettings) -> dict[str, str]:
        """The filters that have nothing to act on in the match-ups that are shown, each with the
        column that it would look at. A filter that is in force by ``settings`` and rejects what has
        no value (that of stability) is not among them: it can be taken back.
        """
        matchups = self._shown()
        columns = {
            "stability": ("reference_std", matchups.reference_std),
            "gapfilled": ("gapfilled_fraction", _column(matchups, "gapfilled_fraction")),
            "cloud": ("cloud_fraction", _column(matchups, "cloud_fraction")),
        }
        empty = {key: name for key, (name, values) in columns.items() if not _any(values)}
        if settings.only_stable:
            empty.pop("stability", None)
        return empty

    def all_windows(self) -> MatchUps:
        """The match-ups of all windows under the filters in force: what the ranking takes."""
        return self.matched(self.settings)

    def shown_site(self) -> str:
        """The picked site, or the one with most accepted match-ups."""
        if self.site or self.matchups is None or not self.sites:
            return self.site
        rows = self.matchups
        return max(self.sites, key=lambda name: int((rows.accepted & (rows.site == name)).sum()))

    def site_rows(self, site: str) -> BoolArray:
        """Mask (n,) of the shown match-ups at ``site``."""
        return np.asarray(self._shown().site == site, dtype=np.bool_)

    def reference_series(self, site: str) -> tuple[TimeArray, FloatArray] | None:
        """All photometer values at ``site`` in the order of time, where the table they came from is
        there.
        """
        if self.inputs is None or self.inputs.reference is None:
            return None
        reference, wanted = self.inputs.reference, fold_site(site)
        names = {name for name in set(reference.site.tolist()) if fold_site(str(name)) == wanted}
        good = np.isfinite(reference.value) & ~implausible(reference.value, self.settings.quantity)
        rows = np.flatnonzero(np.isin(reference.site, list(names)) & good)
        rows = rows[np.argsort(reference.time[rows], kind="stable")]
        return reference.time[rows], reference.value[rows]

    def quantity_label(self, short: bool = False) -> str:
        """The quantity with its unit, as an axis title; AOT has none."""
        if self.settings.quantity == "water_vapor":
            return tr("WV (g/cm²)") if short else tr("water vapor (g/cm²)")
        return tr("AOT") if short else tr("AOT at 550 nm")

    def nearest_site(self, longitude: float, latitude: float, reach_deg: float) -> str:
        """The site nearest to a place on the map, "" where none is within ``reach_deg`` degrees."""
        places = {site: self.place(site) for site in self.sites}
        return nearest_place(places, longitude, latitude, reach_deg)

    def place(self, site: str) -> tuple[float, float]:
        """Longitude and latitude of ``site`` (NaN where the table does not say)."""
        matchups = self._shown()
        rows = self.site_rows(site)
        x, y = (_column(matchups, key)[rows] for key in ("longitude", "latitude"))
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        return (float(x[known[0]]), float(y[known[0]])) if len(known) else (math.nan, math.nan)

    def describe(self, row: int) -> str:
        """Match-up ``row`` as two lines: values, then verdict and product."""
        shown = self._shown()
        day = when(shown.time[row])
        values = tr(
            "AERONET {reference} (n = {count}), satellite {satellite}, difference {difference}"
        ).format(
            reference=number(float(shown.reference[row])),
            count=int(shown.reference_count[row]),
            satellite=number(float(shown.satellite[row])),
            difference=number(float(shown.difference[row]), signed=True),
        )
        verdict = tr("accepted")
        if not shown.accepted[row]:
            reason = str(shown.reason[row])
            verdict = tr("rejected: {}").format(reason_text(reason))
        product = str(shown.extra["product"][row]) if "product" in shown.extra else ""
        second = " · ".join(part for part in (verdict, product) if part)
        return f"{shown.site[row]} · {day} UTC · {values}\n{second}"

    def picked(self, row: int) -> PickedMatchUp:
        """Match-up ``row``, for those who look for it elsewhere."""
        shown = self._shown()
        x, y, size = (
            float(_column(shown, key)[row]) for key in ("longitude", "latitude", "window_m")
        )
        product = str(shown.extra["product"][row]) if "product" in shown.extra else ""
        source = self.inputs.source if self.inputs else ""
        return PickedMatchUp(source, str(shown.site[row]), shown.time[row], x, y, product, size)

    def columns(self) -> Mapping[str, AnyArray]:
        """The shown match-ups as columns, for export."""
        shown = self._shown()
        result: dict[str, AnyArray] = {
            "site": shown.site,
            "time": shown.time,
            "satellite": shown.satellite,
            "reference": shown.reference,
            "difference": shown.difference,
            "reference_count": shown.reference_count,
            "reference_std": shown.reference_std,
            "time_offset_min": shown.time_offset_min,
            "stable": shown.stable,
            "accepted": shown.accepted,
            "reason": shown.reason,
        }
        kept = (
            "sensor",
            "product",
            "window_m",
            "cloud_fraction",
            "gapfilled_fraction",
            "longitude",
            "latitude",
        )
        return result | {key: shown.extra[key] for key in kept if key in shown.extra}

    def _shown(self) -> MatchUps:
        if self.matchups is None:
            raise ValueError("nothing is loaded")
        return self.matchups


def figures_of(
    matchups: MatchUps,
    site: str,
    envelope: ExpectedError,
    n_bootstrap: int,
    progress: Progress | None = None,
) -> Figures:
    """Statistics of all ``matchups`` and of those at ``site``; can run in a task, which
    ``progress`` stops (``Canceled`` is raised then).
    """
    watched = progress or Silent()
    everywhere = np.ones(len(matchups), dtype=np.bool_)
    here = np.asarray(matchups.site == site, dtype=np.bool_)
    first = Part(watched, 0.0, 0.5 if site else 1.0)
    overall = summarize_rows(
        matchups, everywhere, ee=envelope, n_bootstrap=n_bootstrap, progress=first
    )
    at_site = None
    if site:
        rest = Part(watched, 0.5, 1.0)
        at_site = summarize_rows(matchups, here, "site", site, envelope, n_bootstrap, progress=rest)
    rejected = ~matchups.accepted
    return Figures(overall, at_site, int(rejected.sum()), int((rejected & here).sum()))


def rows_of(matchups: MatchUps, rows: BoolArray) -> MatchUps:
    """The match-ups of a mask (n,)."""
    arrays = (
        "site",
        "time",
        "satellite",
        "reference",
        "reference_count",
        "reference_std",
        "time_offset_min",
        "stable",
        "accepted",
        "reason",
    )
    extra = {key: values[rows] for key, values in matchups.extra.items()}
    return replace(matchups, extra=extra, **{key: getattr(matchups, key)[rows] for key in arrays})


def _column(matchups: MatchUps, key: str) -> FloatArray:
    values = matchups.extra.get(key)
    return (
        np.full(len(matchups), np.nan) if values is None else np.asarray(values, dtype=np.float64)
    )


def _any(values: FloatArray) -> bool:
    return bool(np.isfinite(values).any())


def _sizes(matchups: MatchUps) -> tuple[float, ...]:
    sizes = np.unique(_column(matchups, "window_m"))
    return tuple(float(size) for size in sizes if np.isfinite(size))
