# SPDX-License-Identifier: GPL-3.0-or-later
"""Ray marching without a compiler. Same as ``render_kernels``, all rays of a chunk at a time."""

from __future__ import annotations

import numpy as np

from ..types import AnyArray, FloatArray
from .render_kernels import BLOCK, FAR, HALVINGS, LEAST, OUTSIDE, TALLEST_M


def surface_at(surface: AnyArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """The bilinear surface at columns ``x``, rows ``y`` (n,); far below all ground outside."""
    rows, columns = surface.shape
    inside = (x >= 0.0) & (x <= columns - 1.0) & (y >= 0.0) & (y <= rows - 1.0)
    i = np.clip(np.where(inside, y, 0.0).astype(np.int64), 0, rows - 2)
    j = np.clip(np.where(inside, x, 0.0).astype(np.int64), 0, columns - 2)
    p, q = y - i, x - j
    top = surface[i, j] * (1.0 - q) + surface[i, j + 1] * q
    bottom = surface[i + 1, j] * (1.0 - q) + surface[i + 1, j + 1] * q
    return np.where(inside, top * (1.0 - p) + bottom * p, OUTSIDE)


def march(
    surface: AnyArray, coarse: AnyArray, rays: FloatArray, high: float, low: float
) -> FloatArray:
    """How far down (n,) ``rays`` (6, n) first meet the surface; see the kernel."""
    surface, depth = np.asarray(surface, np.float64), high - low
    speed = np.maximum(np.abs(rays[1]) + 2.0 * np.abs(rays[2]) * depth,
                       np.abs(rays[4]) + 2.0 * np.abs(rays[5]) * depth)  # fmt: skip
    speed = np.maximum(speed, 1e-9)
    count = rays.shape[1]
    u, down = np.zeros(count), np.full(count, np.nan)
    gap = _gap(surface, rays, high, u)
    todo = np.arange(count)
    while len(todo):
        part, here = rays[:, todo], u[todo]
        step = np.maximum(_to_next(part, here), LEAST / speed[todo])
        outside = gap[todo] > FAR
        x, y = place(part, here)
        i, j = (np.where(outside, 0.0, one).astype(np.int64) // BLOCK for one in (y, x))
        far = np.where(outside, 0.0, high - here - coarse[i, j])
        middle = _gap(surface, part, high, here + 0.5 * step)
        end = _gap(surface, part, high, here + step)
        skips = far > step
        share = np.where(skips, 0.0, _first_below(gap[todo], middle, end))
        done = share > 0.0
        met = done & ~outside & (np.maximum(middle, end) < FAR)
        down[todo[met]] = _meet(surface, part[:, met], high, here[met], (here + share * step)[met])
        u[todo] += np.where(skips, np.minimum(far, BLOCK / speed[todo]), step)
        gap[todo] = np.where(skips, _gap(surface, part, high, u[todo]), end)
        todo = todo[~done & (u[todo] <= depth)]
    return down


def _to_next(rays: FloatArray, u: FloatArray) -> FloatArray:
    """The way down to the next line between centers of cells."""
    ways = np.full(len(u), TALLEST_M)
    for x, k in zip(place(rays, u), (0, 3), strict=True):
        speed = rays[k + 1] + 2.0 * u * rays[k + 2]
        ahead = np.where(speed > 0.0, np.floor(x) + 1.0 - x, x - np.ceil(x) + 1.0)
        ways = np.minimum(ways, ahead / np.maximum(np.abs(speed), 1e-12))
    return ways


def _first_below(start: FloatArray, middle: FloatArray, end: FloatArray) -> FloatArray:
    slope, bend = 4.0 * middle - end - 3.0 * start, 2.0 * (start + end - 2.0 * middle)
    with np.errstate(divide="ignore", invalid="ignore"):
        lowest = np.where(bend > 0.0, -0.5 * slope / bend, 2.0)
        dips = (lowest > 0.0) & (lowest < 1.0) & (start + lowest * (slope + lowest * bend) < 0.0)
    return np.select([dips, middle < 0.0, end < 0.0], [lowest, 0.5, 1.0], 0.0)


def _gap(surface: AnyArray, rays: FloatArray, high: float, u: FloatArray) -> FloatArray:
    return np.asarray(high - u - surface_at(surface, *place(rays, u)))


def place(rays: FloatArray, u: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Columns and rows of ``rays`` (6, n) at ``u`` (n,)."""
    return rays[0] + u * (rays[1] + u * rays[2]), rays[3] + u * (rays[4] + u * rays[5])


def _meet(
    surface: AnyArray, rays: FloatArray, high: float, above: FloatArray, below: FloatArray
) -> FloatArray:
    over = _gap(surface, rays, high, above)
    under = _gap(surface, rays, high, below)
    for _ in range(HALVINGS):
        u = 0.5 * (above + below)
        gap = _gap(surface, rays, high, u)
        low = gap < 0.0
        below, under = np.where(low, u, below), np.where(low, gap, under)
        above, over = np.where(low, above, u), np.where(low, over, gap)
    return above + (below - above) * over / (over - under)
