# SPDX-License-Identifier: GPL-3.0-or-later
"""Comma-separated bytes to arrays, without a Python step per value.

A block of lines is one array of bytes; the positions of all commas and line ends give the bounds of
every field, and numbers and dates are computed from their digits for whole columns at once. Only
the columns that are asked for are looked at, and nothing but numpy is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from ..types import AnyArray, BoolArray, FloatArray, TimeArray

IntArray = npt.NDArray[np.intp]
WordArray = npt.NDArray[np.uint64]
ByteArray = npt.NDArray[np.uint8]

_COMMA, _NEWLINE, _MINUS, _POINT, _COLON = b",\n-.:"
_ZERO = np.uint8(ord("0"))
_DECIMALS = 6  # AERONET writes six decimals; anything else takes the slow way
_UNITS_AND_DECIMALS = 8  # the length of "d.dddddd"
_ZEROS = np.uint64(0x3030303030303030)
_ZEROS_LOW = np.uint64(0x30)
_OVER_NINE = np.uint64(0x4646464646464646)  # lifts every byte above "9" to 0x80
_TOP_BITS = np.uint64(0x8080808080808080)
_PAIRS = np.uint64(0x000000FF000000FF)
_LAST_BYTES = np.array([(2**64 - 1) ^ (2 ** (64 - 8 * n) - 1) for n in range(8)], dtype=np.uint64)
_SHORTEST = 32
_WORD = 8
_FILL = np.frombuffer(b"-999", dtype="<u4")[0]
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
        start = self.ends([first - 1])[0] + 1 if first else self.start
        return start, self.ends([last])[0]

    def ends(self, columns: Sequence[int] | IntArray) -> IntArray:
        """The positions (k, n) where some columns end."""
        width = int(self.width.max(initial=0))
        if (self.width == width).all() and len(self) * width == len(self.delimiters):
            return self.delimiters.reshape(len(self), width).T[columns]  # as many in every line
        return self.delimiters[self.first + np.asarray(columns, dtype=np.intp)[:, None]]

    def runs_of_text(self, first: int, last: int) -> tuple[list[bytes], IntArray]:
        """That text where it may differ from the line before, and for how many lines it stands.

        Two runs that follow each other may have the same text, but no run has two.
        """
        start, end = self.bounds(first, last)
        begin, count = runs(_text_changes(self.data, start, end))
        return [self.raw[start[i] : end[i]] for i in begin], count

    def line(self, row: int) -> bytes:
        """One whole line."""
        end = self.delimiters[self.first[row] + self.width[row] - 1]
        return self.raw[self.start[row] : end]


def split(raw: bytes) -> Block:
    """The fields of ``raw``, complete lines that end with a newline each."""
    # Windows of fixed width are laid over the bytes: they must fit even into the shortest text.
    data = np.frombuffer(raw.ljust(_SHORTEST), dtype=np.uint8)
    # Below the comma in the table of characters stands little else that lines of data hold.
    delimiters = np.flatnonzero(data[: len(raw)] <= _COMMA)
    found = data[delimiters]
    line_end = found == _NEWLINE
    delimiter = line_end | (found == _COMMA)
    if not delimiter.all():
        delimiters, line_end = delimiters[delimiter], line_end[delimiter]
    ends = np.flatnonzero(line_end)
    first = np.zeros(len(ends), dtype=np.intp)
    first[1:] = ends[:-1] + 1
    start = np.zeros(len(ends), dtype=np.intp)
    start[1:] = delimiters[ends[:-1]] + 1
    return Block(raw, data, delimiters, start, first, ends + 1 - first)


def runs(changes: BoolArray) -> tuple[IntArray, IntArray]:
    """Begin and length of each run, from whether each line but the first (n - 1,) differs from the
    one before. Most do not: what is in a run is looked at once.
    """
    begin = np.concatenate([[0], np.flatnonzero(changes) + 1]).astype(np.intp)
    return begin, np.diff(begin, append=len(changes) + 1)


def numbers(block: Block, columns: Sequence[int]) -> tuple[FloatArray, BoolArray]:
    """The numbers of some columns (n, k), fill values as NaN, and which of them are not numbers at
    all (n, k).

    Values with six decimals are computed from their digits as an integer over 10^6, which gives the
    same float64 as reading the text; others are read one by one. Columns that hold nothing but fill
    values cost next to nothing.
    """
    out = np.full((len(columns), len(block)), np.nan)
    bad = np.zeros((len(columns), len(block)), dtype=np.bool_)
    wanted = np.asarray(columns, dtype=np.intp)
    start = block.ends(np.maximum(wanted - 1, 0)) + 1
    start[wanted == 0] = block.start
    fill = _is_fill(block.data, start)
    used = np.flatnonzero(~fill.all(axis=1))
    if len(used):
        end = block.ends(wanted[used])
        values, wrong = _parse(block, start[used].ravel(), end.ravel(), fill[used].ravel())
        out[used] = values.reshape(len(used), -1)
        bad[used] = wrong.reshape(len(used), -1)
    return out.T, bad.T


def times(block: Block, date: int, time: int) -> TimeArray:
    """UTC times ``datetime64[ms]`` (n,) of the columns ``dd:mm:yyyy`` and ``hh:mm:ss``; NaT where
    they are not.
    """
    text, sized = _fixed(block, date, 10)
    begin, count = runs((text[1:] != text[:-1]).any(axis=1))
    days, good_days = _days(text[begin])
    clock, good = _fixed(block, time, 8)
    digits, good_clock = _digits(clock)
    seconds = _weighted(digits, _CLOCK_WEIGHTS)
    good &= sized & good_clock & np.repeat(good_days, count) & (seconds < 86400)
    good &= (digits[:, 3] < 6) & (digits[:, 6] < 6)
    out: TimeArray = np.repeat(days, count) + seconds * 1000
    out[~good] = np.datetime64("NaT")
    return out


def _days(text: ByteArray) -> tuple[TimeArray, BoolArray]:
    """Midnights ``datetime64[ms]`` of dd:mm:yyyy (n, 10), and which of them are dates."""
    digits, good = _digits(text)
    day, month, year = (_weighted(digits, weights) for weights in _DATE_WEIGHTS)
    good &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    first = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = first.astype("datetime64[D]") + np.where(good, day - 1, 0)
    good &= days.astype("datetime64[M]") == first
    return days.astype("datetime64[ms]"), good


def _is_fill(data: ByteArray, start: IntArray) -> BoolArray:
    """Which fields begin with -999, as every spelling of "no value" does."""
    words = _words(data, "<u4")
    fill: BoolArray = words[np.minimum(start, len(words) - 1)] == _FILL
    return fill


def _parse(
    block: Block, start: IntArray, end: IntArray, fill: BoolArray
) -> tuple[FloatArray, BoolArray]:
    negative = block.data[start] == _MINUS
    # Digits before the units: what stands before "d.dddddd" without the sign.
    leading = (end - start) - negative - _UNITS_AND_DECIMALS
    plain = (leading >= 0) & (leading < 8) & (end >= 16)
    plain &= block.data[np.maximum(end - _DECIMALS - 1, 0)] == _POINT
    words = _words(block.data, "<u8")
    last = words[np.maximum(end - _WORD, 0)]
    # Of "d.dddddd" the point gives way to the units, and a zero moves in before them.
    units = last & np.uint64(0xFF)
    eight = (last & np.uint64(0xFFFFFFFFFFFF0000)) | (units << np.uint64(8)) | _ZEROS_LOW
    millionths, good = _eight_digits(eight)
    longer = np.flatnonzero((leading > 0) & plain)
    mask = _LAST_BYTES[leading[longer]]
    before = words[end[longer] - 2 * _WORD]
    before, good_before = _eight_digits((before & mask) | (_ZEROS & ~mask))
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


def _text_changes(data: ByteArray, start: IntArray, end: IntArray) -> BoolArray:
    """Whether the text from ``start`` to ``end`` (n,) may differ from the one of the line before (n
    - 1,).

    Words of eight bytes are compared up to the length of the longest text, then the last one before
    the end. Behind a shorter text they compare what follows it, which at worst begins a run too
    many.
    """
    words = _words(data, "<u8")
    length = end - start
    changed: BoolArray = length[1:] != length[:-1]
    for ahead in range(0, max(1, int(length.max()) - _WORD + 1), _WORD):
        text = words[np.minimum(start + ahead, len(words) - 1)]
        changed |= text[1:] != text[:-1]
    last = words[np.maximum(end - _WORD, 0)]
    changed |= last[1:] != last[:-1]
    return changed


def _words(data: ByteArray, kind: str) -> AnyArray:
    """The word that begins at each byte of ``data``, without a copy."""
    size = np.dtype(kind).itemsize
    return np.ndarray((len(data) - size + 1,), kind, data.data, strides=(1,))


def _fixed(block: Block, column: int, length: int) -> tuple[ByteArray, BoolArray]:
    """The first ``length`` characters of a column (n, length), and whether that is all of it."""
    start, end = block.bounds(column, column)
    inside = np.minimum(start, len(block.data) - length)
    return sliding_window_view(block.data, length)[inside], end - start == length


def _digits(text: ByteArray) -> tuple[ByteArray, BoolArray]:
    """The digits of dd:dd:d... (n, length), 0 for the colons, and which have that form."""
    good = (text[:, 2] == _COLON) & (text[:, 5] == _COLON)
    digits = text - _ZERO
    digits[:, 2] = digits[:, 5] = 0
    if digits.max(initial=0) > 9:
        good &= (digits <= 9).all(axis=1)
    return digits, good


def _weighted(digits: ByteArray, weights: Sequence[int]) -> IntArray:
    number: IntArray = np.einsum("ij,j->i", digits, np.array(weights, dtype=np.intp))
    return number
