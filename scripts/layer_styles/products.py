# SPDX-License-Identifier: GPL-3.0-or-later
"""Styles of products and time series: footprints, observations, reflectances, masks."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal
from qgis.core import (
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsSingleBandGrayRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from calval_toolbox.core.report import palette

from .rasters import classes, graded, raster, stretch
from .symbols import hollow, marker, outline, points, rules

GAP_STEPS = (0.0, 5.0, 10.0, 20.0, 40.0, 80.0)  # days
VISIBLE_MAX, ANY_MAX = 0.3, 0.5  # reflectances; brighter surfaces (snow, cloud) are shown white
SERIES_TIP = (
    '<b>[% site %]</b><br>[% time %]<br>[% band %]: [% round("value", 4) %]<br>'
    "[% mask_state %]<br>[% product %]"
)
CATALOG_TIP = (
    "<b>[% sensor %] [% level %]</b><br>[% time %]<br>[% site %]<br>cloud "
    '[% round("cloud_percent", 0) %] %<br>[% status %]'
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


def product_mask(folder: Path) -> QgsMapLayer:
    """Pixels left out in translucent gray; used pixels are clear as glass."""
    gray = QColor(palette.MASKED)
    gray.setAlpha(190)
    return classes(folder, [(0, QColor(0, 0, 0, 0), "used"), (1, gray, "left out")])


def days_to_clear(folder: Path) -> QgsMapLayer:
    """Days to the nearest clear date, from none (light) to many (dark)."""
    return graded(folder, gdal.GDT_Int16, GAP_STEPS, palette.HAZE)


VECTORS = (product_catalog, time_series)
RASTERS = (reflectance_rgb, reflectance_gray, product_mask, days_to_clear)
