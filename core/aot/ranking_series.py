# SPDX-License-Identifier: GPL-3.0-or-later
"""Which match-ups enter the ranking: one window, one quality level, grouped into series of one
product at one site.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..errors import InputError, InsufficientDataError
from ..types import AnyArray, BoolArray, FloatArray
from .filters import headline_rows, headline_window
from .keys import Factor, level_name, season
from .types import MatchUps


@dataclass(frozen=True)
class RankSettings:
    """How sites are ranked.

    Gate: ``min_matchups`` match-ups, ``min_months`` distinct calendar months, ``min_seasons``
    seasons, photometer ``level`` (``2.0``, ``1.5`` or ``any``; a row whose level is unknown is
    used). ``window_m``: the extraction window that is ranked (None: the one of the comparison that
    made the match-ups). ``best_k``: size of the group "best sites" (half of the ranked sites where
    there are no more than that). ``n_bootstrap`` replicates of the month-block bootstrap from
    ``seed``. ``confidence`` of the intervals. ``tier_probability``: a site starts a new tier where
    the leader of the tier before is better with at least this probability.
    """

    min_matchups: int = 20
    min_months: int = 8
    min_seasons: int = 2
    level: str = "2.0"
    window_m: float | None = None
    best_k: int = 5
    n_bootstrap: int = 1000
    seed: int = 1
    confidence: float = 0.90
    tier_probability: float = 0.90


@dataclass(frozen=True)
class Series:
    """Match-ups of one product at one site in the order of time (n rows).

    ``rows`` (n,) index into the match-ups; ``aot`` (n,) the photometer's value; ``difference`` (n,)
    satellite - photometer; ``month`` (n,) calendar months since 1970.
    """

    site: int
    product: int
    rows: AnyArray
    aot: FloatArray
    difference: FloatArray
    month: AnyArray

    def __len__(self) -> int:
        return len(self.rows)

    def starts(self) -> AnyArray:
        """Where each month begins (m,)."""
        return np.flatnonzero(np.concatenate(([True], np.diff(self.month) > 0)))

    def keep(self, mask: BoolArray) -> Series:
        """The rows of a mask (n,)."""
        return Series(
            self.site,
            self.product,
            self.rows[mask],
            self.aot[mask],
            self.difference[mask],
            self.month[mask],
        )


@dataclass(frozen=True)
class Network:
    """All series, the names of sites and products, and per site why it is not ranked ("" = ranked).

    ``used`` (n,) the match-ups that enter; ``window_m`` their window (NaN where none is stated);
    ``other_level`` counts the match-ups left out for their quality level.
    """

    sites: tuple[str, ...]
    products: tuple[str, ...]
    series: tuple[Series, ...]
    not_ranked: tuple[str, ...]
    used: BoolArray
    window_m: float
    other_level: int

    def of_site(self, site: int) -> list[int]:
        """Numbers of the series of one site."""
        return [number for number, part in enumerate(self.series) if part.site == site]


def build_network(matchups: MatchUps, settings: RankSettings) -> Network:
    """Select the rows and group them; sites without a usable row are kept with the reason.

    Raises ``InsufficientDataError`` where not a single match-up is accepted, and ``InputError`` for
    match-ups of water vapor: all limits of the ranking are meant for AOT.
    """
    if matchups.settings.quantity != "aot":
        raise InputError(
            f"Sites are ranked by their AOT, and these match-ups are of "
            f"{matchups.settings.quantity.replace('_', ' ')}. Compare the AOT, and rank those "
            "match-ups."
        )
    paired = matchups.accepted & np.isfinite(matchups.difference) & ~np.isnat(matchups.time)
    if not paired.any():
        raise InsufficientDataError(
            f"None of the {len(matchups)} rows is an accepted match-up of a satellite and a "
            "photometer value, so there is nothing to rank. Look at the reasons in the match-up "
            "table, and widen the time window or the filters of the comparison."
        )
    wanted = replace(matchups.settings, window_m=settings.window_m or matchups.settings.window_m)
    windowed = replace(matchups, settings=wanted)
    here = paired & headline_rows(windowed)
    level_ok = _level_ok(matchups, settings.level)
    used = here & level_ok
    sites = Factor.of(matchups.site)
    products = Factor.of(product_names(matchups)[used])
    series = tuple(
        _series(matchups, rows, sites.codes[rows[0]], product)
        for rows, product in _groups(used, sites.codes, products.codes)
    )
    reasons = tuple(
        _gate(matchups, [mask & (sites.codes == code) for mask in (paired, here, used)], settings)
        for code in range(len(sites.labels))
    )
    return Network(
        sites.labels,
        products.labels,
        series,
        reasons,
        used,
        headline_window(windowed),
        int(np.sum(here & ~level_ok)),
    )


def column(matchups: MatchUps, key: str) -> FloatArray:
    """A further column as float64 (n,), NaN where it is absent."""
    values = matchups.extra.get(key)
    if values is None:
        return np.full(len(matchups), np.nan)
    return np.asarray(values, dtype=np.float64)


def product_names(matchups: MatchUps) -> AnyArray:
    """What counts as one product (n,): the sensor and, where stated, the campaign."""
    blank = np.full(len(matchups), "", dtype=object)
    parts = [matchups.extra.get(key, blank) for key in ("sensor", "campaign")]
    pairs = zip(*parts, strict=True)
    return np.array([" ".join(str(text) for text in pair if text) for pair in pairs], dtype=object)


def months_of(times: AnyArray) -> AnyArray:
    """Calendar months since 1970 of times (n,)."""
    return np.asarray(times.astype("datetime64[M]").astype(np.int64))


def _groups(used: BoolArray, sites: AnyArray, products: AnyArray) -> list[tuple[AnyArray, int]]:
    rows = np.flatnonzero(used)
    keys = sites[rows] * (int(products.max(initial=0)) + 1) + products
    return [(rows[keys == key], int(products[keys == key][0])) for key in np.unique(keys)]


def _series(matchups: MatchUps, rows: AnyArray, site: int, product: int) -> Series:
    rows = rows[np.argsort(matchups.time[rows], kind="stable")]
    month = months_of(matchups.time[rows])
    aot, difference = matchups.reference[rows], matchups.difference[rows]
    return Series(int(site), product, rows, aot, difference, month)


def _level_ok(matchups: MatchUps, level: str) -> BoolArray:
    found = matchups.extra.get("level")
    if level == "any" or found is None:
        return np.ones(len(matchups), dtype=np.bool_)
    names = Factor.of(found, level_name)
    good = np.array([name in ("", level) for name in names.labels], dtype=np.bool_)
    return np.asarray(good[names.codes])


def _gate(matchups: MatchUps, masks: list[BoolArray], settings: RankSettings) -> str:
    paired, here, used = masks
    if not used.any():
        stage = (
            "no accepted match-up"
            if not paired.any()
            else "no match-up in the window that is ranked"
        )
        return f"no match-up of level {settings.level}" if here.any() else stage
    times = matchups.time[used]
    found = (
        (int(used.sum()), settings.min_matchups, "match-ups"),
        (len(np.unique(months_of(times))), settings.min_months, "months"),
        (len(np.unique(season(times).astype(str))), settings.min_seasons, "seasons"),
    )
    return "; ".join(f"{have} {what}, {need} needed" for have, need, what in found if have < need)
