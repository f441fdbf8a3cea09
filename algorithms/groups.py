# SPDX-License-Identifier: GPL-3.0-or-later
"""The groups of the toolbox, in one list."""

from __future__ import annotations

from enum import StrEnum

from ..i18n import tr


class Group(StrEnum):
    """A group of algorithms; the value is its stable id."""

    PRODUCTS = "products"
    AOT = "aot"
    ANOMALIES = "anomalies"
    CALIBRATION = "calibration"
    IMAGE_QUALITY = "imagequality"
    DEM = "dem"
    CLASSIFICATION = "classification"


def group_label(group: Group) -> str:
    """The name of a group as users see it."""
    return {
        Group.PRODUCTS: tr("Products"),
        Group.AOT: tr("AOT validation"),
        Group.ANOMALIES: tr("Time-series anomalies"),
        Group.CALIBRATION: tr("Radiometric calibration"),
        Group.IMAGE_QUALITY: tr("Image quality"),
        Group.DEM: tr("Elevation models"),
        Group.CLASSIFICATION: tr("Land cover"),
    }[group]
