# SPDX-License-Identifier: GPL-3.0-or-later
"""What the numbers of a mask mean, said by the name of a coding or by those that are clear."""

from __future__ import annotations

from ..errors import InputError
from ..names import split_list
from ..types import Flag
from .products.landsat import PIXEL_BITS
from .products.safe import SCENE_CLASSES

# CFMask codes, as in HLS samples and ARD of the USGS.
CFMASK = {1: Flag.WATER, 2: Flag.CLOUD_SHADOW, 3: Flag.SNOW, 4: Flag.CLOUD, 255: Flag.NODATA}
CODINGS = {
    "scl": (SCENE_CLASSES, "classes"),
    "qa_pixel": (PIXEL_BITS, "bits"),
    "cfmask": (CFMASK, "classes"),
}


def mask_coding(text: str) -> tuple[dict[int, Flag], str]:
    """What the values of a mask mean, and the kind of the mask (see ``types.MaskSource``).

    ``text``: a name of ``CODINGS``, or the values that mean clear ("0", "4,5,6"). Raises
    ``InputError`` where it is neither.
    """
    if text.strip().lower() in CODINGS:
        meaning, kind = CODINGS[text.strip().lower()]
        return dict(meaning), kind
    try:
        values = list(map(int, split_list(text)))
    except ValueError:
        values = []
    if not values:
        raise InputError(
            f"'{text}' does not say which values of the mask mean clear. Give whole numbers "
            "separated by commas, or one of SCL, QA_PIXEL, CFMASK."
        )
    return dict.fromkeys(values, Flag.MASKED), "others"
