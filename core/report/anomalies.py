# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the anomalies of time series. It lays out what the detection has computed."""

from __future__ import annotations

from ..anomalies.run import AnomalyRun
from ..anomalies.summaries import SITE, rates
from . import anomaly_figures, anomaly_tables, anomaly_text
from .assemble import assemble
from .document import ReportContext, Section
from .figures import drawn

MASK_TEXT = (
    "Masked dates never enter the model, but are scored: a mask that is right should hold dates "
    "that are off the model, and leave none. Masked dates that are in order hint at a mask that "
    "takes too much (bright ground, dilation); clear dates that are off hint at what it misses, or "
    "are false alarms."
)


def anomaly_report(run: AnomalyRun, context: ReportContext) -> str:
    """The report (HTML text) of a detection. Raises ``MissingPackageError`` where jinja2 is absent;
    without matplotlib it has no figures.
    """
    groups = rates(run)
    shown = [one for one in groups if one.grouping != SITE or len(run.series) > 1]
    sections = [
        Section(
            "Overview",
            anomaly_text.method(run),
            drawn(lambda: anomaly_figures.timeline(run)),
            anomaly_tables.sites(run),
        ),
        Section("Anomalies", (), (), anomaly_tables.anomalies(run)),
        Section("Series", (), drawn(lambda: anomaly_figures.site_figures(run))),
        Section(
            "Rates",
            (),
            drawn(lambda: anomaly_figures.rate_figure(shown, run.settings.threshold)),
            anomaly_tables.rate_table(shown),
        ),
        Section("Mask", (MASK_TEXT,), (), anomaly_tables.mask_table(run)),
        Section("Noise", (), (), anomaly_tables.noise_table(run)),
        Section(
            "Dates that sites share",
            anomaly_text.dates_text(run),
            (),
            anomaly_tables.common_dates(run),
        ),
        Section(
            "Lasting changes",
            anomaly_text.steps_text(run),
            (),
            [*anomaly_tables.steps(run), *anomaly_tables.sensors(run)],
        ),
        Section("What was not tested", (), (), anomaly_tables.untested(run)),
    ]
    return assemble(
        context,
        anomaly_text.subtitle(run),
        anomaly_text.headline(run),
        sections,
        anomaly_text.LIMITS,
        anomaly_text.SOURCES,
        anomaly_text.notes(run),
    )
