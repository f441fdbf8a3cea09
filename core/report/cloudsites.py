# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a search for deep convective clouds."""

from __future__ import annotations

from math import isfinite

from ..calibration.cloudsites.finding import CloudSites
from ..calibration.cloudsites.frequency import Area, area_name
from ..calibration.cloudsites.limits import SHIFT
from ..calibration.cloudsites.selection import COMPLETE, RULES, SEEN
from ..calibration.pdf_statistics import Statistic
from ..wording import plural
from .assemble import assemble
from .cloudsites_figures import distribution_charts, frequency_map, month_chart
from .document import Cell, Column, Headline, ReportContext, ReportTable, Section
from .figures import drawn
from .numbers import (
    DASH,
    format_count,
    format_number,
    format_parts,
    format_share,
    format_value,
    share_parts,
)

_SHOWN = 20
RULE_NAMES = {
    "cirrus": "bright at 1.38 µm (above the water vapor)",
    "bright": "bright in the near infrared",
    "ice": "ratio of 1.6 µm to near infrared as of ice clouds",
    "white": "white (blue by red)",
    "even": "even over 3 x 3 pixels",
}
LIMITS = (
    "Clouds are selected without their temperature. The thresholds are a proposal: see how many "
    "pixels each of them decides before comparing with other work.",
    "Frequencies hold for the hour of the overpass and for the land and coasts that the satellite "
    "records, not for the day or the ocean.",
    "Wilson's intervals take scenes as independent: a storm that lasts for days makes them too "
    "narrow. Tiles of one overpass count as one scene.",
    "A cell that several products of one overpass show is counted in one of them: what only the "
    "others show of it is not.",
    "The rules were tested on simulated clouds: how well they tell deep clouds from others in real "
    "scenes is not known.",
    "Errors of the statistics hold the scatter between overpasses, not what is common to all.",
)
SOURCES = (
    "Doelling et al. 2013, statistics of convective clouds: DOI 10.1109/TGRS.2012.2225066",
    "Fougnie & Bach 2009, calibration over convective clouds: DOI 10.1109/TGRS.2008.2001148",
    "Wilson 1927, interval of a share: DOI 10.1080/01621459.1927.10502953",
)


def cloudsites_report(found: CloudSites, context: ReportContext) -> str:
    """The report (HTML text); without matplotlib it has no figures."""
    sections = [
        Section("Where and when", (), drawn(lambda: frequency_map(found),
                                            lambda: month_chart(found))),
        Section("Areas", (), (), [_areas(found)] if found.areas else []),
        Section("Reflectance of the clouds", (), drawn(lambda: distribution_charts(found)),
                [_statistics(found)] if found.distributions else []),
        Section("How products were left out", [_effort(found)], (), [_stages(found)]),
        Section("How pixels were left out", (), (), _pixels(found)),
    ]  # fmt: skip
    count = len(found.result.outcomes)
    subtitle = f"Search of {plural(count, 'product')}"
    notes = (*found.notes, *found.result.notes)
    return assemble(context, subtitle, headline(found), sections, LIMITS, SOURCES, notes)


def headline(found: CloudSites) -> list[Headline]:
    """What was found, where the most, and in how many pixels."""
    outcomes = found.result.outcomes
    with_clouds = sum(1 for one in outcomes if one.clouds)
    pixels = sum(one.clouds for one in outcomes)
    if not with_clouds:
        return [Headline(
            "Deep convective clouds", "none", plural(len(outcomes), "product"),
            _none(found), "caution",
        )]  # fmt: skip
    lines = [Headline(
        "Deep convective clouds", f"{format_count(pixels)} pixels of {_size(found)}",
        f"in {format_count(with_clouds)} of {plural(len(outcomes), 'product')}",
        f"{plural(found.result.added, 'measurement')} added to the database.", "good",
    )]  # fmt: skip
    if found.areas:
        best = found.areas[0]
        lines.append(Headline(
            "Best area", area_name(best, found.size),
            plural(best.tally.scenes, "scene"),
            f"Clouds in {format_share(*best.tally.frequency())} of the scenes; "
            f"{format_value(*best.pixels)} pixels per month.",
        ))  # fmt: skip
    else:
        lines.append(Headline("Areas", "none", "", "No cell was seen and clouded often enough.",
                              "caution"))  # fmt: skip
    return lines


def _none(found: CloudSites) -> str:
    """Whether the pixels show no cloud, or no pixel was looked at."""
    count = found.result.candidates
    if not count:
        return "No bands were read: all products were left out before (see the note)."
    read = plural(count, "product whose bands were", "products whose bands were")
    return f"None under these limits in {read} read."


