# SPDX-License-Identifier: GPL-3.0-or-later
"""The box of statistics shows the intervals that the report judges by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from calval_toolbox.core.aot.statistics import summarize
from calval_toolbox.core.aot.types import Interval
from calval_toolbox.ui.aot.model import Figures
from calval_toolbox.ui.aot.statistics import StatisticsBox


def test_a_share_has_the_interval_by_months(app: Any, made: Any) -> None:
    plain = summarize(made.matchups(), n_bootstrap=0)[0]
    share = plain.fractions["ee"]
    box = StatisticsBox()

    def shown(block: Interval | None) -> str:
        fractions = {"ee": replace(share, block=block)}
        box.show_figures(Figures(replace(plain, fractions=fractions), None, 0, 0))
        return box.values["ee", 1].text().replace("&nbsp;", " ")

    value = share.within.value
    assert "[" not in shown(None)  # no interval has been drawn: Wilson's does not stand for it
    assert "[" not in shown(Interval(value))  # too few months
    assert "[12, 96]" in shown(Interval(value, 0.12, 0.96))
