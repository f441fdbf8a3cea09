# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calval_toolbox.core.report import numbers

NAN = math.nan


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((-0.0417, -0.0530, -0.0307), "-0.042 [-0.053, -0.031]"),
        ((0.07324, 0.06571, 0.08079), "0.073 [0.066, 0.081]"),  # half width 0.0075: one digit
        ((12.345, 12.2, 12.5), "12.35 [12.20, 12.50]"),  # half width 0.15: two digits
        ((1234.5, 1100.0, 1370.0), "1,230 [1,100, 1,370]"),  # half width 135: tens
        ((0.5, 0.4034, 0.5966), "0.50 [0.40, 0.60]"),  # half width 0.0966: rounds up to 0.10
        ((1.0, 0.65, 1.35), "1.00 [0.65, 1.35]"),
        ((1.0, 0.64, 1.36), "1.0 [0.6, 1.4]"),  # from 355 on one digit is enough
        ((-0.0004, -0.02, 0.02), "0.000 [-0.020, 0.020]"),  # no negative zero
        ((0.158, NAN, NAN), "0.158"),
        ((0.000123456,), "0.000123"),
        ((123456.0,), "123,456"),
        ((0.0,), "0.000"),
        ((NAN, 0.1, 0.2), "not available"),
        ((math.inf,), "not available"),
        ((0.2, 0.2, 0.2), "0.200"),
        ((0.2, -math.inf, 0.4), "0.200"),
    ],
)
def test_digits_follow_the_interval(arguments: tuple[float, ...], text: str) -> None:
    assert numbers.format_value(*arguments) == text


def test_unit_stands_behind_the_interval_without_line_break() -> None:
    assert numbers.format_value(1.934, 1.871, 1.987, "cm") == "1.93 [1.87, 1.99]\u00a0cm"
    assert numbers.format_value(NAN, unit="cm") == "not available"
    assert numbers.format_value(1.93456, unit="cm", decimals=2) == "1.93\u00a0cm"


@given(
    st.floats(-1e4, 1e4).filter(lambda value: abs(value) > 1e-6),
    st.floats(1e-6, 1e3),
)
def test_rounding_moves_a_number_less_than_its_uncertainty(value: float, half: float) -> None:
    number, bounds = numbers.format_parts(value, value - half, value + half)
    assert abs(float(number.replace(",", "")) - value) <= 0.15 * half * (1.0 + 1e-9)
    assert bounds.startswith("[")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((0.6976, 0.659, 0.7335), "70 [66, 73]\u00a0%"),
        ((0.256, 0.222, 0.293), "26 [22, 29]\u00a0%"),
        ((0.8666, 0.8633, 0.8698), "86.66 [86.33, 86.98]\u00a0%"),
        ((0.683,), "68.3\u00a0%"),
        ((NAN,), "not available"),
    ],
)
def test_shares(arguments: tuple[float, ...], text: str) -> None:
    assert numbers.format_share(*arguments) == text


def test_probabilities_are_never_falsely_certain() -> None:
    assert numbers.format_probability(1.0) == "> 0.99"
    assert numbers.format_probability(0.0) == "< 0.01"
    assert numbers.format_probability(0.123) == "0.12"
    assert numbers.format_p_value(0.0) == "< 0.001"
    assert numbers.format_p_value(0.0432) == "0.043"
    assert numbers.format_p_value(0.432) == "0.43"
    assert numbers.format_p_value(NAN) == "not available"


def test_sizes_and_counts() -> None:
    assert numbers.format_count(15821) == "15,821"
    assert numbers.format_size(999) == "999\u00a0bytes"
    assert numbers.format_size(53_000) == "53.0\u00a0kB"
    assert numbers.format_size(1_234_000_000) == "1.23\u00a0GB"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "not used"),
        ("", "not used"),
        (True, "yes"),
        (30.0, "30"),
        (0.1 + 0.2, "0.3"),
        ([1000, 5000.0], "1000, 5000"),
        ([], "none"),
        ({"a": None}, "a: not used"),
        ("x<y", "x<y"),
    ],
)
def test_settings(value: object, text: str) -> None:
    assert numbers.format_setting(value) == text


def test_shares_of_a_count_have_the_digits_that_the_count_allows() -> None:
    assert numbers.counted_parts(6 / 7, 7) == ("86", "[49, 97]")
    assert numbers.format_counted_share(288 / 322, 322) == "89 [86, 92]\u00a0%"
    assert numbers.format_counted_share(0.5, 1_000_000) == "50.00 [49.90, 50.10]\u00a0%"
    assert numbers.counted_parts(float("nan"), 0) == (numbers.NOT_AVAILABLE, "")
    assert numbers.format_counted_share(float("nan"), 0) == numbers.NOT_AVAILABLE


@pytest.mark.parametrize(
    ("count", "rounded", "text"),
    [(406.052, 406, "406"), (4.8123, 4.8, "4.8"), (4060.52, 4060, "4,060"), (0.05, 0.05, "0.05"),
     (0.0, 0.0, "0")],
)  # fmt: skip
def test_expected_counts_have_the_digits_that_chance_leaves(
    count: float, rounded: float, text: str
) -> None:
    assert numbers.expected_count(count) == rounded
    assert numbers.format_expected(count) == text
