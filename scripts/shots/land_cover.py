# SPDX-License-Identifier: GPL-3.0-or-later
"""The tours through the panel of land cover: CALVAL_LAND_COVER names the folder of a run of the
chain, with samples, tiles (features, days_to_clear), maps and models.
"""

import os
from pathlib import Path

from guide import (
    click,
    dock_of,
    floated,
    nothing_runs,
    other_looks,
    pages,
    photograph,
)
from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.utils import iface

KEY = "land_cover"
RUN = Path(os.environ.get("CALVAL_LAND_COVER", ""))
RASTERS = (("maps", "regularized"), ("maps", "map"), ("maps", "confidence"))


def add_layers():
    """Samples, stacks and maps of the run, as layers."""
    project = QgsProject.instance()
    paths = [RUN / folder / f"{name}.tif" for folder, name in RASTERS]
    tiles = sorted((RUN / "tiles").glob("*/features.tif"))
    tiles += sorted((RUN / "tiles").glob("*/days_to_clear.tif"))
    layers = [QgsRasterLayer(str(path), f"{path.parent.name} {path.stem}") for path in tiles]
    layers += [QgsRasterLayer(str(path), path.stem) for path in reversed(paths)]
    layers.append(QgsVectorLayer(str(RUN / "samples" / "samples.gpkg"), "samples", "ogr"))
    project.addMapLayers(layers)
    for layer in layers:
        shown = layer.name() == "map"
        project.layerTreeRoot().findLayer(layer.id()).setItemVisibilityChecked(shown)
    shown = next(one for one in layers if one.name() == "map")
    iface.mapCanvas().setDestinationCrs(shown.crs())
    iface.mapCanvas().setExtent(shown.extent())
    iface.mapCanvas().refresh()


def example():
    """The panel with the run, and a pixel."""
    content = dock_of(KEY).widget()
    yield 1.0
    add_layers()
    yield 2.0
    yield nothing_runs
    content.open_model(str(RUN / "models" / "model_run_1.npz"), show=False)
    content.body.show_page(content.signature)
    content.controls.pick_button.setChecked(True)
    click(0.4, 0.45)
    yield 1.0
    yield nothing_runs
    yield 1.0


def land_cover():
    """Docked with marks on the map, then all pages with much room and 600."""
    content = dock_of(KEY).widget()
    yield 1.0
    photograph("90_land_cover_empty")
    yield from example()
    content = dock_of(KEY).widget()
    photograph("91_land_cover_pixel")
    content.body.show_page(content.confusion)
    yield 1.0
    yield nothing_runs
    content.confusion.cell_chosen.emit(5, 4)
    yield 1.0
    photograph("92_land_cover_samples")
    content.body.show_page(content.comparison)
    yield 1.0
    yield nothing_runs
    content.comparison.cell_chosen.emit(1, 3)
    yield 2.0
    photograph("93_land_cover_where")
    for width in (1500, 600):
        dock, content = floated(KEY, (width, 920))
        yield 1.0
        yield from pages(content, f"94_land_cover_{width}")
    dock.setFloating(False)


TOURS = {"land_cover": land_cover, **other_looks(KEY, KEY, example, 95)}
