# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in ``qgis.PyQt`` made of PyQt6, so that widgets run under Qt 6 without a QGIS built with
it.

As a program: ``python qt6_standin.py PLUGINS TABLE OUT.png [WIDTH]`` opens the AOT panel with a
match-up table, moves a slider, and prints what happened as JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import types

MODULES = ("QtCore", "QtGui", "QtWidgets", "QtSvg")


def install() -> None:
    """Make ``qgis.PyQt`` importable, as PyQt6; must come before any other import of Qt."""
    os.environ["PYQTGRAPH_QT_LIB"] = "PyQt6"
    for name in ("qgis", "qgis.PyQt"):
        module = types.ModuleType(name)
        module.__dict__["__path__"] = []
        sys.modules[name] = module
    for name in MODULES:
        try:
            found = importlib.import_module(f"PyQt6.{name}")
        except ImportError:
            continue
        sys.modules[f"qgis.PyQt.{name}"] = found
        setattr(sys.modules["qgis.PyQt"], name, found)


def main(plugins: str, table: str, picture: str, width: str = "1000") -> None:
    """Run the panel and report."""
    install()
    sys.path.insert(0, plugins)
    from qgis.PyQt.QtCore import PYQT_VERSION_STR
    from qgis.PyQt.QtWidgets import QApplication

    application = QApplication([])
    import pyqtgraph

    from calval_toolbox.ui.aot.panel import AotPanel
    from calval_toolbox.ui.dock import PanelDock

    dock = PanelDock("AOT validation", "aot", AotPanel)
    dock.resize(int(width), 800)
    dock.show()
    panel = dock.content
    panel.open(table)
    panel.flush()
    before = panel.model.figures().overall.count
    panel.filters.gapfilled.slider.setValue(6)
    panel.flush()
    panel.pick_site(panel.model.sites[0])
    for index in range(panel.body.tabs.count()):
        panel.body.tabs.setCurrentIndex(index)
        panel.flush()
        application.processEvents()
    saved = dock.grab().save(picture)
    report = {
        "qt": pyqtgraph.Qt.QT_LIB,
        "version": PYQT_VERSION_STR,
        "before": before,
        "after": panel.model.figures().overall.count,
        "shown": panel.statistics.values["count", 1].text(),
        "site": panel.model.site,
        "command": panel.command(),
        "saved": saved,
        "modules": [name for name in ("PyQt5", "qgis.core") if name in sys.modules],
    }
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
