# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes ``resources/styles/*.qml``: the layer styles of all outputs, in the colors of the palette.

Run it with QGIS's interpreter after a change of the palette or of a table:
``PYTHONPATH=build/plugins build/venv/bin/python scripts/make_styles.py``.
Each style is made by QGIS itself from a layer with the columns of the table, so that it is valid.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import numpy as np
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsColorRampShader,
    QgsContrastEnhancement,
    QgsFillSymbol,
    QgsMapLayer,
    QgsMarkerSymbol,
    QgsMultiBandColorRenderer,
    QgsPalettedRasterRenderer,
    QgsPalLayerSettings,
    QgsProperty,
    QgsRasterLayer,
    QgsRasterShader,
    QgsRuleBasedRenderer,
    QgsSingleBandGrayRenderer,
    QgsSingleBandPseudoColorRenderer,
    QgsSingleSymbolRenderer,
    QgsSymbol,
    QgsSymbolLayer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from calval_toolbox.core.anomalies.labels import ALL_TYPES, UNKNOWN
from calval_toolbox.core.anomalies.spatial.codes import CODES, NAMES
from calval_toolbox.core.report import palette
from calval_toolbox.core.report.anomaly_names import type_name

STYLES = Path(__file__).resolve().parent.parent / "resources" / "styles"
GAP_STEPS = (0.0, 5.0, 10.0, 20.0, 40.0, 80.0)  # days
AOT_STEPS = (0.0, 0.1, 0.2, 0.4, 0.8, 1.3)
VISIBLE_MAX, ANY_MAX = 0.3, 0.5  # reflectances; brighter surfaces (snow, cloud) are shown white

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
MATCHUP_TIP = (
    '<b>[% site %]</b><br>[% time %]<br>satellite [% round("satellite", 3) %], '
    'AERONET [% round("reference", 3) %], difference [% round("difference", 3) %]<br>'
    "[% if(\"accepted\" = 1, 'accepted', 'rejected: ' || \"reason\") %]"
)
RANKING_TIP = (
    "<b>[% site %]</b><br>[% coalesce('not ranked: ' || nullif(\"not_ranked\", ''), 'tier ' || "
    "\"tier\" || ', score ' || round(\"score\", 3) || ' [' || round(\"ci_low\", 3) || ', ' || "
    "round(\"ci_high\", 3) || ']') %]<br>n = [% n %]"
)
AERONET_TIP = (
    '<b>[% site %]</b><br>[% time %]<br>AOT [% round("aot", 3) %], level [% level %], '
    "instrument [% instrument %]"
)
SATELLITE_TIP = (
    '<b>[% site %]</b><br>[% time %]<br>AOT [% round("aot_mean", 3) %] ± '
    '[% round("aot_std", 3) %] over [% window_m %] m<br>[% product %]<br>[% status %]'
)
SERIES_TIP = (
    '<b>[% site %]</b><br>[% time %]<br>[% band %]: [% round("value", 4) %]<br>'
    "[% mask_state %]<br>[% product %]"
)
ANOMALY_TIP = (
    '<b>[% site %]</b><br>[% time %]<br>[% type %] [% round("amplitude", 3) %] [% unit %], '
    'confidence [% round("confidence", 2) %]<br>p-value [% "p_value" %]<br>[% product %]<br>'
    "[% coalesce('verdict: ' || nullif(\"verdict\", ''), '') %]"
)
OBSERVATION_TIP = (
    '<b>[% site %]</b><br>[% time %]<br>[% band %]: [% round("value", 4) %], expected '
    '[% round("expected", 4) %], z [% round("z", 1) %]<br>[% type %] [% reason %]<br>[% product %]'
)
STEP_TIP = (
    "<b>[% site %]</b><br>[% event %] of the [% origin %] [% coalesce(time, '') %]<br>"
    "[% coalesce(kind || ' ' || round(\"amplitude\", 3) || ' ' || unit, '') %]<br>"
    'p-value [% "p_value" %]'
)
BREAK_TIP = (
    "<b>[% site %]</b><br>[% status %] [% coalesce(\"break_time\", '') %]<br>[% tested %]: "
    '[% round("magnitude", 4) %], probability [% round("probability", 3) %]'
)
DATE_TIP = (
    '<b>[% time %]</b><br>[% verdict %] [% round("amplitude", 3) %] [% unit %]<br>'
    '[% round(100 * "flagged_share", 1) %] % anomalies, most: [% dominant_type %]'
)
CATALOG_TIP = (
    "<b>[% sensor %] [% level %]</b><br>[% time %]<br>[% site %]<br>cloud "
    '[% round("cloud_percent", 0) %] %<br>[% status %]'
)


