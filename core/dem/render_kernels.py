# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiled ray marching: where lines of sight first meet a surface. Same as ``render_numpy``.

The surface is bilinear between the heights of cells. A line of sight is a parabola in grid
coordinates, by the way ``u`` (m) that it has come down from ``high``.
"""

from __future__ import annotations

import numpy as np

from ..jit import Kernel
from ..types import AnyArray, FloatArray

BLOCK = 16  # cells that the coarse maxima stand for, which rays skip in one go
LEAST = 1e-3  # cells that a ray moves at least per step
TALLEST_M = 4.0  # of a step, for rays that hardly move
HALVINGS = 14
OUTSIDE = -1e9  # the surface beyond the grid
FAR = 1e8  # more than any gap within it


@Kernel
def surface_at(surface: AnyArray, x: float, y: float) -> float:
    """The bilinear surface at column ``x``, row ``y``; far below all ground outside of it."""
    rows, columns = surface.shape
    value: float = OUTSIDE
    if 0.0 <= x <= columns - 1.0 and 0.0 <= y <= rows - 1.0:
        i, j = min(int(y), rows - 2), min(int(x), columns - 2)
        p, q = y - i, x - j
        top = surface[i, j] * (1.0 - q) + surface[i, j + 1] * q
        bottom = surface[i + 1, j] * (1.0 - q) + surface[i + 1, j + 1] * q
        value = top * (1.0 - p) + bottom * p
    return value


@Kernel
def march(
    surface: AnyArray, coarse: AnyArray, rays: FloatArray, high: float, low: float, down: FloatArray
) -> None:
    """How far down (n,: m below ``high``) ``rays`` (6, n) first meet the surface.

    ``rays``: column and row as constant, linear and quadratic coefficients of the way down.
    ``coarse``: maxima of the surface in and around blocks of ``BLOCK`` cells. Near the surface a
    ray goes from one line between centers of cells to the next: in between, its distance from the
    surface is a parabola, of which nothing is missed. NaN where a ray meets nothing above ``low``
    or comes in from the side below the surface.
    """
    depth = high - low
    for n in range(len(down)):
        a, b, c = rays[0, n], rays[1, n], rays[2, n]
        d, e, f = rays[3, n], rays[4, n], rays[5, n]
        speed = max(abs(b) + 2.0 * abs(c) * depth, abs(e) + 2.0 * abs(f) * depth, 1e-9)
        u, down[n] = 0.0, np.nan
        gap = high - surface_at(surface, a, d)
        while u <= depth:
            x, y = a + u * (b + u * c), d + u * (e + u * f)
            step = min(to_line(x, b + 2.0 * u * c), to_line(y, e + 2.0 * u * f), TALLEST_M)
            step = max(step, LEAST / speed)
            outside = gap > FAR
            far = 0.0 if outside else high - u - coarse[int(y) // BLOCK, int(x) // BLOCK]
            if far > step:  # nothing reaches up to here
                u += min(far, BLOCK / speed)
                gap = _gap(surface, rays, n, high, u)
                continue
            middle = _gap(surface, rays, n, high, u + 0.5 * step)
            end = _gap(surface, rays, n, high, u + step)
            share = first_below(gap, middle, end)
            if share > 0.0:
                if not outside and max(middle, end) < FAR:
                    down[n] = _meet(surface, rays, n, high, u, u + share * step)
                break
            u += step
            gap = end


@Kernel
def to_line(x: float, speed: float) -> float:
    """The way to the next whole number from ``x`` at ``speed``; without end at rest."""
    ahead = np.floor(x) + 1.0 - x if speed > 0.0 else x - np.ceil(x) + 1.0
    way: float = ahead / max(abs(speed), 1e-12)
    return way


@Kernel
def first_below(start: float, middle: float, end: float) -> float:
    """A share of the way at which a parabola from above zero is below zero for the first time; 0
    where it never is.
    """
    slope, bend = 4.0 * middle - end - 3.0 * start, 2.0 * (start + end - 2.0 * middle)
    lowest = -0.5 * slope / bend if bend > 0.0 else 2.0
    share = 0.0
    if 0.0 < lowest < 1.0 and start + lowest * (slope + lowest * bend) < 0.0:
        share = lowest
    elif middle < 0.0:
        share = 0.5
    elif end < 0.0:
        share = 1.0
    return share


@Kernel
def _gap(surface: AnyArray, rays: FloatArray, n: int, high: float, u: float) -> float:
    """How far a ray is above the surface at ``u``."""
    x = rays[0, n] + u * (rays[1, n] + u * rays[2, n])
    y = rays[3, n] + u * (rays[4, n] + u * rays[5, n])
    value: float = high - u - surface_at(surface, x, y)
    return value


@Kernel
def _meet(
    surface: AnyArray, rays: FloatArray, n: int, high: float, above: float, below: float
) -> float:
    """The way down between a place above and one below the surface where the ray crosses it."""
    over, under = 0.0, 0.0
    for k in range(HALVINGS + 2):
        u = 0.5 * (above + below) if k > 1 else above if k == 0 else below
        gap = _gap(surface, rays, n, high, u)
        if k == 1 or (k > 1 and gap < 0.0):
            below, under = u, gap
        else:
            above, over = u, gap
    return above + (below - above) * over / (over - under)
