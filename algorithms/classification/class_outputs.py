# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps of classes as outputs: their names and colors go with them."""

from __future__ import annotations

import os
from xml.sax.saxutils import quoteattr

from ...core.classification.classes import Classes
from ...core.io.class_rasters import SIDE_FILE, with_colors, write_classes
from ...core.report import palette
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


def polygon_style(classes: Classes) -> str:
    """A layer style of QGIS (QML) for polygons with a column ``code``: the same colors."""
    colored = with_colors(classes).items
    categories = "".join(
        f'<category value="{one.code}" symbol="{place}" label={quoteattr(one.label)} '
        'render="true" type="long"/>'
        for place, one in enumerate(colored)
    )
    symbols = "".join(
        f'<symbol name="{place}" type="fill" alpha="1"><layer class="SimpleFill" enabled="1">'
        f'<Option type="Map"><Option name="color" type="QString" value="{_color(one.color)}"/>'
        '<Option name="style" type="QString" value="solid"/>'
        f'<Option name="outline_color" type="QString" value="{_color(palette.INK)}"/>'
        '<Option name="outline_width" type="QString" value="0.1"/>'
        '<Option name="outline_style" type="QString" value="solid"/></Option></layer></symbol>'
        for place, one in enumerate(colored)
    )
    return (
        f'{_HEAD}\n<qgis styleCategories="Symbology"><renderer-v2 type="categorizedSymbol" '
        f'attr="code" enableorderby="0" symbollevels="0"><categories>{categories}</categories>'
        f"<symbols>{symbols}</symbols></renderer-v2></qgis>\n"
    )


def _color(text: str) -> str:
    """A color ``#rrggbb`` as QGIS writes it in symbols."""
    return ",".join(str(part) for part in (*bytes.fromhex(text.removeprefix("#")), 255))
