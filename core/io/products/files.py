# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of one product: in a folder, a zip or a tar, read through GDAL's virtual file systems
without unpacking.
"""

from __future__ import annotations

import os
import re
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from osgeo import gdal

from ...errors import ProductError
from ..rasters import quiet, short
from .xmltree import Xml, parse

ARCHIVES = {".zip": "/vsizip/", ".tar": "/vsitar/", ".tgz": "/vsitar/", ".tar.gz": "/vsitar/"}
MAX_METADATA_BYTES = 64 * 2**20
MAX_FILES = 20_000
TAR_NAME_LENGTH = 100


@dataclass
class ProductFiles:
    """The files below one root, by their relative names with forward slashes.

    ``path`` is what the user gave, ``root`` what GDAL opens, ``anchor`` the file by which a reader
    recognized the product, ``part`` the tile asked for where a product holds several. ``places``
    says where files are that GDAL cannot reach below ``root`` by their names.
    """

    path: str
    root: str
    names: tuple[str, ...]
    anchor: str = ""
    part: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    _xml: dict[str, Xml] = field(default_factory=dict)
    _by_base: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.names:
            self._by_base.setdefault(name.rsplit("/", 1)[-1].lower(), []).append(name)

    def uri(self, name: str) -> str:
        """What GDAL opens for a file of the product."""
        return self.places.get(name, f"{self.root}/{name}")

    def find(self, pattern: str) -> list[str]:
        """The names (relative, sorted) whose end fits the regular expression, whatever the case."""
        wanted = re.compile(rf"(?:^|.*/){pattern}$", re.IGNORECASE)
        return [name for name in self.names if wanted.match(name)]

    def resolve(self, listed: str) -> str | None:
        """The product's file that metadata list as ``listed``: by its path, else by its name.

        None where it is absent. Products are often moved into folders of other names, so the
        file's own name counts more than its path.
        """
        listed = listed.strip().replace("\\", "/").removeprefix("./")
        matches = self._by_base.get(listed.rsplit("/", 1)[-1].lower(), [])
        if listed in matches:
            return listed
        return matches[0] if matches else None

    def data(self, name: str) -> bytes:
        """The content of a metadata file; raises ``ProductError`` where it cannot be read."""
        return read_bytes(self.uri(name))

    def text(self, name: str) -> str:
        """The content of a text file."""
        return self.data(name).decode("utf-8", errors="replace")

    def xml(self, name: str) -> Xml:
        """A parsed XML file; raises ``ProductError`` where it is truncated, forbidden or empty."""
        if name not in self._xml:
            self._xml[name] = parse(self.data(name), short(self.uri(name)))
        return self._xml[name]


def archive_prefix(path: str) -> str:
    """GDAL's prefix for an archive by its file name, "" where it is none."""
    lowered = path.lower()
    return next((prefix for end, prefix in ARCHIVES.items() if lowered.endswith(end)), "")


def archive_root(path: str) -> str:
    """What GDAL opens for an archive (or for a path that has GDAL's prefix already)."""
    if path.startswith("/vsi"):
        return path
    return f"{archive_prefix(path)}{Path(path).absolute().as_posix()}"


def list_archive(path: str) -> tuple[str, tuple[str, ...]]:
    """The root for GDAL and the names in an archive; raises ``ProductError`` where it is broken."""
    root = archive_root(path)
    names: list[str] | None = None
    with quiet():
        try:
            names = gdal.ReadDirRecursive(root)
        except RuntimeError:
            names = None
    if not names:
        raise ProductError(
            f"{Path(path).name} cannot be read as an archive: it is damaged, incomplete or empty. "
            "Get it again."
        )
    return root, tuple(name for name in names if not name.endswith("/"))


def tar_places(root: str, names: Sequence[str]) -> dict[str, str]:
    """What GDAL opens for each file below ``root`` (``/vsitar/...``) where it cuts off ``names``.

    GDAL reads only the first 100 characters of the names in archives of the PAX kind. Their files
    are reached by their position instead. Empty where nothing is cut off. Raises ``ProductError``
    where the archive is damaged.
    """
    archive, inner = root.removeprefix("/vsitar/"), ""
    while archive and not os.path.isfile(archive):
        archive, _, tail = archive.rpartition("/")
        inner = f"{tail}/{inner}"
    if not archive or all(len(inner + name) != TAR_NAME_LENGTH for name in names):
        return {}
    base = f"/vsigzip/{archive}" if archive.lower().endswith("gz") else archive
    try:
        with tarfile.open(archive) as index:
            return {
                member.name[len(inner) :]: f"/vsisubfile/{member.offset_data}_{member.size},{base}"
                for member in index
                if member.isfile() and member.name.startswith(inner)
            }
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise ProductError(
            f"{Path(archive).name} cannot be read as an archive: it is damaged, incomplete or "
            "empty. Get it again."
        ) from error


def list_folder(path: str) -> tuple[str, tuple[str, ...]]:
    """The root for GDAL and the names of all files below a folder.

    Raises ``ProductError`` where there are more files than any product has.
    """
    base = Path(path)
    names: list[str] = []
    for folder, _, files in os.walk(base):
        relative = Path(folder).relative_to(base).as_posix()
        prefix = "" if relative == "." else f"{relative}/"
        names.extend(prefix + name for name in files)
        if len(names) > MAX_FILES:
            raise ProductError(
                f"{base.name} holds more than {MAX_FILES} files, so it is no single product. "
                "Give the folder of one product."
            )
    return base.absolute().as_posix(), tuple(sorted(names))


def read_bytes(uri: str) -> bytes:
    """The content of a file through GDAL's virtual file systems; raises ``ProductError``."""
    with quiet():
        try:
            info = gdal.VSIStatL(uri)
            handle = gdal.VSIFOpenL(uri, "rb") if info is not None else None
        except RuntimeError:
            handle = None
        if handle is None:
            raise ProductError(f"{short(uri)} cannot be read. Get the product again.")
        try:
            if info.size > MAX_METADATA_BYTES:
                raise ProductError(
                    f"{short(uri)} is larger than any metadata file; it was not read."
                )
            content = gdal.VSIFReadL(1, info.size, handle)
        finally:
            gdal.VSIFCloseL(handle)
    if content is None or len(content) < info.size:
        raise ProductError(f"{short(uri)} is not complete. Get the product again.")
    return bytes(content)
