# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a real QGIS window (``qgis --code``): looks at what the plugin added, then quits.

Environment: CALVAL_SEEN (JSON file for what was seen), CALVAL_GRAB (PNG of the window),
CALVAL_VISIT (``first``, or ``second``: after a restart).
"""

import json
import os
import traceback
from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QToolButton
from qgis.utils import iface, loadPlugin, plugins, startPlugin, unloadPlugin

PLUGIN = "calval_toolbox"
LEFT = Qt.DockWidgetArea.LeftDockWidgetArea


def dock():
    """The panel, where there is one."""
    found = [d for d in iface.mainWindow().findChildren(QDockWidget) if "AOT" in d.windowTitle()]
    return found[0] if found else None


def look():
    """What the plugin has added to QGIS."""
    window = iface.mainWindow()
    provider = QgsApplication.processingRegistry().providerById("calval")
    menus = [a.text().replace("&", "") for a in iface.pluginMenu().actions() if a.menu()]
    return {
        "loaded": PLUGIN in plugins,
        "algorithms": len(provider.algorithms()) if provider else 0,
        "menu": "CalVal Toolbox" in menus,
        "button": window.findChild(QToolButton, "calval_button") is not None,
        "panel": dock() is not None and dock().isVisible(),
        "on_the_left": dock() is not None and window.dockWidgetArea(dock()) == LEFT,
    }


def first():
    """Open, close and reopen the panel; take the plugin out and put it in again."""
    window = iface.mainWindow()
    seen = {"start": look()}
    window.findChild(QAction, "calval_aot").trigger()
    settle()
    seen["opened"] = look()
    window.grab().save(os.environ["CALVAL_GRAB"])
    window.findChild(QAction, "calval_aot").trigger()
    settle()
    seen["closed"] = look()
    unloadPlugin(PLUGIN)
    settle()
    seen["unloaded"] = look()
    loadPlugin(PLUGIN)
    startPlugin(PLUGIN)
    settle()
    seen["again"] = look()
    window.findChild(QAction, "calval_aot").trigger()
    window.addDockWidget(LEFT, dock())
    settle()
    seen["moved"] = look()
    return seen


def second():
    """Only look: the panel has to be where it was left."""
    iface.mainWindow().grab().save(os.environ["CALVAL_GRAB"])
    return {"start": look()}


def settle():
    """Let Qt do what is waiting, deletions included."""
    for _ in range(5):
        QgsApplication.processEvents()
        QgsApplication.sendPostedEvents(None, 52)  # deferred deletions


def visit():
    """Write down what was seen, whatever happens, and leave."""
    try:
        seen = {"first": first, "second": second}[os.environ["CALVAL_VISIT"]]()
    except Exception:
        seen = {"error": traceback.format_exc()}
    Path(os.environ["CALVAL_SEEN"]).write_text(json.dumps(seen, indent=1), encoding="utf-8")
    iface.actionExit().trigger()


iface.initializationCompleted.connect(lambda: QTimer.singleShot(1500, visit))
