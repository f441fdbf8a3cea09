# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics of match-ups per group, each with an interval; d = satellite - reference.

Accuracy A = mean(d), precision P = sd(d) with n - 1, uncertainty U = rms(d): U^2 = A^2 + P^2 (n -
1) / n, the protocol of the Atmospheric Correction Inter-comparison Exercise (Doxani et al. 2018,
10.3390/rs10020352).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..bootstrap import (
    IntArray,
    block_weights,
    replicate_medians,
    replicate_rank_correlations,
    replicate_sums,
)
from ..progress import Part, Progress, Silent, check
from ..spread import TO_SIGMA
from ..types import BoolArray, FloatArray
from .blocks import month_blocks, row_order
from .expected_errors import (
    DEFAULT_ENVELOPE,
    EXPECTED_ERRORS,
    QUANTITY_ENVELOPES,
    fraction,
    within,
)
from .filters import headline_rows
from .filters import waterfall as waterfall
from .groups import bins_of, groups_of
from .intervals import interval, scale_interval, share_interval
from .moments import FIELDS, columns_of, from_sums, lines_of
from .regression import REFERENCE_SD, TheilSen, theil_sen
from .types import ExpectedError, Fraction, Interval, MatchUps, Regression, Summary

MIN_GROUP_COUNT = 10  # groups with fewer rows are shown in gray, their marks hollow
FINGERPRINT_DIGITS = 9
GROUP_COST = 100  # what a group costs besides its rows, in rows
MEDIAN_WORK = (0.1, 0.4)  # what share of the work on a group the medians of the replicates are
SILENT = Silent()


@dataclass(frozen=True)
class _Rows:
    """Accepted rows of one group: x = reference, y = satellite (n,) and the number of each row's
    block.
    """

    x: FloatArray
    y: FloatArray
    blocks: IntArray

    @property
    def d(self) -> FloatArray:
        return self.y - self.x

    @property
    def fingerprint(self) -> int:
        """The same for groups of the same rows, which so get the same intervals, whatever the other
        groups are. Means of the same values in another order differ in their last digits: these
        do not count.
        """
        x, y = (np.round(values, FINGERPRINT_DIGITS) + 0.0 for values in (self.x, self.y))
        return zlib.crc32(y.tobytes(), zlib.crc32(x.tobytes()))

    @property
    def block_count(self) -> int:
        return int(self.blocks.max()) + 1 if len(self.blocks) else 0


def summarize(
    matchups: MatchUps,
    ee: ExpectedError | None = None,
    n_bootstrap: int = 1000,
    progress: Progress = SILENT,
    seed: int = 0,
) -> list[Summary]:
    """Statistics of the accepted match-ups: overall, per site, season, stability, AOT bin, sensor,
    window.

    ``ee``: the envelope reported as "ee" (default: Dark Target for AOT, 0.2 + 0.1 WV for water
    vapor). All groupings but "window" use the rows of the headline window
    (``filters.headline_window``). Groups without rows are left out; "overall" is always there.
    ``n_bootstrap`` 0 gives no intervals except Wilson's. ``progress`` counts rows, not groups.
    """
    groups = []
    for one in groups_of(matchups):
        check(progress)
        groups.append(one)
    sizes = np.array([GROUP_COST + np.count_nonzero(rows) for _, _, rows in groups])
    ends = np.cumsum(sizes) / sizes.sum()
    found = []
    for (grouping, group, rows), start, end in zip(groups, (0.0, *ends), ends, strict=False):
        part = Part(progress, float(start), float(end))
        part.report(0.0, "Statistics of the groups")
        found.append(_summary(matchups, rows, grouping, group, ee, n_bootstrap, seed, part))
    progress.report(1.0)
    return found


def summarize_rows(
    matchups: MatchUps,
    rows: BoolArray,
    grouping: str = "overall",
    group: str = "overall",
    ee: ExpectedError | None = None,
    n_bootstrap: int = 0,
    seed: int = 0,
    progress: Progress = SILENT,
) -> Summary:
    """Statistics of the accepted ones among ``rows`` (n,): one group of the caller's own making."""
    used = rows & matchups.accepted
    return _summary(matchups, used, grouping, group, ee, n_bootstrap, seed, progress)


def accuracy_bins(
    matchups: MatchUps,
    edges: Sequence[float] | None = None,
    ee: ExpectedError | None = None,
    n_bootstrap: int = 0,
    seed: int = 0,
) -> list[Summary]:
    """Statistics per bin of the reference, empty bins left out; ``edges`` ascending (default by
    quantity).

    A bin holds its lower edge and not its upper one; values below the first edge (negative AOT in
    clean air) count in the first bin, values from the last edge on in an open one. Bins below
    ``MIN_GROUP_COUNT`` rows are to be shown as uncertain.
    """
    return [
        _summary(matchups, rows, "aot_bin", name, ee, n_bootstrap, seed, SILENT)
        for name, rows in bins_of(matchups, headline_rows(matchups) & matchups.accepted, edges)
    ]


def envelopes(quantity: str, ee: ExpectedError | None = None) -> dict[str, ExpectedError]:
    """The envelopes that are evaluated for a quantity: "ee" and, for AOT, "gcos", "gaw_goal",
    "gaw_threshold".
    """
    chosen = ee or EXPECTED_ERRORS[DEFAULT_ENVELOPE[quantity]]
    return {"ee": chosen, **{name: EXPECTED_ERRORS[name] for name in QUANTITY_ENVELOPES[quantity]}}


