# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a period of calibration: all sensors, sites and methods on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..calibration.period_changes import BandPeriod
from ..calibration.period_report import Chain, PeriodReport
from ..calibration.period_store import parameters_of
from ..wording import signed
from .assemble import assemble
from .calibration_names import band_label
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
from .trend_text import LIMITS, SOURCES, said, trend_table

_LIMITS = (
    "A_k is measured by simulated reflectance: it compares a sensor with the reference of its run, "
    "and is as good as the calibration of that one.",
    "A change is judged against the same months of the year before, where there are any, because "
    "A_k goes with the seasons: a change since the period before holds the season. The "
    "chance that any band is said to have changed although none did is 5 % (Holm).",
    "A change is free of what is common to both periods; the combined "
    "uncertainty of a coefficient is not.",
    *LIMITS,
)
_SOURCES = (
    "Lacherade et al. 2013, cross-calibration over deserts: DOI 10.1109/TGRS.2012.2227061",
    "Holm 1979, tests of several bands: Scandinavian Journal of Statistics 6, 65-70",
    "Santer et al. 2000, errors with autocorrelation: DOI 10.1029/1999JD901105",
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
    """Level of each run (up to three), changes, and trends."""
    lines = [_level(chain) for chain in found.chains[:3]]
    known = [
        (chain, one) for chain in found.chains for one in chain.bands
        if one.usable and np.isfinite(one.change_error)
    ]  # fmt: skip
    if known:
        clear = [pair for pair in known if pair[1].clear]
        chain, one = max(clear or known, key=lambda pair: abs(pair[1].change_percent))
        lines.append(
            Headline(
                f"Largest change since {one.since}" if not clear else "Largest clear change",
                f"{chain.run.sensor} {_label(one)}: {signed(one.change_percent)} ± "
                f"{one.change_half:.2f} %",
                f"{format_count(one.now.count)} and {format_count(one.change.then.count)} "
                f"{chain.counted}",
                f"{len(clear)} of {len(known)} bands changed, allowing for their number (Holm, "
                "5 %)."
                + (" The season is still in it." if one.seasonal else ""),
                "caution" if clear else "good",
            )
        )  # fmt: skip
    return lines


def _level(chain: Chain) -> Headline:
    shown = [one for one in chain.bands if one.now.count]
    median = float(np.median([one.now.mean for one in shown]))
    total = 2.0 * float(np.nanmedian([chain.uncertainty(one) for one in shown])) / 100.0 * median
    way = "more" if median > 1.0 else "less"
    kind = "k = 2" if chain.systematic else "k = 2, standard error only"
    half = f" ± {total:.4f} ({kind})" if np.isfinite(total) else ""
    return Headline(
        chain_title(chain), format_number(median, 4) + half,
        f"{len(shown)} bands, {format_count(len(chain.used))} coefficients",
        f"Median of the bands: {chain.run.sensor} measures {abs(100.0 * (median - 1.0)):.2f} % "
        f"{way} than {chain.run.reference or 'its reference band'} predicts.",
    )  # fmt: skip


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
    text = [f"{label}: {said(one.best)}." for label, one in zip(labels, choices, strict=True)]
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
