# SPDX-License-Identifier: GPL-3.0-or-later
"""What all algorithms share, so that each of them only says its parameters and calls one core
function.

A subclass gives the class constants ``ID``, ``GROUP``, ``TAGS`` and ``REQUIRES``, the texts
``title`` and ``summary``, the parameters in ``define`` and the work in ``compute``. Everything else
of the contract is kept here: errors become one sentence, a canceled run raises, outputs appear
completely or not at all, and each carries its provenance and style.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProject,
)
from qgis.PyQt.QtGui import QIcon

from ..core import dependencies
from ..core.errors import CalValError
from ..core.help_pages import help_address
from ..core.io.atomic import Staging
from ..core.io.cache import gdal_cache
from ..core.progress import check
from ..i18n import tr
from . import inputs
from . import parameters as make
from .destinations import check_destinations
from .feedback import FeedbackProgress, is_command
from .groups import Group, group_label
from .job import Job
from .values import name_problem, unknown_names, value_problem, with_words

ROOT = Path(__file__).parent.parent


class CalValAlgorithm(QgsProcessingAlgorithm):
    """Base of all algorithms of the provider."""

    ID: str
    GROUP: Group
    TAGS: tuple[str, ...]
    REQUIRES: tuple[str, ...] = ()
    WRITES: tuple[str, ...] = ()  # parameters that name folders to write into, not inputs

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, Any] = {}

    # -- said by each algorithm
    # ------------------------------------------------------------------------------------

    def title(self) -> str:
        """The display name: sentence case, with the domain's own word."""
        raise NotImplementedError

    def summary(self) -> str:
        """What it does, for whom, and the source of the method, in a few sentences."""
        raise NotImplementedError

    def define(self) -> None:
        """Add parameters and outputs."""
        raise NotImplementedError

    def problem(self, values: dict[str, Any]) -> str:
        """A sentence about parameters that do not go together, or "" where all is well."""
        return ""

    def compute(self, job: Job) -> dict[str, Any]:
        """Do the work, outside the main thread: plain values in, outputs through ``job``, numbers
        returned.
        """
        raise NotImplementedError

    # -- helpers for ``define``
    # ------------------------------------------------------------------------------------

    def add(self, *definitions: QgsProcessingParameterDefinition) -> None:
        """Add parameters made by ``algorithms.parameters``."""
        for definition in definitions:
            self.addParameter(definition)

    def add_number(self, key: str, label: str) -> None:
        """Add a number output, usable in later steps of a model."""
        self.addOutput(QgsProcessingOutputNumber(key, label))

    def add_string(self, key: str, label: str) -> None:
        """Add a text output."""
        self.addOutput(QgsProcessingOutputString(key, label))

    # -- the QGIS side
    # ---------------------------------------------------------------------------------------------

    def createInstance(self) -> CalValAlgorithm:
        return type(self)()

    def name(self) -> str:
        return self.ID

    def displayName(self) -> str:
        return self.title()

    def group(self) -> str:
        return group_label(self.GROUP)

    def groupId(self) -> str:
        return self.GROUP.value

    def tags(self) -> list[str]:
        return ["calval", *self.TAGS]

    def shortHelpString(self) -> str:
        return self.summary()

    def shortDescription(self) -> str:
        return self.summary().split(". ")[0]

    def icon(self) -> QIcon:
        return QIcon(str(ROOT / "resources" / "icons" / f"{self.GROUP.value}.svg"))

    def helpUrl(self) -> str:
        return help_address(self.ID)

    def initAlgorithm(self, config: dict[str, Any] | None = None) -> None:
        self.define()

    def canExecute(self) -> tuple[bool, str]:
        missing = [module for module in self.REQUIRES if not dependencies.available(module)]
        return (not missing, dependencies.missing_sentence(missing) if missing else "")

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        parameters = with_words(self, parameters)
        good, text = super().checkParameterValues(parameters, context)
        # QGIS says "not found" of every file that it cannot load: look what it is.
        problem = (
            name_problem(self, parameters)
            or value_problem(self, parameters, context)
            or inputs.table_problem(self, parameters, context)
        )
        if problem or not good:
            return False, problem or text
        try:
            text = self.problem(inputs.resolve(self, parameters, context, layers=False))
        except CalValError as error:
            text = str(error)
        return not text, text

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        # canExecute is asked by the desktop, not by every caller of the algorithm.
        able, text = self.canExecute()
        if not able:
            raise QgsProcessingException(text)
        try:
            self._values = inputs.resolve(self, with_words(self, parameters), context)
            for name in unknown_names(self, parameters):
                feedback.pushWarning(tr("There is no parameter {}: it is not used.").format(name))
        except CalValError as error:
            raise QgsProcessingException(str(error)) from error
        return True

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        progress, done = FeedbackProgress(feedback), False
        try:
            for folder in check_destinations(self, self._values):
                progress.info(tr("The folder {} is made.").format(folder))
            with (
                progress.heeding_termination(), gdal_cache(), self._libraries(),
                Staging() as staging,
            ):  # fmt: skip
                keys = [key for key in inputs.file_keys(self) if key not in self.WRITES]
                full_id = f"calval:{self.ID}"
                job = Job(full_id, self._values, keys, progress, staging)
                results = job.finish(self.compute(job))
                check(progress)
            job.clean_up()
            done = True
            return results
        except CalValError as error:
            raise QgsProcessingException(str(error)) from error
        finally:
            if not done and is_command():
                _leave_tiles()

    def _libraries(self) -> AbstractContextManager[None]:
        """Libraries of linear algebra on one thread."""
        from ..core.execution.workers import single_threaded

        return single_threaded(("scipy.linalg",) if "scipy" in self.REQUIRES else ())


def _leave_tiles() -> None:
    """Let the command end by its exit code although tiles may still be in work.

    That has to happen after QGIS has said what went wrong, and before it takes GDAL down under
    them, which it does right after the project.
    """
    from ..core.execution.threads import end_at_once, leave_tiles

    end_at_once(1)
    QgsProject.instance().destroyed.connect(leave_tiles)


__all__ = ["CalValAlgorithm", "Group", "Job", "make", "tr"]
