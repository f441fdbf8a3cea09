# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel shows, free of widgets: series, settings, and the detections under them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from ...core.anomalies.detect import ROBUST, Detection, DetectionSettings, detect
from ...core.anomalies.labels import ALL_TYPES
from ...core.anomalies.views import SeriesFigures, series_figures
from ...core.series.indices import INDICES, index_bands
from ...core.series.types import TimeSeries, is_clear
from ...core.types import AnyArray, BoolArray
from ..names import track_color
from ..places import nearest_place
from .inputs import Entry, SeriesInputs
from .tracks import Track

MOST_SITES, MOST_BANDS = 8, 6
PLAIN_BANDS = (865.0, 665.0)  # nm: shown first, where a series has them


@dataclass(frozen=True)
class Anomaly:
    """One flagged date: its site and its row in the series of the site."""

    site: str
    row: int
    time: np.datetime64
    type: str


class SeriesModel:
    """The state of the panel.

    ``entries``: all series by name, those of the table first. ``settings``: of the detection.
    ``site``: the one whose fit, statistics and spectrum are shown; ``shown``: those on the time
    axis; ``bands``: names of bands or indices, one row each unless ``stacked`` is off. ``hidden``:
    mask states that are not drawn; ``types``: types whose anomalies are shown. ``chosen``: site and
    row of the date that is looked at; ``selection``: dates that were brushed.
    """

    def __init__(self) -> None:
        self.inputs: SeriesInputs | None = None
        self.entries: dict[str, Entry] = {}
        self.settings = DetectionSettings()
        self.site = ""
        self.shown: list[str] = []
        self.bands: list[str] = []
        self.stacked = True
        self.hidden: set[str] = set()
        self.types: set[str] = set(ALL_TYPES)
        self.chosen: tuple[str, int] | None = None
        self.selection: list[tuple[str, int]] = []
        self._found: dict[str, tuple[DetectionSettings, Detection]] = {}

    # -- what is there ---------------------------------------------------------------------------

    def set_inputs(self, inputs: SeriesInputs) -> None:
        """Show another table, with the settings it was made with; series of other origins stay."""
        others = {name: one for name, one in self.entries.items() if not one.source}
        before, bands = self.site, self.bands
        self.inputs, self.settings = inputs, inputs.settings
        self.entries = {one.series.site: one for one in inputs.entries}
        self.entries |= {name: one for name, one in others.items() if name not in self.entries}
        self._found = {}
        self.chosen, self.selection = None, []
        self.site = before if before in self.entries else next(iter(self.entries))
        self.shown = [name for name in self.shown if name in self.entries] or [self.site]
        if self.site not in self.shown:
            self.shown.append(self.site)
        offered = self.offered_bands()
        self.bands = [one for one in bands if one in offered] or self.first_bands()

    def add(self, series: TimeSeries, found: Detection | None = None) -> None:
        """Show a series of any other origin (and what was ``found`` in it) beside those of the
        table, under its own name. Where it has none of the bands that are shown, it is shown alone,
        in bands of its own.
        """
        before = self.entries.get(series.site)
        self.entries[series.site] = Entry(series)
        self._found.pop(series.site, None)
        if before is not None and len(before.series) != len(series):
            self.selection = [one for one in self.selection if one[0] != series.site]
        if found is not None:
            self._found[series.site] = (
                replace(found.settings, methods=self.settings.methods),
                found,
            )
        self.pick(series.site)
        if all(Track.of(series, band, 0, "") is None for band in self.bands):
            self.shown, self.bands = [series.site], self.first_bands()

    def remove(self, name: str) -> None:
        """Take a series of another origin away."""
        self._found.pop(name, None)
        self.selection = [one for one in self.selection if one[0] != name]
        if self.entries.pop(name, None) is None:
            return
        self.shown = [one for one in self.shown if one != name]
        if self.chosen is not None and self.chosen[0] == name:
            self.chosen = None
        if not self.entries:
            self.site = ""
            return
        if self.site == name:
            self.pick(self.shown[0] if self.shown else next(iter(self.entries)))

    def pick(self, site: str) -> None:
        """Make ``site`` the one whose fit is shown; it takes the place of the only site shown."""
        if site not in self.entries:
            return
        if site not in self.shown:
            alone = len(self.shown) <= 1
            self.shown = [site] if alone else [*self.shown, site][-MOST_SITES:]
        self.site = site
        if self.chosen is not None and self.chosen[0] != site:
            self.chosen = None

    def show_sites(self, sites: list[str]) -> None:
        """These sites on the time axis; the picked one is always among them."""
        self.shown = [name for name in self.entries if name in sites][:MOST_SITES]
        if self.site not in self.shown:
            self.site = self.shown[0] if self.shown else self.site
            self.shown = self.shown or [self.site]

    def series(self, site: str = "") -> TimeSeries:
        """The series of ``site``, or of the picked one."""
        return self.entries[site or self.site].series

    def offered_bands(self) -> list[str]:
        """Bands of all series in order of wavelength, then the indices that one of them has."""
        found: dict[str, float] = {}
        indices: list[str] = []
        for entry in self.entries.values():
            for name, nm in zip(entry.series.bands, entry.series.wavelengths_nm, strict=True):
                found.setdefault(name, float(nm))
        for name, index in INDICES.items():
            has = (index_bands(index, one.series.wavelengths_nm) for one in self.entries.values())
            if any(bands is not None for bands in has) and name not in found:
                indices.append(name)
        known = sorted(found, key=lambda name: (math.isnan(found[name]), found[name]))
        return [*known, *indices]

    def first_bands(self) -> list[str]:
        """What is shown at first: near infrared and red, or the first band that there is."""
        series = self.series()
        chosen = []
        for nm in PLAIN_BANDS:
            apart = np.abs(series.wavelengths_nm - nm)
            if np.isfinite(apart).any() and np.nanmin(apart) < 60.0:
                chosen.append(series.bands[int(np.nanargmin(apart))])
        return [band for band in series.bands if band in chosen] or list(series.bands[:1])

    def mask_states(self) -> dict[str, int]:
        """Why observations of the shown sites are masked, and how many."""
        counts: dict[str, int] = {}
        for site in self.shown:
            states = self.series(site).mask_state
            for state in states[~is_clear(states)]:
                counts[str(state)] = counts.get(str(state), 0) + 1
        return dict(sorted(counts.items()))

    def sensors(self) -> list[str]:
        """The sensors of the shown sites."""
        return sorted({str(one) for site in self.shown for one in self.series(site).sensor})

    # -- what was found --------------------------------------------------------------------------

    def detection(self, site: str = "") -> Detection:
        """What is found in ``site`` (or the picked one) under the settings in force."""
        site = site or self.site
        known = self._found.get(site)
        if known is None or known[0] != self.settings:
            # The second opinions flag nothing by themselves, and would double the time.
            alone = replace(self.settings, methods=(ROBUST,))
            known = (self.settings, detect(self.series(site), alone))
            self._found[site] = known
        return known[1]

    def known_detection(self, site: str) -> Detection | None:
        """What was found in ``site`` under the settings in force, None where that is not known."""
        known = self._found.get(site)
        return known[1] if known is not None and known[0] == self.settings else None

    def keep_detections(self, found: Sequence[Detection], settings: DetectionSettings) -> None:
        """Remember what was found under ``settings``."""
        self._found |= {one.site: (settings, one) for one in found if one.site in self.entries}

    def figures(self) -> SeriesFigures:
        """Statistics of the picked site."""
        return series_figures(self.series(), self.detection())

    def sigmas(self) -> float:
        """Half width of the band around the model, in standard deviations: that of a single band at
        the threshold.
        """
        return NormalDist().inv_cdf(1.0 - 0.5 * self.settings.threshold)

    def shown_anomalies(self, site: str) -> BoolArray:
        """Which dates (n,) of ``site`` are anomalies of the types that are shown."""
        found = self.detection(site)
        return np.asarray(found.flagged & np.isin(found.type.astype(str), list(self.types)))

    def anomalies(self) -> list[Anomaly]:
        """Anomalies of the shown sites and types, in order of time."""
        rows = [
            Anomaly(
                site, int(row), self.series(site).times[row], str(self.detection(site).type[row])
            )
            for site in self.shown
            for row in np.flatnonzero(self.shown_anomalies(site))
        ]
        return sorted(rows, key=lambda one: (one.time, one.site))

    def drawn(self, site: str) -> tuple[BoolArray, BoolArray]:
        """Which dates (n,) of ``site`` are drawn as clear and as masked ones."""
        states = self.series(site).mask_state
        clear = is_clear(states)
        return clear, ~clear & ~np.isin(states.astype(str), list(self.hidden))

    def tracks(self) -> list[Track]:
        """What is drawn in which row: each band a row with all sites, or all in one."""
        found: list[Track] = []
        for row, band in enumerate(self.bands[:MOST_BANDS]):
            sites = self.shown if self.stacked else [self.site]
            for site in sites:
                place = self.shown.index(site) if self.stacked else row
                color = track_color(place).name()
                track = Track.of(self.series(site), band, row if self.stacked else 0, color)
                found += [] if track is None else [track]
        return found

    # -- dates and places ------------------------------------------------------------------------

    def step(self, by: int) -> tuple[str, int] | None:
        """The next (``by`` 1) or previous (-1) anomaly in time, round the ends; None without."""
        every = self.anomalies()
        if not every:
            return None
        if self.chosen is None or self.chosen[0] not in self.entries:
            one = every[0 if by > 0 else -1]
            return one.site, one.row
        site, row = self.chosen
        here = (self.series(site).times[row], site)
        keys = [(one.time, one.site) for one in every]
        later = [i for i, key in enumerate(keys) if key > here]
        before = [i for i, key in enumerate(keys) if key < here]
        place = (later or [0])[0] if by > 0 else (before or [len(every) - 1])[-1]
        return every[place].site, every[place].row

    def clear_neighbor(self, site: str, row: int) -> int | None:
        """The row of the nearest date before ``row`` that is as expected and has another product;
        the nearest one after it where there is none before, None where there is none at all.
        """
        series, found = self.series(site), self.detection(site)
        good = found.tested & ~found.flagged & (series.product != series.product[row])
        rows = np.flatnonzero(good & (series.product != ""))
        before, after = rows[rows < row], rows[rows > row]
        if len(before):
            return int(before[-1])
        return int(after[0]) if len(after) else None

    def select(self, dates: Sequence[tuple[str, int]], more: bool = False) -> None:
        """Select (site, row) pairs, or these with those before."""
        before = self.selection if more else []
        self.selection = list(dict.fromkeys([*before, *dates]))

    def selected_rows(self, site: str) -> AnyArray:
        """The selected rows of the series of ``site``, in order."""
        return np.array(sorted(row for one, row in self.selection if one == site), dtype=int)

    def judged_dates(self) -> list[tuple[str, int]]:
        """What a verdict is about: the selection, or else the date that is looked at."""
        return self.selection or ([self.chosen] if self.chosen is not None else [])

    def place(self, site: str) -> tuple[float, float]:
        """Longitude and latitude of ``site`` (degrees), NaN where unknown."""
        series = self.series(site)
        return series.longitude, series.latitude

    def nearest_site(self, longitude: float, latitude: float, reach_deg: float) -> str:
        """The site nearest to a place on the map, "" where none is within ``reach_deg`` degrees."""
        places = {name: self.place(name) for name in self.entries}
        return nearest_place(places, longitude, latitude, reach_deg)

    def set_verdict(self, site: str, row: int, verdict: str) -> None:
        """Remember a verdict that was kept in the table."""
        entry = self.entries[site]
        texts: AnyArray = entry.verdict.copy()
        texts[row] = verdict
        self.entries[site] = replace(entry, verdict=texts)
