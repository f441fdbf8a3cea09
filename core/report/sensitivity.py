# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the sensitivity of the detection. It lays out what the study has computed."""

from __future__ import annotations

from ..anomalies.study import Study
from . import sensitivity_figures as figures
from . import sensitivity_tables as tables
from . import sensitivity_text as text
from .assemble import assemble
from .document import ReportContext, Section
from .figures import drawn


def sensitivity_report(found: Study, context: ReportContext) -> str:
    """The report (HTML text) of a study. Raises ``MissingPackageError`` where jinja2 is absent;
    without matplotlib it has no figures.
    """
    sections = [
        Section(
            "Curves of detection",
            (),
            drawn(lambda: figures.curve_figures(found)),
            tables.baseline(found),
        ),
        Section("Ranking of configurations", (), (), tables.configurations(found)),
        *_improvements(found),
        Section("Names", (), drawn(lambda: figures.confusion_figure(found))),
        Section(
            "Minimal detectable amplitudes",
            (),
            drawn(lambda: figures.mda_figures(found)),
            tables.mda_table(found),
        ),
    ]
    return assemble(
        context, text.subtitle(found), text.headline(found), sections, text.LIMITS, text.SOURCES
    )


def _improvements(found: Study) -> list[Section]:
    """What each ingredient is worth; nothing where there is no other choice beside the first."""
    compared = {one.configuration for one in found.changes}
    if len(compared) < 2 and not found.shared and not found.opinions:
        return []
    shared_title = "An offset on the same date at all sites"
    section = Section(
        "Algorithmic improvements",
        text.improvements(found),
        drawn(
            lambda: figures.gain_figure(found),
            lambda: figures.rule_figure(found.shared, shared_title),
            lambda: figures.rule_figure(found.opinions, "Second opinions"),
        ),
        [
            *tables.change_table(found),
            *tables.rule_table(found.shared, shared_title),
            *tables.rule_table(found.opinions, "Second opinions"),
        ],
    )
    return [section]
