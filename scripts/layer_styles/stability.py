# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles of the search for stable sites: score of pixels, candidates."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal
from qgis.core import QgsMapLayer, QgsVectorLayer

from calval_toolbox.core.report import palette

from .calibration import marked
from .rasters import numbers
from .symbols import label, rules

SITE_TIP = (
    '<b>[% site %]</b>, [% round("area_km2", 1) %] km\u00b2<br>score [% round("score", 2) %], '
    'limited by [% limited_by %]<br>temporal CV [% round("temporal_cv_percent", 2) %] \u00b1 '
    '[% round("temporal_cv_se_percent", 2) %] %, spatial CV [% round("spatial_cv_percent", 2) %] %'
    '<br>[% round("clear_dates", 0) %] clear dates ([% round("clear_percent", 0) %] %), [% brdf %]'
)


def stable_sites() -> QgsMapLayer:
    """Candidates by their score: well within all limits, within, and just so."""
    texts = "&".join(f"field={name}:string" for name in ("site", "limited_by", "brdf"))
    figures = ("score", "area_km2", "temporal_cv_percent", "temporal_cv_se_percent",
               "spatial_cv_percent", "clear_dates", "clear_percent")  # fmt: skip
    doubles = "&".join(f"field={name}:double" for name in figures)
    uri = f"Polygon?crs=EPSG:4326&{texts}&field=rank:integer&{doubles}"
    layer = QgsVectorLayer(uri, "candidates", "memory")
    good, better, best = palette.TIERS[2], palette.TIERS[1], palette.TIERS[0]
    rules(
        layer,
        [
            ("Score up to 0.5", '"score" <= 0.5', marked(best, "circle")),
            ("Score up to 0.8", '"score" <= 0.8', marked(better, "circle")),
            ("Score above 0.8", "ELSE", marked(good, "circle")),
        ],
    )
    label(layer, "site", 1.8)
    layer.setMapTipTemplate(SITE_TIP)
    return layer


def stability_score(folder: Path) -> QgsMapLayer:
    """The score: green passes, white is the limit, vermilion fails."""
    steps = [(0.0, palette.GOOD, "0"), (1.0, palette.PAPER, "1: the limit"),
             (2.0, palette.BAD, "2 and more")]  # fmt: skip
    return numbers(folder, gdal.GDT_Float32, steps)


VECTORS = (stable_sites,)
RASTERS = (stability_score,)
