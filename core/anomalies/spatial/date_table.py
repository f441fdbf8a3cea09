# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of dates: what each image as a whole shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...io.grids import unproject
from ...io.stacks import ImageStack
from ...io.tables import points
from ...table import Table, from_rows
from ..labels import NONE
from .types_in_space import Space
from .verdict import DateVote

NOT_TESTED = "not_tested"  # verdict on an image without a pixel that could be tested
FIELDS = {
    "time": "time", "product": "text", "layer": "int", "verdict": "text", "amplitude": "float",
    "amplitude_low": "float", "amplitude_high": "float",
    "unit": "text", "p_value": "float", "used_share": "float", "tested": "int", "flagged": "int",
    "flagged_share": "float", "dominant_type": "text", "dominant_share": "float",
    "image_type": "text", "image_confidence": "float", "second_type": "text",
    "image_amplitude": "float", "image_p_value": "float",
    "uniform_share": "float", "shift_px": "float", "shift_low_px": "float",
    "shift_high_px": "float", "shift_rows_px": "float", "shift_rows_half_px": "float",
    "shift_columns_px": "float", "shift_columns_half_px": "float", "shift_p_value": "float",
    "shift_usual_p_value": "float", "shift_explained": "float", "phase_rows_px": "float",
    "phase_columns_px": "float", "stripe_band": "text", "stripe_period_px": "float",
    "stripe_direction_deg": "float", "stripe_amplitude": "float", "stripe_contrast": "float",
    "stripe_p_value": "float", "other_date_days": "float", "other_date_explained": "float",
    "misfit": "float", "edge_ratio": "float", "largest_patch": "float", "sun_share": "float",
    "sun_p_value": "float", "cloud_height_m": "float", "mask_distance_m": "float",
    "usual_mask_distance_m": "float",
}  # fmt: skip


def date_table(
    votes: Sequence[DateVote],
    stack: ImageStack,
    layers: Mapping[int, int],
    spaces: Mapping[int, Space],
) -> Table:
    """A row per date, at the middle of the area. ``layers``: of the dates that have rasters the
    number of their layer; ``spaces``: of those, what the places say.
    """
    rows = [
        {
            "time": product.time, "product": product.path, "layer": layers.get(date, 0),
            **_vote(one), **_tests(one, stack.bands), **_space(spaces.get(date)),
        }
        for date, (one, product) in enumerate(zip(votes, stack.products, strict=True))
    ]  # fmt: skip
    left, bottom, right, top = stack.grid.bounds()
    longitude, latitude = unproject(stack.grid.wkt, (left + right) / 2.0, (bottom + top) / 2.0)
    made = from_rows(rows, FIELDS, "dates")
    count = len(made)
    return replace(made, geometry=points(np.full(count, longitude), np.full(count, latitude)))


def _verdict(one: DateVote) -> str:
    return NOT_TESTED if one.kind == NONE and not one.tested else one.kind


def _vote(one: DateVote) -> dict[str, Any]:
    most = one.types.get(one.dominant, 0)
    return {
        "verdict": _verdict(one), "amplitude": one.amplitude,
        "amplitude_low": one.interval[0], "amplitude_high": one.interval[1],
        "unit": one.unit, "p_value": one.p_value,
        "used_share": one.used, "tested": one.tested, "flagged": one.flagged,
        "flagged_share": one.share if one.tested else float("nan"),
        "dominant_type": one.dominant,
        "dominant_share": most / one.flagged if one.flagged else float("nan"),
        "image_type": one.image_type, "image_confidence": one.image_confidence,
        "second_type": one.second_type, "image_amplitude": one.image_amplitude,
        "image_p_value": one.image_p_value, "uniform_share": one.uniform,
    }  # fmt: skip


def _tests(one: DateVote, bands: Sequence[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"shift_usual_p_value": one.shift_usual_p_value}
    if one.shift:
        low, high = one.shift.interval
        rows, columns = one.shift.error.half_widths()
        row |= {
            "shift_px": one.shift.pixels, "shift_low_px": low, "shift_high_px": high,
            "shift_rows_px": one.shift.rows, "shift_rows_half_px": rows,
            "shift_columns_px": one.shift.columns, "shift_columns_half_px": columns,
            "shift_p_value": one.shift.p_value, "shift_explained": one.shift.explained,
            "phase_rows_px": one.shift.phase_rows, "phase_columns_px": one.shift.phase_columns,
        }  # fmt: skip
    if one.stripes:
        row |= {
            "stripe_band": bands[one.stripes.band], "stripe_period_px": one.stripes.period_px,
            "stripe_direction_deg": one.stripes.direction_deg,
            "stripe_amplitude": one.stripes.amplitude, "stripe_contrast": one.stripes.contrast,
            "stripe_p_value": one.stripes.p_value,
        }  # fmt: skip
    if one.other_date:
        row |= {
            "other_date_days": one.other_date.days, "misfit": one.other_date.misfit,
            "other_date_explained": one.other_date.explained,
        }  # fmt: skip
    return row


def _space(space: Space | None) -> dict[str, Any]:
    if space is None:
        return {}
    return {
        "edge_ratio": space.edges, "largest_patch": space.patch, "sun_share": space.sun.share,
        "sun_p_value": space.sun.p_value, "cloud_height_m": space.sun.height_m,
        "mask_distance_m": space.mask_m, "usual_mask_distance_m": space.usual_mask_m,
    }  # fmt: skip
