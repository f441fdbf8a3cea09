# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameter that names a calibration database, the same in all algorithms that use one.

A GeoPackage by its path, a PostgreSQL database by its address or by the name of a connection of
QGIS; see ``connections`` for how it is looked up.
"""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingParameterFile

from ..i18n import tr

DATABASE = "DATABASE"
MARK = "calval_database"


def database(key: str = DATABASE) -> QgsProcessingParameterFile:
    """The parameter; an algorithm that writes into the database names its key in ``WRITES``."""
    behavior = QgsProcessingParameterFile.Behavior.File
    definition = QgsProcessingParameterFile(key, tr("Calibration database"), behavior, "")
    # QGIS's own filter "All files (*.*)" would refuse the name of a connection.
    definition.setFileFilter("")
    definition.setMetadata({MARK: True})
    definition.setHelp(
        tr(
            "Where measurements and results are kept: a GeoPackage (measurements.gpkg), the name "
            "of a PostgreSQL connection of QGIS, or an address such as "
            "postgresql://user@host:5432/name?authcfg=abc1234. Passwords do not belong here: they "
            "come from the authentication manager of QGIS, PGPASSWORD or .pgpass."
        )
    )
    return definition


def is_database(definition: Any) -> bool:
    """Whether a parameter was made by ``database``."""
    return bool(definition.metadata().get(MARK))
