# SPDX-License-Identifier: GPL-3.0-or-later
"""What all controllers use: names, icons, stored settings, the log, tasks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsApplication, QgsMessageLog, QgsSettings, QgsTask
from qgis.PyQt.QtGui import QIcon

from ..tasks import TaskRunner

PREFIX = "calval"
NAME = "CalVal Toolbox"
RESOURCES = Path(__file__).parent.parent.parent / "resources"
ICONS, STYLES = RESOURCES / "icons", RESOURCES / "styles"
LONGEST_WAIT_MS = 1000


def icon(name: str) -> QIcon:
    """An icon of the plugin."""
    return QIcon(str(ICONS / f"{name}.svg"))


def stored(key: str, default: Any) -> Any:
    """A stored setting, of the type of ``default``."""
    return QgsSettings().value(f"{PREFIX}/{key}", default, type=type(default))


def store(key: str, value: Any) -> None:
    """Keep a setting for the next start of QGIS."""
    QgsSettings().setValue(f"{PREFIX}/{key}", value)


def log(text: str) -> None:
    """A line in the plugin's tab of QGIS's log."""
    QgsMessageLog.logMessage(text, NAME, Qgis.MessageLevel.Info)


def task_runner() -> TaskRunner:
    """A runner of its own in QGIS's task manager."""
    return TaskRunner(QgsTask.fromFunction, QgsApplication.taskManager(), log)


def end_idle_threads() -> None:
    """End the threads of QGIS's task manager, which are made anew when a task needs them; where a
    task of somebody else goes on for more than a second, they stay.

    A thread in which QGIS looked into its authentication database (the news at the start of QGIS
    do), that ended after 30 idle seconds and was started again by another task, calls the deleted
    database when it ends with QGIS: signal 11 while the window closes, with or without plugins, as
    seen with QGIS 3.40.6 (https://github.com/qgis/QGIS/pull/62429 mends it). While plugins are
    taken out, that database is still there.
    """
    QgsApplication.taskManager().threadPool().waitForDone(LONGEST_WAIT_MS)


def own_folder(name: str) -> Path:
    """Where the plugin keeps files ``name`` in the profile of the user."""
    return Path(QgsApplication.qgisSettingsDirPath()) / PREFIX / name
