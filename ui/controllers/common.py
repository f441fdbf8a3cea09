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


def own_folder(name: str) -> Path:
    """Where the plugin keeps files ``name`` in the profile of the user."""
    return Path(QgsApplication.qgisSettingsDirPath()) / PREFIX / name
