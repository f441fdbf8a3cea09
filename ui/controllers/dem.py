# SPDX-License-Identifier: GPL-3.0-or-later
"""Links the panel of elevation models with the map and the layers, both ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProject, QgsRasterLayer

from ...core.dem.demo import DemoFiles, write_demo
from ...core.execution.state import find_runs
from ...core.io.stereo_views import kind_of
from ...core.progress import Progress
from ..text import tr
from .common import own_folder
from .line import LineOnMap
from .panel import PanelController


class ElevationController(PanelController):
    """The panel "Elevation" in the window of QGIS."""

    KEY = "dem"

    @staticmethod
    def title() -> str:
        """What the dock and the menu call the panel."""
        return tr("Elevation")

    def make(self) -> Any:
        """The widget."""
        from ..dem.panel import ElevationPanel

        self._kinds: dict[str, str] = {}
        return ElevationPanel(self.runner)

    def link(self) -> None:
        """The line is drawn and shown on the map; what is pointed at is marked there."""
        self.line = LineOnMap(
            self.host.map, lambda lon, lat: self.panel.set_line((lon, lat)), self._hovered,
            self.panel.stop_line,
        )  # fmt: skip
        self.panel.line_wanted.connect(self.line.set_on)
        self.panel.line_shown.connect(self.line.show)
        self.panel.place_pointed.connect(self.line.mark)
        self.panel.place_picked.connect(self.show_place)
        self.follow(self.host.map.canvas.destinationCrsChanged, self.line.redraw)

    def close(self) -> None:
        """Let go of the map and the project."""
        super().close()
        self.line.close()

    def layers_changed(self) -> None:
        """Offer the elevation models and images of the project, and runs beside them."""
        found: dict[str, dict[str, str]] = {"dem": {}, "image": {}}
        folders = set()
        layers = QgsProject.instance().mapLayers().values()
        for layer in sorted(layers, key=lambda one: (one.name().casefold(), one.source())):
            path = layer.source().split("|")[0]
            if not isinstance(layer, QgsRasterLayer) or not Path(path).is_file():
                continue
            folders.add(Path(path).parent)
            if path not in self._kinds:
                self._kinds[path] = kind_of(path)
            if self._kinds[path]:
                found[self._kinds[path]][path] = layer.name()
        self.panel.offer(found["dem"], found["image"])
        self.panel.offer_runs([str(one) for one in find_runs(folders)])

    def load_example(self) -> None:
        """Simulate a stereo pair, once, with its elevation model and the truth, and show them."""
        folder = own_folder("example_dem")

        def work(progress: Progress) -> DemoFiles:
            return write_demo(folder, progress)

        self.host.tell(tr("Simulating a stereo pair and matching it…"))
        self.runner.run(
            tr("Simulate a stereo pair"), work, self._show_demo,
            lambda error: self.host.tell(str(error)),
        )  # fmt: skip

    def nothing_here(self) -> str:
        """What is said where a click on the map meets nothing."""
        return tr("There is no stereo pair: open its two images first.")

    def _show_demo(self, files: DemoFiles) -> None:
        known = {one.source() for one in QgsProject.instance().mapLayers().values()}
        names = {
            files.dsm: tr("Elevation model (simulated example)"),
            files.truth: tr("Truth (simulated example)"),
        }
        layers = [QgsRasterLayer(path, name) for path, name in names.items() if path not in known]
        QgsProject.instance().addMapLayers([one for one in layers if one.isValid()])
        if layers:
            self.host.map.show_layer(layers[0])
        self.panel.open([files.first, files.second], "images")
        self.panel.compare(files.dsm, files.truth)
        self.panel.choose_pixel(*files.pixel)
        self.panel.set_line(files.line)

    def _hovered(self, longitude: float, latitude: float, reach_deg: float) -> bool:
        near = bool(self.panel.point_at(longitude, latitude, reach_deg))
        if near:
            at, _ = self.panel.model.nearest(longitude, latitude)
            places = self.panel.model.places
            self.line.mark(float(places.lon[at]), float(places.lat[at]))
        return near
