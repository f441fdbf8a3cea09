# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums over time windows of irregular observations at many sites, without a loop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import AnyArray, FloatArray, TimeArray


@dataclass(frozen=True)
class Segments:
    """Observations (m,) sorted by site and time, under one integer key: site * stride +
    milliseconds.
    """

    key: AnyArray
    order: AnyArray
    start_ms: int
    span_ms: int

    @classmethod
    def of(cls, site: AnyArray, time: TimeArray) -> Segments:
        """Index the rows of ``site`` codes (m,) and UTC ``time`` (m,, no NaT)."""
        stamp = _milliseconds(time)
        start = int(stamp.min()) if len(stamp) else 0
        span = int(stamp.max()) - start + 1 if len(stamp) else 1
        key = site.astype(np.int64) * _stride(span) + (stamp - start)
        order = (
            np.arange(len(key)) if np.all(key[1:] >= key[:-1]) else np.argsort(key, kind="stable")
        )
        return cls(key[order], order, start, span)

    def around(self, site: AnyArray, time: TimeArray, half_ms: int) -> Windows:
        """The window +/-``half_ms`` (bounds included) around each query (n,); empty for site -1 and
        NaT.
        """
        stamp = np.where(np.isnat(time), 0, _milliseconds(time)) - self.start_ms
        base = site.astype(np.int64) * _stride(self.span_ms)
        low = np.clip(stamp - half_ms, 0, self.span_ms)
        high = np.clip(stamp + half_ms, -1, self.span_ms)
        first = np.searchsorted(self.key, base + low, side="left")
        last = np.searchsorted(self.key, base + high, side="right")
        valid = (site >= 0) & ~np.isnat(time)
        last = np.where(valid, np.maximum(first, last), first)
        return Windows(self, first, last, base, stamp)


@dataclass(frozen=True)
class Windows:
    """Rows ``first`` up to ``last`` (excluded) of the sorted observations, for each query (n,)."""

    segments: Segments
    first: AnyArray
    last: AnyArray
    base: AnyArray
    stamp: AnyArray

    def means(self, values: FloatArray) -> tuple[AnyArray, FloatArray]:
        """Count and mean (n,) of the finite ``values`` (m,, in the order they were indexed) in each
        window.
        """
        values = values[self.segments.order]
        finite = np.isfinite(values)
        if finite.all():
            count = (self.last - self.first).astype(np.int64)
        else:
            count = self._sums(finite.astype(np.float64)).astype(np.int64)
        total = self._sums(np.where(finite, values, 0.0))
        return count, np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)

    def stds(self, values: FloatArray) -> FloatArray:
        """Standard deviation (n - 1) of the finite values in each window; NaN below 2 of them."""
        count, mean = self.means(values)
        _, mean_of_squares = self.means(values * values)
        enough = count > 1
        variance = np.maximum(mean_of_squares - mean * mean, 0.0)
        scale = np.divide(count, count - 1, out=np.full(len(count), np.nan), where=enough)
        return np.asarray(np.sqrt(variance * scale))

    def mean_time_offset_ms(self) -> FloatArray:
        """Mean time of the window's observations minus the time of the query."""
        filled = self.last > self.first
        total = self._sums((self.segments.key % _stride(self.segments.span_ms)).astype(np.float64))
        return np.where(
            filled, total / np.where(filled, self.last - self.first, 1) - self.stamp, np.nan
        )

    def nearest(self) -> AnyArray:
        """Index (n,, in the order in which the rows were indexed) of the observation next in time;
        -1 for none.
        """
        key = self.segments.key
        filled = self.last > self.first
        if len(key) == 0:
            return np.full(len(filled), -1, np.int64)
        center = self.base + self.stamp
        last = np.maximum(self.last - 1, self.first)
        after = np.where(filled, np.clip(np.searchsorted(key, center), self.first, last), 0)
        before = np.where(filled, np.clip(after - 1, self.first, last), 0)
        closer = np.abs(key[before] - center) <= np.abs(key[after] - center)
        return np.where(filled, self.segments.order[np.where(closer, before, after)], -1)

    def _sums(self, values: FloatArray) -> FloatArray:
        """Sum of ``values`` (m,, sorted) per window, each summed on its own so that no precision is
        lost.
        """
        if len(values) == 0:
            return np.zeros(len(self.first))
        order = np.argsort(self.first, kind="stable")  # keeps the gaps between windows short
        bounds = np.column_stack((self.first[order], self.last[order])).ravel()
        sums = np.empty(len(order))
        sums[order] = np.add.reduceat(np.append(values, 0.0), bounds)[::2]
        return np.where(self.last > self.first, sums, 0.0)


def _stride(span_ms: int) -> int:
    return span_ms + 2


def _milliseconds(time: TimeArray) -> AnyArray:
    return time.astype("datetime64[ms]").astype(np.int64)
