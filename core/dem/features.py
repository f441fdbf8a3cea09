# SPDX-License-Identifier: GPL-3.0-or-later
"""Sparse matches of two images: what pointing and heights are first told by.

SIFT (Lowe 2004, 10.1023/B:VISI.0000029664.99615.94) with root-SIFT descriptors (Arandjelovic and
Zisserman 2012, 10.1109/CVPR.2012.6248018), the ratio test, and both ways the same. All pairs are
compared: approximate searches give other matches each time, and with them another pointing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..dependencies import require
from ..spread import TO_SIGMA
from ..types import AnyArray, BoolArray, FloatArray

MOST = 3000  # features per image, the strongest
# With so many in the first image at half of the resolution, that is enough for both: a third of the
# time, and a pointing within a hundredth of a pixel. The first image alone decides, so that its
# features are the same ones in all pairs it is in.
ENOUGH = 2000
AREA_PX = 16  # of an image for each feature: so dense are they nowhere
RATIO = 0.7  # of the distances to the nearest and the second nearest descriptor
# Of the contrast of a feature: low, so that sand and snow have some; the strongest are taken, so it
# changes nothing where there are many.
WEAKEST = 0.002
_REACH = 4.0  # robust standard deviations of gray values that are told apart
_TEXTURED = 0.4  # share of the pixels that say what contrast is
_AT_ONCE = 1000


def match_features(
    first: AnyArray, second: AnyArray, most: int = MOST, ratio: float = RATIO
) -> FloatArray:
    """Matches (4, n: column and row in ``first``, then in ``second``) of two images (rows, columns;
    NaN: no data); some are wrong. The same images give the same matches.

    None (4, 0) where an image shows nothing to be told apart. Raises ``MissingPackageError``
    without cv2.
    """
    places, words = _features_of_half(first, most)
    if len(words) >= ENOUGH:
        others, terms = _features(halved(second), most)
        places, others = 2.0 * places + 0.5, 2.0 * others + 0.5
    else:
        places, words = _features(first, most)
        others, terms = _features(second, most)
    if words.shape[0] < 2 or terms.shape[0] < 2:
        return np.empty((4, 0))
    nearest, clear, alike = _nearest(words, terms, ratio)
    best = np.full(len(terms), -np.inf)
    np.maximum.at(best, nearest, alike)
    mutual = clear & (alike >= best[nearest])
    return np.concatenate([places[:, mutual], others[:, nearest[mutual]]])


def _features_of_half(image: AnyArray, most: int) -> tuple[FloatArray, npt.NDArray[np.float32]]:
    """Those of the halved image; none where there cannot be enough of them."""
    if most < ENOUGH or image.size < 4 * AREA_PX * ENOUGH:
        return np.empty((2, 0)), np.empty((0, 128), dtype=np.float32)
    return _features(halved(image), most)


def halved(image: AnyArray) -> AnyArray:
    """Means of 2 x 2 pixels, NaN where one of them is; an odd last row or column is left out."""
    rows, columns = (size // 2 for size in image.shape)
    cells = image[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2)
    return np.asarray(cells.mean(axis=(1, 3)))


def gray(image: AnyArray) -> npt.NDArray[np.uint8]:
    """The image in 8 bits, of the robust range of its textured part: neither a bright roof nor a
    smooth cloud over more than half of it takes the contrast of all others. No data become the
    middle.
    """
    known = np.isfinite(image)
    if not known.any():
        return np.zeros(image.shape, dtype=np.uint8)
    values = _textured(image, known)
    middle = float(np.median(values))
    spread = TO_SIGMA * float(np.median(np.abs(values - middle))) or 1.0
    scaled = (np.where(known, image, middle) - middle) / (_REACH * spread)
    return np.asarray(np.clip(127.5 * (scaled + 1.0), 0.0, 255.0), dtype=np.uint8)


def _textured(image: AnyArray, known: BoolArray) -> FloatArray:
    """The values where the image changes most from pixel to pixel: what can be matched."""
    filled = np.where(known, image, 0.0)
    change = np.zeros(image.shape, dtype=np.float32)
    change[:, :-1] = np.abs(np.diff(filled, axis=1))
    change[:-1] += np.abs(np.diff(filled, axis=0))
    # No data beside it are no texture.
    inner = known.copy()
    inner[:, :-1] &= known[:, 1:]
    inner[:-1] &= known[1:]
    if not inner.any():
        return np.asarray(image[known])
    least = float(np.quantile(change[inner], 1.0 - _TEXTURED))
    return np.asarray(image[inner & (change >= least)])


def _features(image: AnyArray, most: int) -> tuple[FloatArray, npt.NDArray[np.float32]]:
    """Columns and rows (2, n) and root-SIFT descriptors (n, 128); none on or beside no data."""
    cv2: Any = require("cv2")
    known = np.isfinite(image).astype(np.uint8)
    # A feature looks at some pixels around it: the rim of no data is none.
    inside = cv2.erode(known, np.ones((17, 17), np.uint8), borderValue=1)
    found, words = cv2.SIFT_create(nfeatures=most, contrastThreshold=WEAKEST).detectAndCompute(
        gray(image), inside
    )
    if words is None:
        return np.empty((2, 0)), np.empty((0, 128), dtype=np.float32)
    places = np.array([one.pt for one in found], dtype=np.float64).T
    total = np.maximum(words.sum(axis=1, keepdims=True), 1e-9)
    return places, np.sqrt(words / total).astype(np.float32)


def _nearest(
    words: npt.NDArray[np.float32], terms: npt.NDArray[np.float32], ratio: float
) -> tuple[AnyArray, AnyArray, AnyArray]:
    """For each descriptor the nearest of the others, whether it is clearly nearer than the second
    nearest, and how alike the two are (1: equal).
    """
    nearest, second, alike = [], [], []
    for start in range(0, len(words), _AT_ONCE):
        product = words[start : start + _AT_ONCE] @ terms.T
        best = product.argmax(axis=1)
        rows = np.arange(len(best))
        alike.append(product[rows, best])
        product[rows, best] = -1.0
        second.append(product.max(axis=1))
        nearest.append(best)
    close, next_ = np.concatenate(alike), np.concatenate(second)
    # Root-SIFT descriptors have length 1: the square of their distance is 2 - 2 times the product.
    clear = (1.0 - close) < ratio**2 * (1.0 - next_)
    return np.concatenate(nearest), clear, close
