# SPDX-License-Identifier: GPL-3.0-or-later
"""What all tours share: photographs, the entries of our menu, floating docks, and the guide that
leads through a tour without stopping QGIS.
"""

import os
import time
import traceback
from pathlib import Path

from qgis.core import QgsApplication, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtWidgets import QAction, QApplication, QDockWidget
from qgis.utils import iface

OUT = Path(os.environ["CALVAL_SHOTS"])
NIGHT = "Night Mapping"
LONGEST_S = 240


def photograph(name):
    """The whole screen, as the user sees it."""
    QgsApplication.processEvents()
    QgsApplication.primaryScreen().grabWindow(0).save(str(OUT / f"{name}.png"))


def action(name):
    """Use an entry of our menu."""
    iface.mainWindow().findChild(QAction, f"calval_{name}").trigger()


def dock_of(key):
    """The dock of a panel, opened where it is not: open panels come back with QGIS."""
    found = iface.mainWindow().findChild(QDockWidget, f"calval_{key}")
    if found is None or found.isHidden():
        action(key)
    return iface.mainWindow().findChild(QDockWidget, f"calval_{key}")


def floated(key, size):
    """The dock of a panel as a window of its own, and its panel."""
    dock = dock_of(key)
    dock.setFloating(True)
    dock.move(10, 30)
    dock.resize(*size)
    return dock, dock.widget()


def pages(content, name):
    """All pages of a panel, one after the other."""
    for place in range(content.body.tabs.count()):
        content.body.tabs.setCurrentIndex(place)
        yield 0.5
        yield nothing_runs
        yield 0.5
        photograph(f"{name}_{place}")


def nothing_runs():
    """Whether no task is at work."""
    return not QgsApplication.taskManager().countActiveTasks()


def in_the_dark(tour):
    """A tour in the dark theme."""
    QgsApplication.instance().setUITheme(NIGHT)
    yield 1.0
    yield from tour
    QgsApplication.instance().setUITheme("default")


def with_large_letters(tour):
    """A tour with letters of 125 %."""
    QgsApplication.instance().setUITheme("default")
    font = QgsApplication.font()
    font.setPointSizeF(1.25 * font.pointSizeF())
    QgsApplication.setFont(font)
    iface.mainWindow().setStyleSheet(f"* {{ font-size: {font.pointSizeF():.1f}pt; }}")
    yield 1.0
    yield from tour


def french():
    """The next QGIS speaks French."""
    QgsSettings().setValue("locale/overrideFlag", True)
    QgsSettings().setValue("locale/userLocale", "fr")
    yield 0.5


def no_longer_french():
    """The next QGIS speaks the language of the machine."""
    QgsSettings().setValue("locale/overrideFlag", False)


def both_widths(key, tour, name):
    """A tour, then all pages of the panel with much room and at 600 pixels."""
    yield from tour
    for width in (1500, 600):
        dock, content = floated(key, (width, 920))
        yield 1.0
        yield from pages(content, f"{name}_{width}")
    dock.setFloating(False)


def at_600_in_french(key, tour, name):
    """A tour, then all pages at 600 pixels in French (after the tour ``french``)."""
    yield from tour
    dock, content = floated(key, (600, 920))
    yield 1.0
    yield from pages(content, name)
    dock.setFloating(False)
    no_longer_french()


def other_looks(key, name, example, number):
    """Tours of the pages of a panel after its ``example``: in the dark theme, with letters of
    125 %, in French; photographs are numbered from ``number`` on.
    """
    return {
        f"{name}_dark": lambda: in_the_dark(both_widths(key, example(), f"{number}_{name}_dark")),
        f"{name}_large": lambda: with_large_letters(
            both_widths(key, example(), f"{number + 1}_{name}_large")
        ),
        f"{name}_french": lambda: at_600_in_french(key, example(), f"{number + 2}_{name}_french"),
    }


def press(kind, point, button):
    """The mouse on the map, as the user moves and presses it."""
    canvas = iface.mapCanvas()
    view = canvas.viewport()
    buttons = button if kind == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
    place = QPointF(point)
    event = QMouseEvent(
        kind, place, QPointF(view.mapToGlobal(point)), button, buttons,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def click(x, y, button=Qt.MouseButton.LeftButton):
    """A click on the map at shares of its width and height."""
    canvas = iface.mapCanvas()
    point = QPoint(round(x * canvas.width()), round(y * canvas.height()))
    press(QEvent.Type.MouseMove, point, Qt.MouseButton.NoButton)
    press(QEvent.Type.MouseButtonPress, point, button)
    press(QEvent.Type.MouseButtonRelease, point, button)


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
        elif what() or time.monotonic() - self.since > LONGEST_S:
            QTimer.singleShot(0, self.go)
        else:
            QTimer.singleShot(500, lambda: self.wait(what))


def leave():
    """Close QGIS as a user does, asking nothing: it would ask while tasks are at work."""
    if not nothing_runs():
        QTimer.singleShot(200, leave)
        return
    QgsProject.instance().clear()
    QgsProject.instance().setDirty(False)
    iface.actionExit().trigger()
