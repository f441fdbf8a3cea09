# SPDX-License-Identifier: GPL-3.0-or-later
"""An interrupt from the keyboard while ``qgis_process`` starts.

QGIS listens to it only while an algorithm runs. Before, it would be an exception in whatever Python
does just then, which QGIS answers by a crash, or overhears, and runs to the end.

What comes before QGIS loads this package cannot be heeded here. Sent at 36 moments of the start, an
interrupt ended QGIS 3.40 silently (before Python: 10), crashed it while it imported SIP and PyQGIS
(17), and was overheard once, in QGIS's own ``import pathlib``; from here on all 8 were answered.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType

from ..i18n import tr


def heed_interrupts() -> None:
    """From now on an interrupt ends ``qgis_process`` with a sentence and exit code 1, until QGIS
    itself listens. Does nothing in other programs, and on Windows, where QGIS never listens.
    """
    from ..algorithms.feedback import is_command

    if os.name != "posix" or not is_command():
        return
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _end)


def _end(number: int, frame: FrameType | None) -> None:
    from ..core.execution.ending import leave

    sentence = tr("Canceled by the user before the run began; nothing was written.")
    sys.stderr.write(f"{sentence}\n")
    leave(1)