def _areas(found: CloudSites) -> ReportTable:
    rows = [_area_row(rank, one, found) for rank, one in enumerate(found.areas[:_SHOWN], start=1)]
    columns = [
        Column("Rank"), Column("First cell", numeric=False), Column("Cells"), Column("Scenes"),
        Column("Frequency", "%"), Column("Cloud pixels per month"),
        Column("Best month", fixed=True), Column("Known zone", numeric=False),
    ]  # fmt: skip
    more = len(found.areas) - _SHOWN
    rest = f" {more} more are in the layer of areas." if more > 0 else ""
    note = f"Intervals of 95 %: Wilson's of the frequency, bootstrap of overpasses of pixels.{rest}"
    return ReportTable("", columns, rows, note)


def _area_row(rank: int, one: Area, found: CloudSites) -> list[str | Cell]:
    return [
        str(rank), area_name(one, found.size), format_count(len(one.cells)),
        format_count(one.tally.scenes), Cell(*share_parts(*one.tally.frequency())),
        Cell(*format_parts(*one.pixels)), one.best_month, one.zone or "new",
    ]  # fmt: skip


def _statistics(found: CloudSites) -> ReportTable:
    several = len({one.sensor for one in found.distributions}) > 1
    rows: list[list[str | Cell]] = []
    for one in found.distributions:
        name = f"{one.sensor}, {one.band}" if several else one.band
        cells = [
            Cell(f"{one.value[which]:.4f}",
                 f"± {2.0 * one.error[which]:.4f}" if isfinite(one.error[which]) else f"± {DASH}")
            for which in Statistic
        ]  # fmt: skip
        rows.append([name, format_count(one.pixels), format_count(one.overpasses), *cells])
    columns = [Column("Band", numeric=False), Column("Pixels"), Column("Overpasses")]
    columns += [Column(which.value) for which in Statistic]
    note = (
        "TOA reflectance, not corrected for sun and view. Second lines: two standard errors by "
        "bootstrap of overpasses; not known where there is one overpass only."
    )
    return ReportTable("", columns, rows, note)


def _effort(found: CloudSites) -> str:
    opened, there = found.bands()
    return (
        f"{format_count(opened)} of the {format_count(there)} bands of the products in range were "
        f"opened in this run; known from before: {plural(found.result.known, 'product')}."
    )


def _stages(found: CloudSites) -> ReportTable:
    rows = [[name, format_count(count)] for name, count in found.stages().items()]
    if found.result.failed:
        rows.append(["could not be used", format_count(found.result.failed)])
    return ReportTable("", [Column("Products", numeric=False), Column("Count")], rows)


def _pixels(found: CloudSites) -> list[ReportTable]:
    left, moved = found.pixels(), found.moved()
    if not left[SEEN]:
        return []
    rows: list[list[str | Cell]] = [[SEEN, format_count(left[SEEN]), "", "", ""]]
    before, clouds = left[SEEN], left[RULES_LAST]
    for rule in RULES:
        more, less = moved[rule]
        rows.append([
            RULE_NAMES[rule], format_count(left[rule]), format_count(before - left[rule]),
            _change(more, clouds), _change(less, clouds),
        ])  # fmt: skip
        before = left[rule]
    lost = format_count(before - left[COMPLETE])
    rows.append([COMPLETE, format_count(left[COMPLETE]), lost, "", ""])
    percent = f"{100.0 * SHIFT:.0f} %"
    columns = [
        Column("Rule", numeric=False), Column("Left"), Column("Removed"),
        Column(f"Clouds, {percent} looser", "%"), Column(f"Clouds, {percent} stricter", "%"),
    ]  # fmt: skip
    note = (
        f"Pixels are means over squares of about {_size(found)}, in all products whose bands were "
        f"read. {format_count(left['spoiled'])} of the removed are saturated or lack data in a "
        "band. The last columns say by how much the number of clouds changes with one threshold "
        "alone."
    )
    return [ReportTable("", columns, rows, note)]


RULES_LAST = next(reversed(RULES))


def _size(found: CloudSites) -> str:
    """The side of the pixels of the search."""
    meters = found.request.clouds.aggregate_m
    return f"{meters / 1000.0:g} km" if meters >= 1000.0 else f"{meters:g} m"


def _change(count: int, clouds: int) -> str:
    return DASH if not clouds else f"{format_number(100.0 * (count / clouds - 1.0), 1)}"
