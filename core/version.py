# SPDX-License-Identifier: GPL-3.0-or-later
"""The version of the plugin, asked for in one place."""

from __future__ import annotations

from configparser import ConfigParser
from functools import cache
from pathlib import Path


@cache
def plugin_version() -> str:
    """The version in ``metadata.txt``."""
    parser = ConfigParser(interpolation=None)
    parser.read(Path(__file__).parent.parent / "metadata.txt", encoding="utf-8")
    return parser.get("general", "version", fallback="unknown")
