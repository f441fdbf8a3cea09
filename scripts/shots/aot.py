# SPDX-License-Identifier: GPL-3.0-or-later
"""The tours through the panel of AOT validation, the menu, the toolbox and the dialogs."""

import numpy as np
from guide import action, in_the_dark, photograph, with_large_letters
from qgis import processing
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QPoint
from qgis.PyQt.QtWidgets import QDockWidget, QToolButton, QTreeView
from qgis.utils import iface

DIALOGS = ("extractaot", "compareaot", "rankaeronetsites", "importaeronet", "checkinstallation")


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
    yield from in_the_dark(
        _docked_and_narrow(("21_panel_dark", "23_panel_dark_600"), (500, 40), 900)
    )


def large():
    """The panel with letters of 125 %."""
    names = ("22_panel_large_letters", "24_panel_large_letters_600")
    yield from with_large_letters(_docked_and_narrow(names, (500, 20), 950))


def _docked_and_narrow(names, place, height):
    yield from example()
    photograph(names[0])
    panel().setFloating(True)
    panel().resize(600, height)
    panel().move(*place)
    yield 2.0
    photograph(names[1])
    panel().setFloating(False)


TOURS = {"first": first, "picked": picked, "narrow": narrow, "dark": dark, "large": large}
