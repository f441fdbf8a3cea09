# SPDX-License-Identifier: GPL-3.0-or-later
"""Links the panel of land cover with the map and the layers, both ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer

from ...core.classification.demo import DemoFiles, write_demo
from ...core.classification.sample_fields import FOLD, ORIGIN, SPLIT
from ...core.io.land_cover_layers import kind_of
from ...core.progress import Progress
from ..text import tr
from .common import own_folder
from .layers import MEMORY, source_of, tables_with
from .overlay import Extent, PixelMarks, PointMarks
from .panel import PanelController

SAMPLE_FIELDS = (SPLIT, FOLD, ORIGIN)


class LandCoverController(PanelController):
    """The panel "Land cover" in the window of QGIS."""

    KEY = "land_cover"

    @staticmethod
    def title() -> str:
        """What the dock and the menu call the panel."""
        return tr("Land cover")

    def make(self) -> Any:
        """The widget."""
        from ..classification.panel import LandCoverPanel

        self._kinds: dict[str, str] = {}
        self._pair: Any = None
        return LandCoverPanel(self.runner, example=True)

    def link(self) -> None:
        """Samples, the pixel and pairs of classes are marked on the map."""
        self.points = PointMarks(self.host.map)
        self.pixels = PixelMarks(self.host.map, self._picture)
        self.panel.samples_shown.connect(self.points.show)
        self.panel.place_pointed.connect(self.points.mark)
        self.panel.pair_shown.connect(self._show_pair)
        self.panel.place_picked.connect(self.show_place)
        self.follow(self.host.map.canvas.destinationCrsChanged, self.points.redraw)

    def close(self) -> None:
        """Let go of the map and the project."""
        super().close()
        self.points.close()
        self.pixels.close()

    def layers_changed(self) -> None:
        """Offer samples, stacks and maps of the project, and classifiers beside them."""
        found: dict[str, dict[str, str]] = {"samples": {}}
        for table in tables_with(SAMPLE_FIELDS):
            if not source_of(table).startswith(MEMORY):
                found["samples"][source_of(table)] = table.name()
        layers = QgsProject.instance().mapLayers().values()
        for layer in sorted(layers, key=lambda one: (one.name().casefold(), one.source())):
            path = layer.source().split("|")[0]
            if not isinstance(layer, QgsRasterLayer) or not Path(path).is_file():
                continue
            if path not in self._kinds:
                self._kinds[path] = kind_of(path)
            if self._kinds[path]:
                found.setdefault(self._kinds[path], {})[path] = layer.name()
        self.panel.offer(found)
        sources = [source.split("|")[0] for names in found.values() for source in names]
        self.panel.offer_models(_beside(sources))

    def load_example(self) -> None:
        """Simulate two tiles and map them, once, and show all that comes of it."""
        folder = own_folder("example_land_cover")

        def work(progress: Progress) -> DemoFiles:
            return write_demo(folder, progress)

        def done(files: DemoFiles) -> None:
            self.panel.notice.say("")
            self._show_demo(files)

        def failed(error: Exception) -> None:
            self.panel.notice.say("")
            self.host.tell(str(error))

        self.panel.notice.say(
            tr(
                "Simulating a year of images and mapping them, once: one to three minutes. The bar "
                "at the bottom of the window tells how far it is."
            ),
            reading=True,
        )
        self.runner.run(tr("Simulate and map land cover"), work, done, failed)

    def _show_demo(self, files: DemoFiles) -> None:
        known = {one.source().split("|")[0] for one in QgsProject.instance().mapLayers().values()}
        rasters = [  # the first one on top
            (files.regularized, tr("Regularized map (simulated example)")),
            (files.map, tr("Map (simulated example)")),
            (files.confidence, tr("Confidence (simulated example)")),
            (files.truth, tr("Truth (simulated example)")),
            *((path, f"{Path(path).parent.name} {Path(path).stem}")
              for path in (*files.features, *files.days)),
        ]  # fmt: skip
        layers: list[Any] = [QgsRasterLayer(path, name) for path, name in rasters
                             if path not in known]  # fmt: skip
        if files.samples not in known:
            samples = QgsVectorLayer(files.samples, tr("Samples (simulated example)"), "ogr")
            layers.insert(0, samples)
        valid = [one for one in layers if one.isValid()]
        QgsProject.instance().addMapLayers(valid)
        tree = QgsProject.instance().layerTreeRoot()
        looked_at = {files.samples, files.regularized, files.map}
        for one in valid:
            node = tree.findLayer(one.id())
            if node is not None and one.source().split("|")[0] not in looked_at:
                node.setItemVisibilityChecked(False)
        if valid:
            self.host.map.show_layer(valid[0])
        self.panel.open_model(files.model)

    def nothing_here(self) -> str:
        """What is said where a click on the map meets nothing."""
        return tr("There is no sample, stack or map here.")

    def _show_pair(self, asked: Any) -> None:
        self._pair = asked
        self.pixels.set_on(asked is not None)

    def _picture(self, wkt: str, place: Extent, size: tuple[int, int]) -> None:
        asked = self._pair
        if asked is None:
            return
        files, codes = asked

        def work(_progress: Progress) -> Any:
            from ...core.classification.views.compare import where_pair

            return where_pair(files, codes, wkt, place, size)

        def done(found: Any) -> None:
            if self._pair is asked:
                self.pixels.put(found, place)

        self.runner.run(
            tr("Find pixels of two maps"), work, done, lambda error: self.host.tell(str(error))
        )


def _beside(sources: list[str]) -> list[str]:
    """Files of classifiers in the folders of files."""
    folders = sorted({Path(source).parent for source in sources})
    return [str(path) for folder in folders for path in sorted(folder.glob("*.npz"))]
