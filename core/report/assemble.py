# SPDX-License-Identifier: GPL-3.0-or-later
"""A report out of its parts, in the one form that all domains share."""

from __future__ import annotations

from collections.abc import Sequence

from .document import Headline, Report, ReportContext, Section, render
from .figures import absence_notes


def assemble(
    context: ReportContext,
    subtitle: str,
    headline: Sequence[Headline],
    sections: Sequence[Section],
    limits: Sequence[str],
    sources: Sequence[str],
    notes: Sequence[str] = (),
) -> str:
    """The page (HTML text) of a run; sections that hold nothing are left out, and where figures
    cannot be drawn a note says so.
    """
    filled = [one for one in sections if one.figures or one.tables or one.text]
    return render(
        Report(
            context.title,
            subtitle,
            headline,
            filled,
            context.parameters,
            context.inputs,
            context.versions,
            limits,
            sources,
            (*absence_notes(), *notes),
            context.created,
        )
    )
