# SPDX-License-Identifier: GPL-3.0-or-later
"""Quantification values: which of them divide, which multiply, which cannot be."""

from __future__ import annotations

import pytest

from calval_toolbox.core.errors import ProductError
from calval_toolbox.core.io.products.quantification import aot_range_note, scale_from


@pytest.mark.parametrize(
    ("stated", "scale"),
    [(200.0, 0.005), (0.005, 0.005), (1.0, 1.0), (2.0, 0.5), (0.5, 0.5), (10000.0, 1e-4)],
)
def test_values_of_one_and_more_divide_smaller_ones_multiply(stated: float, scale: float) -> None:
    assert scale_from(stated, "here") == pytest.approx(scale, rel=1e-15)


@pytest.mark.parametrize("stated", [0.0, -200.0, float("nan")])
def test_values_that_cannot_be_are_sentences(stated: float) -> None:
    with pytest.raises(ProductError, match="here gives the quantification value"):
        scale_from(stated, "here")


@pytest.mark.parametrize(
    ("scale", "doubtful"),
    [(0.005, False), (0.0196, False), (0.02, True), (1.0, True), (5e-4, True)],
)
def test_aot_that_a_byte_cannot_hold_is_doubtful(scale: float, doubtful: bool) -> None:
    assert bool(aot_range_note(scale, 255.0)) is doubtful
    assert aot_range_note(scale, None) == ""
