# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether outputs can be written where the user wants them, asked before any work is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from os.path import normpath
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm

from ..core.errors import OutputError
from ..core.io.atomic import writable
from ..core.io.formats import RASTER_EXTENSIONS, TABLE_EXTENSIONS
from ..i18n import tr
from .inputs import file_keys
from .parameters import SUFFIXES
from .provenance import input_paths, side_car
from .styling import style_path

_SUFFIXES = {
    "vectorDestination": TABLE_EXTENSIONS,
    "rasterDestination": RASTER_EXTENSIONS,
    "fileDestination": ("html", "htm"),
}
# These carry no style beside them: tables of other formats and all rasters may.
_UNSTYLED = (".html", ".htm", ".csv", ".ply", ".las", ".laz")


def check_destinations(algorithm: QgsProcessingAlgorithm, values: Mapping[str, Any]) -> list[Path]:
    """Which folders have to be made for the outputs: none but the last one of a path, so that a
    slip of the pen makes no tree.

    Raises ``OutputError`` where a wanted output has an unknown format, is a folder, cannot be
    written, would replace an input, is the place of another output, or lies in a folder that lacks
    more than itself.
    """
    outputs = dict(_outputs(algorithm, values))
    for key, path in outputs.items():
        _check_place(key, path)
    for (one, first), (two, second) in combinations(outputs.items(), 2):
        if _same(first, second):
            raise OutputError(
                tr("{one} and {two} would be written to the same place ({path}). Give them "
                   "different names.").format(one=one, two=two, path=second)
            )  # fmt: skip
        if _same_style(first, second):
            raise OutputError(
                tr("{one} ({first}) and {two} ({second}) differ in their extensions alone: QGIS "
                   "would take {style} for the style of both. Give them different names.").format(
                    one=one, two=two, first=first.name, second=second.name,
                    style=style_path(second).name,
                )
            )  # fmt: skip
    for key in file_keys(algorithm):
        for source in input_paths(values[key]):
            for name, path in outputs.items():
                _check_against_input(name, path, key, source)
    folders = {Path(normpath(path)).parent for path in outputs.values()}
    return sorted(folder for folder in folders if not folder.exists())


def _check_against_input(name: str, path: Path, key: str, source: Path) -> None:
    if _same(source, path):
        raise OutputError(
            tr("{name} would replace the input {key} ({path}). Choose another output.").format(
                name=name, key=key, path=path
            )
        )
    if not source.is_dir() or not path.resolve().is_relative_to(source.resolve()):
        return
    if path.exists() and not side_car(path).exists():
        raise OutputError(
            tr("{name} would replace a file in the input folder {key} ({path}). Choose another "
               "output.").format(name=name, key=key, path=path)
        )  # fmt: skip
    if path.suffix.lower().lstrip(".") in RASTER_EXTENSIONS:
        raise OutputError(
            tr("{name} would lie in the input folder {key} ({path}), and the next run would take "
               "it for an input. Choose another folder.").format(name=name, key=key, path=path)
        )  # fmt: skip


def _outputs(
    algorithm: QgsProcessingAlgorithm, values: Mapping[str, Any]
) -> Iterator[tuple[str, Path]]:
    for definition in algorithm.parameterDefinitions():
        allowed = definition.metadata().get(SUFFIXES) or _SUFFIXES.get(definition.type())
        if allowed is None or not values[definition.name()]:
            continue
        path = Path(values[definition.name()]).absolute()
        if path.suffix.lower().lstrip(".") not in allowed:
            raise OutputError(
                tr("{key} cannot be written as '{name}'. Use one of: {formats}.").format(
                    key=definition.name(), name=path.name, formats=", ".join(allowed)
                )
            )
        yield definition.name(), path


def _check_place(key: str, path: Path) -> None:
    if path.is_dir():
        raise OutputError(
            tr("{key}: {path} is a folder. Give the name of a file.").format(key=key, path=path)
        )
    folder = next(parent for parent in path.parents if parent.exists())
    if not folder.is_dir():
        raise OutputError(
            tr("{key}: {path} is a file, so it holds no outputs. Choose a folder.").format(
                key=key, path=folder
            )
        )
    parent = Path(normpath(path)).parent
    if not (parent.exists() or parent.parent.exists()):
        raise OutputError(
            tr("{key}: there is no folder {path}. Correct the name, or make the folder first: only "
               "the last folder of a path is made.").format(key=key, path=parent.parent)
        )  # fmt: skip
    if not writable(folder):
        raise OutputError(
            tr("{key}: nothing can be written into {path}. Choose another output.").format(
                key=key, path=folder
            )
        )


def _same(one: Path, two: Path) -> bool:
    return one.resolve() == two.resolve()


def _same_style(one: Path, two: Path) -> bool:
    if one.suffix.lower() in _UNSTYLED or two.suffix.lower() in _UNSTYLED:
        return False
    return _same(style_path(one), style_path(two))
