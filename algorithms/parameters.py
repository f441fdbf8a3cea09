# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters, made in one line each, with their help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from ..core.execution.executors import parse_spec
from ..core.execution.settings import LARGEST_TILE, SMALLEST_TILE, ExecutionSettings
from ..i18n import tr

Definition = QgsProcessingParameterDefinition
SUFFIXES = "calval_suffixes"  # of a file to be written, where it is not a report
INLINE = "calval_inline"  # a file whose content may be given in its place
SEVERAL = "calval_several"  # a text that is a list, separated by commas


def _finish(definition: Definition, text: str, advanced: bool) -> Definition:
    definition.setHelp(text)
    if advanced:
        definition.setFlags(definition.flags() | Definition.Flag.FlagAdvanced)
    return definition


def number(
    key: str,
    label: str,
    text: str,
    default: float | None,
    minimum: float | None = None,
    maximum: float | None = None,
    integer: bool = False,
    optional: bool = False,
    advanced: bool = False,
) -> Definition:
    """A number; ``text`` says unit, range and what it changes."""
    kind = QgsProcessingParameterNumber.Type
    definition = QgsProcessingParameterNumber(
        key, label, kind.Integer if integer else kind.Double, default, optional
    )
    if minimum is not None:
        definition.setMinimum(minimum)
    if maximum is not None:
        definition.setMaximum(maximum)
    return _finish(definition, text, advanced)


def choice(
    key: str,
    label: str,
    text: str,
    options: Sequence[str],
    default: str,
    several: bool = False,
    advanced: bool = False,
) -> Definition:
    """One word out of ``options`` (or several); the words themselves go into JSON and models."""
    definition = QgsProcessingParameterEnum(
        key, label, list(options), several, default, False, True
    )
    return _finish(definition, text, advanced)


def string(
    key: str,
    label: str,
    text: str,
    default: str = "",
    optional: bool = False,
    advanced: bool = False,
    several: bool = False,
) -> Definition:
    """A free text; ``several``: parts separated by commas, which may also be given as a list."""
    definition = QgsProcessingParameterString(key, label, default or None, False, optional)
    definition.setMetadata({SEVERAL: several})
    return _finish(definition, text, advanced)


def takes_several(definition: Definition) -> bool:
    """Whether a text was made with ``several``."""
    return bool(definition.metadata().get(SEVERAL))


def is_inline(definition: Definition, text: str) -> bool:
    """Whether ``text`` is the content of a file, where that may be given, and no path."""
    return bool(definition.metadata().get(INLINE)) and text.lstrip().startswith("{")


def switch(
    key: str, label: str, text: str, default: bool = False, advanced: bool = False
) -> Definition:
    """A yes or no."""
    return _finish(QgsProcessingParameterBoolean(key, label, default), text, advanced)


def files(
    key: str, label: str, text: str, optional: bool = False, advanced: bool = False
) -> Definition:
    """A list of files and folders."""
    kind = QgsProcessing.SourceType.TypeFile
    return _finish(
        QgsProcessingParameterMultipleLayers(key, label, kind, None, optional), text, advanced
    )


def path(
    key: str,
    label: str,
    text: str,
    folder: bool = False,
    optional: bool = False,
    advanced: bool = False,
    inline: bool = False,
) -> Definition:
    """One file, or one folder; neither is checked to exist before the run, so that the run can say
    what is wrong. ``inline``: what the file would hold may be given in its place, as a JSON object.
    """
    behavior = QgsProcessingParameterFile.Behavior
    definition = QgsProcessingParameterFile(
        key, label, behavior.Folder if folder else behavior.File, "", None, optional
    )
    # QGIS's own filter "All files (*.*)" would refuse a path without a dot, such as a folder.
    definition.setFileFilter("")
    definition.setMetadata({INLINE: inline})
    return _finish(definition, text, advanced)


def table(
    key: str,
    label: str,
    text: str,
    points: bool = False,
    optional: bool = False,
    advanced: bool = False,
) -> Definition:
    """A table or vector layer; with ``points`` only point layers are offered."""
    kinds = QgsProcessing.SourceType
    kind = kinds.TypeVectorPoint if points else kinds.TypeVector
    definition = QgsProcessingParameterFeatureSource(key, label, [kind], None, optional)
    return _finish(definition, text, advanced)


def field(
    key: str,
    label: str,
    text: str,
    parent: str,
    default: str = "",
    optional: bool = False,
    advanced: bool = False,
    several: bool = False,
) -> Definition:
    """The name of a column of the table parameter ``parent``, or of ``several``, which are a
    list.
    """
    definition = QgsProcessingParameterField(
        key,
        label,
        default or None,
        parent,
        QgsProcessingParameterField.DataType.Any,
        several,
        optional,
    )
    return _finish(definition, text, advanced)


