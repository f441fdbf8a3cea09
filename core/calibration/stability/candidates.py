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
_HUNDREDTH = 1e-4  # rounding of shares in float32


def site_labels(passed: BoolArray, box: tuple[int, int], tolerance: float) -> Labels:
    """Numbers (rows, columns) of the sites in ``passed``, from 1 on; 0 is none.

    A box of rows x columns belongs to a site where at most the share ``tolerance`` of its pixels do
    not pass. Of what such boxes cover the pixels that pass are the site, and holes in it that are
    not larger than what is let off. Each site is connected by sides and has at least the area of a
    box less the tolerance.
    """
    image = require("scipy.ndimage")
    good = box_share(passed, box) >= 1.0 - tolerance - _HUNDREDTH
    covered = covered_by(good, box)
    found = covered & passed
    least = box[0] * box[1] * (1.0 - tolerance) - 0.5
    _fill_holes(found, tolerance * box[0] * box[1], image)
    labels, count = image.label(found, output=np.int32)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    kept = sizes >= least
    kept[0] = False
    numbers = np.zeros(count + 1, dtype=np.int32)
    numbers[kept] = np.arange(1, int(kept.sum()) + 1)
    renumbered: Labels = numbers[labels]
    return renumbered


def covered_by(corners: BoolArray, box: tuple[int, int]) -> BoolArray:
    """The pixels that any box of rows x columns covers whose upper left ``corners`` are given."""
    found = corners.copy()
    for axis, length in enumerate(box):
        found = _stretched(found, length, axis)
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
    np.logical_or(found, small[labels], out=found)
