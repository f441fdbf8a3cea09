# SPDX-License-Identifier: GPL-3.0-or-later
"""Translation of the texts that users see; the only module that knows where translations live."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import QCoreApplication, QTranslator

FOLDER = Path(__file__).parent / "resources" / "i18n"
# Bare calls of tr() are collected under this context by lupdate.
CONTEXT = "@default"


def tr(text: str) -> str:
    """``text`` in the language of the user interface, or as it is where there is no translation."""
    return QCoreApplication.translate(CONTEXT, text)


def install_translator(locale: str) -> QTranslator | None:
    """Install the translation for ``locale`` (such as ``fr_FR``); the caller keeps the returned
    object alive.
    """
    translator = QTranslator()
    if not translator.load(str(FOLDER / f"calval_{locale[:2]}.qm")):
        return None
    QCoreApplication.installTranslator(translator)
    return translator