def raster(
    key: str, label: str, text: str, optional: bool = False, advanced: bool = False
) -> Definition:
    """A raster layer."""
    return _finish(QgsProcessingParameterRasterLayer(key, label, None, optional), text, advanced)


def table_output(
    key: str,
    label: str,
    text: str,
    optional: bool = False,
    points: bool = False,
    polygons: bool = False,
    advanced: bool = False,
    offered: bool = False,
) -> Definition:
    """A vector layer or table to be written; an optional one is skipped unless asked for, or unless
    the dialog offers it from the start (``offered``).
    """
    kinds = QgsProcessing.SourceType
    kind = (
        kinds.TypeVectorPoint
        if points
        else kinds.TypeVectorPolygon
        if polygons
        else kinds.TypeVector
    )
    definition = QgsProcessingParameterVectorDestination(
        key, label, kind, None, optional, offered or not optional
    )
    return _finish(definition, text, advanced)


def extent(
    key: str, label: str, text: str, optional: bool = False, advanced: bool = False
) -> Definition:
    """A rectangle on the map, in any CRS; its value is that box with the WKT of its CRS, None where
    it is left out.
    """
    return _finish(QgsProcessingParameterExtent(key, label, None, optional), text, advanced)


def raster_output(
    key: str, label: str, text: str, optional: bool = False, advanced: bool = False
) -> Definition:
    """A raster to be written; an optional one is skipped unless asked for."""
    return _finish(
        QgsProcessingParameterRasterDestination(key, label, None, optional, not optional),
        text,
        advanced,
    )


def report_output(key: str, label: str, text: str, optional: bool = True) -> Definition:
    """A self-contained HTML report to be written."""
    definition = QgsProcessingParameterFileDestination(
        key, label, tr("HTML files") + " (*.html)", None, optional, True
    )
    return _finish(definition, text, False)


def file_output(
    key: str,
    label: str,
    text: str,
    suffixes: Sequence[str],
    optional: bool = False,
    advanced: bool = False,
) -> Definition:
    """A file of one of some formats to be written; the first suffix is that of temporary files. An
    optional one is skipped unless asked for.
    """
    names = " ".join(f"*.{suffix}" for suffix in suffixes)
    definition = QgsProcessingParameterFileDestination(
        key, label, tr("Files") + f" ({names})", None, optional, not optional
    )
    definition.setMetadata({SUFFIXES: list(suffixes)})
    return _finish(definition, text, advanced)


EXECUTOR, TILE_SIZE, MEMORY_CAP_MB, RESUME = "EXECUTOR", "TILE_SIZE", "MEMORY_CAP_MB", "RESUME"


def execution(tile_size: int = 512, memory_cap_mb: float = 2000.0) -> tuple[Definition, ...]:
    """The advanced parameters of all algorithms that work tile by tile: ``EXECUTOR``,
    ``TILE_SIZE``, ``MEMORY_CAP_MB`` and ``RESUME``; see ``execution_settings``.
    """
    return (
        string(
            EXECUTOR, tr("Where tiles are computed"),
            tr(
                "threads: one thread for each core of this computer; threads:N or processes:N: N "
                "of them; tcp://host:port: a running Dask cluster, by the address of its "
                "scheduler. A cluster needs the package distributed, the toolbox and the same "
                "files on all its machines; use one that you trust. The result is the same "
                "everywhere."
            ),
            "threads", advanced=True,
        ),
        number(
            TILE_SIZE, tr("Tile size (pixels)"),
            tr(
                "Side of the square tiles, 64 to 16384 pixels, best a multiple of 256. Larger "
                "tiles need more memory, smaller ones more time for their margins."
            ),
            tile_size, minimum=SMALLEST_TILE, maximum=LARGEST_TILE, integer=True, advanced=True,
        ),
        number(
            MEMORY_CAP_MB, tr("Memory cap (MB)"),
            tr(
                "The most memory that all tiles in work on one computer may need together, in "
                "megabytes. Fewer or smaller tiles are computed at a time to stay below; what can "
                "never fit is refused before it starts."
            ),
            memory_cap_mb, minimum=1.0, advanced=True,
        ),
        switch(
            RESUME, tr("Resume an earlier run"),
            tr(
                "Keep the finished tiles that a canceled or failed run with the same parameters "
                "left beside the output, after a check of each. Off: start again."
            ),
            True, advanced=True,
        ),
    )  # fmt: skip


def execution_settings(values: Mapping[str, Any]) -> ExecutionSettings:
    """The values of the parameters of ``execution``; raises ``InputError`` where one cannot be
    used, the executor included.
    """
    parse_spec(values[EXECUTOR])
    return ExecutionSettings(
        values[EXECUTOR], values[TILE_SIZE], values[MEMORY_CAP_MB], values[RESUME]
    )
