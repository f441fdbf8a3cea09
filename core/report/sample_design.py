# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a reference sample in reports."""

from __future__ import annotations

from ..classification.accuracy.sample_sizes import SampleDesign
from .assemble import assemble
from .document import Column, Headline, ReportContext, ReportTable, Section
from .numbers import format_count, format_number

_WAYS = ("equal", "proportional", "mixed")
SOURCE = (
    "Olofsson, P. et al. (2014): Good practices for estimating area and assessing accuracy of land "
    "change. Remote Sensing of Environment 148, 42-57, 10.1016/j.rse.2014.02.015."
)
_LIMIT = (
    "The plan is as good as the user's accuracies that were expected. Draw the samples by chance "
    "inside each class of the map, and look at all of them, hard ones included."
)


def design_section(design: SampleDesign) -> Section:
    """Sizes by class for three ways to spread a sample, and the error that each lets expect."""
    columns = [
        Column("Class", numeric=False), Column("Share of the map", "%"),
        Column("Expected precision", "%"), *(Column(way.capitalize()) for way in _WAYS),
    ]  # fmt: skip
    rows = [
        [label, format_number(100.0 * float(design.shares[at]), 2),
         format_number(100.0 * float(design.users[at]), 1),
         *(format_count(int(getattr(design, way)[at])) for way in _WAYS)]
        for at, label in enumerate(design.classes.labels)
    ]  # fmt: skip
    errors = ", ".join(
        f"{way} {format_number(100.0 * design.error(getattr(design, way)), 2)} %" for way in _WAYS
    )
    text = (
        f"{format_count(design.total)} samples in all (Cochran 1977). Mixed: the least number in "
        "each rare class, the rest by area: precise for rare classes and nearly so for the whole.",
        f"Standard error of the overall accuracy that each way lets expect: {errors}.",
    )
    return Section("Sample design", text, (), [ReportTable("", columns, rows)])


def design_report(design: SampleDesign, context: ReportContext) -> str:
    """The page (HTML text) of a plan alone."""
    headline = [Headline("Reference samples needed", format_count(design.total), "",
                         f"spread over {len(design.classes)} classes")]  # fmt: skip
    return assemble(
        context, "Plan of a stratified sample", headline, [design_section(design)], [_LIMIT],
        [SOURCE],
    )  # fmt: skip
