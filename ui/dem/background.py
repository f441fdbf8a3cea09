# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel computes in the background; an answer to a question that has passed is dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.progress import Part, Progress
from ..tasks import LatestAnswers, Runner
from ..text import tr
from .model import ElevationModel

Done = Callable[[], None]
Failed = Callable[[Exception], None]


class Background:
    """Computes for the state that ``model`` has now, and puts results into it.

    Kinds of ``answers``: ``profile``, ``differences``, ``match``, ``pixel`` and ``run``.
    """

    def __init__(self, model: ElevationModel, runner: Runner) -> None:
        self._model, self.answers = model, LatestAnswers(runner)

    def profile(self, done: Done, failed: Failed) -> None:
        """Heights along the line of the model."""
        model = self._model
        paths, line = model.shown(), model.line
        if line is None or not paths:
            self.answers.forget("profile")
            return

        def work(progress: Progress) -> Any:
            from ...core.io.dem_profile import sample_profiles

            return sample_profiles(paths, *line, progress)

        def put(found: Any) -> None:
            model.places, model.profiles = found
            done()

        self.answers.run("profile", tr("Read heights along the line"), work, put, failed)

    def differences(self, done: Done, failed: Failed) -> None:
        """The reference subtracted from the model."""
        model = self._model
        first, second = model.model, model.reference
        if not (first and second) or first == second:
            self.answers.forget("differences")
            return

        def work(progress: Progress) -> Any:
            from ...core.dem.differences import difference_of

            return difference_of(first, second, progress=progress)

        def put(found: Any) -> None:
            model.differences = found
            done()

        self.answers.run("differences", tr("Compare two elevation models"), work, put, failed)

    def match(self, done: Done, failed: Failed) -> None:
        """The chosen pixel of the pair, matched; the part of the images around it is pointed
        first, unless it is known already.
        """
        model = self._model
        pair, pixel, local = model.pair, model.pixel, model.local
        matcher, whole = model.matcher, model.whole_range
        if "" in pair or pixel is None:
            self.answers.forget("match")
            return

        def work(progress: Progress) -> Any:
            from ...core.dem.local_pair import local_pair
            from ...core.dem.matching.match import MatchSettings
            from ...core.dem.preview import preview
            from ...core.io.stereo_views import file_view

            known = local
            if known is None or not known.holds(*pixel):
                views = [file_view(one) for one in pair]
                known = local_pair(views[0], views[1], *pixel, Part(progress, 0.0, 0.8))
            return known, preview(known.pair, *pixel, MatchSettings(matcher), whole)

        def put(found: Any) -> None:
            model.local, model.match = found
            done()

        self.answers.run("match", tr("Match a pixel of a stereo pair"), work, put, failed)

    def pixel_of(
        self, longitude: float, latitude: float, done: Callable[[], None], failed: Failed
    ) -> None:
        """The pixel of the first image at a place (degrees): at the height that the first checked
        model has there, else in the middle of the heights of the images.
        """
        model = self._model
        pair, paths, local = model.pair, model.shown(), model.local
        if "" in pair:
            return

        def work(_progress: Progress) -> Any:
            from ...core.io.stereo_views import pixel_at

            return pixel_at(pair, paths, longitude, latitude, local)

        def put(found: Any) -> None:
            model.pixel = found
            done()

        self.answers.run("pixel", tr("Find a place in an image"), work, put, failed)

    def run_state(self, done: Done, failed: Failed) -> None:
        """How far the run in the folder of the model has come."""
        model = self._model
        folder, before = model.folder, model.run
        if not folder:
            self.answers.forget("run")
            return

        def work(_progress: Progress) -> Any:
            from ...core.execution.state import read_state

            same = before is not None and str(before.folder) == folder
            return read_state(folder, before if same else None)

        def put(found: Any) -> None:
            model.run = found
            done()

        def gone(error: Exception) -> None:
            model.run = None
            failed(error)

        self.answers.run("run", tr("Read the tiles of a run"), work, put, gone)
