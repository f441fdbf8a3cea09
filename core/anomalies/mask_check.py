# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the mask of a series and the detector agree, date by date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..series.types import CLEAR, TimeSeries, is_clear
from .detect import Detection
from .scores import MAX_LEVERAGE


@dataclass(frozen=True)
class MaskAgreement:
    """Of the ``masked`` dates that can be scored a share ``pod`` is off the model, of the ``clear``
    ones a share ``far``; NaN where there are none. A mask is no truth: masks are dilated, and miss
    clouds, so that ``far`` holds the detector's false alarms and the mask's omissions. Dates
    without a mask (``unmasked``) have no part in either.
    """

    masked: int
    clear: int
    pod: float
    far: float


def mask_agreement(series: TimeSeries, detection: Detection) -> MaskAgreement:
    """Compare the mask of ``series`` with its ``detection`` (made of the same series)."""
    with np.errstate(invalid="ignore"):
        scored = np.isfinite(detection.p_value) & (detection.leverage <= MAX_LEVERAGE)
        odd = detection.p_value < detection.settings.threshold
    scored &= detection.status != "duplicate"
    clear = scored & (series.mask_state == CLEAR)
    masked = scored & ~is_clear(series.mask_state)
    return MaskAgreement(
        int(masked.sum()),
        int(clear.sum()),
        float(odd[masked].mean()) if masked.any() else float("nan"),
        float(odd[clear].mean()) if clear.any() else float("nan"),
    )
