# SPDX-License-Identifier: GPL-3.0-or-later
"""The tours through the panel of calibrations.

With CALVAL_CALIBRATION, a folder with ``dimitri_timeseries`` and the SMAC coefficients (as in the
tutorial "From measurements to a half-yearly desert report"), real series are imported and
calibrated; else the simulated example is shown.
"""

import os
from pathlib import Path

import numpy as np
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
from qgis.PyQt.QtWidgets import QAction, QDockWidget
from qgis.utils import iface

NAME = "calval_calibration"
SIZES = ((1480, 920), (600, 920))


def dock():
    """The dock, opened where it is not."""
    found = iface.mainWindow().findChild(QDockWidget, NAME)
    if found is None or found.isHidden():
        iface.mainWindow().findChild(QAction, NAME).trigger()
    return iface.mainWindow().findChild(QDockWidget, NAME)


def real_tables():
    """The database and the tables of MODIS and of AATSR against MERIS that ``shots.sh`` made."""
    folder = Path(os.environ["CALVAL_PROFILE"]) / "calibration"
    return folder / "calibration.gpkg", {
        name: folder / f"{name}.gpkg" for name in ("modis", "aatsr")
    }


def opened():
    """The panel with the real run of MODIS, or with the example."""
    content = dock().widget()
    yield 1.0
    if "CALVAL_CALIBRATION" in os.environ:
        database, tables = real_tables()
        if not QgsProject.instance().mapLayers():
            world = Path(QgsApplication.pkgDataPath()) / "resources" / "data" / "world_map.gpkg"
            for path, name in ((f"{world}|layername=countries", "Countries"),
                               (str(tables["modis"]), "MODIS by MERIS")):  # fmt: skip
                QgsProject.instance().addMapLayer(QgsVectorLayer(path, name, "ogr"))
            iface.mapCanvas().zoomToFullExtent()
        content.open(str(tables["modis"]))
    else:
        content.example_wanted.emit()
    yield lambda: content.model.inputs is not None
    yield 2.0


def pick(content):
    """The first coefficient of the second band that is accepted, clicked."""
    rows = content.model.rows
    row = int(np.flatnonzero((rows.band == content.model.bands[1]) & rows.accepted)[20])
    content.timeline.picked.emit(row)
    return row


def pages(content, photograph, name):
    """All pages, one after the other."""
    for place in range(content.body.tabs.count()):
        content.body.tabs.setCurrentIndex(place)
        yield 1.0
        photograph(f"{name}_{place}")


def calibration(photograph):
    """Empty; docked with a clicked pair; its pages at two widths; a verdict; a rectangle."""
    dock()
    yield 1.5
    photograph("50_calibration_empty")
    yield from opened()
    content = dock().widget()
    pick(content)
    yield 2.0
    photograph("51_calibration_docked")
    for width, height in SIZES:
        dock().setFloating(True)
        dock().move(10, 30)
        dock().resize(width, height)
        yield 1.0
        yield from pages(content, photograph, f"52_calibration_{width}")
    content.body.tabs.setCurrentIndex(0)
    content.bar.reason.setText("haze in the quick look")
    content.bar.reject.click()
    yield 1.5
    photograph("53_calibration_rejected")
    content.bar.back.click()
    rows = content.model.rows
    some = np.flatnonzero(rows.time > rows.time.min() + (rows.time.max() - rows.time.min()) / 2)
    content.select([int(one) for one in some])
    yield 1.0
    photograph("54_calibration_selected")
    content.forget()
    if "CALVAL_CALIBRATION" in os.environ:
        database, tables = real_tables()
        dock().resize(*SIZES[0])
        content.open(str(tables["aatsr"]))
        yield 2.0
        content.timeline.stacked_box.setChecked(False)
        photograph("55_calibration_two_sites")
        content.timeline.stacked_box.setChecked(True)
        yield 1.0
        photograph("56_calibration_two_sites_stacked")
        content.open(str(database))
        yield 2.0
        photograph("57_calibration_database")
    dock().setFloating(False)


def shown_in(photograph, name):
    """The pages at 600 pixels and with much room, as the application looks now."""
    yield from opened()
    content = dock().widget()
    pick(content)
    for width, height in SIZES:
        dock().setFloating(True)
        dock().move(10, 30)
        dock().resize(width, height)
        yield 1.0
        yield from pages(content, photograph, f"{name}_{width}")
    dock().setFloating(False)
