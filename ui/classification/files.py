# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files the panel shows: layers of the project, opened ones, and what is chosen of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from qgis.PyQt.QtCore import pyqtSignal

from ...core.io.land_cover_layers import STACK, kind_of
from ..drawing import Drawing
from ..notice import Notice
from ..plots.frame import PlotFrame
from ..text import tr
from .background import Background
from .memory import Opened
from .model import KINDS, SAMPLES, SECOND, LandCoverModel


class FilesPanel(Drawing):
    """The part of the panel that knows of files.

    Signals: ``samples_shown`` (longitudes and latitudes, or None), ``pair_shown`` (files and codes
    of two maps, or None).
    """

    samples_shown = pyqtSignal(object)
    pair_shown = pyqtSignal(object)

    model: LandCoverModel
    background: Background
    notice: Notice
    validation: PlotFrame
    comparison: PlotFrame

    def __init__(self) -> None:
        super().__init__()
        self.opened: Opened = {kind: {} for kind in KINDS}
        self.found: Opened = {kind: {} for kind in KINDS}
        self.models: list[str] = []

    # -- said by the panel -----------------------------------------------------------------------

    def show_all(self) -> None:
        """Show the model in all controls, and draw what is in front."""
        raise NotImplementedError

    def compute(self) -> None:
        """Compute what is in sight and not there yet."""
        raise NotImplementedError

    def start(
        self,
        compute: Callable[..., None],
        then: Callable[[], None] | None = None,
        plots: Sequence[PlotFrame] = (),
    ) -> None:
        """Compute something, draw ``plots`` when it is there, and do what comes ``then``."""
        raise NotImplementedError

    # -- the same for all files ------------------------------------------------------------------

    def offer(self, found: Mapping[str, Mapping[str, str]]) -> None:
        """Offer layers of the project: names by their sources, by kind."""
        self.found = {kind: dict(found.get(kind, {})) for kind in KINDS}
        self._offer()

    def offer_models(self, paths: Sequence[str]) -> None:
        """Offer files of classifiers; the first is shown where none was chosen."""
        self.models = list(paths)
        if not self.model.model_path and self.models:
            self.open_model(self.models[0], show=False)
        self.show_all()

    def open_samples(self, sources: Sequence[str]) -> None:
        """Offer tables of samples, too, and show the first."""
        self._open({source: SAMPLES for source in sources})

    def open_rasters(self, paths: Sequence[str]) -> None:
        """Offer stacks, maps and the like, too; what others are is said."""
        kinds = {path: kind_of(path) for path in paths}
        self._open({path: kind for path, kind in kinds.items() if kind})
        other = [Path(path).name for path, kind in kinds.items() if not kind]
        if other:
            self.notice.say(
                tr(
                    "{} is neither a stack with dated bands nor a map of classes nor a raster of "
                    "days or confidence: name its bands (NDVI_20190101), or give the map category "
                    "names."
                ).format(", ".join(other))
            )

    def _open(self, kinds: Mapping[str, str]) -> None:
        for source, kind in kinds.items():
            self.opened[kind][source] = Path(source.split("|")[0]).name
        self._offer()
        for source, kind in kinds.items():
            self.choose(kind, source)

    def open_model(self, path: str, show: bool = True) -> None:
        """Show what the file of a classifier says."""
        self.model.model_path, self.model.facts = path, None
        if path and path not in self.models:
            self.models = [*self.models, path]
        if show:
            self.body.show_page(self.validation)
        self.show_all()
        self.compute()

    def _offer(self) -> None:
        before = dict(self.model.chosen), self.model.second
        self.model.offer({kind: self.found[kind] | self.opened[kind] for kind in KINDS})
        chosen = self.model.chosen
        unread = (chosen[SAMPLES] and self.model.view is None) or (
            chosen[STACK] and not self.model.bands
        )
        if unread or (dict(chosen), self.model.second) != before:
            self.files_changed()
        self.show_all()

    def files_changed(self) -> None:
        """Other files are chosen: read them."""
        self.samples_shown.emit(None)
        self.pair_shown.emit(None)
        self.unfit(*self.plots)
        self.start(self.background.inputs, self._inputs_there)

    def _inputs_there(self) -> None:
        self.show_all()
        self.compute()

    def choose(self, kind: str, source: str) -> None:
        """Another file of a kind."""
        self.model.wanted[kind] = source
        self.model.choose(kind, source)
        self.model.settle_second()
        self.files_changed()
        self.show_all()

    def choose_second(self, source: str) -> None:
        """Another second map."""
        self.model.wanted[SECOND] = source
        self.model.choose_second(source)
        self.pair_shown.emit(None)
        self.unfit(self.comparison)
        self.show_all()
        self.compute()

    def _set_field(self, name: str) -> None:
        self.model.choose(SAMPLES, self.model.chosen[SAMPLES])
        self.model.class_field = name
        self.files_changed()
