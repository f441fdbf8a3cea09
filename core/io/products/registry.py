# SPDX-License-Identifier: GPL-3.0-or-later
"""All readers, and which of them reads what."""

from __future__ import annotations

import os
from pathlib import Path

from ...errors import ProductError
from ...types import Product
from .earth_explorer import EarthExplorerReader
from .files import (
    ProductFiles,
    archive_prefix,
    list_archive,
    list_folder,
    tar_places,
)
from .l3a import L3aReader
from .landsat import LandsatReader
from .muscate import MuscateReader
from .n2a import N2aReader
from .reader import Reader, ReaderOptions
from .safe import SafeReader

READERS: tuple[Reader, ...] = (
    MuscateReader(),
    L3aReader(),
    EarthExplorerReader(),
    N2aReader(),
    SafeReader(),
    LandsatReader(),
)
KNOWN = (
    "THEIA/MUSCATE L2A and L3A, MAJA native (HDR and DBL), THEIA N2A (SPOT4, SPOT5, Landsat), "
    "Sentinel-2 SAFE (L1C, L2A) and Landsat (MTL)"
)

NOT_THERE = "does not exist. Check the path."


def open_product(path: str | Path, options: ReaderOptions | None = None) -> Product:
    """Read the metadata of the product at ``path``.

    ``path``: the product's folder, its zip, tar, tar.gz or tgz archive, its main metadata file, or
    one of these with ``#<tile>`` where a product holds several tiles. Raises ``ProductError`` with
    a sentence that says what is wrong and what to do.
    """
    return read_product(files_of(path), options)


def files_of(path: str | Path) -> ProductFiles:
    """The files of the one product at ``path``; raises ``ProductError`` as ``open_product``."""
    text, part = _split_part(str(path))
    found = locate(text)
    if not found:
        raise ProductError(
            f"{Path(text).name} is no product that can be read. Known are: {KNOWN}. Give the "
            "product's folder, archive or metadata file."
        )
    if len(found) > 1:
        raise ProductError(
            f"{Path(text).name} holds {len(found)} products. Give one of them, for example "
            f"{found[0].path}."
        )
    files = found[0]
    files.path, files.part = str(path), part
    return files


def read_product(files: ProductFiles, options: ReaderOptions | None = None) -> Product:
    """Ask each reader; raises ``ProductError`` where none knows the product."""
    base = files.anchor.rsplit("/", 1)[-1]
    for reader in READERS:
        if reader.anchor.match(base) and reader.can_read(files):
            return reader.read(files, options or ReaderOptions())
    raise ProductError(
        f"{base} is metadata of a kind or level that cannot be read. Known are: {KNOWN}."
    )


def locate(path: str) -> list[ProductFiles]:
    """The products at ``path``, unread: one, several in one archive or folder, or none.

    Raises ``ProductError`` where the path does not exist or the archive is damaged.
    """
    if path.startswith("/vsi") or (archive_prefix(path) and os.path.isfile(path)):
        return _in_archive(path)
    if os.path.isfile(path):
        return _beside(path)
    if os.path.isdir(path):
        return _in_folder(path) or _one_below(path)
    raise ProductError(f"{path} {NOT_THERE}")


def in_folder(path: str) -> list[ProductFiles]:
    """The products whose metadata lie directly in a folder, unread."""
    return _in_folder(path)


def anchors(names: list[str]) -> list[str]:
    """The metadata files among relative names that stand for one product each."""
    best: dict[str, str] = {}
    for name in sorted(names):
        base = name.rsplit("/", 1)[-1]
        if not any(reader.anchor.match(base) for reader in READERS):
            continue
        key = _product_key(name)
        if key not in best or _rank(name) < _rank(best[key]):
            best[key] = name
    kept = list(best.values())
    headers = {name[: -len(".HDR")] for name in kept if name.upper().endswith(".HDR")}
    return [name for name in kept if not any(name.startswith(f"{h}.DBL.DIR/") for h in headers)]


def _product_key(name: str) -> str:
    """What the metadata files of one product have in common: the folder, or the header's name."""
    folder, _, base = name.rpartition("/")
    if base.upper().endswith(".HDR"):
        return f"{folder}/{base[:-4].split('_ATB')[0]}"
    return folder


def _rank(name: str) -> tuple[bool, int, str]:
    """Order of preference among the metadata files of one product: XML before rasters."""
    return (name.lower().endswith((".tif", ".tiff")), len(name), name)


def _in_archive(path: str) -> list[ProductFiles]:
    root, names = list_archive(path)
    places = tar_places(root, names) if root.startswith("/vsitar/") else {}
    names = tuple(places) or names
    found = anchors(list(names))
    products = []
    for anchor in found:
        folder = anchor.rpartition("/")[0]
        shared = anchor.upper().endswith(".HDR")
        prefix = f"{folder}/" if folder else ""
        inner = tuple(name[len(prefix) :] for name in names if name.startswith(prefix))
        alone = path if len(found) == 1 else f"{root}/{anchor if shared else folder}"
        base = f"{root}/{folder}" if folder else root
        own = {name[len(prefix) :]: place for name, place in places.items()}
        products.append(ProductFiles(alone, base, inner, anchor[len(prefix) :], places=own))
    return products


def _in_folder(path: str) -> list[ProductFiles]:
    try:
        direct = [entry.name for entry in os.scandir(path) if entry.is_file()]
    except OSError as error:
        raise ProductError(f"{path} cannot be opened: {error.strerror}.") from error
    found = anchors(direct)
    if not found:
        return []
    root, names = list_folder(path)
    shared = len(found) > 1
    return [
        ProductFiles(f"{path}/{anchor}" if shared else path, root, names, anchor)
        for anchor in found
    ]


def _one_below(path: str) -> list[ProductFiles]:
    """The products in the folders directly below: archives are often unpacked with one too many."""
    below = sorted(entry.path for entry in os.scandir(path) if entry.is_dir())
    return [product for folder in below for product in _in_folder(folder)]


def _beside(path: str) -> list[ProductFiles]:
    """The product whose metadata file ``path`` is."""
    base = os.path.basename(path)
    if not any(reader.anchor.match(base) for reader in READERS):
        return []
    root, names = list_folder(os.path.dirname(path) or ".")
    return [ProductFiles(path, root, names, base)]


def _split_part(path: str) -> tuple[str, str]:
    head, mark, tail = path.rpartition("#")
    if not mark or os.path.exists(path) or "/" in tail:
        return path, ""
    return head, tail


__all__ = ["READERS", "files_of", "in_folder", "locate", "open_product", "read_product"]
