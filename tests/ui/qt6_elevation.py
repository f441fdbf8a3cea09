# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of elevation models under PyQt6.

As a program: ``python qt6_elevation.py PLUGINS FOLDER OUT.png [WIDTH]`` opens ``first.tif`` and
``second.tif`` of a folder, draws a profile, turns all pages, and prints what happened as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from qt6_standin import install  # beside this file


def main(plugins: str, folder: str, picture: str, width: str = "1000") -> None:
    """Run the panel and report."""
    install()
    sys.path.insert(0, plugins)
    from qgis.PyQt.QtCore import PYQT_VERSION_STR, QEvent, Qt
    from qgis.PyQt.QtGui import QKeyEvent
    from qgis.PyQt.QtWidgets import QApplication

    application = QApplication([])
    import pyqtgraph

    from calval_toolbox.core.io.dem_files import dem_grid
    from calval_toolbox.core.io.grids import unproject
    from calval_toolbox.ui.dem.panel import ElevationPanel
    from calval_toolbox.ui.dock import PanelDock

    dock = PanelDock("Elevation", "dem", ElevationPanel)
    dock.resize(int(width), 850)
    dock.show()
    panel = dock.content
    paths = [str(Path(folder) / f"{name}.tif") for name in ("first", "second")]
    panel.open(paths, "dems")
    grid = dem_grid(paths[0])
    left, bottom, right, top = grid.bounds()
    ends = [unproject(grid.wkt, left + 15, bottom + 15), unproject(grid.wkt, right - 15, top - 15)]
    panel.set_line(([one[0] for one in ends], [one[1] for one in ends]))
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier)
    application.sendEvent(panel.profile, key)
    for index in reversed(range(panel.body.tabs.count())):
        panel.body.tabs.setCurrentIndex(index)
        panel.flush()
        application.processEvents()
    panel.profile.point(10)
    saved = dock.grab().save(picture)
    off = panel.model.profiles[1].height - panel.model.profiles[0].height
    report = {
        "qt": pyqtgraph.Qt.QT_LIB,
        "version": PYQT_VERSION_STR,
        "off": float(off[len(off) // 2]),
        "median": panel.model.differences.overall.median,
        "readout": panel.profile.readout.text(),
        "saved": saved,
        "modules": [name for name in ("PyQt5", "qgis.core") if name in sys.modules],
    }
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
