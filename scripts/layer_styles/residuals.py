# SPDX-License-Identifier: GPL-3.0-or-later
"""The style of the layer in which the panel of time series shows sites on one date."""

from __future__ import annotations

from qgis.core import QgsMapLayer, QgsProperty, QgsSymbol, QgsSymbolLayer
from qgis.PyQt.QtGui import QColor

from calval_toolbox.core.report import palette

from .symbols import hollow, label, marker, points, rules

Z_BOUNDS = (-6.0, -3.0, -1.0, 1.0, 3.0, 6.0)  # of residuals in standard deviations
RESIDUAL_LABEL = (
    "\"site\" || if(\"z\" is null, '', '\\n' || if(\"z\" < 0, '\u2212', '+') || "
    'format_number(abs("z"), 1))'
)
RESIDUAL_TIP = (
    "<b>[% site %]</b><br>[% coalesce(time, 'no observation near this date') %]<br>"
    "[% band %]: z [% coalesce(round(\"z\", 1), 'not tested') %]<br>"
    "[% if(\"flagged\" = 1, \"type\", '') %]<br>[% coalesce(product, '') %]"
)


def site_residuals() -> QgsMapLayer:
    """Sites on one date: from below (blue) to above the model (vermillion), with a thick rim where
    the date is an anomaly; rings where nothing was tested.
    """
    layer = points(
        "site:string", "time:string", "days:double", "band:string", "z:double", "p_value:double",
        "flagged:integer", "type:string", "status:string", "product:string",
    )  # fmt: skip
    low, middle, high = (QColor(one) for one in palette.LOW_TO_HIGH)
    choices: list[tuple[str, str, QgsSymbol]] = []
    for place in range(len(Z_BOUNDS) + 1):
        color = mixed(middle, low if place < 3 else high, abs(place - 3) / 3.0)
        symbol = marker(color, 4.6, palette.INK)
        symbol.symbolLayer(0).setDataDefinedProperty(
            QgsSymbolLayer.Property.StrokeWidth,
            QgsProperty.fromExpression('if("flagged" = 1, 0.9, 0.25)'),
        )
        choices.append((*z_class(place), symbol))
    untested = ("Not tested", '"z" IS NULL AND "status" <> \'no_date\'')
    choices.append((*untested, hollow(palette.REJECTED, 3.4, "cross2")))
    rules(layer, [*choices, ("No date near", "ELSE", hollow(palette.MASKED, 2.6))])
    label(layer, RESIDUAL_LABEL, expression=True)
    layer.setMapTipTemplate(RESIDUAL_TIP)
    return layer


def z_class(place: int) -> tuple[str, str]:
    """Title and expression of the class below the ``place``-th bound; the last is open."""
    text = [f"{one:g}".replace("-", "\N{MINUS SIGN}") for one in Z_BOUNDS]
    if place == 0:
        return f"z < {text[0]}", f'"z" < {Z_BOUNDS[0]}'
    if place == len(Z_BOUNDS):
        return f"z \u2265 {text[-1]}", f'"z" >= {Z_BOUNDS[-1]}'
    title = f"{text[place - 1]} \u2264 z < {text[place]}"
    return title, f'"z" >= {Z_BOUNDS[place - 1]} AND "z" < {Z_BOUNDS[place]}'


def mixed(one: QColor, other: QColor, share: float) -> str:
    """``one`` blended with a ``share`` (0 to 1) of ``other``."""
    parts = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
    return QColor(*(round(a + (b - a) * share) for a, b in parts)).name()


VECTORS = (site_residuals,)
RASTERS = ()
