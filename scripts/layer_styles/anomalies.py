# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles of anomalies in tables and in images."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal
from qgis.core import QgsMapLayer, QgsMarkerSymbol, QgsSingleSymbolRenderer, QgsSymbol
from qgis.PyQt.QtGui import QColor

from calval_toolbox.core.anomalies.labels import ALL_TYPES, UNKNOWN
from calval_toolbox.core.anomalies.spatial.codes import CODES, NAMES
from calval_toolbox.core.report import palette
from calval_toolbox.core.report.anomaly_names import type_name

from .rasters import classes, graded
from .symbols import hollow, marker, points, rules

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
_OFF = "\"verdict\" NOT IN ('none', 'not_tested')"
DATE_TIP = (
    '<b>[% time %]</b><br>[% verdict %] [% round("amplitude", 3) %] [% unit %]<br>'
    '[% round(100 * "flagged_share", 1) %] % anomalies, most: [% dominant_type %]'
)
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


def anomaly_dates() -> QgsMapLayer:
    """Dates: images that are off, dates with local anomalies, and the others."""
    layer = points("time:string", "verdict:string", "amplitude:double", "unit:string",
                   "layer:integer", "flagged_share:double", "dominant_type:string")  # fmt: skip
    rules(
        layer,
        [
            ("Whole image off", _OFF, marker(palette.BAD, 4.0, palette.INK)),
            ("Local anomalies", '"layer" > 0', marker(palette.CAUTION, 3.4, palette.INK)),
            ("Others", "ELSE", hollow(palette.REJECTED, 2.6)),
        ],
    )
    layer.setMapTipTemplate(DATE_TIP)
    return layer


def sensitivity() -> QgsMapLayer:
    """Simulated sites: all rows of a site lie on one place."""
    layer = points("site:string", "type:string", "configuration:string")
    layer.setRenderer(QgsSingleSymbolRenderer(marker(palette.ACCEPTED, 3.4, palette.INK)))
    layer.setMapTipTemplate("<b>[% site %]</b><br>[% type %], [% configuration %]")
    return layer


def anomaly_color(name: str) -> QColor:
    """The color of a type in rasters, where there are no markers to tell apart those of a family:
    the color of its family, lighter or darker.
    """
    for color, names in palette.FAMILIES:
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
    at = (0.0, 3.0, 6.0, 12.0, 18.0, 25.0)
    return graded(folder, gdal.GDT_Float32, at, palette.HAZE)


def anomaly_counts(folder: Path) -> QgsMapLayer:
    """Anomalies per pixel, from 0 (light) to 20 (dark)."""
    at = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0)
    return graded(folder, gdal.GDT_UInt16, at, palette.HAZE, 2)


VECTORS = (anomalies, anomaly_observations, anomaly_steps, sensitivity, anomaly_dates)
RASTERS = (anomaly_types, anomaly_score, anomaly_counts)
