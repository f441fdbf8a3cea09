# SPDX-License-Identifier: GPL-3.0-or-later
"""Single cells of a table that exists already."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr

from ..errors import OutputError
from ..times import parse_times
from ..types import AnyArray

ogr.UseExceptions()
gdal.UseExceptions()


def write_cells(
    path: str | Path,
    layer: str,
    rows: AnyArray,
    column: str,
    text: str,
    same: Mapping[str, str | np.datetime64 | AnyArray],
) -> None:
    """Write ``text`` ("" empties them) into a ``column`` of the ``rows`` (places from 0 in the
    order of reading) of the table ``layer`` ("": the first) of a GeoPackage.

    The column is added where it is not there. Everything happens in one transaction of the
    database: all rows have the text afterwards, or the file is as it was. Raises ``OutputError``
    where the file is no GeoPackage, may not be written, or where the rows do not hold what ``same``
    says (columns with a text or a UTC time, for all ``rows`` or one for each) any more.
    """
    write_columns(path, layer, rows, {column: text}, same)


def write_columns(
    path: str | Path,
    layer: str,
    rows: AnyArray,
    values: Mapping[str, str | AnyArray],
    same: Mapping[str, str | np.datetime64 | AnyArray],
) -> None:
    """As ``write_cells``, for several columns at once: ``values``: the text of each column, one for
    all ``rows`` (r,) or one for each (r,).
    """
    path = Path(path)
    _check_file(path)
    try:
        dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
        source = dataset.GetLayerByName(layer) if layer else dataset.GetLayer(0)
        if source is None:
            raise OutputError(f"{path.name} has no table '{layer}' any more. Open it again.")
        features = _features(source, _wanted(rows, same), path.name, list(same))
        _write(dataset, source, features, _sorted_texts(rows, values))
    except RuntimeError as error:
        raise OutputError(
            f"Nothing could be written into {path.name} ({str(error).rstrip('.')}). "
            "The table is as it was. Close it where it is being edited, and try again."
        ) from error


def _check_file(path: Path) -> None:
    if path.suffix.lower() != ".gpkg":
        raise OutputError(
            f"Nothing can be written into {path.name}: save it as a GeoPackage, and open that."
        )
    if not path.is_file():
        raise OutputError(f"{path} is not there any more. Open the table where it is now.")
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise OutputError(
            f"{path.name} may only be read: nothing was written. Copy the table to a folder "
            "that you may write to, and open the copy."
        )


def _wanted(
    rows: AnyArray, same: Mapping[str, str | np.datetime64 | AnyArray]
) -> dict[int, dict[str, str | np.datetime64]]:
    """What each of the ``rows`` has to hold."""
    columns = {key: np.broadcast_to(np.asarray(is_), len(rows)) for key, is_ in same.items()}
    return {
        int(row): {key: column[place] for key, column in columns.items()}
        for place, row in enumerate(rows)
    }


def _features(
    source: ogr.Layer,
    rows: Mapping[int, Mapping[str, str | np.datetime64]],
    name: str,
    columns: Sequence[str],
) -> list[int]:
    """The identifiers of the ``rows``, which have to hold what is said of them."""
    definition = source.GetLayerDefn()
    every = [definition.GetFieldDefn(i).GetName() for i in range(definition.GetFieldCount())]
    source.SetIgnoredFields([*(key for key in every if key not in columns), "OGR_GEOMETRY"])
    last, found, good = max(rows, default=-1), [], True
    source.ResetReading()
    for row, feature in enumerate(source):
        if row in rows:
            found.append(feature.GetFID())
            good = good and all(_holds(feature.GetField(k), is_) for k, is_ in rows[row].items())
        if row >= last:
            break
    source.SetIgnoredFields([])
    source.ResetReading()
    if not good or not found or len(found) != len(rows):
        raise OutputError(f"{name} has changed since it was read. Open it again.")
    return found


def _holds(cell: Any, wanted: str | np.datetime64) -> bool:
    if not isinstance(wanted, np.datetime64):
        return str(cell) == str(wanted)
    # OGR writes the zone of its own kind of time as two digits.
    text = re.sub(r"\+00$", "Z", str(cell))
    return bool(parse_times(np.array([text], dtype=object))[0] == wanted)


def _sorted_texts(rows: AnyArray, values: Mapping[str, str | AnyArray]) -> dict[str, Sequence[str]]:
    """The texts of each column in the order in which the rows are read."""
    order = np.argsort(rows)
    return {
        column: [str(one) for one in np.broadcast_to(np.asarray(texts), len(rows))[order]]
        for column, texts in values.items()
    }


def _write(
    dataset: Any, source: ogr.Layer, features: list[int], texts: Mapping[str, Sequence[str]]
) -> None:
    dataset.StartTransaction()
    try:
        for column in texts:
            if source.GetLayerDefn().GetFieldIndex(column) < 0:
                source.CreateField(ogr.FieldDefn(column, ogr.OFTString))
        for place, identity in enumerate(features):
            feature = source.GetFeature(identity)
            for column, cells in texts.items():
                if cells[place]:
                    feature.SetField(column, cells[place])
                else:
                    feature.SetFieldNull(column)
            source.SetFeature(feature)
        dataset.CommitTransaction()
    except BaseException:
        dataset.RollbackTransaction()
        raise
