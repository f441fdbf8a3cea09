# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles of radiometric calibration: sites, results of runs, coefficients of pairs."""

from __future__ import annotations

from qgis.core import QgsCentroidFillSymbolLayer, QgsFillSymbol, QgsMapLayer, QgsVectorLayer

from calval_toolbox.core.report import palette

from .symbols import hollow, label, marker, outline, points, rules

A_K_STEPS = (0.97, 0.99, 1.01, 1.03)
A_K_COLORS = (palette.BLUE, "#7FB5D9", palette.PAPER, "#EBAA7A", palette.VERMILLION)
SITE_TYPES = {
    "desert": ("Desert", palette.ORANGE, "square"),
    "snow": ("Snow", palette.SKY_BLUE, "diamond"),
    "ocean": ("Ocean", palette.BLUE, "circle"),
    "cloud": ("Deep convective clouds", palette.REDDISH_PURPLE, "triangle"),
    "buoy": ("Buoy", palette.BLUISH_GREEN, "star"),
    "playa": ("Playa", palette.VERMILLION, "pentagon"),
}
SITE_TIP = (
    "<b>[% site %]</b> ([% type %])<br>[% measurements %] measurements<br>"
    "[% coalesce(left(\"first_time\", 10) || ' to ' || left(\"last_time\", 10), '') %]"
)
RESULT_TIP = (
    '<b>[% site %]</b>, [% sensor %] band [% band %]<br>A = [% round("a_k", 4) %] (measured / '
    "simulated), n = [% count %]<br>[% method %], run [% run_id %]"
)
COEFFICIENT_TIP = (
    '<b>[% site %]</b>, [% band %]<br>[% time %]<br>A = [% round("a_k", 4) %] (measured '
    '[% round("measured", 4) %], simulated [% round("simulated", 4) %])<br>'
    "[% if(\"status\" = 'accepted', 'accepted', 'rejected: ' || \"reason\") %]"
)


def calibration_sites() -> QgsMapLayer:
    """Calibration sites by what they are, seen from afar too: an outline, and a mark inside."""
    fields = "&".join(f"field={name}:string" for name in ("site", "type", "first_time"))
    uri = f"Polygon?crs=EPSG:4326&{fields}&field=last_time:string&field=measurements:integer"
    layer = QgsVectorLayer(uri, "sites", "memory")
    kinds = [(title, f"\"type\" = '{kind}'", marked(color, shape))
             for kind, (title, color, shape) in SITE_TYPES.items()]  # fmt: skip
    rules(layer, [*kinds, ("Other", "ELSE", marked(palette.REJECTED, "circle"))])
    label(layer, "site", 1.8)
    layer.setMapTipTemplate(SITE_TIP)
    return layer


def marked(color: str, shape: str, size: float = 2.6) -> QgsFillSymbol:
    """An outlined polygon with a mark in its middle."""
    symbol = outline(color)
    middle = QgsCentroidFillSymbolLayer()
    middle.setSubSymbol(marker(color, size, palette.INK, shape))
    symbol.appendSymbolLayer(middle)
    return symbol


def calibration_results() -> QgsMapLayer:
    """Sites by their mean coefficient A_k = measured / simulated: below, near and above 1."""
    texts = "&".join(f"field={name}:string" for name in ("site", "sensor", "band", "method"))
    uri = f"Polygon?crs=EPSG:4326&{texts}&field=a_k:double&field=count:integer&field=run_id:integer"
    layer = QgsVectorLayer(uri, "results", "memory")
    rules(layer, [
        (title, test, marked(color, "circle", 3.2)) for title, test, color in steps()
    ])  # fmt: skip
    layer.setMapTipTemplate(RESULT_TIP)
    return layer


def calibration_coefficients() -> QgsMapLayer:
    """Coefficients of single pairs by their size; rejected ones as gray rings behind them."""
    layer = points(
        "site:string", "band:string", "time:string", "a_k:double", "measured:double",
        "simulated:double", "status:string", "reason:string",
    )  # fmt: skip
    kept = [
        (title, f"\"status\" = 'accepted' AND {test}", marker(color, 2.8, palette.INK))
        for title, test, color in steps()
    ]
    rules(layer, [*kept, ("rejected", "ELSE", hollow(palette.REJECTED, 2.4))])
    layer.setMapTipTemplate(COEFFICIENT_TIP)
    return layer


def steps() -> list[tuple[str, str, str]]:
    """Title, expression and color of each range of coefficients."""
    found = []
    edges = (None, *A_K_STEPS, None)
    for low, high, color in zip(edges[:-1], edges[1:], A_K_COLORS, strict=True):
        above = [] if low is None else [f'"a_k" >= {low}']
        below = [] if high is None else [f'"a_k" < {high}']
        title = f"{low} to {high}" if above and below else f"below {high}" if below else f"{low} up"
        found.append((title, " AND ".join(above + below), color))
    return found


VECTORS = (calibration_sites, calibration_results, calibration_coefficients)
RASTERS = ()
