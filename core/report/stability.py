# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the search for stable sites."""

from __future__ import annotations

from ..calibration.stability.run import StabilityReport, StabilityTask
from . import stability_figures as figures
from . import stability_tables as tables
from . import stability_text as text
from .assemble import assemble
from .document import ReportContext, Section
from .figures import drawn


def stability_report(task: StabilityTask, found: StabilityReport, context: ReportContext) -> str:
    """The report (HTML text). Raises ``MissingPackageError`` where jinja2 is absent; without
    matplotlib it has no figures.
    """
    sections = [
        Section(
            "Candidates", text.candidates(task, found),
            drawn(lambda: figures.score_map(task, found)), tables.best(task, found),
        ),
        Section("Candidates by band", (), (), tables.by_band(task, found)),
        Section("Criteria on the map", text.maps(task), drawn(lambda: figures.maps(task, found))),
        Section("What pixels fail by", text.failures(found), (), tables.failures(task, found)),
        Section("What the model takes off", text.model(task), (), tables.model(task, found)),
        Section("How it is measured", text.method(task)),
    ]  # fmt: skip
    return assemble(
        context, text.subtitle(task), text.headline(task, found), sections, text.LIMITS,
        text.SOURCES, found.notes,
    )  # fmt: skip
