# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a real QGIS window (``qgis --code``): walks through the plugin and photographs it.

Environment: CALVAL_TOUR (a name in the ``TOURS`` of a module beside this one), CALVAL_SHOTS (folder
for the pictures), CALVAL_TOURS (this folder). A tour is a generator: it yields seconds to wait, or
a function that says whether to go on.
"""

import os
import sys

from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface

sys.path.insert(0, os.environ["CALVAL_TOURS"])
import aot
import calibration
import dem
import guide
import land_cover
import series

TOURS = {**aot.TOURS, **series.TOURS, **calibration.TOURS, **dem.TOURS, **land_cover.TOURS,
         "french": guide.french}  # fmt: skip


def begin():
    """Fill the screen and start."""
    iface.mainWindow().showMaximized()
    QTimer.singleShot(1500, GUIDE.go)


# Qt does not keep the object behind a method alive.
GUIDE = guide.Guide(TOURS[os.environ["CALVAL_TOUR"]]())
iface.initializationCompleted.connect(lambda: QTimer.singleShot(1500, begin))
