# SPDX-License-Identifier: GPL-3.0-or-later
"""What an expert says of an anomaly, kept in the table itself."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr

from ..errors import OutputError
from ..times import parse_times
from ..types import AnyArray
from .labels import ALL_TYPES
from .tables import CONFIRMED, REJECTED

VERDICTS = ("", CONFIRMED, REJECTED, *ALL_TYPES)
COLUMN = "verdict"

ogr.UseExceptions()
gdal.UseExceptions()


def keep_verdict(
    path: str | Path, layer: str, rows: AnyArray, site: str, time: np.datetime64, verdict: str
) -> None:
    """Write ``verdict`` (one of ``VERDICTS``, "" takes it back) into the ``rows`` (places from 0 in
    the order of reading) of the table ``layer`` ("": the first) of a GeoPackage.

    The column is added where it is not there. Everything happens in one transaction of the
    database: all rows have the verdict afterwards, or the file is as it was. Raises ``OutputError``
    where the file is no GeoPackage, may not be written, or where the rows are not those of ``site``
    and ``time`` any more.
    """
    path = Path(path)
    if verdict not in VERDICTS:
        raise OutputError(f"'{verdict}' is no verdict. Use one of: {', '.join(VERDICTS[1:])}.")
    _check_file(path)
    try:
        dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
        source = dataset.GetLayerByName(layer) if layer else dataset.GetLayer(0)
        if source is None:
            raise OutputError(f"{path.name} has no table '{layer}' any more. Open it again.")
        features = _features(source, {int(row) for row in rows}, path.name, site, time)
        _write(dataset, source, features, verdict)
    except RuntimeError as error:
        raise OutputError(
            f"The verdict could not be written into {path.name} ({str(error).rstrip('.')}). "
            "The table is as it was. Close it where it is being edited, and try again."
        ) from error


def _check_file(path: Path) -> None:
    if path.suffix.lower() != ".gpkg":
        raise OutputError(
            f"{path.name} keeps no verdicts: save the table as a GeoPackage, and open that."
        )
    if not path.is_file():
        raise OutputError(f"{path} is not there any more. Open the table where it is now.")
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise OutputError(
            f"{path.name} may only be read: the verdict was not kept. Copy the table to a folder "
            "that you may write to, and open the copy."
        )


def _features(
    source: ogr.Layer, rows: set[int], name: str, site: str, time: np.datetime64
) -> list[int]:
    """The identifiers of the ``rows``, which have to be those of ``site`` and ``time``."""
    definition = source.GetLayerDefn()
    every = [definition.GetFieldDefn(i).GetName() for i in range(definition.GetFieldCount())]
    source.SetIgnoredFields(
        [*(key for key in every if key not in ("site", "time")), "OGR_GEOMETRY"]
    )
    last, found, cells = max(rows, default=-1), [], []
    source.ResetReading()
    for row, feature in enumerate(source):
        if row in rows:
            found.append(feature.GetFID())
            cells.append((str(feature.GetField("site")), str(feature.GetField("time"))))
        if row >= last:
            break
    source.SetIgnoredFields([])
    source.ResetReading()
    # OGR writes the zone of its own kind of time as two digits.
    texts = np.array([re.sub(r"\+00$", "Z", one) for _, one in cells], dtype=object)
    same = len(found) == len(rows) > 0 and {one for one, _ in cells} == {site}
    if not same or (parse_times(texts) != time).any():
        raise OutputError(f"{name} has changed since it was read. Open it again.")
    return found


def _write(dataset: Any, source: ogr.Layer, features: list[int], verdict: str) -> None:
    dataset.StartTransaction()
    try:
        if source.GetLayerDefn().GetFieldIndex(COLUMN) < 0:
            source.CreateField(ogr.FieldDefn(COLUMN, ogr.OFTString))
        for identity in features:
            feature = source.GetFeature(identity)
            if verdict:
                feature.SetField(COLUMN, verdict)
            else:
                feature.SetFieldNull(COLUMN)
            source.SetFeature(feature)
        dataset.CommitTransaction()
    except BaseException:
        dataset.RollbackTransaction()
        raise
