# SPDX-License-Identifier: GPL-3.0-or-later
"""From pixels that pass to sites: connected places that hold at least one whole box of the smallest
size.

An opening by that box finds them, in the form that forgives some pixels of a box (rank-max opening:
Ronse 1986, Proc. 2nd Int. Conf. on Image Processing and its Applications, 77-81): with strict
criteria at 10 m one bad pixel in a million would else refuse a good site of 20 km.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from ...types import AnyArray, BoolArray
from .windows import box_share

Labels = npt.NDArray[np.int32]
_ROUNDING = 1e-4  # rounding of shares in float32
_STRIP = 512  # rows or columns that are looked at at a time: whole grids take some 13 bytes a pixel


def site_labels(passed: BoolArray, box: tuple[int, int], tolerance: float) -> Labels:
    """Numbers (rows, columns) of the sites in ``passed``, from 1 on; 0 is none.

    A box of rows x columns belongs to a site where at most the share ``tolerance`` of its pixels do
    not pass. Of what such boxes cover the pixels that pass are the site, and holes in it that are
    not larger than what is let off. Each site is connected by sides and has at least the area of a
    box less the tolerance.
    """
    image = require("scipy.ndimage")
    found = covered_by(_good_boxes(passed, box, 1.0 - tolerance - _ROUNDING), box)
    found &= passed
    least = box[0] * box[1] * (1.0 - tolerance) - 0.5
    _fill_holes(found, tolerance * box[0] * box[1], image)
    labels, count = image.label(found, output=np.int32)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    kept = sizes >= least
    kept[0] = False
    numbers = np.zeros(count + 1, dtype=np.int32)
    numbers[kept] = np.arange(1, int(kept.sum()) + 1)
    for row in range(0, len(labels), _STRIP):
        labels[row : row + _STRIP] = numbers[labels[row : row + _STRIP]]
    return np.asarray(labels, dtype=np.int32)


def _good_boxes(passed: BoolArray, box: tuple[int, int], least: float) -> BoolArray:
    """The upper left corners of the boxes of which the share ``least`` passes."""
    found = np.zeros(passed.shape, dtype=np.bool_)
    for row in range(0, len(passed), _STRIP):
        part = passed[row : row + _STRIP + box[0] - 1]
        found[row : row + _STRIP] = box_share(part, box)[:_STRIP] >= least
    return found


def covered_by(corners: BoolArray, box: tuple[int, int]) -> BoolArray:
    """The pixels that any box of rows x columns covers whose upper left ``corners`` are given."""
    found = corners.copy()
    for column in range(0, found.shape[1], _STRIP):
        part = found[:, column : column + _STRIP]
        part[:] = _stretched(part, box[0], 0)
    for row in range(0, len(found), _STRIP):
        part = found[row : row + _STRIP]
        part[:] = _stretched(part, box[1], 1)
    return found


def _stretched(mask: BoolArray, length: int, axis: int) -> BoolArray:
    """Each set pixel and the ``length`` - 1 after it along an axis."""
    count = np.cumsum(mask, axis=axis, dtype=np.int32)
    before = np.zeros_like(count)
    lines = [slice(None), slice(None)]
    lines[axis] = slice(length, None)
    sources = [slice(None), slice(None)]
    sources[axis] = slice(None, -length)
    if length < mask.shape[axis]:
        before[tuple(lines)] = count[tuple(sources)]
    return np.asarray(count > before)


def _fill_holes(found: BoolArray, most: float, image: Any) -> None:
    """Fill, in place, holes of up to ``most`` pixels."""
    if most < 1.0:
        return
    labels, count = image.label(~found, structure=np.ones((3, 3)), output=np.int32)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    small = sizes <= most
    small[0] = False
    edges: AnyArray = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    small[np.unique(edges)] = False
    for row in range(0, len(found), _STRIP):
        found[row : row + _STRIP] |= small[labels[row : row + _STRIP]]
