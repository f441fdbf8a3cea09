# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a period of calibration: all sensors, sites and methods on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..calibration.period_changes import BandPeriod
from ..calibration.period_report import BandHistory, Chain, PeriodReport
from ..calibration.period_store import parameters_of
from ..calibration.trend_models import HARDLY, Kind, TrendChoice
from ..wording import plural, signed
from .assemble import assemble
from .calibration_names import band_label, in_doubt
from .calibration_period_parts import (
    band_tables,
    budget_figure,
    budget_tables,
    coefficient_figure,
    run_table,
    series_figure,
    site_figure,
    site_tables,
    used_tables,
)
from .document import Headline, InputFile, ReportContext, Section
from .figures import drawn
from .numbers import format_count, format_number
from .trend_text import LIMITS, SOURCES, said_briefly, said_with_drift, trend_table

_MOST_LEVELS = 3
_LIMITS = (
    "A_k is measured by simulated reflectance: it compares a sensor with the reference of its run, "
    "and is as good as the calibration of that one.",
    "A change is judged, in color and in words, against the same months of the year before, where "
    "there are any, because A_k goes with the seasons: a change since the period before holds the "
    "season, and is judged only where there is nothing else. The chance that any band of the "
    "report is said to have changed although none did is 5 % (Holm).",
    "A change is free of what is common to both periods; the combined "
    "uncertainty of a coefficient is not.",
    "Standard errors allow for the memory of the noise in the whole series, its season included, "
    "as in the summary of the run; the change since the same months of the year before is free of "
    "the season, and so is its error.",
    *LIMITS,
)
_SOURCES = (
    "Lacherade et al. 2013, cross-calibration over deserts: DOI 10.1109/TGRS.2012.2227061",
    "Holm 1979, tests of several bands: Scandinavian Journal of Statistics 6, 65-70",
    *SOURCES,
)
_METHODS = {
    "calibratedesert": "over deserts", "calibrateantarctic": "over snow",
    "calibrateclouds": "over clouds",
}  # fmt: skip


def period_report(
    found: PeriodReport, title: str, database: str, versions: Mapping[str, str]
) -> str:
    """The page (HTML text); the same coefficients and parameters give the same page but for the
    moment at which it was made.
    """
    sections = [
        Section("What has changed", [*found.saturated, *_changes(found)]),
        Section("Runs", (), (), [run_table(found)]),
    ]
    for chain in found.chains:
        sections += _chain(found, chain)
    sections.append(
        Section("Measurements used", (), (), [one for c in found.chains for one in used_tables(c)])
    )
    parameters: dict[str, Any] = {"DATABASE": database, **parameters_of(found)}
    inputs = [
        InputFile(f"coefficients of run {number}", digest)
        for number, digest in found.digest.items()
    ]
    context = ReportContext(title, parameters, inputs, versions)
    first, last = found.span.days
    sensors = ", ".join(dict.fromkeys(chain.run.sensor for chain in found.chains))
    subtitle = f"{found.span.name}: {first} to {last}, {sensors}"
    if found.span.name.startswith(first):
        subtitle = f"{first} to {last}, {sensors}"
    return assemble(context, subtitle, headline(found), sections, _LIMITS, _SOURCES, found.notes)


def chain_title(chain: Chain) -> str:
    """What a run is called."""
    run = chain.run
    way = _METHODS.get(run.method, run.method)
    against = f" against {run.reference}" if run.reference else ""
    return f"{run.sensor}{against} {way}"


def headline(found: PeriodReport) -> list[Headline]:
    """The farthest band of each run (up to three), the clearest change, the clearest trend. No mean
    over bands: it is true of none of them, and the one that goes astray hides in it.
    """
    return [*_levels(found), *_largest_change(found), *_clearest_trend(found)]


def _levels(found: PeriodReport) -> list[Headline]:
    """The runs with the most bands off come first; how many are not shown is said."""
    chains = sorted(found.chains, key=lambda chain: -len(_off(chain)))
    lines = [_level(chain) for chain in chains[:_MOST_LEVELS]]
    if left := len(chains) - len(lines):
        last = lines[-1]
        more = plural(left, "more run is below", "more runs are below")
        lines[-1] = replace(last, verdict=f"{last.verdict} {more}.")
    return lines


def _level(chain: Chain) -> Headline:
    """The band that is farthest from 1; of those that are off by more than is known, if any is."""
    every = [one for one in chain.bands if one.now.count]
    shown, off = _sound(chain), _off(chain)
    far = max(off or shown, key=lambda one: abs(one.now.mean - 1.0))
    half = chain.half(far)
    kind = "k = 2" if chain.systematic else "k = 2, standard error only"
    way = "more" if far.now.mean > 1.0 else "less"
    verdict = (
        f"{abs(100.0 * (far.now.mean - 1.0)):.2f} % {way} than "
        f"{chain.run.reference or 'its reference band'} predicts"
        + (f": the farthest of {len(shown)} bands. " if len(shown) > 1 else ". ")
    )
    state = ""
    if known := [one for one in shown if np.isfinite(chain.half(one))]:
        verdict += f"{len(off)} of {plural(len(known), 'band')} off by more than the uncertainty."
        state = "caution" if off else "good"
    if left := len(every) - len(shown):
        verdict += in_doubt(left)
    elif len(chain.doubts) == len(chain.bands):
        verdict, state = f"{verdict} Each band is in doubt (see the table).", "caution"
    return Headline(
        chain_title(chain),
        f"{_label(far)}: {format_number(far.now.mean, 4)}"
        + (f" ± {half:.4f} ({kind})" if np.isfinite(half) else ""),
        f"{format_count(far.now.count)} of {format_count(len(chain.used))} coefficients",
        verdict, state,
    )  # fmt: skip


