# SPDX-License-Identifier: GPL-3.0-or-later
"""Features of another year, or numbered ones, found by the order of their dates."""

from __future__ import annotations

import pytest

from calval_toolbox.core.classification.date_order import features_by_order
from calval_toolbox.core.errors import InputError

STACK = ("elevation", "B4_20200111", "NDVI 2020-01-11", "NDVI_20200101", "B4_20200101", "B8")


def test_numbered_features_are_the_dates_in_their_order() -> None:
    names, notes = features_by_order(("NDVI_02", "elevation", "NDVI_01", "B8"), STACK, "The stack")
    assert names == ("NDVI_20200111", "elevation", "NDVI_20200101", "B8")
    (note,) = notes
    assert "NDVI_01 of the model is NDVI_20200101 of the stack, NDVI_02 is NDVI_20200111" in note


def test_another_year_and_what_is_there_by_name() -> None:
    wanted = ("B4_20190113", "B4_20190103", "NDVI_20200101", "NDVI_20200111")
    names, notes = features_by_order(wanted, STACK, "The stack")
    assert names == ("B4_20200111", "B4_20200101", "NDVI_20200101", "NDVI_20200111")
    assert len(notes) == 1
    season = features_by_order(("B4_20190701", "B4_20190711"), STACK, "The stack")[1]
    assert "The dates of the stack lie 181 days from those of the model" in season[1]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (("B4_0", "B4_1", "B4_2"), "The stack has 2 dates of B4, and the model 3"),
        (("VV_1", "VV_2"), "The stack lacks the feature VV, which the model needs"),
        (("slope",), "The stack lacks the feature slope"),
        (("B4_20190101", "B4_20190130"), "other steps than the model (shifts of 346 to 365 days)"),
    ],
)
def test_what_cannot_stand_for_each_other_is_refused(wanted: tuple[str, ...], words: str) -> None:
    with pytest.raises(InputError) as told:
        features_by_order(wanted, STACK, "The stack")
    assert words in str(told.value)
