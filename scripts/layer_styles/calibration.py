# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles of radiometric calibration: sites, results of runs, coefficients of pairs."""

from __future__ import annotations

from qgis.core import QgsCentroidFillSymbolLayer, QgsFillSymbol, QgsMapLayer, QgsVectorLayer
from qgis.PyQt.QtGui import QColor

from calval_toolbox.core.report import palette

from .symbols import hollow, label, marker, outline, points, rules

FREQUENCY_STEPS = (0.02, 0.05, 0.1, 0.2, 0.4)
FREQUENCY_COLORS = ("#F4F8FB", "#CFE2F0", "#A3C9E2", "#6AA5CF", palette.BLUE, "#003354")
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
FREQUENCY_TIP = (
    "<b>[% cell %]</b>, [% month %]<br>clouds in [% cloud_scenes %] of [% scenes %] scenes: "
    '[% round(100 * "frequency", 1) %] % ([% round(100 * "frequency_low", 1) %] to '
    '[% round(100 * "frequency_high", 1) %] %)<br>[% pixels %] cloud pixels<br>[% remark %]'
)
AREA_TIP = (
    "<b>Area [% rank %]</b>: [% area %]<br>clouds in "
    '[% round(100 * "frequency", 1) %] % of [% scenes %] scenes ('
    '[% round(100 * "frequency_low", 1) %] to [% round(100 * "frequency_high", 1) %] %)<br>'
    '[% round("pixels_per_month") %] cloud pixels per month'
    "[% coalesce(' (' || round(\"pixels_low\") || ' to ' || round(\"pixels_high\") || ')', '') %]"
    ", most in [% best_month %]<br>"
    "[% coalesce(nullif(known_zone, ''), 'new area') %]"
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


def cloud_frequency() -> QgsMapLayer:
    """Cells by the share of their scenes with deep convective clouds, all months together; cells of
    few scenes are dotted. Rows of single months are there to be filtered for.
    """
    fields = "&".join(f"field={name}:string" for name in ("cell", "month", "remark"))
    numbers = "&".join(f"field={name}:double" for name in (
        "frequency", "frequency_low", "frequency_high", "scenes", "cloud_scenes", "pixels",
    ))  # fmt: skip
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:4326&{fields}&{numbers}", "frequency", "memory")
    chosen = "\"month\" = 'all'"
    quiet = "(coalesce(\"remark\", '') = '')"  # empty texts may come back as NULL
    kinds = []
    edges = (None, *FREQUENCY_STEPS, None)
    for low, high, color in zip(edges[:-1], edges[1:], FREQUENCY_COLORS, strict=True):
        above = [] if low is None else [f'"frequency" >= {low}']
        below = [] if high is None else [f'"frequency" < {high}']
        percent = [f"{100 * edge:g}" for edge in (low, high) if edge is not None]
        title = " to ".join(percent) + " %" if above and below else (
            f"below {percent[0]} %" if below else f"{percent[0]} % and more")  # fmt: skip
        test = " AND ".join([chosen, *above, *below])
        kinds.append((title, f"{test} AND {quiet}", filled(color)))
    few = f"{chosen} AND NOT {quiet}"
    rules(layer, [*kinds, ("Too few scenes", few, outline(palette.REJECTED, dashed=True))])
    layer.setMapTipTemplate(FREQUENCY_TIP)
    return layer


def filled(color: str) -> QgsFillSymbol:
    """A polygon of one color that lets the map below shine through."""
    fill = QColor(color)
    return QgsFillSymbol.createSimple({
        "color": f"{fill.red()},{fill.green()},{fill.blue()},200", "outline_color": palette.PAPER,
        "outline_width": "0.1",
    })  # fmt: skip


def cloud_areas() -> QgsMapLayer:
    """Areas of frequent clouds with their rank: new ones, and those in zones that are known."""
    uri = (
        "Polygon?crs=EPSG:4326&field=rank:integer&field=area:string&field=known_zone:string"
        "&field=frequency:double&field=frequency_low:double&field=frequency_high:double"
        "&field=pixels_per_month:double&field=pixels_low:double&field=pixels_high:double"
        "&field=best_month:string&field=scenes:integer"
    )
    layer = QgsVectorLayer(uri, "areas", "memory")
    rules(layer, [
        ("New area", "coalesce(\"known_zone\", '') = ''", marked(palette.VERMILLION, "triangle")),
        ("Area in a known zone", "ELSE", marked(palette.REDDISH_PURPLE, "triangle")),
    ])  # fmt: skip
    label(layer, "rank", 1.8)
    layer.setMapTipTemplate(AREA_TIP)
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


VECTORS = (
    calibration_sites, calibration_results, calibration_coefficients, cloud_frequency, cloud_areas,
)  # fmt: skip
RASTERS = ()
