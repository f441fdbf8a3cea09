# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of calibrations under PyQt6.

As a program: ``python qt6_calibration.py PLUGINS TABLE OUT.png [WIDTH]`` opens it with a table of
coefficients, moves a slider, judges a coefficient, and prints what happened as JSON.
"""

from __future__ import annotations

import json
import sys

from qt6_standin import install  # beside this file


def main(plugins: str, table: str, picture: str, width: str = "1000") -> None:
    """Run the panel and report."""
    install()
    sys.path.insert(0, plugins)
    from qgis.PyQt.QtWidgets import QApplication

    application = QApplication([])
    import pyqtgraph

    from calval_toolbox.ui.calibration.panel import CalibrationPanel
    from calval_toolbox.ui.dock import PanelDock

    dock = PanelDock("Calibration", "calibration", CalibrationPanel)
    dock.resize(int(width), 850)
    dock.show()
    panel = dock.content
    panel.open(table)
    panel.flush()
    before = [one.summary.count for one in panel.model.figures()]
    slider = panel.controls.distance
    slider.slider.setValue(slider._steps.index(5.0))
    panel.flush()
    after = [one.summary.count for one in panel.model.figures()]
    panel.timeline.picked.emit(3)
    for index in range(panel.body.tabs.count()):
        panel.body.tabs.setCurrentIndex(index)
        panel.flush()
        application.processEvents()
    panel.bar.reason.setText("haze")
    panel.bar.reject.click()
    panel.body.tabs.setCurrentIndex(0)
    application.processEvents()
    report = {
        "qt": pyqtgraph.Qt.QT_LIB,
        "before": before,
        "after": after,
        "reason": str(panel.model.rows["reason"][3]),
        "site": panel.pair.title.text(),
        "saved": dock.grab().save(picture),
        "modules": [name for name in ("PyQt5", "qgis.core") if name in sys.modules],
    }
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
