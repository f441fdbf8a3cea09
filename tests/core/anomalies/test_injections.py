# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans go to JSON and back; bad ones are refused by a sentence that says what to do."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.anomalies.injections import Injection, check_plan
from calval_toolbox.core.anomalies.injections_json import plan_from_json, plan_to_json
from calval_toolbox.core.errors import InputError

BANDS = ("B2", "B4")


def test_a_plan_survives_json() -> None:
    plan = (
        Injection("cloud", 0.8, 3, extent=0.1, seed=5, note="over the village"),
        Injection("stripes", 0.02, 4, bands=("B4",), direction_deg=194.0, period_px=6.0),
        Injection("offset", -0.02, 5, 0, window=(1, 2, 3, 4)),
    )
    text = plan_to_json(plan)
    assert plan_from_json(text) == plan
    assert json.loads(text)["injections"][0] == {
        "type": "cloud", "amplitude": 0.8, "date": 3, "extent": 0.1, "seed": 5,
        "note": "over the village",
    }  # fmt: skip
    check_plan(plan, 6, BANDS)


def test_masks_cannot_be_written() -> None:
    with pytest.raises(InputError, match="window or an extent"):
        plan_to_json([Injection("gain", 0.1, 0, mask=np.ones((2, 2), dtype=bool))])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", 'no list "injections"'),
        ('{"injections": {}}', 'no list "injections"'),
        ('{"injections": ["cloud"]}', "Injection 1 of the plan is not an object"),
        ('{"injections": [{"type": "gain", "amplitude": 0.1}]}', "lacks 'date'"),
        (
            '{"injections": [{"type": "gain", "amplitude": 0.1, "date": 0, "when": 1}]}',
            "unknown key",
        ),
        (
            '{"injections": [{"type": "gain", "amplitude": "5 %", "date": 0}]}',
            "has to be a number, not '5 %'",
        ),
        (
            '{"injections": [{"type": "gain", "amplitude": 0.1, "date": 1.5}]}',
            "'date' has to be a whole number",
        ),
        (
            '{"injections": [{"type": "gain", "amplitude": true, "date": 1}]}',
            "has to be a number, not True",
        ),
        (
            '{"injections": [{"type": "gain", "amplitude": 0.1, "date": 1, "bands": [2]}]}',
            "list of names",
        ),
        (
            '{"injections": [{"type": "gain", "amplitude": 0.1, "date": 1, "window": ["a"]}]}',
            "list of whole numbers",
        ),
    ],
)
def test_bad_json_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        plan_from_json(text)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"type": "flood"}, "no such type"),
        ({"amplitude": 0.0}, "must not be 0"),
        ({"amplitude": float("nan")}, "between -0.5 and 0.5"),
        ({"amplitude": 0.9}, "between -0.5 and 0.5 relative"),
        ({"type": "cloud", "amplitude": -0.5}, "between 0 and 0.84"),
        ({"extent": 0.0}, "above 0, at most 1"),
        ({"extent": 1.5}, "above 0, at most 1"),
        ({"window": (0, 0, 0, 5)}, "four whole numbers"),
        ({"window": (0, 1)}, "four whole numbers"),
        ({"date": 10}, "there are images 0 to 9"),
        ({"date": -1}, "there are images 0 to 9"),
        ({"date": 8, "duration": 5}, "shorter duration"),
        ({"duration": -1}, "negative"),
        ({"bands": ("B9",)}, "no band B9"),
        ({"type": "stripes"}, "name the bands"),
        ({"type": "stripes", "bands": ("B4",), "period_px": 1.0}, "at least 2"),
        ({"type": "step", "duration": 3}, "stays for good"),
        ({"type": "wrong_date", "amplitude": 1.5}, "whole number of images"),
        ({"type": "wrong_date", "amplitude": 9.0}, "there are images 0 to 9"),
        ({"type": "wrong_date", "amplitude": -2.0}, "there are images 0 to 9"),
        ({"type": "wrong_date", "amplitude": 2.0, "duration": 2}, "duration has to be 1"),
    ],
)
def test_impossible_injections_are_refused(values: dict[str, Any], words: str) -> None:
    good = Injection("gain", 0.1, 0)
    bad = Injection(**{"type": "gain", "amplitude": 0.1, "date": 1, **values})
    with pytest.raises(InputError, match=words) as refused:
        check_plan([good, bad], 10, BANDS)
    assert str(refused.value).startswith("Injection 2 (")
