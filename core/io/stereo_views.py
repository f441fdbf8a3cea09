# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel asks of images with RPC: a view of one, the pixel of a place, what a file is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..dem.local_pair import LocalPair
from ..dem.pair import View
from ..dem.triangulation import height_range
from ..errors import CalValError, InputError
from .dem_files import dem_grid
from .dem_profile import heights_at
from .rasters import Rasters
from .rpc_files import read_rpc
from .stereo_images import open_image, reader

_MOST_BANDS = 8  # of an elevation model with what goes with its heights


def file_view(path: str) -> View:
    """The view of an image file with RPC, for any thread. Errors as ``open_image``."""
    image = open_image(path)
    return View(image.size, image.model, reader(image))


def pixel_at(
    pair: tuple[str, str],
    models: Sequence[str],
    longitude: float,
    latitude: float,
    local: LocalPair | None = None,
) -> tuple[float, float]:
    """Column and row of the first image of ``pair`` (paths) that show a place (degrees).

    At the height that the first of the elevation ``models`` with one has there, else in the middle
    of the heights of ``local`` or of both images: then a place off that height by h is found
    beside itself by h times the tangent of the view angle. Raises ``InputError`` where the image
    does not show it.
    """
    model = read_rpc(pair[0]).model
    with Rasters() as rasters:
        dataset = rasters.dataset(pair[0])
        rows, columns = int(dataset.RasterYSize), int(dataset.RasterXSize)
    height = next(
        (one for path in models for one in heights_at(path, [longitude], [latitude])
         if np.isfinite(one)), None,
    )  # fmt: skip
    if height is None:
        span = local.pair.heights if local is not None else height_range(
            model, read_rpc(pair[1]).model
        )  # fmt: skip
        height = 0.5 * (span[0] + span[1])
    column, row = (float(one) for one in model.project(longitude, latitude, height))
    if not (0.0 <= column <= columns - 1.0 and 0.0 <= row <= rows - 1.0):
        raise InputError("The first image does not show this place.")
    return column, row


def kind_of(path: str) -> str:
    """What a raster may be taken for: ``image`` (with RPC), ``dem`` (on the ground, of few bands,
    with numbers of more than 8 bits), or "" (neither, or not to be read).
    """
    try:
        with Rasters() as rasters:
            dataset = rasters.dataset(path)
            if not dataset.GetProjection():
                read_rpc(path)
                return "image"
            dem_grid(path, rasters)
            kind = rasters.read(path, 1, 0, 0, 1, 1).dtype
            many = dataset.RasterCount > _MOST_BANDS
    except CalValError:
        return ""
    return "dem" if kind.itemsize > 1 and kind.kind in "iuf" and not many else ""
