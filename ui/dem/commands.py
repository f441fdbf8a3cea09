# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``qgis_process`` lines that compute what the panel shows."""

from __future__ import annotations

import os
from pathlib import Path

from ..command import process_line

COMPARE, STEREO = "calval:comparedem", "calval:stereodem"
ROI_PX = 512  # the side of the part of the first image around a pixel


def compare_line(model: str, reference: str, windows: bool = os.name == "nt") -> str:
    """The comparison of two models, with outputs of their own beside the model; "" without two."""
    if not (model and reference) or model == reference:
        return ""
    base = Path(model)
    stem = f"{base.stem}_minus_{Path(reference).stem}"
    values = {
        "DEM": model, "REFERENCE": reference,
        "OUTPUT": str(base.with_name(f"{stem}.tif")),
        "TABLE": str(base.with_name(f"{stem}.csv")),
        "REPORT": str(base.with_name(f"{stem}.html")),
    }  # fmt: skip
    return process_line(COMPARE, values, windows)


def stereo_line(
    pair: tuple[str, str],
    pixel: tuple[float, float] | None,
    matcher: str,
    windows: bool = os.name == "nt",
) -> str:
    """The elevation model of a part of the images around a pixel; "" without a pair or a pixel."""
    if "" in pair or pixel is None:
        return ""
    column, row = (max(0, round(one) - ROI_PX // 2) for one in pixel)
    base = Path(pair[0])
    values = {
        "IMAGES": list(pair), "ROI": f"{column},{row},{ROI_PX},{ROI_PX}", "MATCHER": matcher,
        "OUTPUT": str(base.with_name(f"{base.stem}_c{column}_r{row}_dsm.tif")),
    }  # fmt: skip
    return process_line(STEREO, values, windows)
