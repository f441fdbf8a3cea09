# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of time series under PyQt6.

As a program: ``python qt6_series.py PLUGINS TABLE OUT.png [WIDTH]`` opens it with a table, moves a
slider, goes through anomalies, and prints what happened as JSON.
"""

from __future__ import annotations

import json
import sys

from qt6_standin import install  # beside this file


def main(plugins: str, table: str, picture: str, width: str = "1000") -> None:
    """Run the panel and report."""
    install()
    sys.path.insert(0, plugins)
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QApplication

    application = QApplication([])
    import pyqtgraph

    from calval_toolbox.ui.anomalies.panel import SeriesPanel
    from calval_toolbox.ui.dock import PanelDock

    dock = PanelDock("Time series", "anomalies", SeriesPanel)
    dock.resize(int(width), 850)
    dock.show()
    panel = dock.content
    panel.open(table)
    panel.flush()
    before = panel.statistics.counts["anomalies"].text()
    slider = panel.controls.threshold
    slider.slider.setValue(slider._steps.index(0.05))
    panel.flush()
    after = panel.statistics.counts["anomalies"].text()
    panel.show_sites(list(panel.model.entries))
    panel.step(1)
    panel.chosen.confirm.click()
    site, row = panel.model.chosen
    for index in range(panel.body.tabs.count()):
        panel.body.tabs.setCurrentIndex(index)
        panel.flush()
        application.processEvents()
    panel.controls.mask_list.item(0).setCheckState(Qt.CheckState.Unchecked)
    panel.body.tabs.setCurrentIndex(0)
    application.processEvents()
    report = {
        "qt": pyqtgraph.Qt.QT_LIB,
        "before": before,
        "after": after,
        "verdict": str(panel.model.entries[site].verdict[row]),
        "masked": len(panel.timeline.rows[0].masked_item.getData()[0]),
        "saved": dock.grab().save(picture),
        "modules": [name for name in ("PyQt5", "qgis.core") if name in sys.modules],
    }
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