def marker(
    color: str, size: float, outline: str = palette.PAPER, shape: str = "circle", alpha: int = 255
) -> QgsMarkerSymbol:
    """A marker of ``size`` mm, outlined so that it stays visible on every background."""
    fill = QColor(color)
    fill.setAlpha(alpha)
    return QgsMarkerSymbol.createSimple(
        {
            "name": shape,
            "color": f"{fill.red()},{fill.green()},{fill.blue()},{fill.alpha()}",
            "size": str(size),
            "outline_color": outline,
            "outline_width": "0.25",
        }
    )


def hollow(color: str, size: float, shape: str = "circle") -> QgsMarkerSymbol:
    """A ring of ``size`` mm."""
    symbol = marker(color, size, color, shape, 0)
    symbol.symbolLayer(0).setStrokeWidth(0.4)
    return symbol


def points(*fields: str) -> QgsVectorLayer:
    """An empty point layer with the columns that a style looks at."""
    columns = "&".join(f"field={field}" for field in fields)
    return QgsVectorLayer(f"Point?crs=EPSG:4326&{columns}", "points", "memory")


def label(layer: QgsVectorLayer, field: str, expression: bool = False) -> None:
    """Labels beside the points, in ink with a white halo, shown once there is room for them."""
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.8)
    halo.setColor(QColor(palette.PAPER))
    text = QgsTextFormat()
    text.setSize(8.5)
    text.setColor(QColor(palette.INK))
    text.setBuffer(halo)
    settings = QgsPalLayerSettings()
    settings.fieldName, settings.isExpression = field, expression
    settings.placement = Qgis.LabelPlacement.OrderedPositionsAroundPoint
    settings.dist = 0.6
    settings.offsetType = Qgis.LabelOffsetType.FromSymbolBounds
    settings.setFormat(text)
    settings.setCallout(None)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def rules(layer: QgsVectorLayer, choices: Sequence[tuple[str, str, QgsSymbol]]) -> None:
    """Rules (label, expression, symbol); the first is drawn on top of the later ones."""
    root = QgsRuleBasedRenderer.Rule(None)
    for place, (title, expression, symbol) in enumerate(choices):
        for index in range(symbol.symbolLayerCount()):
            symbol.symbolLayer(index).setRenderingPass(len(choices) - place)
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, expression, title))
    renderer = QgsRuleBasedRenderer(root)
    renderer.setUsingSymbolLevels(True)
    layer.setRenderer(renderer)


def aot_matchups() -> QgsMapLayer:
    """Match-ups: accepted ones filled, rejected ones as gray rings behind them."""
    layer = points(
        "site:string", "time:string", "satellite:double", "reference:double",
        "difference:double", "accepted:integer", "reason:string",
    )  # fmt: skip
    rules(
        layer,
        [
            ("Accepted", '"accepted" = 1', marker(palette.ACCEPTED, 2.6)),
            ("Rejected", '"accepted" = 0', hollow(palette.REJECTED, 3.4)),
        ],
    )
    layer.setMapTipTemplate(MATCHUP_TIP)
    return layer


