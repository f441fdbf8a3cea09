# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of land cover under PyQt6.

As a program: ``python qt6_land_cover.py PLUGINS FOLDER OUT.png [WIDTH]`` opens a case in a folder,
draws a pixel, turns all pages, and prints what happened as JSON.
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
    from qgis.PyQt.QtCore import PYQT_VERSION_STR
    from qgis.PyQt.QtWidgets import QApplication

    application = QApplication([])
    import pyqtgraph

    from calval_toolbox.ui.classification.panel import LandCoverPanel
    from calval_toolbox.ui.dock import PanelDock

    dock = PanelDock("Land cover", "land_cover", LandCoverPanel)
    dock.resize(int(width), 850)
    dock.show()
    panel = dock.content
    case = Path(folder)
    panel.open_samples([str(case / "samples.gpkg")])
    names = ("stack", "days", "second", "map", "confidence")
    panel.open_rasters([str(case / f"{name}.tif") for name in names])
    panel.open_model(str(case / "model.npz"))
    view = panel.model.view
    panel.set_place((float(view.longitude[60]), float(view.latitude[60])))
    panel.body.show_page(panel.confusion)
    panel.confusion.cell_chosen.emit(1, 0)
    readout = panel.confusion.readout.text()
    for index in reversed(range(panel.body.tabs.count())):
        panel.body.tabs.setCurrentIndex(index)
        panel.flush()
        application.processEvents()
    panel.body.show_page(panel.confusion)
    application.processEvents()
    saved = dock.grab().save(picture)
    report = {
        "qt": pyqtgraph.Qt.QT_LIB,
        "version": PYQT_VERSION_STR,
        "label": panel.model.pixel.label,
        "readout": readout,
        "agreement": panel.model.comparison.agreement,
        "spatial": panel.model.facts.overall["spatial"],
        "saved": saved,
        "modules": [name for name in ("PyQt5", "qgis.core") if name in sys.modules],
    }
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
