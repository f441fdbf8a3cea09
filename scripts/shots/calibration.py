# SPDX-License-Identifier: GPL-3.0-or-later
"""The tours through the panel of calibrations.

With CALVAL_CALIBRATION, a folder with ``dimitri_timeseries`` and the SMAC coefficients (as in the
tutorial "From measurements to a half-yearly desert report"), the runs and studies that
``calibrate.sh`` made of real series are shown; else the simulated example.
"""

import os
from pathlib import Path

import numpy as np
from guide import (
    dock_of,
    floated,
    in_the_dark,
    no_longer_french,
    nothing_runs,
    pages,
    photograph,
    with_large_letters,
)
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
from qgis.utils import iface

KEY = "calibration"
SIZES = ((1480, 920), (600, 920))
REAL = "CALVAL_CALIBRATION" in os.environ


def made(name):
    """A file that ``calibrate.sh`` made."""
    return Path(os.environ["CALVAL_MADE"]) / name


def shown(content, source):
    """Open a source, and wait for it and for what is computed of it."""
    content.open(str(source))
    yield 0.5
    yield nothing_runs
    yield 1.0
    yield nothing_runs
    yield 0.5


def opened():
    """The panel with the real run of MODIS and the studies, or with the example."""
    content = dock_of(KEY).widget()
    yield 1.0
    if not REAL:
        content.example_wanted.emit()
        yield lambda: content.model.inputs is not None
        yield 2.0
        return
    if not QgsProject.instance().mapLayers():
        world = Path(QgsApplication.pkgDataPath()) / "resources" / "data" / "world_map.gpkg"
        for path, name in ((f"{world}|layername=countries", "Countries"),
                           (str(made("modis.gpkg")), "MODIS by MERIS")):  # fmt: skip
            QgsProject.instance().addMapLayer(QgsVectorLayer(path, name, "ogr"))
        iface.mapCanvas().zoomToFullExtent()
    for name in ("impact.gpkg", "budget.gpkg", "modis.gpkg"):
        yield from shown(content, made(name))
    content.body.tabs.setCurrentIndex(0)


def pick(content):
    """The first coefficient of the second band that is accepted, clicked."""
    rows = content.model.rows
    row = int(np.flatnonzero((rows.band == content.model.bands[1]) & rows.accepted)[20])
    content.timeline.picked.emit(row)
    return row


def walk(name, sizes=SIZES):
    """All pages at these sizes, and a run over clouds."""
    yield from opened()
    content = dock_of(KEY).widget()
    pick(content)
    for size in sizes:
        floated(KEY, size)
        yield 1.0
        yield from pages(content, f"{name}_{size[0]}")
        if REAL:
            yield from over_clouds(content, f"{name}_{size[0]}")
            yield from shown(content, made("modis.gpkg"))
            pick(content)
    dock_of(KEY).setFloating(False)


def over_clouds(content, name):
    """The distribution of the clouds of a run."""
    yield from shown(content, made("clouds_database.gpkg"))
    content.body.show_page(content.clouds)
    yield 1.0
    yield nothing_runs
    yield 0.5
    photograph(f"{name}_clouds")


def calibration():
    """Empty; docked with a clicked pair; its pages at two widths; a verdict; a rectangle."""
    dock_of(KEY)
    yield 1.5
    photograph("50_calibration_empty")
    yield from opened()
    content = dock_of(KEY).widget()
    pick(content)
    yield 2.0
    photograph("51_calibration_docked")
    yield from walk("52_calibration")
    floated(KEY, SIZES[1])
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
    if REAL:
        yield from two_sites(content)
    dock_of(KEY).setFloating(False)


def two_sites(content):
    """AATSR over two sites, all bands in one row and each in its own; the database."""
    floated(KEY, SIZES[0])
    yield from shown(content, made("aatsr.gpkg"))
    content.timeline.stacked_box.setChecked(False)
    photograph("55_calibration_two_sites")
    content.timeline.stacked_box.setChecked(True)
    yield 1.0
    photograph("56_calibration_two_sites_stacked")
    content.body.show_page(content.trend)
    content.controls.sites.emit(["Libya4"])
    yield 1.0
    yield nothing_runs
    yield 0.5
    photograph("56_calibration_two_sites_trend")
    yield from shown(content, made("calibration.gpkg"))
    photograph("57_calibration_database")


def dark():
    """The pages in the dark theme."""
    yield from in_the_dark(walk("58_calibration_dark"))


def in_french():
    """The pages in French (after the tour ``french``)."""
    yield from walk("59_calibration_french", SIZES[1:])
    no_longer_french()


def large():
    """The pages with letters of 125 %."""
    yield from with_large_letters(walk("60_calibration_large"))


def server():
    """A run in PostgreSQL (CALVAL_POSTGRES: its address): chosen, judged."""
    content = dock_of(KEY).widget()
    yield 1.0
    yield from shown(content, os.environ["CALVAL_POSTGRES"])
    floated(KEY, SIZES[0])
    pick(content)
    yield 2.0
    content.bar.reason.setText("haze in the quick look")
    content.bar.reject.click()
    yield 2.0
    photograph("61_calibration_postgres")
    content.bar.back.click()
    yield 2.0
    dock_of(KEY).setFloating(False)


def again():
    """Opened and closed, and the plugin taken away and brought back, many times."""
    from qgis.utils import plugins

    plugin = plugins["calval_toolbox"]
    for round_ in range(int(os.environ.get("CALVAL_ROUNDS", "15"))):
        content = dock_of(KEY).widget()
        content.example_wanted.emit() if not REAL else content.open(str(made("modis.gpkg")))
        yield 0.7
        if content.model.inputs is not None:
            content.body.tabs.setCurrentIndex(round_ % content.body.tabs.count())
            content.controls.distance.slider.setValue(round_ % 3)
        yield 0.2
        if round_ % 3 == 1:
            dock_of(KEY).setFloating(round_ % 2 == 0)
        if round_ % 3 == 2:
            plugin.controllers.unload()
            yield 0.2
            plugin.controllers.load()
        else:
            dock_of(KEY).close()
        yield 0.2
    dock_of(KEY)
    yield 1.0


TOURS = {
    "calibration": calibration, "calibration_dark": dark, "calibration_french": in_french,
    "calibration_large": large, "calibration_server": server, "calibration_again": again,
}  # fmt: skip
