# SPDX-License-Identifier: GPL-3.0-or-later
"""The truth of simulated images as rows: what is wrong with which product, how much, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...types import BoolArray
from ..injections import KINDS
from .images import Simulated
from .plan import SitePlan
from .targets import Target

TRUTH_FIELDS = {
    "place": "text", "time": "time", "product": "text", "type": "text", "amplitude": "float",
    "unit": "text", "extent_share": "float", "since": "time", "bands": "text", "planted": "int",
    "note": "text",
}  # fmt: skip
SITE_FIELDS = {
    "site": "text", "place": "text", "time": "time", "product": "text", "type": "text",
    "amplitude": "float", "share": "float", "point": "int", "planted": "int",
}  # fmt: skip
BACKGROUND = {
    "missed_cloud": ("cloud", "missed by the mask"),
    "missed_shadow": ("shadow", "missed by the mask"),
    "over_masked": ("over_masked", "bright ground taken for cloud"),
}

Found = tuple[dict[str, Any], BoolArray]


def anomalies(plan: SitePlan, number: int, image: Simulated, product: str) -> list[Found]:
    """What is wrong with an image: a row of ``TRUTH_FIELDS`` and where (rows, columns).

    Planted anomalies have ``planted`` 1; 0 are what every archive has: clouds and shadows that the
    mask misses, bright ground that it takes for cloud (their amplitude is empty). ``since``: the
    first image that shows it.
    """
    common = {"place": plan.settings.name, "time": plan.images[number].time, "product": product}
    found: list[Found] = []
    for effect in image.effects:
        one = effect.injection
        where = effect.touched & ~image.outside
        row = {
            **common,
            "type": one.type,
            "amplitude": effect.amplitude,
            "unit": KINDS[one.type].unit,
            "extent_share": _share(where, image),
            "since": plan.images[min(one.dates(len(plan.images)))].time,
            "bands": " ".join(one.bands),
            "planted": 1,
            "note": one.note,
        }
        found.append((row, where))
    for name, (kind, note) in BACKGROUND.items():
        where = getattr(image, name)
        if where.any():
            row = {
                **common,
                "type": kind,
                "extent_share": _share(where, image),
                "since": common["time"],
                "note": note,
            }
            found.append((row, where))
    return found


def at_targets(found: list[Found], places: tuple[Target, ...]) -> Iterator[dict[str, Any]]:
    """The same by place, as rows of ``SITE_FIELDS``: which ``share`` of the square of a place is
    concerned, and whether its ``point`` is; places that are not concerned have no row.
    """
    for row, where in found:
        for target in places:
            share = float(where[target.square].mean())
            point = bool(where[target.row, target.column])
            if share > 0.0 or point:
                kept = {key: row.get(key) for key in SITE_FIELDS if key in row}
                yield {**kept, "site": target.name, "share": share, "point": int(point)}


def _share(where: BoolArray, image: Simulated) -> float:
    return float(np.count_nonzero(where) / max(np.count_nonzero(~image.outside), 1))
