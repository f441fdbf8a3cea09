# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.io.aeronet_fields import Block, numbers, split, times


def as_python_reads(text: str) -> tuple[float, bool]:
    if text.startswith("-999") or text.strip() in ("", "N/A", "NA", "NaN", "nan"):
        return np.nan, False
    try:
        value = float("not a number" if "_" in text else text)
    except ValueError:
        return np.nan, True
    return value, not np.isfinite(value)


def test_numbers_are_those_that_python_reads_from_good_and_spoiled_text() -> None:
    rng = np.random.default_rng(7)
    texts = [f"{v:.6f}" for v in rng.normal(0, 1, 500)]
    texts += [f"{v:.6f}" for v in rng.uniform(0, 1, 500) * 10.0 ** rng.integers(0, 9, 500)]
    texts += [f"{v:.{i % 9}f}" for i, v in enumerate(rng.uniform(0, 90, 200))]
    for text in list(texts):
        spoiled = list(text)
        spoiled[rng.integers(len(text))] = str(rng.choice(list("0189.-+e xX:/_\xff")))
        texts.append("".join(spoiled))
    texts += ["", "N/A", "-", ".", "-.", "0", "-0.000000", "inf", "nan", "1_0.000000", "-999."]
    raw = "".join(f"a,{text},b\n" for text in texts).encode("latin-1")
    values, bad = numbers(split(raw), [1])
    expected = [as_python_reads(text) for text in texts]
    np.testing.assert_array_equal(values[:, 0], [value for value, _ in expected])
    np.testing.assert_array_equal(bad[:, 0], [wrong for _, wrong in expected])
    assert bad.sum() > 300


def test_columns_are_taken_by_their_number_from_lines_of_any_width() -> None:
    block = split(b"1.500000,2,3\n4.500000,5,6,7\n-999.000000,8,N/A\n")
    values, bad = numbers(block, [2, 0, 1])
    expected = [[3.0, 1.5, 2.0], [6.0, 4.5, 5.0], [np.nan, np.nan, 8.0]]
    np.testing.assert_array_equal(values, expected)
    assert not bad.any()
    assert block.width.tolist() == [3, 4, 3]
    assert texts(block, 1, 2) == [b"2,3", b"5,6", b"8,N/A"]
    assert texts(block, 0, 0) == [b"1.500000", b"4.500000", b"-999.000000"]
    assert block.line(1) == b"4.500000,5,6,7"
    assert block.select(np.array([False, True, True])).line(0) == b"4.500000,5,6,7"


@pytest.mark.parametrize(
    ("date", "clock", "expected"),
    [
        ("29:02:2016", "23:59:59", "2016-02-29T23:59:59"),
        ("31:12:1993", "00:00:00", "1993-12-31T00:00:00"),
        ("29:02:2015", "10:00:00", "NaT"),
        ("00:05:2016", "10:00:00", "NaT"),
        ("01:13:2016", "10:00:00", "NaT"),
        ("1:05:2016", "10:00:00", "NaT"),
        ("01-05-2016", "10:00:00", "NaT"),
        ("01:05:2o16", "10:00:00", "NaT"),
        ("01:05:2016", "24:00:00", "NaT"),
        ("01:05:2016", "10:60:00", "NaT"),
        ("01:05:2016", "10:00:60", "NaT"),
        ("01:05:2016", "10:00", "NaT"),
        ("", "", "NaT"),
    ],
)
def test_times_come_from_dates_that_exist(date: str, clock: str, expected: str) -> None:
    good = "07:06:2001,08:09:10"
    raw = f"{good}\n{date},{clock}\n{good}\n".encode()
    found = times(split(raw), 0, 1)
    np.testing.assert_array_equal(found[[0, 2]], np.datetime64("2001-06-07T08:09:10"))
    np.testing.assert_array_equal(found[1], np.datetime64(expected))


def test_lines_of_several_widths_are_not_taken_for_a_table() -> None:
    block = split(b"1,2,3\n4\n5,6\n").select(np.array([0, 1]))
    assert texts(block, 0, 0) == [b"1", b"4"]


def test_other_signs_do_not_cut_fields() -> None:
    block = split(b'a b,"c"\t+1,d\n')
    assert texts(block, 1, 1) == [b'"c"\t+1']


def test_equal_texts_are_joined_to_runs() -> None:
    long, other = b"lev20,931,Sao_Paulo,-23.5615", b"lev20,931,Sao_Paulo,-23.5616"
    raw = b"".join(b"x," + text + b"\n" for text in (long, long, other, long, long, long))
    found, count = split(raw).runs_of_text(1, 4)
    assert (found, count.tolist()) == ([long, other, long], [2, 1, 3])


@pytest.mark.parametrize("length", [1, 7, 8, 9, 16, 40])
def test_no_run_holds_two_texts(length: int) -> None:
    rng = np.random.default_rng(length)
    picked = ["".join(rng.choice(list("ab"), rng.integers(0, length + 1))) for _ in range(300)]
    chosen = [text.encode() for text in picked for _ in range(int(rng.integers(1, 4)))]
    block = split(b"".join(b"1," + text + b"\n" for text in chosen))
    assert texts(block, 1, 1) == chosen
    one_length = split(b"".join(text.ljust(length, b"a") + b",1\n" for text in chosen))
    assert texts(one_length, 0, 0) == [text.ljust(length, b"a") for text in chosen]


def texts(block: Block, first: int, last: int) -> list[bytes]:
    found, count = block.runs_of_text(first, last)
    return [text for text, times_ in zip(found, count, strict=True) for _ in range(times_)]
