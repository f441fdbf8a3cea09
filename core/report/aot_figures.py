# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of AOT validation; each returns a ``Figure``, or None where there is nothing to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..aot.expected_errors import half_width
from ..aot.types import (
    CampaignComparison,
    ExpectedError,
    MatchUps,
    Ranking,
    SiteRank,
    Summary,
)
from ..dependencies import require
from ..types import AnyArray, BoolArray, FloatArray
from . import palette
from .charts import (
    IntervalRow,
    Panel,
    Series,
    histogram_chart,
    interval_chart,
    matrix_chart,
    series_chart,
)
from .document import Figure
from .figures import DENSITY_LIMIT, canvas, finish, plain
from .numbers import format_count, format_value

QUANTUM = 0.005  # AOT step of 8-bit products
SPARSE_BIN = 10  # match-ups; below, a bin is drawn hollow
SERIES_SITES = 6
APU_STYLES = (
    ("accuracy", "A: accuracy (mean difference)", "o", "-"),
    ("precision", "P: precision (standard deviation)", "^", "--"),
    ("uncertainty", "U: uncertainty (root mean square)", "s", "-."),
)
ENVELOPES = {
    "dark_target": "Dark Target expected error",
    "sentinel2": "Sentinel-2 requirement",
    "gaw_goal": "GAW goal",
    "gaw_threshold": "GAW threshold",
    "gcos": "GCOS",
    "water_vapor": "Sentinel-2 requirement",
}
FIT_STYLES = {
    "deming": ("Deming", "-"),
    "theil_sen": ("Theil-Sen", "--"),
    "ols": ("ordinary least squares", ":"),
}


def quantity_label(quantity: str) -> tuple[str, str]:
    """Name and axis unit of a quantity of ``MatchSettings``: AOT has no unit, and says so."""
    return ("water vapor", "cm") if quantity == "water_vapor" else ("AOT", "unitless")


def envelope_text(envelope: ExpectedError, symbol: str = "\u03c4") -> str:
    """The envelope as formula: ``±(0.05 + 0.15 τ)`` or ``±max(0.03, 0.1 τ)``."""
    slope = f"{envelope.slope:g} {symbol}"
    return (
        f"±max({envelope.offset:g}, {slope})"
        if envelope.maximum
        else f"±({envelope.offset:g} + {slope})"
    )


def envelope_name(envelope: ExpectedError) -> str:
    """The name of an envelope as a reader knows it."""
    return ENVELOPES.get(envelope.name, envelope.name.replace("_", " "))


def scatter_figure(
    matchups: MatchUps, overall: Summary | None, envelope: ExpectedError | None
) -> Figure | None:
    """Satellite over reference: points or density, 1:1 line, expected error, Deming and Theil-Sen
    lines.
    """
    used, left_out = _pairs(matchups)
    if not used.any():
        return None
    name, unit = quantity_label(matchups.settings.quantity)
    x, y = matchups.reference[used], _jittered(matchups.satellite[used])
    top, bottom = _square(x, y)
    inside = (
        left_out
        & _within(matchups.reference, bottom, top)
        & _within(matchups.satellite, bottom, top)
    )
    dense = len(x) > DENSITY_LIMIT
    with canvas(width=7.2, height=6.0) as (figure, axes):
        if not dense:
            _points(
                axes,
                matchups.reference[inside],
                matchups.satellite[inside],
                palette.REJECTED,
                "rejected",
            )
        _cloud(figure, axes, x, y, dense)
        _lines(axes, np.linspace(max(bottom, 0.0), top, 60), overall, envelope)
        axes.set(xlim=(bottom, top), ylim=(bottom, top), aspect="equal")
        axes.set_xlabel(f"AERONET {name} ({unit})")
        axes.set_ylabel(f"satellite {name} ({unit})")
        axes.legend(loc="upper left", bbox_to_anchor=(0.0, -0.12), ncols=3, frameon=False)
        points = 0 if dense else len(x) + int(inside.sum())
        caption = _scatter_caption(matchups, dense, int((left_out & ~inside).sum()))
        alt = (
            f"Scatter plot of satellite {name} against AERONET {name}, {len(x)} accepted match-ups."
        )
        return finish(figure, _raster_if(dense, points), alt, caption)


