# SPDX-License-Identifier: GPL-3.0-or-later
"""The series of the pixel under the mouse on the map: read in the background, dropped when the
mouse has moved on, kept when it is pinned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...core.anomalies.detect import ROBUST, Detection, detect
from ...core.errors import Canceled
from ...core.io.dated_rasters import StackOptions
from ...core.progress import Progress
from ...core.series.extract_files import Source
from ...core.series.pixels import PixelReader, folder_pixels, open_pixels
from ...core.series.types import TimeSeries
from ..tasks import Runner
from ..text import tr
from .model import SeriesModel

INTEGER_SCALE = 0.0001
Pixel = tuple[int, int]


class Until:
    """A progress that is canceled as soon as ``stale`` says so, too."""

    def __init__(self, parent: Progress, stale: Callable[[], bool]) -> None:
        self._parent, self._stale = parent, stale
        self.report, self.info, self.warn = parent.report, parent.info, parent.warn

    def canceled(self) -> bool:
        """Whether nobody waits for the result any more."""
        return self._stale() or self._parent.canceled()


class LivePixels(QObject):
    """Pixels of one stack of images.

    Signals: ``opened`` (name of the images, number of dates), ``outlined`` (corners of the pixel
    under the mouse, longitude and latitude; empty: none), ``pinned`` (corners of a pixel that
    stays), ``read`` (``TimeSeries``, ``Detection``), ``failed`` (a sentence).
    """

    opened = pyqtSignal(str, int)
    outlined = pyqtSignal(list)
    pinned = pyqtSignal(list)
    read = pyqtSignal(object, object)
    failed = pyqtSignal(str)

    def __init__(self, model: SeriesModel, runner: Runner) -> None:
        super().__init__()
        self._model, self._runner = model, runner
        self.reader: PixelReader | None = None
        self._pixel: Pixel | None = None
        self._ticket = self._opening = 0

    @staticmethod
    def name() -> str:
        """What the series under the mouse is called."""
        return tr("Pixel under the mouse")

    def open(self, source: Source, name: str, integers: bool = False) -> None:
        """Use other images; ``integers``: they hold 10 000 times the reflectance."""
        options = replace(source.options, scale=INTEGER_SCALE) if integers else source.options
        chosen = replace(source, options=options)
        self._open(name, lambda progress: open_pixels(chosen, progress=progress))

    def open_folder(self, folder: str, integers: bool = False) -> None:
        """Use the products in a folder, or else its dated rasters."""
        options = StackOptions(scale=INTEGER_SCALE if integers else None)
        self._open(Path(folder).name, lambda progress: folder_pixels(folder, options, progress))

    def _open(self, name: str, work: Callable[[Progress], PixelReader]) -> None:
        self.leave()
        self._opening += 1
        ticket = self._opening

        def done(reader: PixelReader) -> None:
            if ticket == self._opening:
                self.reader = reader
                self.opened.emit(name, len(reader.stack))

        def fail(error: Exception) -> None:
            if ticket == self._opening:
                self.failed.emit(str(error))

        self._runner.run(tr("Open images for their pixels"), work, done, fail)

    def hover(self, longitude: float, latitude: float) -> None:
        """The mouse rests on a place of the map (degrees)."""
        pixel = self.reader.pixel(longitude, latitude) if self.reader is not None else None
        if pixel == self._pixel:
            return
        self.leave()
        if pixel is not None:
            self._pixel = pixel
            self._read(pixel, self.name(), self.outlined)

    def pin(self, longitude: float, latitude: float) -> bool:
        """Keep the pixel at a place; False where there is none."""
        pixel = self.reader.pixel(longitude, latitude) if self.reader is not None else None
        if pixel is None:
            return False
        self.leave()
        self._read(pixel, tr("Pixel {}, {}").format(*pixel), self.pinned)
        return True

    def leave(self) -> None:
        """The mouse has moved on: what is being read comes too late."""
        self._ticket += 1
        self._pixel = None
        self.outlined.emit([])

    def _read(self, pixel: Pixel, name: str, shown: Any) -> None:
        reader, ticket = self.reader, self._ticket
        settings = replace(self._model.settings, methods=(ROBUST,))
        if reader is None:
            return
        shown.emit(reader.corners(*pixel))

        def work(progress: Progress) -> tuple[TimeSeries, Detection]:
            until = Until(progress, lambda: ticket != self._ticket)
            series = reader.series(*pixel, name, until)
            return series, detect(series, settings, until)

        def done(result: tuple[TimeSeries, Detection]) -> None:
            if ticket == self._ticket:
                self.read.emit(*result)

        self._runner.run(tr("Read a pixel"), work, done, lambda error: self._fail(ticket, error))

    def _fail(self, ticket: int, error: Exception) -> None:
        if ticket == self._ticket and not isinstance(error, Canceled):
            self.failed.emit(str(error))