def _sound(chain: Chain) -> list[BandPeriod]:
    """The bands with coefficients that are not in doubt; all, where each is."""
    shown = [one for one in chain.bands if one.now.count]
    return [one for one in shown if one.band not in chain.doubts] or shown


def _off(chain: Chain) -> list[BandPeriod]:
    """The bands whose interval (k = 2) does not hold 1, without those in doubt."""
    return [one for one in _sound(chain) if abs(one.now.mean - 1.0) > chain.half(one)]


def _largest_change(found: PeriodReport) -> list[Headline]:
    known = [
        (chain, one) for chain in found.chains for one in chain.bands
        if one.usable and np.isfinite(one.change_error)
    ]  # fmt: skip
    if not known:
        return []
    clear = [pair for pair in known if pair[1].clear]
    chain, one = max(clear or known, key=lambda pair: abs(pair[1].change_percent))
    return [
        Headline(
            f"Largest change since {one.since}" if not clear else "Largest clear change",
            f"{chain.run.sensor} {_label(one)}: {signed(one.change_percent)} ± "
            f"{one.change_half:.2f} %",
            f"{format_count(one.now.count)} and {format_count(one.change.then.count)} "
            f"{chain.counted}",
            f"{len(clear)} of {len(known)} bands changed, allowing for their number (Holm, 5 %)."
            + (" The season is still in it." if one.seasonal else ""),
            "caution" if clear else "good",
        )
    ]  # fmt: skip


def _clearest_trend(found: PeriodReport) -> list[Headline]:
    """The band that is the least constant over all years, which a change since one may not show."""
    every = [
        (chain, one, one.choice) for chain in found.chains for one in chain.histories
        if one.choice is not None
    ]  # fmt: skip
    if not every:
        return []
    known = [each for each in every if each[1].band not in each[0].doubts] or every
    moving = [each for each in known if each[2].best.kind is not Kind.CONSTANT]
    chain, one, choice = max(moving or known, key=lambda each: each[2].behind(Kind.CONSTANT))
    band = band_label(one.band, one.wavelength_nm)
    hardly = bool(moving) and choice.behind(Kind.CONSTANT) < HARDLY  # the clearest of them
    return [
        Headline(
            "Clearest trend over all years" if moving else "Trend over all years",
            f"{chain.run.sensor} {band}: {said_briefly(choice.best)}",
            plural(choice.best.count, "coefficient"),
            f"{len(moving)} of {plural(len(known), 'band')} not constant by the information "
            f"criterion{_bare(moving)}.{in_doubt(len(every) - len(known))}",
            "" if hardly else "good" if not moving else "caution",
        )
    ]  # fmt: skip


def _bare(moving: Sequence[tuple[Chain, BandHistory, TrendChoice]]) -> str:
    """How many of them the criterion hardly tells from constant ones."""
    hardly = sum(choice.behind(Kind.CONSTANT) < HARDLY for _, _, choice in moving)
    return f", {hardly} of them hardly (by less than {HARDLY:g})" if hardly else ""


def _changes(found: PeriodReport) -> list[str]:
    """What says the most comes first, changes of few pairs last."""
    pairs = [(chain, one) for chain in found.chains for one in chain.bands]
    pairs.sort(key=lambda pair: -pair[1].weight)
    return [
        f"{chain_title(chain)}, {_label(one)}: {one.words(chain.run.sensor)}"
        for chain, one in pairs
    ]


def _chain(found: PeriodReport, chain: Chain) -> list[Section]:
    title = chain_title(chain)
    known = [one for one in chain.histories if one.choice is not None]
    labels = [band_label(one.band, one.wavelength_nm) for one in known]
    choices = [one.choice for one in known if one.choice is not None]
    text = [f"{label}: {said_with_drift(one)}." for label, one in zip(labels, choices, strict=True)]
    return [
        Section(
            f"{title}: coefficients", (f"Run {chain.run.id} of {chain.run.time[:10]}.",),
            drawn(lambda: coefficient_figure(chain)), band_tables(chain),
        ),
        Section(f"{title}: sites", (), drawn(lambda: site_figure(chain)), site_tables(chain)),
        Section(
            f"{title}: series and trends", text,
            drawn(lambda: series_figure(chain, found.span)), trend_table(labels, choices),
        ),
        Section(
            f"{title}: uncertainty", (), drawn(lambda: budget_figure(chain)), budget_tables(chain)
        ),
    ]  # fmt: skip


def _label(one: BandPeriod) -> str:
    return band_label(one.band, one.wavelength_nm)