def sites_ranking() -> QgsMapLayer:
    """Ranked sites: one color per tier, larger for the better; rings where a site has no rank."""
    layer = points(
        "site:string", "n:integer", "score:double", "ci_low:double", "ci_high:double",
        "tier:integer", "not_ranked:string",
    )  # fmt: skip
    last = len(palette.TIERS)
    choices = [
        (
            f"Tier {tier}" if tier < last else f"Tier {tier} and further",
            f'"tier" = {tier}' if tier < last else f'"tier" >= {tier}',
            marker(palette.tier_color(tier), 5.2 - 0.6 * tier, palette.INK),
        )
        for tier in range(1, last + 1)
    ]
    ring = hollow(palette.REJECTED, 2.6)
    rules(layer, [*choices, ("Not ranked", 'coalesce("tier", 0) < 1', ring)])
    label(layer, "site")
    layer.setMapTipTemplate(RANKING_TIP)
    return layer


def aeronet() -> QgsMapLayer:
    """Photometer observations: the reference color, a diamond as in the plots."""
    layer = points("site:string", "time:string", "aot:double", "level:string", "instrument:string")
    level_2 = marker(palette.REFERENCE, 3.2, palette.INK, "diamond")
    other = hollow(palette.REFERENCE, 3.2, "diamond")
    rules(
        layer,
        [("Level 2.0", 'to_real("level") >= 2', level_2), ("Other levels", "ELSE", other)],
    )
    layer.setMapTipTemplate(AERONET_TIP)
    return layer


def satellite_aot() -> QgsMapLayer:
    """Satellite AOT at the sites: color by AOT, a ring where there is none."""
    layer = points(
        "site:string", "time:string", "window_m:double", "aot_mean:double", "aot_std:double",
        "product:string", "status:string",
    )  # fmt: skip
    bounds = [*AOT_STEPS, 10.0]
    choices = [
        (
            f"AOT {low:g} to {high:g}" if high < 10.0 else f"AOT above {low:g}",
            f'"aot_mean" >= {low:g} AND "aot_mean" < {high:g}',
            marker(color, 3.0, palette.INK),
        )
        for low, high, color in zip(bounds, bounds[1:], palette.HAZE, strict=False)
    ]
    choices[0] = ("AOT up to 0.1", '"aot_mean" < 0.1', choices[0][2])
    none = marker(palette.MASKED, 2.0, palette.REJECTED)
    rules(layer, [*choices, ("No AOT", '"aot_mean" IS NULL', none)])
    layer.setMapTipTemplate(SATELLITE_TIP)
    return layer


def time_series() -> QgsMapLayer:
    """Observations of time series: clear ones filled, those without a mask pale, masked ones as
    rings.
    """
    layer = points(
        "site:string", "time:string", "band:string", "value:double", "mask_state:string",
        "product:string",
    )  # fmt: skip
    clear = marker(palette.ACCEPTED, 3.0, palette.INK)
    masked = hollow(palette.REJECTED, 3.8)
    unknown = marker(palette.MASKED, 3.0, palette.INK)
    choices = [
        ("Clear", "\"mask_state\" = 'clear'", clear),
        ("No mask: unknown", "\"mask_state\" = 'unmasked'", unknown),
        ("Masked", "ELSE", masked),
    ]
    rules(layer, choices)
    layer.setMapTipTemplate(SERIES_TIP)
    return layer


# The palette's markers in the words of QGIS: shape and angle.
SHAPES = {
    "o": ("circle", 0.0), "D": ("diamond", 0.0), "v": ("triangle", 180.0), "^": ("triangle", 0.0),
    "<": ("triangle", 270.0), ">": ("triangle", 90.0), "s": ("square", 0.0),
    "P": ("cross_fill", 0.0), "X": ("cross_fill", 45.0), "d": ("hexagon", 0.0),
    "x": ("cross2", 0.0),
}  # fmt: skip


def glyph(name: str, size: float) -> QgsMarkerSymbol:
    """The marker of a type of anomaly."""
    mark = palette.ANOMALIES[name]
    shape, angle = SHAPES[mark.marker]
    symbol = marker(mark.color, size, palette.INK, shape)
    symbol.symbolLayer(0).setAngle(angle)
    if shape == "cross2":
        symbol.symbolLayer(0).setStrokeWidth(0.8)
    return symbol