def difference_figure(
    matchups: MatchUps, bins: Sequence[Summary], envelope: ExpectedError | None
) -> Figure | None:
    """Difference over reference with the accuracy A(tau) of each bin and its scatter."""
    used, _ = _pairs(matchups)
    if not used.any():
        return None
    name, unit = quantity_label(matchups.settings.quantity)
    x, y = matchups.reference[used], _jittered(matchups.satellite[used]) - matchups.reference[used]
    dense = len(x) > DENSITY_LIMIT
    with canvas(height=4.4) as (figure, axes):
        _cloud(figure, axes, x, y, dense)
        axes.axhline(0.0, color=palette.INK, linewidth=1.0)
        if envelope:
            line = np.linspace(0.0, float(x.max()), 60)
            _envelope(axes, line, np.zeros_like(line), envelope)
        _binned_accuracy(axes, bins)
        axes.set_xlabel(f"AERONET {name} ({unit})")
        axes.set_ylabel(f"satellite − AERONET ({unit})")
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, frameon=False)
        caption = (
            f"Difference against the reference. Black: mean difference A of each bin, bars: ± one "
            f"standard deviation "
            f"P; hollow: fewer than {SPARSE_BIN} match-ups."
        )
        alt = f"Difference of satellite and AERONET {name} against AERONET {name} with the mean of each bin."
        return finish(figure, _raster_if(dense, len(x)), alt, caption)


def apu_figure(
    bins: Sequence[Summary], envelope: ExpectedError | None, quantity: str
) -> Figure | None:
    """Accuracy, precision and uncertainty per bin of the reference, with the requirement as a line."""
    filled = [one for one in bins if one.count > 0 and np.isfinite(one.reference_mean)]
    if not filled:
        return None
    name, unit = quantity_label(quantity)
    places = np.arange(len(filled), dtype=float)
    with canvas(height=4.0) as (figure, axes):
        for key, label, marker, style in APU_STYLES:
            _binned_line(axes, filled, key, (label, marker, style))
        if envelope:
            means = np.array([one.reference_mean for one in filled])
            label = f"{envelope_name(envelope)} {envelope_text(envelope)}"
            axes.plot(places, half_width(envelope, means), ":", color=palette.INK, label=label)
        axes.axhline(0.0, color=palette.INK, linewidth=1.0)
        axes.set_xticks(
            places, [f"{plain(one.group)}\nn = {format_count(one.count)}" for one in filled]
        )
        axes.set_xlabel(f"bin of AERONET {name} ({unit})")
        axes.set_ylabel(f"A, P, U ({unit})")
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, frameon=False)
        caption = f"Accuracy, precision and uncertainty per bin; hollow: fewer than {SPARSE_BIN} match-ups."
        alt = f"Accuracy, precision and uncertainty per bin of AERONET {name}."
        return finish(figure, 4 * len(filled), alt, caption)


def _binned_line(axes: Any, bins: Sequence[Summary], key: str, look: tuple[str, str, str]) -> None:
    label, marker, style = look
    color = palette.APU[key]
    values = np.array([getattr(one, key).value for one in bins])
    sparse = np.array([one.count < SPARSE_BIN for one in bins])
    places = np.arange(len(bins))
    axes.plot(places, values, style, color=color, marker=marker, markersize=7, label=label)
    hollow = {"color": color, "markerfacecolor": palette.PAPER, "linestyle": ""}
    axes.plot(places[sparse], values[sparse], marker=marker, markersize=7, **hollow)


def histogram_figure(matchups: MatchUps, overall: Summary | None) -> Figure | None:
    """Histogram of the accepted differences."""
    used, _ = _pairs(matchups)
    if not used.any():
        return None
    difference = matchups.difference[used]
    _, unit = quantity_label(matchups.settings.quantity)
    lines = [(0.0, "no difference", "-")]
    if overall:
        lines += [
            (overall.accuracy.value, f"mean {format_value(overall.accuracy.value)}", "--"),
            (overall.median.value, f"median {format_value(overall.median.value)}", ":"),
        ]
    return histogram_chart(
        difference,
        f"satellite − AERONET ({unit})",
        f"Histogram of {len(difference)} differences.",
        "Differences of the accepted match-ups; the outermost bars also count what lies beyond "
        "them.",
        lines,
    )


def series_figure(matchups: MatchUps) -> Figure | None:
    """Both series over time at the sites with most accepted match-ups; rejected satellite values in
    gray.
    """
    sites = _busiest_sites(matchups)
    if not sites:
        return None
    name, unit = quantity_label(matchups.settings.quantity)
    panels = [Panel(site, _site_series(matchups, matchups.site == site)) for site in sites]
    total = len(np.unique(matchups.site[matchups.accepted].astype(str)))
    caption = "Satellite values and AERONET means at the overpasses."
    if total > len(sites):
        caption += f" The {len(sites)} sites with most match-ups out of {total}."
    return series_chart(
        panels, f"{name} ({unit})", f"Time series of {name} at {', '.join(sites)}.", caption
    )