def _summary(
    matchups: MatchUps,
    rows: BoolArray,
    grouping: str,
    group: str,
    ee: ExpectedError | None,
    n_bootstrap: int,
    seed: int,
    progress: Progress,
) -> Summary:
    check(progress)
    data = _rows_of(matchups, rows)
    quantity = matchups.settings.quantity
    fractions = {key: fraction(one, data.x, data.d) for key, one in envelopes(quantity, ee).items()}
    rng = np.random.default_rng([seed, data.fingerprint])
    summary = _point(data, grouping, group, fractions, REFERENCE_SD[quantity], seed)
    if n_bootstrap <= 0 or data.block_count == 0:
        return summary[0]
    weights = block_weights(data.block_count, n_bootstrap, rng)
    check(progress)
    return _with_intervals(summary[0], data, weights, summary[1], REFERENCE_SD[quantity], progress)


def _rows_of(matchups: MatchUps, rows: BoolArray) -> _Rows:
    """The rows of a group in an order that is not that of the table: draws depend on it."""
    x, y = matchups.reference[rows], matchups.satellite[rows]
    site, time = matchups.site[rows], matchups.time[rows]
    order = row_order(site, time, y, x)
    return _Rows(x[order], y[order], month_blocks(site[order], time[order]))


def _point(
    data: _Rows,
    grouping: str,
    group: str,
    fractions: dict[str, Fraction],
    reference_sd: float,
    seed: int,
) -> tuple[Summary, TheilSen]:
    count = len(data.x)
    sums = columns_of(data.x, data.y).sum(axis=0)[None] if count else np.zeros((1, len(FIELDS)))
    values = {key: Interval(float(column[0])) for key, column in from_sums(sums).items()}
    lines = lines_of(sums, reference_sd)
    robust = theil_sen(data.x, data.y, seed)
    middle = float(np.median(data.d)) if count else float("nan")
    spread = TO_SIGMA * float(np.median(np.abs(data.d - middle))) if count else float("nan")
    regressions = {
        name: Regression(name, Interval(float(line.slope[0])), Interval(float(line.intercept[0])))
        for name, line in lines.items()
    }
    regressions["theil_sen"] = Regression(
        "theil_sen", Interval(robust.slope), Interval(robust.intercept)
    )
    summary = Summary(
        grouping,
        group,
        count,
        data.block_count,
        reference_mean=float(data.x.mean()) if count else float("nan"),
        satellite_mean=float(data.y.mean()) if count else float("nan"),
        median=Interval(middle),
        nmad=Interval(spread),
        rank_correlation=Interval(_spearman(data)),
        fractions=fractions,
        regressions=regressions,
        **values,
    )
    return summary, robust


def _with_intervals(
    summary: Summary,
    data: _Rows,
    weights: IntArray,
    robust: TheilSen,
    reference_sd: float,
    progress: Progress,
) -> Summary:
    inside = {
        key: within(one.envelope, data.x, data.d).astype(np.float64)
        for key, one in summary.fractions.items()
    }
    columns = np.column_stack((columns_of(data.x, data.y), robust.influence, *inside.values()))
    sums = replicate_sums(weights, data.blocks, columns)
    blocks, counts = data.block_count, np.maximum(sums[:, 0], 1)
    bounds: dict[str, Any] = {
        key: _BOUNDS.get(key, interval)(getattr(summary, key).value, one, blocks)
        for key, one in _samples(data, weights, sums, progress).items()
    }
    fractions = {
        key: replace(
            summary.fractions[key],
            block=share_interval(
                summary.fractions[key].within.value, shares / counts, summary.count, blocks
            ),
        )
        for key, shares in zip(inside, sums.T[len(FIELDS) + 1 :], strict=True)
    }
    regressions = {
        name: Regression(
            name,
            interval(summary.regressions[name].slope.value, line.slope, blocks),
            interval(summary.regressions[name].intercept.value, line.intercept, blocks),
        )
        for name, line in lines_of(sums, reference_sd).items()
    }
    slopes = robust.slope + sums[:, len(FIELDS)] / counts
    regressions["theil_sen"] = Regression(
        "theil_sen",
        interval(robust.slope, slopes, blocks),
        summary.regressions["theil_sen"].intercept,
    )
    return replace(summary, fractions=fractions, regressions=regressions, **bounds)


def _samples(
    data: _Rows, weights: IntArray, sums: FloatArray, progress: Progress
) -> dict[str, FloatArray]:
    """Each statistic in each replicate (replicates,)."""
    first, second = Part(progress, *MEDIAN_WORK), Part(progress, MEDIAN_WORK[1], 1.0)
    medians, deviations = replicate_medians(weights, data.blocks, data.d, first)
    ranks = replicate_rank_correlations(weights, data.blocks, data.x, data.y, second)
    return {
        **from_sums(sums),
        "median": medians,
        "nmad": TO_SIGMA * deviations,
        "rank_correlation": ranks,
    }


_BOUNDS = dict.fromkeys(("precision", "uncertainty", "mae", "nmad"), scale_interval)


def _spearman(data: _Rows) -> float:
    if len(data.x) < 3:
        return float("nan")
    ones = np.ones((1, 1), dtype=np.int64)
    return float(
        replicate_rank_correlations(ones, np.zeros(len(data.x), np.int64), data.x, data.y)[0]
    )