def types(size: float) -> list[tuple[str, str, QgsSymbol]]:
    """A rule for each type that is found in series; any other is unknown."""
    known = [name for name in ALL_TYPES if name != UNKNOWN]
    return [
        *(
            (type_name(name).capitalize(), f"\"type\" = '{name}'", glyph(name, size))
            for name in known
        ),
        ("Unknown", "ELSE", glyph(UNKNOWN, size)),
    ]


def anomalies() -> QgsMapLayer:
    """Anomalies: color by cause, glyph by type."""
    layer = points(
        "site:string", "time:string", "type:string", "amplitude:double", "unit:string",
        "confidence:double", "p_value:double", "product:string", "verdict:string",
    )  # fmt: skip
    rules(layer, types(4.2))
    layer.setMapTipTemplate(ANOMALY_TIP)
    return layer


def anomaly_observations() -> QgsMapLayer:
    """Observations that were tested: anomalies by glyph, others as in time series."""
    layer = points(
        "site:string", "time:string", "band:string", "value:double", "expected:double", "z:double",
        "mask_state:string", "flagged:integer", "type:string", "reason:string", "product:string",
    )  # fmt: skip
    found = [
        (title, '"flagged" = 1 AND "type" = \'unknown\'' if rule == "ELSE" else rule, symbol)
        for title, rule, symbol in types(4.2)
    ]
    clear = marker(palette.ACCEPTED, 3.0, palette.INK)
    masked = hollow(palette.REJECTED, 3.8)
    others = [("Clear", '"flagged" = 0 AND "mask_state" = \'clear\'', clear)]
    rules(layer, [*found, *others, ("Masked", "ELSE", masked)])
    layer.setMapTipTemplate(OBSERVATION_TIP)
    return layer


def anomaly_steps() -> QgsMapLayer:
    """Events of sites: those of the sensor in the color of instruments, those of the ground in that
    of surfaces; rings where the site is not concerned.
    """
    layer = points(
        "site:string", "time:string", "event:string", "origin:string", "concerned:integer",
        "kind:string", "amplitude:double", "unit:string", "p_value:double",
    )  # fmt: skip
    sensor = marker(palette.ANOMALIES["gain"].color, 4.2, palette.INK, "square")
    ground = marker(palette.ANOMALIES["step"].color, 4.2, palette.INK, "square")
    rules(
        layer,
        [
            ("Sensor or processor", '"concerned" = 1 AND "origin" = \'sensor\'', sensor),
            ("Ground", '"concerned" = 1 AND "origin" = \'ground\'', ground),
            ("Not concerned", "ELSE", hollow(palette.REJECTED, 3.2, "square")),
        ],
    )
    layer.setMapTipTemplate(STEP_TIP)
    return layer


def sensitivity() -> QgsMapLayer:
    """Simulated sites: all rows of a site lie on one place."""
    layer = points("site:string", "type:string", "configuration:string")
    layer.setRenderer(QgsSingleSymbolRenderer(marker(palette.ACCEPTED, 3.4, palette.INK)))
    layer.setMapTipTemplate("<b>[% site %]</b><br>[% type %], [% configuration %]")
    return layer


def breaks() -> QgsMapLayer:
    """Sites: breaks, changes that have begun, and the others."""
    layer = points(
        "site:string", "tested:string", "status:string", "break_time:string", "magnitude:double",
        "probability:double",
    )  # fmt: skip
    rules(
        layer,
        [
            ("Break", "\"status\" = 'break'", marker(palette.BAD, 4.0, palette.INK)),
            ("Change that has begun", "\"status\" = 'begun'",
             marker(palette.CAUTION, 3.4, palette.INK)),
            ("Stable", "\"status\" = 'stable'", marker(palette.GOOD, 2.6, palette.INK)),
            ("Not tested", "ELSE", hollow(palette.REJECTED, 3.0)),
        ],
    )  # fmt: skip
    layer.setMapTipTemplate(BREAK_TIP)
    return layer


