# SPDX-License-Identifier: GPL-3.0-or-later
"""The tours through the panel of time series."""

import os
import time
from pathlib import Path

import numpy as np
from guide import (
    dock_of,
    floated,
    in_the_dark,
    no_longer_french,
    pages,
    photograph,
    with_large_letters,
)
from osgeo import gdal, osr
from qgis.core import QgsPointXY, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.utils import iface

KEY = "anomalies"


def series_panel():
    """The panel of time series, which is open."""
    return dock_of(KEY).widget()


def series_example():
    """Time series with the example, its third anomaly chosen."""
    content = series_panel()
    yield 2.0
    content.empty.buttons[1].click()
    yield lambda: content.model.inputs is not None
    yield 2.0
    content.show_sites(list(content.model.entries))
    for _ in range(3):
        content.step(1)
    yield 3.0


def series():
    """Time series: the example docked, then its pages with much room and with 600 pixels."""
    series_panel()
    yield 1.0
    photograph("30_series_empty")
    yield from series_example()
    photograph("31_series_example")
    for width in (1500, 600):
        dock, content = floated(KEY, (width, 920))
        yield 1.0
        yield from pages(content, f"32_series_{width}")
    rows = np.flatnonzero(content.model.detection().flagged)[:6]
    content.select([(content.model.site, int(row)) for row in rows])
    for place in (0, 2, 3):
        content.body.tabs.setCurrentIndex(place)
        yield 1.0
        photograph(f"33_series_selected_{place}")
    dock.setFloating(False)


def series_dark():
    """The pages of the time series in the dark theme."""
    yield from in_the_dark(_both_widths("34_series_dark"))


def series_large():
    """The pages of the time series with letters of 125 %."""
    yield from with_large_letters(_both_widths("43_series_large"))


def _both_widths(name):
    yield from series_example()
    for width in (1500, 600):
        dock, content = floated(KEY, (width, 920))
        yield 1.0
        yield from pages(content, f"{name}_{width}")
    dock.setFloating(False)


def residual_map():
    """Sites by their residuals on the map, and on the date after."""
    yield from series_example()
    content = series_panel()
    content.controls.map_bar.residual_button.setChecked(True)
    yield 2.0
    iface.mapCanvas().zoomToFullExtent()
    iface.mapCanvas().zoomByFactor(1.4)
    yield 3.0
    photograph("35_residual_map")
    content.controls.map_bar.residual_button.setChecked(False)


def stack_of_dates(folder, size=120, count=60):
    """Dated images of two bands with a moving cloud, as files; the path of the first."""
    driver, rng = gdal.GetDriverByName("GTiff"), np.random.default_rng(1)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    rows, columns = np.indices((size, size))
    field = ((rows // 24 + columns // 30) % 3) / 3.0
    paths = []
    for date in range(count):
        day = np.datetime64("2021-01-03") + 12 * date
        season = np.cos(2 * np.pi * (date * 12 / 365.25))
        bands = [0.05 + 0.05 * field + 0.02 * season * field, 0.08 + 0.06 * field,
                 0.25 + 0.15 * field - 0.1 * season * field]  # fmt: skip
        cloud = 0.35 * (np.hypot(rows - 20 - date, columns - 60) < 25) if date % 7 == 3 else 0.0
        path = folder / f"image_{day}.tif"
        made = driver.Create(str(path), size, size, 3, gdal.GDT_Float32)
        made.SetProjection(reference.ExportToWkt())
        made.SetGeoTransform((368000.0, 10.0, 0.0, 4826500.0, 0.0, -10.0))
        for band, name in enumerate(("green", "red", "nir")):
            values = bands[band] + cloud + rng.normal(0.0, 0.004, (size, size))
            made.GetRasterBand(band + 1).WriteArray(values.astype(np.float32))
            made.GetRasterBand(band + 1).SetDescription(name)
        made = None
        paths.append(path)
    return paths


def live():
    """Pixels under the mouse, one of them kept, and two dates side by side."""
    folder = Path(os.environ["CALVAL_PROFILE"]) / "stack"
    folder.mkdir(parents=True, exist_ok=True)
    paths = stack_of_dates(folder)
    layers = [QgsRasterLayer(str(path), path.stem) for path in (paths[2], paths[3])]
    QgsProject.instance().addMapLayers(layers)
    iface.mapCanvas().setExtent(layers[0].extent())
    content = series_panel()
    yield 2.0
    content.live.open_folder(str(folder))
    yield lambda: content.live.reader is not None
    content.controls.map_bar.live_button.setChecked(True)
    yield 1.0
    canvas = iface.mapCanvas()
    center = canvas.center()
    started = time.monotonic()
    for step in (-300.0, 0.0, 200.0):
        canvas.xyCoordinates.emit(QgsPointXY(center.x() + step, center.y()))
        yield 1.5
    print(f"[tour] three pixels in {time.monotonic() - started:.1f} s")
    photograph("36_live_pixel")
    canvas.mapTool().canvasClicked.emit(center, Qt.MouseButton.LeftButton)
    yield 2.0
    content.controls.map_bar.live_button.setChecked(False)
    content.choose(content.model.site, 3)
    content.controls.map_bar.swipe_button.setChecked(True)
    yield 4.0
    photograph("37_swipe")
    content.controls.map_bar.swipe_button.setChecked(False)


def series_french():
    """The pages of the time series at 600 pixels in French (after the tour ``french``)."""
    yield from series_example()
    dock, content = floated(KEY, (600, 920))
    yield 1.0
    yield from pages(content, "40_series_french")
    rows = np.flatnonzero(content.model.detection().flagged)[:6]
    content.select([(content.model.site, int(row)) for row in rows])
    content.body.tabs.setCurrentIndex(0)
    yield 1.0
    photograph("41_series_french_selected")
    content.controls.map_bar.menu.popup(QPoint(200, 400))
    yield 1.0
    photograph("42_series_french_menu")
    content.controls.map_bar.menu.close()
    dock.setFloating(False)
    no_longer_french()


def columns():
    """A foreign table: which columns are which."""
    path = Path(os.environ["CALVAL_PROFILE"]) / "foreign.csv"
    lines = ["dates,blue,red,nir,qa"]
    lines += [f"{736000 + 16 * n},{400 + n},{500 + n},{2000 + 9 * n},{n % 5}" for n in range(60)]
    path.write_text("\n".join(lines), encoding="utf-8")
    series_panel()
    yield 2.0
    dock, content = floated(KEY, (600, 820))
    content.open(str(path))
    yield 2.0
    photograph("38_columns")
    content.columns.show_button.click()
    yield 3.0
    photograph("39_columns_shown")
    dock.setFloating(False)


TOURS = {
    "series": series, "series_dark": series_dark, "residual_map": residual_map, "live": live,
    "columns": columns, "series_french": series_french, "series_large": series_large,
}  # fmt: skip
