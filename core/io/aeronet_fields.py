# SPDX-License-Identifier: GPL-3.0-or-later
"""Comma-separated bytes to arrays, without a Python step per value.

A block of lines is one array of bytes; the positions of all commas and line ends give the bounds of
every field, and numbers and dates are computed from their digits for whole columns at once. Only
the columns that are asked for are looked at, and nothing but numpy is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import ne

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from ..types import AnyArray, BoolArray, FloatArray, TimeArray

IntArray = npt.NDArray[np.intp]
WordArray = npt.NDArray[np.uint64]
ByteArray = npt.NDArray[np.uint8]

_COMMA, _NEWLINE, _ZERO, _NINE, _MINUS, _POINT, _COLON = b",\n09-.:"
_DECIMALS = 6  # AERONET writes six decimals; anything else takes the slow way
_UNITS_AND_DECIMALS = 8  # the length of "d.dddddd"
_ZEROS = np.uint64(0x3030303030303030)
_ZEROS_LOW = np.uint64(0x30)
_OVER_NINE = np.uint64(0x4646464646464646)  # lifts every byte above "9" to 0x80
_TOP_BITS = np.uint64(0x8080808080808080)
_PAIRS = np.uint64(0x000000FF000000FF)
_LAST_BYTES = np.array([(2**64 - 1) ^ (2 ** (64 - 8 * n) - 1) for n in range(8)], dtype=np.uint64)
_SHORTEST = 32
_DATE_WEIGHTS = (  # day, month, year of dd:mm:yyyy
    (10, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    (0, 0, 0, 10, 1, 0, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, 0, 1000, 100, 10, 1),
)
_CLOCK_WEIGHTS = (36000, 3600, 0, 600, 60, 0, 10, 1)  # seconds of hh:mm:ss
_EMPTY = (b"", b"N/A", b"NaN", b"nan", b"NA")


@dataclass(frozen=True)
class Block:
    """Lines as bytes: ``delimiters`` are the positions of all commas and line ends.

    Of each line (n,): ``start`` is its position, ``first`` the index of its first delimiter,
    ``width`` its number of fields.
    """

    raw: bytes
    data: ByteArray
    delimiters: IntArray
    start: IntArray
    first: IntArray
    width: IntArray

    def __len__(self) -> int:
        return len(self.start)

    def select(self, rows: AnyArray) -> Block:
        """The lines of a mask or an index."""
        parts = (self.start[rows], self.first[rows], self.width[rows])
        return Block(self.raw, self.data, self.delimiters, *parts)

    def bounds(self, first: int, last: int) -> tuple[IntArray, IntArray]:
        """Start and end (n,) of the text from column ``first`` to ``last``, commas between
        included.
        """
        start = self.delimiters[self.first + (first - 1)] + 1 if first else self.start
        return start, self.delimiters[self.first + last]

    def texts(self, first: int, last: int) -> list[bytes]:
        """That text, of each line."""
        start, end = self.bounds(first, last)
        raw = self.raw
        return [raw[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]

    def line(self, row: int) -> bytes:
        """One whole line."""
        end = self.delimiters[self.first[row] + self.width[row] - 1]
        return self.raw[self.start[row] : end]


def split(raw: bytes) -> Block:
    """The fields of ``raw``, complete lines that end with a newline each."""
    # Windows of fixed width are laid over the bytes: they must fit even into the shortest text.
    data = np.frombuffer(raw.ljust(_SHORTEST, b" "), dtype=np.uint8)
    line_end = data == _NEWLINE
    delimiter = data == _COMMA
    delimiter |= line_end
    delimiters = np.flatnonzero(delimiter)
    ends = np.searchsorted(delimiters, np.flatnonzero(line_end))
    first = np.zeros(len(ends), dtype=np.intp)
    first[1:] = ends[:-1] + 1
    start = np.zeros(len(ends), dtype=np.intp)
    start[1:] = delimiters[ends[:-1]] + 1
    return Block(raw, data, delimiters, start, first, ends + 1 - first)


def runs(texts: Sequence[bytes]) -> tuple[IntArray, IntArray]:
    """Where equal texts in a row begin, and how many they are: most lines repeat the one before."""
    changes = np.fromiter(map(ne, texts[1:], texts), dtype=np.bool_, count=max(len(texts) - 1, 0))
    begin = np.concatenate([[0], np.flatnonzero(changes) + 1]).astype(np.intp)
    return begin, np.diff(begin, append=len(texts))


def numbers(block: Block, columns: Sequence[int]) -> tuple[FloatArray, BoolArray]:
    """The numbers of some columns (n, k), fill values as NaN, and which of them are not numbers at
    all (n, k).

    Values with six decimals are computed from their digits as an integer over 10^6, which gives the
    same float64 as reading the text; others are read one by one. Columns that hold nothing but fill
    values cost next to nothing.
    """
    out = np.full((len(columns), len(block)), np.nan)
    bad = np.zeros((len(columns), len(block)), dtype=np.bool_)
    after = block.first + np.asarray(columns, dtype=np.intp)[:, None]
    start = block.delimiters[after - 1] + 1
    start[np.asarray(columns) == 0] = block.start
    fill = _is_fill(block.data, start)
    used = np.flatnonzero(~fill.all(axis=1))
    if len(used):
        end = block.delimiters[after[used]]
        values, wrong = _parse(block, start[used].ravel(), end.ravel(), fill[used].ravel())
        out[used] = values.reshape(len(used), -1)
        bad[used] = wrong.reshape(len(used), -1)
    return out.T, bad.T


def times(block: Block, date: int, time: int) -> TimeArray:
    """UTC times ``datetime64[ms]`` (n,) of the columns ``dd:mm:yyyy`` and ``hh:mm:ss``; NaT where
    they are not.
    """
    begin, count = runs(block.texts(date, date))
    days, good_days = _days(block.select(begin), date)
    digits, good = _digits(block, time, 8)
    seconds = _weighted(digits, _CLOCK_WEIGHTS)
    good &= np.repeat(good_days, count) & (seconds < 86400)
    good &= (digits[:, 3] < 6) & (digits[:, 6] < 6)
    out: TimeArray = np.repeat(days, count) + seconds * 1000
    out[~good] = np.datetime64("NaT")
    return out


def _days(block: Block, column: int) -> tuple[TimeArray, BoolArray]:
    """Midnights ``datetime64[ms]`` of dd:mm:yyyy, and which of them are dates."""
    digits, good = _digits(block, column, 10)
    day, month, year = (_weighted(digits, weights) for weights in _DATE_WEIGHTS)
    good &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    first = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = first.astype("datetime64[D]") + np.where(good, day - 1, 0)
    good &= days.astype("datetime64[M]") == first
    return days.astype("datetime64[ms]"), good


def _is_fill(data: ByteArray, start: IntArray) -> BoolArray:
    """Which fields begin with -99: every "no value" does, and no AOD, angle or exponent."""
    fill: BoolArray = data[start] == _MINUS
    for offset in (1, 2):
        fill &= data[np.minimum(start + offset, len(data) - 1)] == _NINE
    return fill


def _parse(
    block: Block, start: IntArray, end: IntArray, fill: BoolArray
) -> tuple[FloatArray, BoolArray]:
    negative = block.data[start] == _MINUS
    # Digits before the units: what stands before "d.dddddd" without the sign.
    leading = (end - start) - negative - _UNITS_AND_DECIMALS
    plain = (leading >= 0) & (leading < 8) & (end >= 16)
    plain &= block.data[np.maximum(end - _DECIMALS - 1, 0)] == _POINT
    words = sliding_window_view(block.data, 16)[end - 16].view("<u8")
    # Of "d.dddddd" the point gives way to the units, and a zero moves in before them.
    units = words[:, 1] & np.uint64(0xFF)
    eight = (words[:, 1] & np.uint64(0xFFFFFFFFFFFF0000)) | (units << np.uint64(8)) | _ZEROS_LOW
    millionths, good = _eight_digits(eight)
    longer = np.flatnonzero((leading > 0) & plain)
    mask = _LAST_BYTES[leading[longer]]
    before, good_before = _eight_digits((words[longer, 0] & mask) | (_ZEROS & ~mask))
    good[longer] &= good_before
    millionths[longer] += before * np.uint64(10 ** (_DECIMALS + 1))
    values = millionths / 10.0**_DECIMALS
    np.negative(values, out=values, where=negative)
    values[fill] = np.nan
    bad = np.zeros(len(start), dtype=np.bool_)
    for i in np.flatnonzero(~(plain & good) & ~fill):
        values[i], bad[i] = _slow(block.raw[start[i] : end[i]])
    return values, bad


def _eight_digits(words: WordArray) -> tuple[WordArray, BoolArray]:
    """Eight characters in each 64-bit word as an integer, and whether all of them are digits.

    Neighboring digits are joined to pairs, pairs to fours, fours to eight, each in one
    multiplication of the whole word (D. Lemire, "Quickly parsing eight digits", 2018).
    """
    digits = words - _ZEROS
    good = (((words + _OVER_NINE) | digits) & _TOP_BITS) == 0
    digits = digits * np.uint64(10) + (digits >> np.uint64(8))
    low = (digits & _PAIRS) * np.uint64(0x000F424000000064)
    high = ((digits >> np.uint64(16)) & _PAIRS) * np.uint64(0x0000271000000001)
    return (low + high) >> np.uint64(32), good


def _slow(text: bytes) -> tuple[float, bool]:
    text = text.strip()
    if text in _EMPTY:
        return float("nan"), False
    try:
        value = float(text.replace(b"_", b"?"))  # Python reads 1_000 as a number
    except ValueError:
        return float("nan"), True
    return value, not np.isfinite(value)


def _digits(block: Block, column: int, length: int) -> tuple[ByteArray, BoolArray]:
    """Fields of ``length`` characters as digits (n, length), and whether each is dd:dd:d..."""
    start, end = block.bounds(column, column)
    last = len(block.data) - length
    text = sliding_window_view(block.data, length)[np.minimum(start, last)]
    good = (end - start == length) & (text[:, 2] == _COLON) & (text[:, 5] == _COLON)
    text -= _ZERO
    text[:, 2] = text[:, 5] = 0
    if text.max(initial=0) > 9:
        good &= (text <= 9).all(axis=1)
    return text, good


def _weighted(digits: ByteArray, weights: Sequence[int]) -> IntArray:
    number: IntArray = np.einsum("ij,j->i", digits, np.array(weights, dtype=np.intp))
    return number
