# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of reports on calibration that do not care where the coefficients come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..calibration.budget_types import Contributor
from ..calibration.summary import Summary
from ..types import FloatArray
from ..wording import signed
from . import palette
from .calibration_names import contributor_name
from .charts import IntervalRow
from .document import Figure
from .figures import canvas, finish
from .numbers import NOT_AVAILABLE, format_count

_SHADES = (
    palette.BLUE, palette.SKY_BLUE, palette.BLUISH_GREEN, "#A6DACB", palette.YELLOW,
    palette.ORANGE, palette.VERMILLION, palette.REDDISH_PURPLE, "#7A4B00", "#C7D36F", "#9C8FC4",
    palette.REJECTED, palette.BLUE, palette.YELLOW, palette.VERMILLION, "#BFBFBF",
)  # fmt: skip
_LEAST_PERCENT = 0.005


def coefficient_row(
    label: str, found: Summary, half: float, hollow: bool = False, what: str = "pairs"
) -> IntervalRow:
    """A mean coefficient with ``half`` the width of its interval, as a line of a chart; ``what``:
    it is the mean of.
    """
    return IntervalRow(
        label, found.mean, found.mean - half, found.mean + half,
        remark=f"{format_count(found.count)} {what}", hollow=hollow,
    )  # fmt: skip


def slope_text(slope: float, error: float) -> str:
    """A slope (percent per year) with twice its standard error."""
    if not np.isfinite(slope):
        return NOT_AVAILABLE
    return f"{signed(slope, 3)} ± {2.0 * error:.3f}"


def budget_chart(
    labels: Sequence[str], shares: Mapping[Contributor, FloatArray], combined: FloatArray,
    note: str = "Variances add up, so the bars do; the tick is what all make together.",
) -> Figure:  # fmt: skip
    """Bars of variances by contributor: ``labels`` of the bands (b,), standard uncertainties in
    percent (b,) of each contributor and of all together; ``note``: how the latter was found.
    """
    positions = np.arange(len(labels))
    names = [name for name in Contributor
             if name in shares and (shares[name] > _LEAST_PERCENT).any()]  # fmt: skip
    with canvas(height=1.4 + 0.42 * max(len(labels), 3)) as (figure, axes):
        left = np.zeros(len(labels))
        for name in names:
            share = np.nan_to_num(shares[name]) ** 2
            color = _SHADES[list(Contributor).index(name)]
            axes.barh(positions, share, left=left, color=color, label=contributor_name(name),
                      edgecolor=palette.PAPER, linewidth=0.5)  # fmt: skip
            left = left + share
        axes.plot(combined**2, positions, "|", color=palette.INK, markersize=16,
                  markeredgewidth=2.0, label="all together")  # fmt: skip
        axes.set_yticks(positions, labels)
        axes.invert_yaxis()
        axes.set_xlabel("variance of A_k (percent squared)")
        axes.grid(axis="y", visible=False)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, frameon=False)
        return finish(
            figure, len(labels), "Variance of each band's coefficient by contributor",
            note,
        )  # fmt: skip
