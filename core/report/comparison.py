# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on two sensors against each other."""

from __future__ import annotations

from collections.abc import Sequence

from ..calibration.comparison import Comparison
from ..calibration.ratios import Ratio, Way
from . import palette
from .assemble import assemble
from .calibration_names import DOUBTED, band_label, in_doubt, marked
from .calibration_parts import slope_text
from .charts import IntervalRow, interval_chart
from .document import Cell, Column, Figure, Headline, ReportContext, ReportTable, Section
from .figures import drawn
from .numbers import format_count, format_number
from .trend_text import NOISE_SOURCES

NAMES = {
    Way.SAME_BAND: "directly, bands of one name",
    Way.CROSS: "directly, with atmosphere and responses",
    Way.DOUBLE_RATIO: "double ratio against the third sensor",
}
COLORS = {
    Way.SAME_BAND: palette.SKY_BLUE, Way.CROSS: palette.BLUE, Way.DOUBLE_RATIO: palette.ORANGE,
}  # fmt: skip
LIMITS = (
    "Bands of one name and center are compared as they are: where the spectral responses or the "
    "air differ, the ratio holds that too.",
    "In a double ratio the errors of the third sensor cancel as far as both meet it under alike "
    "conditions; those of matching and of the air do not.",
    "Words and headline follow the mean of the pairs, and the median where the two differ by more "
    "than twice the error of the median; a change with time is told beyond three standard errors.",
    "Standard errors come from the scatter of the pairs; they do not hold what is common to all.",
)
SOURCES = (
    "Lacherade et al. 2013, cross-calibration over deserts: DOI 10.1109/TGRS.2012.2227061",
    *NOISE_SOURCES,
)


def comparison_report(found: Comparison, context: ReportContext) -> str:
    """The report (HTML text); without matplotlib it has no figures."""
    sections = [Section("Ratios by band", (), drawn(lambda: _figure(found)))]
    for way in Way:
        if ratios := found.of(way):
            title = NAMES[way][0].upper() + NAMES[way][1:]
            words = [f"{_label(one)}: {one.words(found.first, found.second)}" for one in ratios]
            sections.append(Section(title, words, (), [_table(ratios)]))
    third = f", third sensor {found.third}" if found.third else ""
    return assemble(
        context, f"{found.first} by {found.second}{third}", headline(found), sections, LIMITS,
        SOURCES, found.notes,
    )  # fmt: skip


def headline(found: Comparison) -> list[Headline]:
    """For each way the range over its bands (of one band: its ratio), in words.

    No mean of the bands: they differ in sign, and it is true of none of them.
    """
    lines = []
    for way in Way:
        every = found.of(way)
        if not every:
            continue
        ratios = [one for one in every if not one.doubt] or every
        low, high = (pick(ratios, key=lambda one: one.level) for pick in (min, max))
        most = format_count(max(one.count for one in ratios))
        title = NAMES[way][0].upper() + NAMES[way][1:]
        if len(ratios) == 1:
            value, detail = format_number(low.level, 4), f"{_label(low)}, {most} pairs"
            text = low.words(found.first, found.second)
        else:
            value = f"{low.level:.4f} to {high.level:.4f}"
            detail = f"range over {len(ratios)} bands, up to {most} pairs in a band"
            text = f"{found.first} measures {_far(low)} to {_far(high)} than {found.second}"
            text += f"{_remarks(ratios)}."
        text += in_doubt(len(every) - len(ratios))
        lines.append(Headline(title, value, detail, text))
    return lines


def _far(one: Ratio) -> str:
    percent = 100.0 * (one.level - 1.0)
    return f"{abs(percent):.2f} % {'more' if percent > 0.0 else 'less'} ({_label(one)})"


def _remarks(ratios: Sequence[Ratio]) -> str:
    """How many bands change with time, and how many are told by their median."""
    parts = []
    if drifting := sum(one.drifts for one in ratios):
        parts.append(f"{drifting} of {len(ratios)} bands change with time")
    if skewed := sum(one.skewed for one in ratios):
        parts.append(f"{skewed} of {len(ratios)} bands are told by the median")
    return f"; {', '.join(parts)}" if parts else ""


def _figure(found: Comparison) -> Figure:
    first: dict[str, float] = {}  # ways know the wavelength of a band a little differently
    for one in found.ratios:
        first.setdefault(one.band, one.wavelength_nm)
    rows = [
        IntervalRow(
            _label(one), one.level, one.level - 2.0 * one.level_error,
            one.level + 2.0 * one.level_error, COLORS[one.way],
            f"{format_count(one.count)} pairs",
        )
        for one in sorted(found.ratios, key=lambda o: (first[o.band], list(Way).index(o.way)))
    ]  # fmt: skip
    ways = [way for way in Way if found.of(way)]
    return interval_chart(
        rows, f"{found.first} by {found.second}", "Ratios by band and way",
        "Points: the mean or median that the words follow. Lines: two standard errors.", zero=1.0,
        legend=[(NAMES[way], COLORS[way]) for way in ways],
    )  # fmt: skip


def _table(ratios: Sequence[Ratio]) -> ReportTable:
    rows: list[list[str | Cell]] = []
    for one in ratios:
        trend = slope_text(one.slope_pct_per_year, one.slope_se)
        rows.append([
            marked(_label(one), one.doubt), format_number(one.ratio, 4),
            format_number(one.median, 4),
            format_number(200.0 * one.standard_error / one.ratio, 2),
            format_number(100.0 * one.pair_sd / one.ratio, 2), format_count(one.count), trend,
        ])  # fmt: skip
    columns = [
        Column("Band", numeric=False), Column("Ratio", "mean"), Column("Median"),
        Column("Error", "%, k = 2"), Column("One pair", "sd, %"), Column("Pairs"),
        Column("Trend", "% per year, k = 2"),
    ]  # fmt: skip
    return ReportTable("", columns, rows, DOUBTED if any(one.doubt for one in ratios) else "")


def _label(one: Ratio) -> str:
    return band_label(one.band, one.wavelength_nm)
