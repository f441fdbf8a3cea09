# SPDX-License-Identifier: GPL-3.0-or-later
"""What reads or writes files: verdicts into tables and databases, observations out of them."""

from __future__ import annotations

from collections.abc import Callable

from ...core.calibration.judgements import judge, keep_in_table
from ...core.calibration.stored_runs import keep_in_run, seen_pair
from ...core.errors import CalValError
from ...core.progress import Progress
from ..records import split_source
from ..tasks import Runner
from ..text import tr
from .model import CalibrationModel
from .pair import NOTHING_SEEN, Pair

MEMORY = "layer:"


class Background:
    """Works for the state that ``model`` has now; answers for another state are dropped."""

    def __init__(self, model: CalibrationModel, runner: Runner) -> None:
        self._model, self._runner = model, runner

    def seen(self, show: Callable[[Pair], None]) -> None:
        """The two observations of the pair that is looked at, where the database is known."""
        model, inputs, row = self._model, self._model.inputs, self._model.row
        if inputs is None or row is None or inputs.database is None:
            return
        rows = inputs.rows
        ids = (int(rows["target_id"][row]), int(rows["reference_id"][row]))
        band, sensors, name = str(rows.band[row]), inputs.sensors, inputs.database
        if max(ids) < 0 or not sensors[0]:
            return

        def work(_progress: Progress) -> Pair:
            try:
                return seen_pair(name, sensors, ids, band)
            except CalValError:  # the table alone is shown then
                return NOTHING_SEEN

        def done(found: Pair) -> None:
            if model.row == row and model.inputs is not None and model.inputs.source == (
                inputs.source
            ):  # fmt: skip
                show(found)

        self._runner.run(tr("Read two observations"), work, done, lambda _error: None)

    def keep(
        self, verdict: str, text: str, done: Callable[[str], None], failed: Callable[[str], None]
    ) -> None:
        """Write a ``verdict`` with its reason ``text`` on what is selected; ``done`` gets
        the source when it is kept, ``failed`` a sentence.
        """
        model, inputs, rows = self._model, self._model.inputs, self._model.judged_rows()
        if inputs is None or not len(rows):
            return
        if inputs.ids is None and inputs.source.startswith(MEMORY):
            failed(
                tr("This table is in no file, so there is no place for a verdict. Save it first.")
            )
            return
        try:
            status, reason = judge(inputs.rows, rows, verdict, text)
        except CalValError as error:
            failed(str(error))
            return
        path, layer = split_source(inputs.source)

        def work(_progress: Progress) -> None:
            if inputs.ids is None:
                keep_in_table(path, layer, inputs.rows, rows, status, reason)
            else:
                keep_in_run(
                    inputs.database or path, inputs.ids[rows], inputs.rows.status[rows], status,
                    reason,
                )  # fmt: skip

        def kept(_nothing: None) -> None:
            if model.inputs is inputs:
                model.set_judged(rows, status, reason)
            done(inputs.source)

        self._runner.run(tr("Keep the verdict"), work, kept, lambda error: failed(str(error)))