def anomaly_dates() -> QgsMapLayer:
    """Dates: images that are off, dates with local anomalies, and the others."""
    layer = points("time:string", "verdict:string", "amplitude:double", "unit:string",
                   "layer:integer", "flagged_share:double", "dominant_type:string")  # fmt: skip
    rules(
        layer,
        [
            ("Whole image off", "\"verdict\" <> 'none'", marker(palette.BAD, 4.0, palette.INK)),
            ("Local anomalies", '"layer" > 0', marker(palette.CAUTION, 3.4, palette.INK)),
            ("Others", "ELSE", hollow(palette.REJECTED, 2.6)),
        ],
    )
    layer.setMapTipTemplate(DATE_TIP)
    return layer


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


def outline(color: str, dashed: bool = False) -> QgsFillSymbol:
    """A polygon that hides nothing below it."""
    fill = QColor(color)
    return QgsFillSymbol.createSimple(
        {
            "color": f"{fill.red()},{fill.green()},{fill.blue()},20",
            "outline_color": color,
            "outline_width": "0.5",
            "outline_style": "dash" if dashed else "solid",
        }
    )


def product_catalog() -> QgsMapLayer:
    """Footprints: products with AOT, and products without."""
    fields = ("sensor:string", "level:string", "site:string", "time:string", "status:string")
    columns = "&".join(f"field={field}" for field in (*fields, "cloud_percent:double"))
    uri = f"Polygon?crs=EPSG:4326&{columns}&field=has_aot:boolean"
    layer = QgsVectorLayer(uri, "footprints", "memory")
    rules(
        layer,
        [
            ("Product with AOT", '"has_aot"', outline(palette.ACCEPTED)),
            ("Product without AOT", "ELSE", outline(palette.REJECTED, dashed=True)),
        ],
    )
    layer.setMapTipTemplate(CATALOG_TIP)
    return layer


def raster(folder: Path, bands: int, kind: int) -> QgsRasterLayer:
    """A small raster to hang a style on."""
    path = folder / f"bands{bands}_{kind}.tif"
    data = gdal.GetDriverByName("GTiff").Create(str(path), 4, 4, bands, kind)
    data.SetGeoTransform((0.0, 1.0, 0.0, 4.0, 0.0, -1.0))
    for band in range(bands):
        data.GetRasterBand(band + 1).WriteArray(np.linspace(0, 1, 16).reshape(4, 4))
    data = None
    return QgsRasterLayer(str(path), "raster")


def stretch(layer: QgsRasterLayer, band: int, top: float) -> QgsContrastEnhancement:
    """Linear from 0 to ``top``, the same for all bands and dates."""
    enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(band))
    enhancement.setMinimumValue(0.0)
    enhancement.setMaximumValue(top)
    mode = QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    enhancement.setContrastEnhancementAlgorithm(mode)
    return enhancement


def reflectance_rgb(folder: Path) -> QgsMapLayer:
    """Natural colors of bands in the order blue, green, red."""
    layer = raster(folder, 3, gdal.GDT_Float32)
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), 3, 2, 1)
    renderer.setRedContrastEnhancement(stretch(layer, 3, VISIBLE_MAX))
    renderer.setGreenContrastEnhancement(stretch(layer, 2, VISIBLE_MAX))
    renderer.setBlueContrastEnhancement(stretch(layer, 1, VISIBLE_MAX))
    layer.setRenderer(renderer)
    return layer


def reflectance_gray(folder: Path) -> QgsMapLayer:
    """One reflectance from black to white."""
    layer = raster(folder, 1, gdal.GDT_Float32)
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), 1)
    renderer.setContrastEnhancement(stretch(layer, 1, ANY_MAX))
    layer.setRenderer(renderer)
    return layer


