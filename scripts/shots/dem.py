# SPDX-License-Identifier: GPL-3.0-or-later
"""The tours through the panel of elevation models."""

import os
from contextlib import suppress
from pathlib import Path

import numpy as np
from guide import (
    click,
    dock_of,
    floated,
    nothing_runs,
    other_looks,
    pages,
    photograph,
)
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt
from qgis.utils import iface

from calval_toolbox.core.errors import ExecutionError
from calval_toolbox.core.execution.runner import run_tiles
from calval_toolbox.core.execution.settings import ExecutionSettings
from calval_toolbox.core.execution.tiling import TileOutput, tiles

KEY = "dem"
REAL = Path(os.environ.get("CALVAL_DEM", ""))


def elevation_panel():
    """The panel of elevation models, which is open."""
    return dock_of(KEY).widget()


def elevation_example():
    """The example, and wait for it."""
    content = elevation_panel()
    yield 2.0
    content.empty.buttons[1].click()
    yield lambda: content.model.places is not None
    yield nothing_runs
    yield 2.0


def draw_line(content, places):
    """A line drawn with the mouse."""
    content.controls.line_button.click()
    for place in places:
        click(*place)
        yield 0.6  # two clicks are no double click
    click(*places[-1], Qt.MouseButton.RightButton)
    yield 0.5
    yield nothing_runs
    yield 1.0


def elevation():
    """The example docked, a line drawn with the mouse, then all pages with much room and 600."""
    elevation_panel()
    yield 1.0
    photograph("70_elevation_empty")
    yield from elevation_example()
    photograph("71_elevation_example")
    content = elevation_panel()
    yield from draw_line(content, [(0.35, 0.3), (0.5, 0.6), (0.65, 0.5)])
    content.profile.point(len(content.model.places.distance) // 3)
    content.profile.pointed.emit(len(content.model.places.distance) // 3)
    yield 0.5
    photograph("72_elevation_line_drawn")
    content.body.show_page(content.match)
    content.controls.pick_button.click()
    click(0.5, 0.5)
    yield 1.0
    yield nothing_runs
    yield 1.0
    photograph("73_elevation_picked")
    for width in (1500, 600):
        dock, content = floated(KEY, (width, 920))
        yield 1.0
        yield from pages(content, f"74_elevation_{width}")
    dock.setFloating(False)
    if REAL.name:
        yield from real()


def real():
    """Real models in degrees and their differences, a pair with exact truth in UTM."""
    project = QgsProject.instance()
    project.clear()
    folder = REAL / "srtm_coregistration"
    for name in ("srtm_ref", "srtm_blurred_and_shifted"):
        project.addMapLayer(QgsRasterLayer(str(folder / f"{name}.tif"), name))
    content = elevation_panel()
    content.opened["images"].clear()
    yield 3.0
    iface.mapCanvas().zoomToFullExtent()
    yield 3.0
    yield from draw_line(content, [(0.3, 0.7), (0.6, 0.3)])
    photograph("75_elevation_srtm_profile")
    content.body.show_page(content.map)
    yield 1.0
    yield nothing_runs
    yield 1.0
    photograph("76_elevation_srtm_map")
    layers = [
        QgsRasterLayer(str(REAL / "sim" / f"{one}.tif"), one) for one in ("truth", "buildings")
    ]
    project.addMapLayers(layers)
    iface.mapCanvas().setDestinationCrs(layers[0].crs())
    content.open([str(REAL / "sim" / f"img_0{n}.tif") for n in (1, 2)], "images")
    iface.mapCanvas().setExtent(layers[0].extent())
    iface.mapCanvas().refresh()
    yield 3.0
    content.controls.pick_button.click()
    for number, place in enumerate(((0.5, 0.5), (0.42, 0.55), (0.6, 0.4))):
        click(*place)
        yield 1.0
        yield nothing_runs
        yield 1.0
        photograph(f"77_elevation_sim_{number}")


def heights(tile, parameters):
    """Tiles of a run: one has no heights, one fails."""
    place = tile.own
    if (place.column, place.row) == (512, 256):
        raise ValueError("planted")
    values = np.random.default_rng(place.column).normal(size=(place.height, place.width))
    if (place.column, place.row) == (256, 0):
        values[:] = np.nan
    return TileOutput({"height": values.astype(np.float32)}, {"matched_share": 0.93})


def elevation_tiles():
    """The tiles of a run that has failed."""
    folder = Path(os.environ["CALVAL_PROFILE"]) / "dsm.tiles"
    with suppress(ExecutionError):
        run_tiles(heights, tiles(1100, 700, 256), folder, {}, ExecutionSettings("threads:1"))
    elevation_panel()
    yield 2.0
    dock, content = floated(KEY, (600, 920))
    content.open_run(str(folder))
    yield 2.0
    content.tiles._read_out(content.tiles.describe(content.model.run.tiles[0]))
    photograph("81_elevation_tiles")
    dock.setFloating(False)


TOURS = {
    "elevation": elevation, "elevation_tiles": elevation_tiles,
    **other_looks(KEY, "elevation", elevation_example, 78),
}  # fmt: skip
