# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a real QGIS window (``qgis --code``): walks through the plugin and photographs it.

Environment: CALVAL_TOUR (a name in ``TOURS``), CALVAL_SHOTS (folder for the pictures). A tour is a
generator: it yields seconds to wait, or a function that says whether to go on.
"""

import os
import sys
import time
import traceback
from pathlib import Path

import numpy as np
from osgeo import gdal, osr
from qgis import processing
from qgis.core import QgsApplication, QgsPointXY, QgsProject, QgsRasterLayer, QgsSettings
from qgis.PyQt.QtCore import QPoint, Qt, QTimer
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QToolButton, QTreeView
from qgis.utils import iface

sys.path.insert(0, os.environ["CALVAL_TOURS"])
import calibration

OUT = Path(os.environ["CALVAL_SHOTS"])
NIGHT = "Night Mapping"
DIALOGS = ("extractaot", "compareaot", "rankaeronetsites", "importaeronet", "checkinstallation")


def photograph(name):
    """The whole screen, as the user sees it."""
    QgsApplication.processEvents()
    QgsApplication.primaryScreen().grabWindow(0).save(str(OUT / f"{name}.png"))


def action(name):
    """Use an entry of our menu."""
    iface.mainWindow().findChild(QAction, f"calval_{name}").trigger()


def panel():
    """The dock of AOT validation."""
    docks = iface.mainWindow().findChildren(QDockWidget)
    return next((d for d in docks if "AOT" in d.windowTitle()), None)


def example_is_shown():
    """Whether the layers of the example are on the map and nothing is being computed."""
    busy = QgsApplication.taskManager().countActiveTasks()
    return not busy and QgsProject.instance().count() > 1


def example():
    """Load the example, and wait for it."""
    action("example")
    yield 1.0
    yield example_is_shown
    yield 4.0


def first():
    """Empty panel, example, menu, toolbox, dialogs."""
    action("aot")
    yield 2.0
    photograph("01_panel_empty")
    action("aot")
    yield from example()
    photograph("02_panel_example")
    panel().setFloating(True)
    panel().resize(1500, 940)
    panel().move(40, 30)
    yield 2.0
    photograph("03_panel_full")
    panel().setFloating(False)
    button = iface.mainWindow().findChild(QToolButton, "calval_button")
    menu = button.menu()
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))
    yield 1.0
    photograph("04_menu")
    menu.close()
    toolbox = iface.mainWindow().findChild(QDockWidget, "ProcessingToolbox")
    if toolbox is not None:
        toolbox.show()
        toolbox.raise_()
        for tree in toolbox.findChildren(QTreeView):
            open_provider(tree)
        yield 2.0
        photograph("05_toolbox")
        toolbox.hide()
    for number, name in enumerate(DIALOGS, 6):
        dialog = processing.createAlgorithmDialog(f"calval:{name}", {})
        if dialog is None:
            continue
        dialog.show()
        dialog.resize(980, 760)
        yield 2.0
        photograph(f"{number:02d}_dialog_{name}")
        dialog.close()
        yield 0.5


def open_provider(tree):
    """Unfold our provider in the toolbox."""
    model = tree.model()
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        if "CalVal" in str(index.data()):
            tree.expandRecursively(index)
            tree.scrollTo(index, QTreeView.ScrollHint.PositionAtTop)


def picked():
    """A point of the scatter plot clicked: the map at its site, its product loaded."""
    yield from example()
    content = panel().widget()
    matchups = content.model.matchups
    rows = (matchups.site == "Toulouse") & matchups.accepted & (matchups.extra["sensor"] == "MSI")
    row = int(np.flatnonzero(rows)[0])
    iface.mapCanvas().zoomScale(150_000)
    content.scatter.mouse.clicked.emit(row)
    yield 0.6
    photograph("11_picked_flash")
    yield 6.0
    photograph("12_picked_product")
    content.body.show_page(content.series)
    yield 1.0
    photograph("13_picked_series")


def floated(size):
    """The dock of time series as a window of its own, and its panel."""
    dock = iface.mainWindow().findChild(QDockWidget, "calval_anomalies")
    dock.setFloating(True)
    dock.move(10, 30)
    dock.resize(*size)
    return dock, dock.widget()


def series_panel():
    """The panel of time series, which is open."""
    dock = iface.mainWindow().findChild(QDockWidget, "calval_anomalies")
    if dock is None or dock.isHidden():  # open panels come back with QGIS
        action("anomalies")
    return iface.mainWindow().findChild(QDockWidget, "calval_anomalies").widget()


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


def pages(content, name):
    """All pages of the panel, one after the other."""
    for place in range(content.body.tabs.count()):
        content.body.tabs.setCurrentIndex(place)
        yield 1.0
        photograph(f"{name}_{place}")


def series():
    """Time series: the example docked, then its pages with much room and with 600 pixels."""
    series_panel()
    yield 1.0
    photograph("30_series_empty")
    yield from series_example()
    photograph("31_series_example")
    for width in (1500, 600):
        dock, content = floated((width, 920))
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
    QgsApplication.instance().setUITheme(NIGHT)
    yield 1.0
    yield from series_example()
    for width in (1500, 600):
        dock, content = floated((width, 920))
        yield 1.0
        yield from pages(content, f"34_series_dark_{width}")
    dock.setFloating(False)
    QgsApplication.instance().setUITheme("default")


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


def french():
    """The panel in French, with a date chosen and with dates selected; then its menus."""
    QgsSettings().setValue("locale/overrideFlag", True)
    QgsSettings().setValue("locale/userLocale", "fr")
    yield 0.5


def series_french():
    """The pages of the time series at 600 pixels in French (after the tour ``french``)."""
    yield from series_example()
    dock, content = floated((600, 920))
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
    QgsSettings().setValue("locale/overrideFlag", False)


def columns():
    """A foreign table: which columns are which."""
    path = Path(os.environ["CALVAL_PROFILE"]) / "foreign.csv"
    lines = ["dates,blue,red,nir,qa"]
    lines += [f"{736000 + 16 * n},{400 + n},{500 + n},{2000 + 9 * n},{n % 5}" for n in range(60)]
    path.write_text("\n".join(lines), encoding="utf-8")
    series_panel()
    yield 2.0
    dock, content = floated((600, 820))
    content.open(str(path))
    yield 2.0
    photograph("38_columns")
    content.columns.show_button.click()
    yield 3.0
    photograph("39_columns_shown")
    dock.setFloating(False)


def calibrated():
    """The panel of calibrations: see ``calibration``."""
    yield from calibration.calibration(photograph)


def calibrated_dark():
    """The same in the dark theme."""
    QgsApplication.instance().setUITheme(NIGHT)
    yield 1.0
    yield from calibration.shown_in(photograph, "58_calibration_dark")
    QgsApplication.instance().setUITheme("default")


def calibrated_french():
    """The same in French (after the tour ``french``)."""
    yield from calibration.shown_in(photograph, "59_calibration_french")
    QgsSettings().setValue("locale/overrideFlag", False)


def narrow():
    """The panel at 600 pixels."""
    yield from example()
    window = iface.mainWindow()
    window.resizeDocks([panel()], [600], 1)
    panel().setFloating(True)
    panel().resize(600, 900)
    panel().move(500, 40)
    yield 2.0
    photograph("20_panel_600")
    panel().setFloating(False)


def dark():
    """The panel in the dark theme, docked and with 600 pixels."""
    QgsApplication.instance().setUITheme(NIGHT)
    yield 1.0
    yield from example()
    photograph("21_panel_dark")
    panel().setFloating(True)
    panel().resize(600, 900)
    panel().move(500, 40)
    yield 2.0
    photograph("23_panel_dark_600")
    panel().setFloating(False)


def large():
    """The panel and a dialog with letters of 125 %."""
    QgsApplication.instance().setUITheme("default")
    font = QgsApplication.font()
    font.setPointSizeF(1.25 * font.pointSizeF())
    QgsApplication.setFont(font)
    iface.mainWindow().setStyleSheet(f"* {{ font-size: {font.pointSizeF():.1f}pt; }}")
    yield 1.0
    yield from example()
    photograph("22_panel_large_letters")
    panel().setFloating(True)
    panel().resize(600, 950)
    panel().move(500, 20)
    yield 2.0
    photograph("24_panel_large_letters_600")
    panel().setFloating(False)


TOURS = {
    "first": first, "picked": picked, "series": series, "series_dark": series_dark,
    "residual_map": residual_map, "live": live, "columns": columns,
    "french": french, "series_french": series_french, "narrow": narrow, "dark": dark,
    "large": large, "calibration": calibrated, "calibration_dark": calibrated_dark,
    "calibration_french": calibrated_french,
}  # fmt: skip


class Guide:
    """Leads through a tour without stopping QGIS."""

    def __init__(self, tour):
        self.tour = tour
        self.since = time.monotonic()

    def go(self):
        """One step further; at the end, or when something is wrong, QGIS is closed."""
        try:
            self.wait(next(self.tour))
        except StopIteration:
            leave()
        except Exception:
            traceback.print_exc()
            photograph("failed")
            (OUT / "failed").touch()
            leave()

    def wait(self, what):
        """Wait for seconds, or until a function says so (four minutes at most)."""
        if not callable(what):
            self.since = time.monotonic()
            QTimer.singleShot(int(1000 * what), self.go)
        elif what() or time.monotonic() - self.since > 240:
            QTimer.singleShot(0, self.go)
        else:
            QTimer.singleShot(500, lambda: self.wait(what))


def leave():
    """Close QGIS as a user does, asking nothing."""
    QgsProject.instance().clear()
    QgsProject.instance().setDirty(False)
    iface.actionExit().trigger()


def begin():
    """Fill the screen and start."""
    iface.mainWindow().showMaximized()
    QTimer.singleShot(1500, GUIDE.go)


# Qt does not keep the object behind a method alive.
GUIDE = Guide(TOURS[os.environ["CALVAL_TOUR"]]())
iface.initializationCompleted.connect(lambda: QTimer.singleShot(1500, begin))
