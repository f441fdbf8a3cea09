# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps of classes as outputs: their names and colors go with them."""

from __future__ import annotations

import os
from xml.sax.saxutils import quoteattr

from ...core.classification.classes import Classes
from ...core.io.class_rasters import SIDE_FILE, with_colors, write_classes
from ..base import Job

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"


def keep_classes(job: Job, key: str, classes: Classes) -> None:
    """Add ``classes`` to the raster that was written for the output ``key``: color table, names,
    attribute table (in a file beside it) and layer style.

    The file beside it is named after the temporary name and takes the final one with the raster.
    """
    final = str(job[key])
    side = write_classes(job.staged(key), classes, os.path.basename(final))
    os.replace(side, job.stage_beside(key, SIDE_FILE))
    job.style_with(key, class_style(classes))


def class_style(classes: Classes) -> str:
    """A layer style of QGIS (QML) that draws each class in its color, by its label."""
    entries = "".join(
        f'<paletteEntry value="{one.code}" label={quoteattr(one.label)} color="{one.color}" '
        'alpha="255"/>'
        for one in with_colors(classes).items
    )
    return (
        f'{_HEAD}\n<qgis styleCategories="Symbology"><pipe><rasterrenderer type="paletted" '
        f'band="1" opacity="1" alphaBand="-1" nodataColor=""><colorPalette>{entries}'
        "</colorPalette></rasterrenderer></pipe><blendMode>0</blendMode></qgis>\n"
    )
