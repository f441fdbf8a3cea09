# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel says of the choice of a model: which one is next, or ahead by so little."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("qgis.PyQt")

from made_trends import series

from calval_toolbox.core.calibration.trend_models import Kind, TrendChoice, chosen
from calval_toolbox.core.calibration.trends import fit_trends
from calval_toolbox.ui.calibration.trend_words import trend_text


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (1.4, "Taken for being simpler than: line (whose criterion is smaller by 1.4"),
        (-1.4, "Next best, hardly worse: line (criterion larger by 1.4)."),
        (-5.0, "Next best: line (criterion larger by 5.0)."),
    ],
)
def test_words_about_the_other_model(ahead: float, words: str) -> None:
    """The constant is chosen; the line has a criterion that is ``ahead`` by so much."""
    made = {
        one.kind: replace(one, criterion=0.0)
        for one in fit_trends(*series(1, count=60), (Kind.LINEAR, Kind.CONSTANT)).tried
    }
    line = replace(made[Kind.LINEAR], criterion=-ahead)
    tried = tuple(sorted((line, made[Kind.CONSTANT]), key=lambda one: one.criterion))
    choice = TrendChoice(chosen(tried), tried)
    text = trend_text(choice)
    assert text.startswith("Model: constant")
    assert words in text
