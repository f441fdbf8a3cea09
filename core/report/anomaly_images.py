# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the anomalies of images. It lays out what the detection has found."""

from __future__ import annotations

from ..anomalies.spatial.rasters import AnomalyReport, AnomalyTask
from . import anomaly_image_figures as figures
from . import anomaly_image_tables as tables
from . import anomaly_image_text as text
from .assemble import assemble
from .document import ReportContext, Section
from .figures import drawn


def anomaly_images_report(task: AnomalyTask, report: AnomalyReport, context: ReportContext) -> str:
    """The report (HTML text) of a detection in images. Raises ``MissingPackageError`` where jinja2
    is absent; without matplotlib it has no figures.
    """
    sections = [
        Section(
            "Overview",
            text.method(task),
            drawn(lambda: figures.timeline(task, report)),
            [*tables.verdicts(task, report), *tables.pixel_types(report)],
        ),
        Section("Dates that matter", text.matter(report), (), tables.dates(task, report)),
        Section(
            "Quick looks",
            text.looks(report),
            drawn(lambda: figures.quick_looks(task, report)),
        ),
        Section("Where anomalies lie", (), (), tables.places(task, report)),
        Section("All other dates", (), (), tables.others(task, report)),
    ]
    return assemble(
        context, text.subtitle(task), text.headline(task, report), sections, text.LIMITS,
        text.SOURCES, report.notes,
    )  # fmt: skip
