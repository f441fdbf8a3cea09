# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers and words in sentences."""

from __future__ import annotations

from calval_toolbox.core.wording import plural, signed


def test_signs_and_zero() -> None:
    assert [signed(value) for value in (0.254, -0.254, -0.004, 0.0)] == [
        "+0.25", "-0.25", "0.00", "0.00",
    ]  # fmt: skip
    assert signed(float("nan")) == "+nan"


def test_counts_with_their_word() -> None:
    assert plural(1, "product") == "1 product"
    assert plural(1200, "product") == "1,200 products"
    assert plural(2, "more band is", "more bands are") == "2 more bands are"
