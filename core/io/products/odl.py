# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata in the object description language of Landsat's MTL files: groups of KEY = VALUE."""

from __future__ import annotations

import re

from ...errors import ProductError
from .numbers import maybe_real

ROOTS = ("L1_METADATA_FILE", "LANDSAT_METADATA_FILE")
LINE = re.compile(r"^\s*([A-Za-z0-9_]+)\s*=\s*(.*?)\s*$")


class Odl:
    """The keys of an MTL file; the same key may stand in several groups.

    Raises ``ProductError`` where the file breaks off before its END.
    """

    def __init__(self, text: str, where: str) -> None:
        self.where = where
        self._entries: list[tuple[str, str, str]] = []
        open_groups: list[str] = []
        self.known = False
        for line in text.splitlines():
            match = LINE.match(line)
            if match is None:
                continue
            key, value = match[1].upper(), match[2].strip('"')
            if key == "GROUP":
                open_groups.append(value)
                self.known = self.known or value in ROOTS
            elif key == "END_GROUP" and open_groups:
                open_groups.pop()
            else:
                self._entries.append((open_groups[-1] if open_groups else "", key, value))
        if self.known and open_groups:
            raise ProductError(f"{where} is not complete. Get the product again.")

    def text(self, key: str, default: str | None = None, groups: str = "") -> str:
        """The first value of ``key``, within ``groups`` (names joined by "|") where given.

        Raises ``ProductError`` where it is absent and there is no ``default``.
        """
        wanted = groups.split("|") if groups else []
        for group, name, value in self._entries:
            if name == key and (not wanted or group in wanted):
                return value
        if default is None:
            raise ProductError(f"{self.where} does not say {key}. Get the product again.")
        return default

    def maybe(self, key: str, groups: str = "") -> float | None:
        """The number of ``key``, None where it is absent or not known (NaN); raises
        ``ProductError`` for others.
        """
        return maybe_real(self.text(key, "", groups), key, self.where)

    def number(self, key: str, groups: str = "") -> float:
        """The number of ``key``; raises ``ProductError`` where it is absent."""
        value = self.maybe(key, groups)
        if value is None:
            raise ProductError(f"{self.where} does not say {key}. Get the product again.")
        return value

    def keys(self, pattern: str) -> list[tuple[str, str]]:
        """All keys that fit the regular expression, with their values."""
        wanted = re.compile(pattern)
        return [(key, value) for _, key, value in self._entries if wanted.fullmatch(key)]
