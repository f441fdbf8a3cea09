# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a real QGIS window (``qgis --code``): walks through the plugin and photographs it.

Environment: CALVAL_TOUR (a name in ``TOURS``), CALVAL_SHOTS (folder for the pictures). A tour is a
generator: it yields seconds to wait, or a function that says whether to go on.
"""

import os
import time
import traceback
from pathlib import Path

import numpy as np
from qgis import processing
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QPoint, QTimer
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QToolButton, QTreeView
from qgis.utils import iface

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


def series():
    """Time series: the example docked, then its pages with much room and with 600 pixels."""
    action("anomalies")
    yield 1.0
    photograph("30_series_empty")
    dock = iface.mainWindow().findChild(QDockWidget, "calval_anomalies")
    content = dock.widget()
    content.empty.buttons[1].click()
    yield lambda: content.model.inputs is not None
    content.show_sites(list(content.model.entries))
    content.step(1)
    yield 3.0
    photograph("31_series_example")
    dock.setFloating(True)
    dock.move(10, 30)
    for width, names in ((1500, "spectrum season list"), (600, "series spectrum season list")):
        dock.resize(width, 920)
        yield 1.0
        for place, name in enumerate(names.split()):
            content.body.tabs.setCurrentIndex(place)
            yield 1.0
            photograph(f"32_series_{width}_{name}")
    dock.setFloating(False)


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
    "first": first, "picked": picked, "series": series, "narrow": narrow, "dark": dark,
    "large": large,
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
