# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters that all algorithms share which extract products at sites."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterDefinition

from ..core.io.products.masks import POLICIES
from ..i18n import tr
from . import parameters as make

MASK_POLICY, SITE_FIELD, UNREADABLE = "MASK_POLICY", "SITE_FIELD", "UNREADABLE"


def mask_policy(
    advanced: bool = False, default: str = "clouds"
) -> QgsProcessingParameterDefinition:
    """MASK_POLICY: a key of ``masks.POLICIES``."""
    return make.choice(
        MASK_POLICY, tr("Mask policy"),
        tr(
            "Which pixels count as masked: none; clouds (clouds, their shadows, cirrus); "
            "clear_land (also snow, water, terrain shadow, low sun, saturation); strict "
            "(also thin clouds, gap-filled AOT and unclassified pixels); land_cover (clouds, thin "
            "ones too, their shadows and saturation: water and snow stay)."
        ),
        tuple(POLICIES), default, advanced=advanced,
    )  # fmt: skip


def site_field(sites: str) -> QgsProcessingParameterDefinition:
    """SITE_FIELD: the column of names in the table of the parameter ``sites``."""
    return make.field(
        SITE_FIELD, tr("Column of the site names"),
        tr("Empty: the column 'site' or 'name'."), sites, optional=True, advanced=True,
    )  # fmt: skip


def unreadable_output() -> QgsProcessingParameterDefinition:
    """UNREADABLE: the table of ``left_out.left_out_table``."""
    return make.table_output(
        UNREADABLE, tr("Unreadable products"),
        tr("Table of the products that could not be read, each with the reason."), optional=True,
    )  # fmt: skip
