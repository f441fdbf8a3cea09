# SPDX-License-Identifier: GPL-3.0-or-later
"""Colors for classes of land cover that have none."""

from __future__ import annotations

from dataclasses import replace

from ..report.palette import cover_colors
from .classes import Classes


def colored(classes: Classes, known: Classes | None = None) -> Classes:
    """``classes``, those without a color with that of the ``known`` class of the same label, else
    with one that everybody expects of it, or one of their own.
    """
    colors = {} if known is None else {one.label: one.color for one in known.items}
    own = cover_colors(classes.labels)
    return Classes(
        tuple(
            replace(one, color=one.color or colors.get(one.label) or color)
            for one, color in zip(classes.items, own, strict=True)
        )
    )
