# SPDX-License-Identifier: GPL-3.0-or-later
"""Value types of AOT validation: what matching, statistics, ranking, reports and panels share.

AOT is dimensionless, at 550 nm unless a product states another wavelength; water vapor is in cm
(g/cm2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from ..types import AnyArray, BoolArray, FloatArray, TimeArray

QUANTITIES = ("aot", "water_vapor")


@dataclass(frozen=True)
class Observations:
    """Values observed at named sites, by a satellite or a photometer: ``n`` rows.

    ``site`` text (n,), ``time`` UTC (n,), ``value`` (n,) with NaN where there was no retrieval.
    ``extra`` holds further columns (n,) under the names of the ``extractaot`` and ``importaeronet``
    tables (``gapfilled_fraction``, ``level``, ``instrument``, ``longitude`` ...); a column that the
    source lacks is absent.
    """

    site: AnyArray
    time: TimeArray
    value: FloatArray
    extra: Mapping[str, AnyArray] = field(default_factory=dict)
    name: str = "observations"

    def __len__(self) -> int:
        return len(self.value)


@dataclass(frozen=True)
class MatchSettings:
    """How match-ups are made and filtered; None switches a filter off.

    ``time_window_min``: half width, minutes. ``min_observations``: photometer observations needed
    inside it. ``stability_window_min``: half width in which the photometer's standard deviation
    decides "stable": sd <= max(``stable_sd``, ``stable_share`` * AOT), under a neighborhood (the
    largest window from 10 km on) whose cloud share is at most ``stable_max_cloud`` (1 = any).
    ``max_gapfilled``, ``max_cloud``: shares 0 to 1. ``max_altitude_difference_m``: |pixel - site|.
    ``altitude_scale_m``: scale height that moves the photometer's AOT to the pixel's altitude (None
    = no correction). ``deduplicate``: keep one row per site and datatake. ``level``: ``any``,
    ``1.5`` or ``2.0``. ``drop_saturated``: reject windows whose retrieval is clipped.
    ``keep_default_aot``: use the constant that a processor writes where it could not retrieve AOT.
    ``window_m``: the satellite window of the headline figures (None: the middle one).
    """

    quantity: str = "aot"
    time_window_min: float = 30.0
    min_observations: int = 2
    stability_window_min: float = 60.0
    stable_sd: float = 0.02
    stable_share: float = 0.1
    stable_max_cloud: float = 0.2
    only_stable: bool = False
    max_gapfilled: float | None = None
    max_cloud: float | None = None
    max_altitude_difference_m: float | None = None
    altitude_scale_m: float | None = None
    deduplicate: bool = True
    drop_saturated: bool = True
    keep_default_aot: bool = False
    level: str = "any"
    window_m: float | None = None


@dataclass(frozen=True)
class MatchUps:
    """Satellite observations with their photometer means: accepted and rejected rows alike.

    ``satellite``, ``reference`` (n,): the two values, NaN where there is none. ``reference_count``
    (n,) photometer observations used, ``reference_std`` their standard deviation within the
    stability window, ``time_offset_min`` mean photometer time minus satellite time. ``stable`` (n,)
    bool. ``accepted`` (n,) bool; ``reason`` (n,) text, empty where accepted, else one of
    ``matchup.REASONS``. ``extra``: further columns (n,), the satellite's as they came and the
    reference's ``level``, ``instrument``, ``angstrom_440_870``, ``longitude``, ``latitude``,
    ``elevation_m``, plus ``altitude_difference_m``, ``neighborhood_cloud`` (the cloud share that
    decides on stability) and ``season``; ``reference_uncorrected`` where ``reference`` was moved to
    the pixel's altitude; ``satellite_site`` where the satellite spells a site otherwise than
    ``site``, which is the photometer's spelling.
    """

    site: AnyArray
    time: TimeArray
    satellite: FloatArray
    reference: FloatArray
    reference_count: AnyArray
    reference_std: FloatArray
    time_offset_min: FloatArray
    stable: BoolArray
    accepted: BoolArray
    reason: AnyArray
    extra: Mapping[str, AnyArray] = field(default_factory=dict)
    settings: MatchSettings = MatchSettings()

    def __len__(self) -> int:
        return len(self.satellite)

    @property
    def difference(self) -> FloatArray:
        """Satellite minus reference (n,)."""
        return self.satellite - self.reference

    def select(self, rows: AnyArray) -> MatchUps:
        """The rows of a mask or an index array."""
        columns = {
            one.name: getattr(self, one.name)[rows]
            for one in fields(self)
            if one.name not in ("extra", "settings")
        }
        extra = {key: values[rows] for key, values in self.extra.items()}
        return replace(self, extra=extra, **columns)


@dataclass(frozen=True)
class ExpectedError:
    """An envelope +/-(``offset`` + ``slope`` * AOT).

    Where ``maximum``, the envelope is +/-max(``offset``, ``slope`` * AOT).
    """

    name: str
    offset: float
    slope: float
    maximum: bool = False
    source: str = ""


@dataclass(frozen=True)
class Interval:
    """A number with the bounds of its interval (95 % unless said otherwise); NaN where unknown."""

    value: float
    low: float = float("nan")
    high: float = float("nan")


@dataclass(frozen=True)
class Fraction:
    """Shares (0 to 1) of the match-ups above, within and below an envelope.

    ``within`` has Wilson's interval, as if match-ups were independent; ``block`` is the same share
    with the interval of the month-block bootstrap, None where none was made.
    """

    envelope: ExpectedError
    within: Interval
    above: float
    below: float
    block: Interval | None = None


@dataclass(frozen=True)
class Regression:
    """A straight line satellite = ``intercept`` + ``slope`` * reference.

    ``method``: ols, deming or theil_sen.
    """

    method: str
    slope: Interval
    intercept: Interval


@dataclass(frozen=True)
class Summary:
    """Statistics of the accepted match-ups of one group; d = satellite - reference.

    ``accuracy`` = mean(d) (the bias), ``precision`` = sd(d) with n - 1, ``uncertainty`` = rms(d),
    ``mae`` = mean|d|, ``median`` = median(d), ``nmad`` = 1.4826 MAD(d); ``correlation`` = Pearson,
    ``rank_correlation`` = Spearman. Intervals by month-block bootstrap. ``blocks`` counts the
    months.
    """

    grouping: str
    group: str
    count: int
    blocks: int
    reference_mean: float
    satellite_mean: float
    accuracy: Interval
    precision: Interval
    uncertainty: Interval
    mae: Interval
    median: Interval
    nmad: Interval
    correlation: Interval
    rank_correlation: Interval
    fractions: Mapping[str, Fraction] = field(default_factory=dict)
    regressions: Mapping[str, Regression] = field(default_factory=dict)


@dataclass(frozen=True)
class FilterStep:
    """One line of the waterfall: what is left after a filter on top of those before it."""

    name: str
    removed: int
    count: int
    bias: float
    rmse: float


@dataclass(frozen=True)
class SiteRank:
    """How reliable an AERONET site is; ``score`` in AOT units (smaller is better), 90 % interval.

    ``flags`` holds traffic lights (``outliers``, ``drift``, ``instrument``, ``representativeness``
    ...) as ``green``/``amber``/``red`` with ``flag_details`` saying the figure. ``not_ranked`` is
    empty for ranked sites.
    """

    site: str
    longitude: float
    latitude: float
    count: int
    months: int
    score: Interval
    raw_score: float
    bias: float
    scatter: float
    rank: Interval
    tier: int
    p_best: float
    flags: Mapping[str, str] = field(default_factory=dict)
    flag_details: Mapping[str, str] = field(default_factory=dict)
    not_ranked: str = ""


@dataclass(frozen=True)
class Ranking:
    """All sites, ranked ones first, with pairwise probabilities and the limits of the method.

    ``p_better[i, j]`` (k, k): probability that ranked site i is better than ranked site j.
    """

    sites: tuple[SiteRank, ...]
    p_better: FloatArray
    best_k: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CampaignDifference:
    """Campaign A minus campaign B for one quantity in one scope (all or common sites, AOT bin).

    ``difference`` with its 95 % interval, ``p_value`` after Holm's correction where ``adjusted``,
    ``detectable`` the smallest difference that would have been found with 80 % power.
    """

    scope: str
    quantity: str
    count_a: int
    count_b: int
    value_a: float
    value_b: float
    difference: Interval
    p_value: float
    adjusted: bool
    detectable: float


@dataclass(frozen=True)
class CampaignComparison:
    """Two campaigns compared without pairing.

    ``standardized`` differences are weighted to the pooled AOT.
    """

    name_a: str
    name_b: str
    differences: tuple[CampaignDifference, ...]
    notes: tuple[str, ...] = ()