def haze(folder: Path, steps: Sequence[float], kind: int) -> QgsMapLayer:
    """Numbers from light to dark, the colors of ``palette.HAZE`` at ``steps``."""
    layer = raster(folder, 1, kind)
    ramp = QgsColorRampShader(steps[0], steps[-1])
    ramp.setColorRampType(QgsColorRampShader.Type.Interpolated)
    ramp.setColorRampItemList(
        [
            QgsColorRampShader.ColorRampItem(step, QColor(color), f"{step:g}")
            for step, color in zip(steps, palette.HAZE, strict=True)
        ]
    )
    shader = QgsRasterShader(steps[0], steps[-1])
    shader.setRasterShaderFunction(ramp)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)
    renderer.setClassificationMin(steps[0])
    renderer.setClassificationMax(steps[-1])
    layer.setRenderer(renderer)
    return layer


def aot(folder: Path) -> QgsMapLayer:
    """AOT from clear (light) to thick haze (dark), the same colors as the points."""
    return haze(folder, AOT_STEPS, gdal.GDT_Float32)


def days_to_clear(folder: Path) -> QgsMapLayer:
    """Days to the nearest clear date, from none (light) to many (dark)."""
    return haze(folder, GAP_STEPS, gdal.GDT_Int16)


def numbers(
    folder: Path, kind: int, steps: Sequence[tuple[float, str, str]], bands: int = 1
) -> QgsMapLayer:
    """Numbers between colors: (value, color, label) from low to high."""
    layer = raster(folder, bands, kind)
    ramp = QgsColorRampShader(steps[0][0], steps[-1][0])
    ramp.setColorRampType(QgsColorRampShader.Type.Interpolated)
    ramp.setColorRampItemList(
        [QgsColorRampShader.ColorRampItem(at, QColor(color), text) for at, color, text in steps]
    )
    shader = QgsRasterShader(steps[0][0], steps[-1][0])
    shader.setRasterShaderFunction(ramp)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)
    renderer.setClassificationMin(steps[0][0])
    renderer.setClassificationMax(steps[-1][0])
    layer.setRenderer(renderer)
    return layer


def classes(folder: Path, values: Sequence[tuple[int, QColor, str]]) -> QgsMapLayer:
    """Codes with a color each: (value, color, label)."""
    layer = raster(folder, 1, gdal.GDT_Byte)
    kinds = [QgsPalettedRasterRenderer.Class(*value) for value in values]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, kinds))
    return layer


def break_date(folder: Path) -> QgsMapLayer:
    """Days since 1970-01-01, labeled by year: from 1985 (light) to 2035 (dark)."""
    years = range(1985, 2036, 10)
    days = [int(np.datetime64(f"{year}-01-01", "D").astype(int)) for year in years]
    texts = [str(year) for year in years]
    steps = [(float(day), color, text)
             for day, color, text in zip(days, palette.HAZE, texts, strict=True)]  # fmt: skip
    return numbers(folder, gdal.GDT_Int32, steps)


def break_magnitude(folder: Path) -> QgsMapLayer:
    """Change from down to up, white for none."""
    down, none, up = palette.WORSE_TO_BETTER
    steps = [(-0.3, down, "-0.3"), (0.0, none, "0"), (0.3, up, "+0.3")]
    return numbers(folder, gdal.GDT_Float32, steps)


def break_probability(folder: Path) -> QgsMapLayer:
    """From 0 (light) to 1 (dark)."""
    ends = (0.0, 0.5, 0.95, 1.0)
    steps = [(at, color, f"{at:g}") for at, color in zip(ends, palette.DENSITY, strict=True)]
    return numbers(folder, gdal.GDT_Float32, steps)


def break_status(folder: Path) -> QgsMapLayer:
    """What was found: stable pixels stay clear as glass."""
    nothing = QColor(0, 0, 0, 0)
    return classes(
        folder,
        [
            (0, nothing, "stable"),
            (1, QColor(palette.BAD), "break"),
            (2, QColor(palette.CAUTION), "change that has begun"),
            (3, QColor(palette.MASKED), "too few observations"),
        ],
    )


def anomaly_color(name: str) -> QColor:
    """The color of a type in rasters, where there are no markers to tell apart those of a family:
    the color of its family, lighter or darker.
    """
    families = (
        (palette.SKY_BLUE, ("cloud", "thin_cloud", "shadow", "aot_under", "aot_over")),
        (palette.REDDISH_PURPLE, ("gain", "offset", "stripes", "shift", "wrong_date")),
    )
    for color, names in families:
        if name in names:
            # 60 to 180: from light to dark, 100 is the color itself.
            return QColor(color).darker(65 + 30 * names.index(name))
    return QColor(palette.INK)


