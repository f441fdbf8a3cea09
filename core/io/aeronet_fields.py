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
ByteArray = npt.NDArray[np.uint8]

_COMMA, _NEWLINE, _ZERO, _NINE, _MINUS, _POINT, _COLON = b",\n09-.:"
_DECIMALS = 6  # AERONET writes six decimals; anything else takes the slow way
_LONGEST = 15  # digits whose integer a float64 still holds exactly
_SHORTEST = 32
_EMPTY = (b"", b"N/A", b"NaN", b"nan", b"NA")


@dataclass(frozen=True)
class Block:
    """Lines as bytes: ``delimiters`` are the positions of commas and line ends (-1 before the first
    line).

    ``first`` (n,) is the index in ``delimiters`` of the line end before each line, ``width`` (n,)
    its field count.
    """

    raw: bytes
    data: ByteArray
    delimiters: IntArray
    first: IntArray
    width: IntArray

    def __len__(self) -> int:
        return len(self.first)

    def select(self, rows: BoolArray) -> Block:
        """The lines of a mask."""
        if rows.all():
            return self
        return Block(self.raw, self.data, self.delimiters, self.first[rows], self.width[rows])

    def bounds(self, first: int, last: int) -> tuple[IntArray, IntArray]:
        """Start and end (n,) of the text from column ``first`` to column ``last``, commas between
        included.
        """
        return self.delimiters[self.first + first] + 1, self.delimiters[self.first + last + 1]

    def texts(self, first: int, last: int) -> list[bytes]:
        """That text, of each line."""
        start, end = self.bounds(first, last)
        raw = self.raw
        return [raw[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]

    def line(self, row: int) -> bytes:
        """One whole line."""
        start, end = self.bounds(0, int(self.width[row]) - 1)
        return self.raw[start[row] : end[row]]


def split(raw: bytes) -> Block:
    """The fields of ``raw``, complete lines that end with a newline each."""
    # Windows of fixed width are laid over the bytes: they must fit even into the shortest text.
    data = np.frombuffer(raw.ljust(_SHORTEST, b" "), dtype=np.uint8)
    line_end = data == _NEWLINE
    delimiter = data == _COMMA
    delimiter |= line_end
    found = np.flatnonzero(delimiter)
    ends = np.searchsorted(found, np.flatnonzero(line_end))
    delimiters = np.concatenate([[-1], found])
    first = np.concatenate([[0], ends[:-1] + 1])
    return Block(raw, data, delimiters, first, ends + 1 - first)


def numbers(block: Block, columns: Sequence[int]) -> tuple[FloatArray, BoolArray]:
    """The numbers of some columns (n, k), fill values as NaN, and which of them are not numbers at
    all (n, k).

    Values with six decimals are computed from their digits as an integer over 10^6, which gives the
    same float64 as reading the text; others are read one by one. Columns that hold nothing but fill
    values cost next to nothing.
    """
    out = np.full((len(columns), len(block)), np.nan)
    bad = np.zeros((len(columns), len(block)), dtype=np.bool_)
    before = block.first + np.asarray(columns, dtype=np.intp)[:, None]
    start = block.delimiters[before] + 1
    fill = _is_fill(block.data, start)
    used = np.flatnonzero(~fill.all(axis=1))
    if len(used):
        end = block.delimiters[before[used] + 1]
        values, wrong = _parse(block, start[used].ravel(), end.ravel(), fill[used].ravel())
        out[used] = values.reshape(len(used), -1)
        bad[used] = wrong.reshape(len(used), -1)
    return out.T, bad.T


def times(block: Block, date: int, time: int) -> TimeArray:
    """UTC times ``datetime64[ms]`` (n,) of the columns ``dd:mm:yyyy`` and ``hh:mm:ss``; NaT where
    they are not.
    """
    day, good = _colons(block, date, 10, (2, 5))
    clock, good_clock = _colons(block, time, 8, (2, 5))
    d, m, y = _integer(day[:, :2]), _integer(day[:, 3:5]), _integer(day[:, 6:])
    hour, minute, second = (_integer(clock[:, i : i + 2]) for i in (0, 3, 6))
    good = (
        good
        & good_clock
        & (m >= 1)
        & (m <= 12)
        & (d >= 1)
        & (hour < 24)
        & (minute < 60)
        & (second < 61)
    )
    month = (np.where(good, y, 1970) - 1970) * 12 + np.where(good, m, 1) - 1
    first = month.astype("datetime64[M]")
    days = first.astype("datetime64[D]") + (np.where(good, d, 1) - 1)
    good &= days.astype("datetime64[M]") == first
    seconds = (hour * 60 + minute) * 60 + second
    out: TimeArray = days.astype("datetime64[ms]") + (np.where(good, seconds, 0) * 1000)
    out[~good] = np.datetime64("NaT")
    return out


def _is_fill(data: ByteArray, start: IntArray) -> BoolArray:
    """Which fields begin with -99, as all spellings of "no value" do and no real AOD, angle or
    exponent does.
    """
    fill: BoolArray = data[start] == _MINUS
    for offset in (1, 2):
        fill &= data[np.minimum(start + offset, len(data) - 1)] == _NINE
    return fill


def _parse(
    block: Block, start: IntArray, end: IntArray, fill: BoolArray
) -> tuple[FloatArray, BoolArray]:
    length = end - start
    plain = (length > _DECIMALS + 1) & (length <= _LONGEST)
    plain &= block.data[np.maximum(end - _DECIMALS - 1, 0)] == _POINT
    width = int(length.max(where=plain, initial=_DECIMALS + 2))
    digits = sliding_window_view(block.data, width)[end - width]
    digits[np.arange(width) < (width - length)[:, None]] = _ZERO
    negative = np.flatnonzero((block.data[start] == _MINUS) & plain)
    digits[negative, width - length[negative]] = _ZERO
    digits[:, width - _DECIMALS - 1] = _ZERO
    digits -= _ZERO
    if digits.max(initial=0) > 9:
        plain &= (digits <= 9).all(axis=1)
    values = np.einsum("ij,j->i", digits, _weights(width)) / 10.0**_DECIMALS
    values[negative] *= -1.0
    values[fill] = np.nan
    bad = np.zeros(len(start), dtype=np.bool_)
    for i in np.flatnonzero(~plain & ~fill):
        values[i], bad[i] = _slow(block.raw[start[i] : end[i]])
    return values, bad


def _weights(width: int) -> FloatArray:
    """The place values of ``width`` characters in units of the last decimal; the point counts
    nothing.
    """
    places = np.arange(width - 1, -1, -1)
    weights = 10.0 ** np.where(places > _DECIMALS, places - 1, places)
    weights[places == _DECIMALS] = 0.0
    return weights


def _slow(text: bytes) -> tuple[float, bool]:
    text = text.strip()
    if text in _EMPTY:
        return float("nan"), False
    try:
        value = float(text)
    except ValueError:
        return float("nan"), True
    return value, not np.isfinite(value)


def _colons(
    block: Block, column: int, length: int, colons: tuple[int, int]
) -> tuple[ByteArray, BoolArray]:
    """Fields of a fixed ``length`` as digits (n, length), and whether each has that form."""
    start, end = block.bounds(column, column)
    good = (end - start) == length
    last = len(block.data) - length
    text = sliding_window_view(block.data, length)[np.minimum(start, last)]
    for colon in colons:
        good &= text[:, colon] == _COLON
        text[:, colon] = _ZERO
    text -= _ZERO
    good &= (text <= 9).all(axis=1)
    return text, good


def _integer(digits: AnyArray) -> IntArray:
    weights = 10 ** np.arange(digits.shape[1] - 1, -1, -1)
    return np.asarray(digits.astype(np.intp) @ weights, dtype=np.intp)
