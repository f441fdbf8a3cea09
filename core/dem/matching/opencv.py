# SPDX-License-Identifier: GPL-3.0-or-later
"""The matcher of OpenCV (StereoSGBM), for comparison and where numba is not installed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...dependencies import require
from .census import Census, census
from .costs import hamming_numpy
from .values import NO_COST, Float32, Status, Statuses

BLOCK = 5
# Penalties that OpenCV's documentation recommends: 8 and 32 times the pixels of the block.
P1, P2 = 8 * BLOCK**2, 32 * BLOCK**2
PRE_FILTER_CAP = 63
SIXTEENTHS = 16
DARK_PERCENT, LIGHT_PERCENT = 0.5, 99.5


def match(
    left: Float32, right: Float32, low: int, high: int, compiled: bool | None = None
) -> tuple[Float32, Float32, Statuses]:
    """Disparities, confidences and statuses as of ``match_pair``, before its filters.

    OpenCV matches 8 bits: each image is stretched between its percentiles 0.5 and 99.5. Its
    left-right check does not tell occlusions apart (all that failed is MISMATCHED), and it gives no
    costs: confidence is how alike the census codes (5 x 5) of the two pixels are, 1 where equal and
    0 where as far apart as unrelated ones. Raises ``MissingPackageError`` without cv2.
    """
    known = census(left, BLOCK, compiled)
    others = census(right, BLOCK, compiled)
    disparity = _sgbm(left, right, low, high)
    sought = np.isfinite(disparity)
    edge = sought & ((disparity <= low) | (disparity >= high))
    status = np.where(sought, Status.MATCHED, Status.MISMATCHED).astype(np.uint8)
    status[edge] = Status.RANGE_EDGE
    sure = _likeness(known, others, disparity)
    missed = ~known.valid | (sought & np.isnan(sure))
    status[missed] = Status.NO_DATA
    disparity[status != Status.MATCHED] = np.nan
    return disparity, sure, status


def _sgbm(left: Float32, right: Float32, low: int, high: int) -> Float32:
    cv2: Any = require("cv2")
    count = -(-(high - low + 1) // SIXTEENTHS) * SIXTEENTHS
    matcher = cv2.StereoSGBM_create(
        minDisparity=low,
        numDisparities=count,
        blockSize=BLOCK,
        P1=P1,
        P2=P2,
        disp12MaxDiff=1,
        preFilterCap=PRE_FILTER_CAP,
        uniquenessRatio=0,
        speckleWindowSize=0,
        mode=cv2.StereoSGBM_MODE_HH,
    )
    # OpenCV leaves out columns that do not see the whole range: there have to be more of them.
    before, after = max(0, low + count), max(0, -low)
    columns = max(left.shape[1], right.shape[1])
    one, two = (
        np.pad(stretched(image), ((0, 0), (before, after + columns - image.shape[1])))
        for image in (left, right)
    )
    found = matcher.compute(one, two)[:, before : before + left.shape[1]]
    found = found.astype(np.float32) / SIXTEENTHS
    return np.where((found < low) | (found > high), np.float32(np.nan), found)


def stretched(image: Float32) -> npt.NDArray[np.uint8]:
    """The image in 8 bits, 0 where it is NaN."""
    finite = image[np.isfinite(image)]
    if finite.size == 0:
        return np.zeros(image.shape, np.uint8)
    dark, light = np.percentile(finite, (DARK_PERCENT, LIGHT_PERCENT))
    scaled = (image - dark) * (254.0 / max(light - dark, 1e-30)) + 1.0
    return np.asarray(np.nan_to_num(np.clip(np.rint(scaled), 1, 255)).astype(np.uint8))


def _likeness(left: Census, right: Census, disparity: Float32) -> Float32:
    """1 - Hamming distance over half of the bits, at least 0; NaN where a pixel has no code."""
    rows, columns = disparity.shape
    meets = np.rint(np.arange(columns) - np.nan_to_num(disparity)).astype(np.int64)
    inside = (meets >= 0) & (meets < right.codes.shape[1])
    meets = np.clip(meets, 0, right.codes.shape[1] - 1)
    distance = np.empty((rows, columns), np.uint8)
    hamming_numpy(
        left.codes,
        left.valid & inside & np.isfinite(disparity),
        np.take_along_axis(right.codes, meets, axis=1),
        np.take_along_axis(right.valid, meets, axis=1),
        distance,
    )
    alike = np.maximum(0, 1 - distance / np.float32(left.bits / 2))
    return np.where(distance == NO_COST, np.nan, alike).astype(np.float32)
