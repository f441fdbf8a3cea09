# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel shows, free of widgets: the coefficients under the current selection, and what is
computed from them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...core.calibration.budget_view import BudgetView
from ...core.calibration.coefficients import Coefficients, same_pair
from ...core.calibration.impact_curves import ImpactCurves
from ...core.calibration.parameter_update import Model
from ...core.calibration.selection import BandFigures, Choice, Chosen, band_figures, choose
from ...core.types import AnyArray
from ..places import nearest_place
from .inputs import Inputs, Study

MOST_BANDS = 6
ERRORS = 2  # of the mean, in its band
SITE_OFFSETS, SEASON = True, False  # what is fitted beside a trend, as its command says


@dataclass(frozen=True)
class PickedPair:
    """A pair that was clicked in a plot: table, site, time (UTC), place (degrees), products."""

    source: str
    site: str
    time: np.datetime64
    longitude: float
    latitude: float
    product: str
    reference_product: str

    def time_texts(self) -> list[str]:
        """The time as tables may write it: without and with milliseconds."""
        seconds = self.time.astype("datetime64[s]")
        texts = [f"{self.time.astype('datetime64[ms]')}Z"]
        return [f"{seconds}Z", *texts] if seconds == self.time else texts


class CalibrationModel:
    """The state of the panel.

    ``inputs``: what was loaded (None: nothing yet). ``choice``: sites, method, period and limits;
    ``bands``: those on the time axis; ``band``: the one of the histogram; ``selection``: rows of a
    rectangle, None without one; ``row``: the coefficient that is looked at; ``errors``: k of the
    band about the mean; ``stacked``: a row of the time axis for each band; ``trend_model``: which
    models of the trend are tried; ``impact``, ``budget``: studies that were opened besides.
    """

    def __init__(self) -> None:
        self.inputs: Inputs | None = None
        self.choice = Choice()
        self.bands: list[str] = []
        self.band = ""
        self.selection: frozenset[int] | None = None
        self.row: int | None = None
        self.errors = ERRORS
        self.stacked = True
        self.trend_model = Model.AUTO
        self.impact: Study | None = None
        self.budget: Study | None = None
        self.late: dict[str, tuple[object, Any]] = {}
        self.faults: dict[str, tuple[object, str]] = {}
        self._version = 0
        self._visible: tuple[Choice, Chosen] | None = None
        self._chosen: tuple[frozenset[int] | None, Chosen, Chosen] | None = None
        self._figures: tuple[Chosen | None, dict[str, BandFigures]] = (None, {})
        self._groups: list[tuple[str, str]] = []
        self._group_of: AnyArray = np.empty(0, dtype=np.int64)

    def set_inputs(self, inputs: Inputs) -> None:
        """Show other coefficients, all of them."""
        self.inputs = inputs
        self._version += 1
        self.late.clear()
        self.faults.clear()
        rows = inputs.rows
        pairs = list(zip(rows.sensor.astype(str), rows.site.astype(str), strict=True))
        self._groups = sorted(set(pairs))
        places = {pair: place for place, pair in enumerate(self._groups)}
        self._group_of = np.array([places[pair] for pair in pairs], dtype=np.int64)
        self.reset()

    def set_study(self, study: Study) -> None:
        """Show a study beside the coefficients that there are."""
        if isinstance(study.content, ImpactCurves):
            self.impact = study
        else:
            self.budget = study

    def reset(self) -> None:
        """All sites, the first bands that have values, one method, no limits but those of the
        run.
        """
        rows = self.rows
        methods = rows.distinct("method")
        self.trend_model = Model.AUTO
        self.choice = Choice(method="spline" if "spline" in methods else methods[0])
        filled = set(rows.band[np.isfinite(rows.a_k)].astype(str))
        bands = [one for one in rows.bands if one in filled] or list(rows.bands)
        self.bands = bands[:MOST_BANDS]
        self.band = self.bands[0]
        self.selection, self.row, self.errors = None, None, ERRORS
        self._visible = None

    @property
    def rows(self) -> Coefficients:
        """All coefficients; only where something is loaded."""
        if self.inputs is None:
            raise ValueError("nothing is loaded")
        return self.inputs.rows

    @property
    def sites(self) -> tuple[str, ...]:
        """All sites."""
        return self.rows.distinct("site")

    def shown_sites(self) -> list[str]:
        """The sites that are looked at."""
        names = self.choice.sites
        return [one for one in self.sites if names is None or one in names]

    def groups(self) -> list[tuple[str, str]]:
        """(Sensor, site) of the marks, those that are looked at."""
        shown = self.shown_sites()
        return [pair for pair in self._groups if pair[1] in shown]

    def group_places(self) -> AnyArray:
        """The place in ``groups`` of each row (n,), 0 for those that are not looked at."""
        place = {pair: number for number, pair in enumerate(self.groups())}
        return np.array([place.get(pair, 0) for pair in self._groups])[self._group_of]

    def set_choice(self, choice: Choice) -> None:
        """Other sites, method, period or limits; rows that are selected stay so."""
        self.choice = choice

    def chosen(self) -> Chosen:
        """What counts, by the selection too."""
        whole = self.visible()
        if self.selection is None:
            return whole
        known = self._chosen
        if known is None or known[0] != self.selection or known[1] is not whole:
            inside = np.zeros(len(self.rows), dtype=np.bool_)
            inside[np.fromiter(self.selection, dtype=np.int64)] = True
            known = (self.selection, whole, Chosen(whole.shown & inside, whole.reason))
            self._chosen = known
        return known[2]

    def visible(self) -> Chosen:
        """What counts, whatever is selected with a rectangle: the same object as long as nothing
        else is chosen or judged.
        """
        if self._visible is None or self._visible[0] != self.choice:
            self._visible = (self.choice, choose(self.rows, self.choice))
        return self._visible[1]

    def figures(self, bands: Sequence[str] | None = None) -> list[BandFigures]:
        """The summaries of the ``bands`` (None: those that are shown)."""
        chosen, wanted = self.chosen(), self.bands if bands is None else bands
        if self._figures[0] is not chosen:
            self._figures = (chosen, {})
        known = self._figures[1]
        new = band_figures(self.rows, chosen, [band for band in wanted if band not in known])
        known.update({one.band: one for one in new})
        return [known[band] for band in wanted]

    def select(self, rows: Sequence[int], more: bool) -> None:
        """Select rows with a rectangle (or these, too); none: everything again."""
        before = self.selection if more and self.selection is not None else frozenset()
        found = before | {int(one) for one in rows}
        self.selection = found or None

    def judged_rows(self) -> AnyArray:
        """The rows that a verdict is for: those selected, or the one that is looked at."""
        if self.selection is not None:
            shown = self.visible().shown & self.rows.in_bands(self.bands)
            rows = np.fromiter(self.selection, dtype=np.int64)
            return np.sort(rows[shown[rows]])
        return np.array([] if self.row is None else [self.row], dtype=np.int64)

    def set_judged(self, rows: AnyArray, status: AnyArray, reason: AnyArray) -> None:
        """The same coefficients after a verdict on ``rows``."""
        if self.inputs is not None:
            judged = self.rows.judged(rows, status, reason)
            self.inputs = replace(self.inputs, rows=judged)
            self._version += 1
            self._visible = None

    def state_key(self) -> tuple[object, ...]:
        """What is the same as long as the same coefficients of ``band`` count."""
        return (self._version, self.choice, self.selection, self.band)

    def counted_rows(self) -> AnyArray:
        """The rows of ``band`` that count."""
        if self.inputs is None:
            return np.array([], dtype=np.int64)
        return np.flatnonzero(self.rows.of_band(self.band) & self.chosen().counted)

    def budget_view(self) -> BudgetView:
        """The budget that was opened, else that of the run."""
        if self.budget is not None and isinstance(self.budget.content, BudgetView):
            return self.budget.content
        return self.inputs.budget if self.inputs is not None else BudgetView()

    def pair_rows(self) -> AnyArray:
        """The rows of all bands of the pair that is looked at, of its method."""
        if self.row is None:
            return np.array([], dtype=np.int64)
        found = same_pair(self.rows, self.row)
        method = self.rows["method"]
        return np.asarray(found[method[found] == method[self.row]])

    def place(self, site: str) -> tuple[float, float]:
        """Longitude and latitude of a site (NaN where nothing says it)."""
        rows = self.rows
        known = np.flatnonzero((rows.site == site) & np.isfinite(rows.longitude + rows.latitude))
        if not len(known):
            return math.nan, math.nan
        return float(rows.longitude[known[0]]), float(rows.latitude[known[0]])

    def nearest_site(self, longitude: float, latitude: float, reach_deg: float) -> str:
        """The site nearest to a place on the map, "" where none is within ``reach_deg`` degrees."""
        places = {site: self.place(site) for site in self.sites}
        return nearest_place(places, longitude, latitude, reach_deg)

    def picked(self) -> PickedPair | None:
        """The pair that is looked at, for those who look for it elsewhere."""
        if self.row is None or self.inputs is None:
            return None
        rows, row = self.rows, self.row
        site = str(rows.site[row])
        return PickedPair(
            self.inputs.source, site, rows.time[row], *self.place(site),
            str(rows["product"][row]), str(rows["reference_product"][row]),
        )  # fmt: skip
