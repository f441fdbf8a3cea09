# SPDX-License-Identifier: GPL-3.0-or-later
"""How layers of files are written: ``/data/a.gpkg|layername=samples``."""

from __future__ import annotations


def split_source(source: str) -> tuple[str, str]:
    """Path and layer name of the source of a layer; "" for the name where it says none."""
    path, *options = source.split("|")
    named = [one.partition("=")[2] for one in options if one.startswith("layername=")]
    return path.removeprefix("file://"), named[0] if named else ""