def ranking_figure(ranking: Ranking) -> Figure | None:
    """Score with its 90 % interval per ranked site, colored by tier."""
    ranked = [site for site in ranking.sites if not site.not_ranked]
    if not ranked:
        return None
    rows = [
        IntervalRow(
            site.site,
            site.score.value,
            site.score.low,
            site.score.high,
            palette.tier_color(site.tier),
            f"tier {site.tier}, n = {format_count(site.count)}",
        )
        for site in ranked
    ]
    tiers = sorted({site.tier for site in ranked})
    legend = [(f"tier {tier}", palette.tier_color(tier)) for tier in tiers[: len(palette.TIERS)]]
    return interval_chart(
        rows,
        "score in AOT units (smaller is better)",
        f"Scores of {len(ranked)} ranked sites with their 90 % intervals.",
        "Shrunk robust score of each site with its 90 % interval; sites of one tier cannot be "
        "told apart.",
        legend=legend,
    )


def best_figure(ranking: Ranking) -> Figure | None:
    """Probability of each ranked site to be among the best k."""
    ranked = [site for site in ranking.sites if not site.not_ranked]
    if len(ranked) < 2:
        return None
    with canvas(height=1.0 + 0.3 * len(ranked)) as (figure, axes):
        positions = range(len(ranked))
        colors = [palette.tier_color(site.tier) for site in ranked]
        axes.barh(
            positions,
            [site.p_best for site in ranked],
            color=colors,
            edgecolor=palette.INK,
            linewidth=0.6,
        )
        axes.set_yticks(positions, [plain(site.site, 44) for site in ranked])
        axes.set(ylim=(len(ranked) - 0.4, -0.6), xlim=(0.0, 1.0))
        axes.set_xlabel(f"probability of being among the best {ranking.best_k}")
        axes.grid(axis="y", visible=False)
        alt = f"Probability of each site to be among the best {ranking.best_k}."
        return finish(figure, len(ranked), alt, f"{alt} Colors as above.")


def pairwise_figure(ranking: Ranking) -> Figure | None:
    """Heat map of the probability that the site of the row is better than the site of the column."""
    ranked: list[SiteRank] = [site for site in ranking.sites if not site.not_ranked]
    if len(ranked) < 2 or ranking.p_better.shape != (len(ranked), len(ranked)):
        return None
    return matrix_chart(
        ranking.p_better,
        [site.site for site in ranked],
        "P(row better than column)",
        "Matrix of the probabilities that one site is better than another.",
        "Probability that the site of the row is better than the site of the column; white: "
        "undecided.",
    )


def forest_figures(comparison: CampaignComparison) -> list[Figure]:
    """One forest plot per quantity: differences of the two campaigns with their 95 % intervals."""
    quantities = list(dict.fromkeys(one.quantity for one in comparison.differences))
    return [_forest(comparison, quantity) for quantity in quantities]


def _forest(comparison: CampaignComparison, quantity: str) -> Figure:
    rows = []
    for one in comparison.differences:
        if one.quantity == quantity:
            counts = f"n = {format_count(one.count_a)} / {format_count(one.count_b)}"
            excludes_zero = one.difference.low > 0.0 or one.difference.high < 0.0
            rows.append(
                IntervalRow(
                    one.scope, one.difference.value, one.difference.low, one.difference.high, remark=counts,
                    hollow=not excludes_zero,
                )
            )  # fmt: skip
    title = f"{plain(comparison.name_a)} − {plain(comparison.name_b)}: {plain(quantity, 40)}"
    caption = (
        f"Difference in {quantity} with its 95 % interval; filled: the interval excludes zero."
    )
    return interval_chart(
        rows, title, f"Forest plot of differences in {quantity}.", caption, zero=0.0
    )


def _pairs(matchups: MatchUps) -> tuple[BoolArray, BoolArray]:
    """Rows with both values: accepted ones, and rejected ones."""
    both = np.isfinite(matchups.satellite) & np.isfinite(matchups.reference)
    return both & matchups.accepted, both & ~matchups.accepted


def _within(values: FloatArray, low: float, high: float) -> BoolArray:
    return np.asarray((values >= low) & (values <= high))


