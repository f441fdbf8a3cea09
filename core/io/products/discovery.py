# SPDX-License-Identifier: GPL-3.0-or-later
"""Products below folders, and in archives: what can be read, and what cannot, with the reason."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ...errors import InputError, ProductError
from ...progress import Progress, Silent, check, each
from ...types import Product
from .files import ProductFiles, archive_prefix
from .reader import ReaderOptions
from .registry import NOT_THERE, READERS, in_folder, locate, read_product
from .safe import granules

Unreadable = tuple[str, str]
SHOWN = 10
NOTHING_HERE = "No product was found here."
NO_METADATA = "The file is neither an archive nor the metadata of a product."


def find_products(
    paths: Iterable[str | Path],
    progress: Progress | None = None,
    options: ReaderOptions | None = None,
) -> tuple[list[Product], list[Unreadable]]:
    """All products at and below ``paths`` (folders, archives, metadata files), sorted by time.

    Folders of products are not descended into. Returns the products, and (path, reason) of what
    looks like a product and cannot be read, of damaged archives, and of given paths in which
    nothing was found. Raises ``Canceled`` where the user asks to stop.
    """
    watch = progress or Silent()
    unreadable: list[Unreadable] = []
    candidates: list[ProductFiles] = []
    for path in paths:
        found, failed = _below(str(path), watch)
        candidates.extend(found)
        unreadable.extend(failed)
        if not found and not failed:
            unreadable.append((str(path), NOTHING_HERE))
    products: list[Product] = []
    for files in each(_distinct(candidates), watch, "Reading metadata"):
        try:
            products.extend(read_product(one, options) for one in _tiles(files))
        except InputError as error:
            unreadable.append((files.path, str(error)))
    products.sort(key=lambda product: (product.time, product.site, product.path))
    return products, unreadable


def check_found(
    paths: Iterable[str | Path], products: Sequence[Product], unreadable: Sequence[Unreadable]
) -> None:
    """Raise ``ProductError`` where neither a product was found nor anything that looks like one.

    ``products`` and ``unreadable`` as ``find_products`` returned them for ``paths``.
    """
    if products or any(not _is_nothing(reason) for _, reason in unreadable):
        return
    names = [str(path) for path in paths]
    where = ", ".join(names[:SHOWN]) + (" ..." if len(names) > SHOWN else "")
    absent = [path for path, reason in unreadable if reason.endswith(NOT_THERE)]
    missing = f"{', '.join(absent[:SHOWN])} {NOT_THERE} " if absent else ""
    raise ProductError(
        f"{missing}No product was found in {where}. Give product folders or archives, or folders "
        "that contain them, with the names that the producer gave them."
    )


def _is_nothing(reason: str) -> bool:
    """Whether a reason says that there is nothing, rather than something that cannot be read."""
    return reason in (NOTHING_HERE, NO_METADATA) or reason.endswith(NOT_THERE)


def _below(path: str, progress: Progress) -> tuple[list[ProductFiles], list[Unreadable]]:
    """Unread products at and below a path, and what failed."""
    found: list[ProductFiles] = []
    failed: list[Unreadable] = []
    for place in _places(path, progress):
        check(progress)
        try:
            here = locate(place) if not os.path.isdir(place) else in_folder(place)
        except ProductError as error:
            failed.append((place, str(error)))
            continue
        found.extend(here)
        if not here:
            failed.extend(_suspicion(place))
    return found, failed


def _places(path: str, progress: Progress) -> Iterator[str]:
    """Every folder and archive below ``path``, folders of products being the last on their way."""
    if not os.path.isdir(path):
        yield path
        return
    for folder, inner, files in os.walk(path):
        check(progress)
        yield folder
        inner[:] = [] if _is_product(files) else sorted(_open_folders(inner))
        yield from (os.path.join(folder, name) for name in sorted(files) if archive_prefix(name))


def _is_product(names: list[str]) -> bool:
    """Whether a folder is one product's own; Earth-Explorer headers lie beside each other."""
    return any(
        reader.anchor.match(name)
        for reader in READERS
        for name in names
        if not name.upper().endswith(".HDR")
    )


def _open_folders(names: list[str]) -> list[str]:
    return [name for name in names if not name.upper().endswith(".DBL.DIR")]


def _suspicion(place: str) -> list[Unreadable]:
    """A reason for what is named as a product, or is an archive, and holds none."""
    name = os.path.basename(place.rstrip("/\\"))
    if archive_prefix(name) and os.path.isfile(place):
        return [(place, "The archive holds no product that can be read.")]
    if os.path.isfile(place):
        return [(place, NO_METADATA)]
    if any(reader.folder.match(name) for reader in READERS):
        return [(place, "Named as a product, but its metadata file is missing. Get it again.")]
    return []


def _tiles(files: ProductFiles) -> list[ProductFiles]:
    """One entry per tile of early Sentinel-2 products, which hold several; else the product."""
    tiles = granules(files) if files.anchor.upper().endswith(".XML") else []
    if len(tiles) < 2:
        return [files]
    parts = [tile.rsplit("_T", 1)[-1][:5] for tile in tiles]
    return [
        ProductFiles(f"{files.path}#T{part}", files.root, files.names, files.anchor, f"T{part}")
        for part in parts
    ]


def _distinct(candidates: list[ProductFiles]) -> list[ProductFiles]:
    """Each product once, also where folders were given that overlap."""
    seen: dict[tuple[str, str], ProductFiles] = {}
    for files in candidates:
        seen.setdefault((files.root, files.anchor), files)
    return list(seen.values())