def anomaly_types(folder: Path) -> QgsMapLayer:
    """Types of anomalies; good pixels are clear as glass, those not tested are gray."""
    gray = QColor(palette.MASKED)
    gray.setAlpha(120)
    values = [(0, QColor(0, 0, 0, 0), "none")]
    values += [(CODES[name], anomaly_color(name), name.replace("_", " ")) for name in NAMES[1:]]
    return classes(folder, [*values, (255, gray, "not tested")])


def anomaly_score(folder: Path) -> QgsMapLayer:
    """-log10 of the p-value, from 0 (light) to 25 (dark)."""
    steps = [(at, color, f"{at:g}") for at, color in
             zip((0.0, 3.0, 6.0, 12.0, 18.0, 25.0), palette.HAZE, strict=True)]  # fmt: skip
    return numbers(folder, gdal.GDT_Float32, steps)


def anomaly_counts(folder: Path) -> QgsMapLayer:
    """Anomalies per pixel, from 0 (light) to 20 (dark)."""
    steps = [(at, color, f"{at:g}") for at, color in
             zip((0.0, 1.0, 2.0, 5.0, 10.0, 20.0), palette.HAZE, strict=True)]  # fmt: skip
    return numbers(folder, gdal.GDT_UInt16, steps, 2)


def product_mask(folder: Path) -> QgsMapLayer:
    """Pixels left out in translucent gray; used pixels are clear as glass."""
    layer = raster(folder, 1, gdal.GDT_Byte)
    gray = QColor(palette.MASKED)
    gray.setAlpha(190)
    classes = [
        QgsPalettedRasterRenderer.Class(0, QColor(0, 0, 0, 0), "used"),
        QgsPalettedRasterRenderer.Class(1, gray, "left out"),
    ]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes))
    return layer


VECTORS: tuple[Callable[[], QgsMapLayer], ...] = (
    aot_matchups, sites_ranking, aeronet, satellite_aot, product_catalog, time_series,
    anomalies, anomaly_observations, anomaly_steps, sensitivity,
    breaks, anomaly_dates, site_residuals,
)  # fmt: skip
RASTERS: tuple[Callable[[Path], QgsMapLayer], ...] = (
    reflectance_rgb, reflectance_gray, aot, product_mask, days_to_clear,
    break_date, break_magnitude, break_probability, break_status,
    anomaly_types, anomaly_score, anomaly_counts,
)  # fmt: skip


def save(layer: QgsMapLayer, name: str) -> None:
    """Write the style of ``layer``: symbols, labels and map tips, nothing of the layer itself."""
    path = STYLES / f"{name}.qml"
    flags = QgsMapLayer.StyleCategory
    categories = flags.Symbology | flags.Labeling | flags.MapTips | flags.Rendering
    text, done = layer.saveNamedStyle(str(path), categories)
    if not done:
        raise SystemExit(f"{name}: {text}")
    path.write_text(steady(path.read_text(encoding="utf-8")), encoding="utf-8")


def steady(text: str) -> str:
    """The style without what changes from run to run: the order of attributes, and unique ids,
    which are counted instead.
    """
    found: dict[str, str] = {}

    def counted(match: re.Match[str]) -> str:
        number = found.setdefault(match.group(0), str(len(found) + 1))
        return f"{{00000000-0000-0000-0000-{int(number):012d}}}"

    ordered = canonicalize(text)
    return re.sub(r"\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}", counted, ordered) + "\n"


def main() -> int:
    """Write all styles."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QgsApplication([], False)
    application.initQgis()
    STYLES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for make in VECTORS:
            save(make(), make.__name__)
        for make_raster in RASTERS:
            save(make_raster(Path(folder)), make_raster.__name__)
    application.exitQgis()
    return 0


if __name__ == "__main__":
    sys.exit(main())