def _square(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    top = 1.05 * float(max(x.max(), y.max(), 0.05))
    return top, min(0.0, 1.05 * float(min(x.min(), y.min())))


def _jittered(values: FloatArray) -> FloatArray:
    """Quantized values moved at random inside their step (seeded), so that they do not hide each
    other.
    """
    steps = values / QUANTUM
    if len(values) < 2 or not np.allclose(steps, np.round(steps), atol=1e-6):
        return values
    return np.asarray(values + np.random.default_rng(0).uniform(-0.5, 0.5, len(values)) * QUANTUM)


def _raster_if(dense: bool, points: int) -> int:
    return DENSITY_LIMIT + 1 if dense else points


def _points(axes: Any, x: FloatArray, y: FloatArray, color: str, label: str) -> None:
    if len(x):
        size, alpha = (3.5, 0.55) if len(x) > 1000 else (4.5, 0.7)
        axes.plot(
            x, y, "o", markersize=size, color=color, alpha=alpha, markeredgewidth=0.0, label=label
        )


def _cloud(figure: Any, axes: Any, x: FloatArray, y: FloatArray, dense: bool) -> None:
    """Accepted match-ups as points, or as density where they would hide each other."""
    if not dense:
        _points(axes, x, y, palette.ACCEPTED, "accepted")
        return
    colors = require("matplotlib.colors")
    ramp = colors.LinearSegmentedColormap.from_list("density", palette.DENSITY)
    cells = axes.hexbin(x, y, gridsize=90, bins="log", cmap=ramp, mincnt=1, linewidths=0.1)
    figure.colorbar(cells, ax=axes, label="accepted match-ups per cell", shrink=0.85)


def _envelope(axes: Any, x: FloatArray, center: FloatArray, envelope: ExpectedError) -> None:
    width = half_width(envelope, x)
    label = f"{envelope_name(envelope)} {envelope_text(envelope)}"
    for sign, text in ((1.0, label), (-1.0, "_nolegend_")):
        axes.plot(
            x,
            center + sign * width,
            color=palette.INK,
            linewidth=1.0,
            linestyle=(0, (1, 2)),
            label=text,
        )


def _lines(
    axes: Any, x: FloatArray, overall: Summary | None, envelope: ExpectedError | None
) -> None:
    axes.plot(x, x, color=palette.INK, linewidth=0.8, label="1:1")
    if envelope:
        _envelope(axes, x, x, envelope)
    for method in ("deming", "theil_sen"):
        line = overall.regressions.get(method) if overall else None
        if line and np.isfinite(line.slope.value):
            name, style = FIT_STYLES[method]
            label = (
                f"{name}: slope {format_value(line.slope.value, line.slope.low, line.slope.high)}"
            )
            axes.plot(
                x,
                line.intercept.value + line.slope.value * x,
                style,
                color=palette.FIT,
                linewidth=1.8,
                label=label,
            )


def _scatter_caption(matchups: MatchUps, dense: bool, outside: int) -> str:
    text = "Each point is one overpass" if not dense else "Density of the accepted match-ups"
    text += (
        "; 8-bit values are spread at random within their step of 0.005."
        if _is_quantized(matchups)
        else "."
    )
    if outside and not dense:
        text += f" {format_count(outside)} rejected match-ups lie outside the axes."
    return text


def _is_quantized(matchups: MatchUps) -> bool:
    values = matchups.satellite[_pairs(matchups)[0]]
    return len(values) > 1 and _jittered(values) is not values


def _binned_accuracy(axes: Any, bins: Sequence[Summary]) -> None:
    shown = False
    for one in bins:
        if one.count < 1 or not np.isfinite(one.reference_mean):
            continue
        sparse = one.count < SPARSE_BIN
        axes.errorbar(
            one.reference_mean,
            one.accuracy.value,
            yerr=one.precision.value if np.isfinite(one.precision.value) else None,
            fmt="o",
            color=palette.INK,
            markerfacecolor=palette.PAPER if sparse else palette.INK,
            markersize=6,
            capsize=3,
            label="_nolegend_" if shown or sparse else "A ± P of the bin",
        )
        shown = shown or not sparse


def _busiest_sites(matchups: MatchUps) -> list[str]:
    used, _ = _pairs(matchups)
    names, counts = np.unique(matchups.site[used].astype(str), return_counts=True)
    order = np.argsort(-counts, kind="stable")[:SERIES_SITES]
    return sorted(str(name) for name in names[order])


def _site_series(matchups: MatchUps, here: AnyArray) -> list[Series]:
    here = np.asarray(here, dtype=bool)
    used, _ = _pairs(matchups)
    rejected = here & ~matchups.accepted & np.isfinite(matchups.satellite)
    times = matchups.time
    return [
        Series(
            "satellite, rejected",
            times[rejected],
            matchups.satellite[rejected],
            palette.REJECTED,
            "o",
            True,
            2.8,
        ),
        Series(
            "AERONET",
            times[here & used],
            matchups.reference[here & used],
            palette.REFERENCE,
            "D",
            size=3.2,
        ),
        Series(
            "satellite, accepted",
            times[here & used],
            matchups.satellite[here & used],
            palette.ACCEPTED,
        ),
    ]
