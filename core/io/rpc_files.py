# SPDX-License-Identifier: GPL-3.0-or-later
"""The RPC of a satellite image: in its own metadata, in a file beside it, or in a file alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal

from ..dem.rpc import RpcModel
from ..errors import InputError
from . import rpc_layouts
from .products.files import read_bytes
from .products.xmltree import parse
from .rasters import open_raster, short
from .rpc_layouts import TEXTS, Convention

ENDINGS = (".xml", *(end for end, *_ in TEXTS))
BESIDE = ("{}_RPC.TXT", "{}_rpc.txt", "{}.RPB", "{}.rpb", "{}.geom", "RPC_{}.XML", "{}_RPC.XML")


@dataclass(frozen=True)
class RpcSource:
    """A ``model`` whose first pixel's center is (0, 0), the ``convention`` that its numbers were
    written in, the file ``where`` they are, and the place of the first pixel (column, row) in the
    image they were made for, where the raster says that it was cut out of it.
    """

    model: RpcModel
    convention: Convention
    where: str
    crop: tuple[float, float] = (0.0, 0.0)


def read_rpc(path: str) -> RpcSource:
    """The RPC of a raster, or of a file that holds nothing else (DIMAP, ``_RPC.TXT``, ``.RPB``,
    ``.geom``).

    Of a raster: GDAL's metadata, which include files beside it that GDAL knows; else a file beside
    it. Raises ``InputError`` where there is none, or it is damaged; ``ProductError`` where the
    raster or file cannot be read.
    """
    alone = _read_file(path) if path.lower().endswith(ENDINGS) else None
    if alone is not None:
        return alone
    dataset = open_raster(path)
    metadata = dataset.GetMetadata("RPC")
    if metadata:
        model = rpc_layouts.from_gdal(metadata, short(path))
        return _cropped(RpcSource(model, rpc_layouts.GDAL, path), dataset)
    for name in _beside(path):
        found = _read_file(name)
        if found is not None:
            return _cropped(found, dataset)
    raise InputError(
        f"{short(path)} has no RPC, neither inside nor beside it, so nothing says where its pixels "
        "lie on the ground. Choose an image with RPC, or put its file (such as RPC_*.XML, "
        "_RPC.TXT, .RPB or .geom) beside it."
    )


def crop_offset(dataset: gdal.Dataset) -> tuple[float, float]:
    """The first pixel (column, row) of a raster in the image that it was cut out of.

    Such crops carry it as the origin of a geotransform of step +1 without any CRS (as those of OTB
    do); all other geotransforms say nothing of it.
    """
    transform = dataset.GetGeoTransform(can_return_null=True)
    if transform is None or dataset.GetProjection() or dataset.GetGCPCount():
        return 0.0, 0.0
    left, width, skew, top, shear, height = transform
    plain = (width, skew, shear, height) == (1.0, 0.0, 0.0, 1.0)
    return (float(left), float(top)) if plain else (0.0, 0.0)


def _cropped(source: RpcSource, dataset: gdal.Dataset) -> RpcSource:
    crop = crop_offset(dataset)
    return RpcSource(source.model.cropped(*crop), source.convention, source.where, crop)


def _beside(path: str) -> list[str]:
    """Files with an RPC that may be of the raster ``path``, the surest first."""
    folder, stem = Path(path).parent, Path(path).stem
    # DIMAP calls its files IMG_<name>_R1C1.TIF, DIM_<name>.XML and RPC_<name>.XML.
    plain = stem.removeprefix("IMG_").removeprefix("DIM_").removesuffix("_R1C1")
    stems = dict.fromkeys((stem, plain))
    names = [folder / pattern.format(one) for one in stems for pattern in BESIDE]
    return [str(name) for name in names if name.is_file()]


def _read_file(path: str) -> RpcSource | None:
    """The RPC of a file that is no raster; None where it is XML without one."""
    data = read_bytes(path)
    if path.lower().endswith(".xml"):
        found = rpc_layouts.from_dimap(parse(data, short(path)))
        return None if found is None else RpcSource(*found, path)
    text = data.decode("utf-8", "replace")
    for end, reader, convention in TEXTS:
        if path.lower().endswith(end):
            return RpcSource(reader(text, short(path)), convention, path)
    return None
