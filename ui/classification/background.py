# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel computes in the background; an answer to a question that has passed is dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.io.land_cover_layers import CLASSES, STACK, read_pixel, stack_bands
from ...core.progress import Progress
from ..records import split_source
from ..tasks import LatestAnswers, Runner
from ..text import tr
from .model import SAMPLES, LandCoverModel

Done = Callable[[], None]
Failed = Callable[[Exception], None]


class Background:
    """Computes for the state that ``model`` has now, and puts results into it.

    Kinds of ``answers``: ``inputs``, ``signatures``, ``pixel``, ``matrix``, ``model``,
    ``comparison`` and ``pair``.
    """

    def __init__(self, model: LandCoverModel, runner: Runner) -> None:
        self._model, self.answers = model, LatestAnswers(runner)

    def inputs(self, done: Done, failed: Failed) -> None:
        """The samples without features, and the bands of the stack."""
        model = self._model
        source, stack, field = model.chosen[SAMPLES], model.chosen[STACK], model.class_field
        legend = model.chosen[CLASSES]

        def work(progress: Progress) -> Any:
            from ...core.classification.views.sample_view import open_samples

            bands = stack_bands(stack) if stack else {}
            if not source:
                return bands, None
            return bands, open_samples(*split_source(source), field, legend, progress)

        def put(found: Any) -> None:
            model.bands, model.view = found
            if model.view is not None:
                model.class_field = model.view.field
            model.settle_band()
            done()

        if not (source or stack):
            self.answers.forget("inputs")
            put(({}, None))  # no task: QGIS that is being closed would ask about it
            return
        self.answers.run("inputs", tr("Read samples"), work, put, failed)

    def signatures(self, done: Done, failed: Failed) -> None:
        """The signatures of the chosen band."""
        model = self._model
        view, band = model.view, model.band
        if view is None or band not in view.bands:
            self.answers.forget("signatures")
            return

        def work(progress: Progress) -> Any:
            from ...core.classification.views.sample_view import read_signatures

            return read_signatures(view, band, progress)

        def put(found: Any) -> None:
            model.signatures = found
            done()

        self.answers.run("signatures", tr("Compute signatures"), work, put, failed)

    def pixel(self, done: Done, failed: Failed) -> None:
        """The series of the chosen pixel."""
        model = self._model
        files, band, place = model.files(), model.band, model.place
        if place is None:
            self.answers.forget("pixel")
            return

        def put(found: Any) -> None:
            model.pixel = found
            done()

        self.answers.run(
            "pixel", tr("Read a pixel"), lambda _progress: read_pixel(files, band, *place), put,
            failed,
        )  # fmt: skip

    def matrix(self, done: Done, failed: Failed) -> None:
        """What the map says at the samples."""
        model = self._model
        view, path, side = model.view, model.chosen[CLASSES], model.side
        if view is None or not path:
            self.answers.forget("matrix")
            return

        def work(progress: Progress) -> Any:
            from ...core.classification.views.sample_view import map_at_samples

            return map_at_samples(view, path, side, progress)

        def put(found: Any) -> None:
            model.mapped = found
            done()

        self.answers.run("matrix", tr("Compare a map with samples"), work, put, failed)

    def facts(self, done: Done, failed: Failed) -> None:
        """What the model file says."""
        model = self._model
        path = model.model_path
        if not path:
            self.answers.forget("model")
            return

        def work(_progress: Progress) -> Any:
            from ...core.classification.views.model_view import model_view
            from ...core.io.model_files import read_model

            return model_view(read_model(path))

        def put(found: Any) -> None:
            model.facts = found
            done()

        self.answers.run("model", tr("Read a classifier"), work, put, failed)

    def comparison(self, done: Done, failed: Failed) -> None:
        """Both maps compared."""
        model = self._model
        first, second = model.chosen[CLASSES], model.second
        if not (first and second):
            self.answers.forget("comparison")
            return

        def work(progress: Progress) -> Any:
            from ...core.classification.views.compare import compare_maps

            return compare_maps(first, second, progress)

        def put(found: Any) -> None:
            model.comparison = found
            done()

        self.answers.run("comparison", tr("Compare two maps"), work, put, failed)

    def pair_at(
        self, longitude: float, latitude: float, done: Callable[[int, int], None], failed: Failed
    ) -> None:
        """The codes of both maps at a place (degrees)."""
        files = self._model.chosen[CLASSES], self._model.second

        def work(_progress: Progress) -> Any:
            from ...core.classification.views.compare import classes_at

            return classes_at(files, longitude, latitude)

        self.answers.run("pair", tr("Read a pixel"), work, lambda found: done(*found), failed)
