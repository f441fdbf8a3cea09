# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata in XML: parsed by defusedxml, namespaces ignored, missing values told as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...dependencies import require
from ...errors import ProductError
from .numbers import integer, maybe_real, real


class Xml:
    """An element of a metadata file; tags are compared without their namespaces."""

    def __init__(self, element: Any, where: str) -> None:
        self._element = element
        self.where = where

    @property
    def tag(self) -> str:
        """The tag without its namespace."""
        return _local(self._element.tag)

    def all(self, path: str) -> Iterator[Xml]:
        """All elements below this one that ``path`` leads to: its first tag at any depth, each
        further one (after "/") a child of the one before.
        """
        first, *rest = path.split("/")
        for element in self._element.iter():
            if element is not self._element and _local(element.tag) == first:
                yield from _descend(Xml(element, self.where), rest)

    def children(self) -> Iterator[Xml]:
        """The direct children."""
        for element in self._element:
            yield Xml(element, self.where)

    def first(self, path: str) -> Xml | None:
        """The first element that ``path`` leads to, or None."""
        return next(self.all(path), None)

    def attribute(self, name: str, default: str = "") -> str:
        """An attribute's text."""
        return str(self._element.get(name, default))

    def attributes(self) -> tuple[str, ...]:
        """The texts of all attributes, whatever their names."""
        return tuple(map(str, self._element.attrib.values()))

    def own_text(self) -> str:
        """The text of this element, stripped."""
        return (self._element.text or "").strip()

    def text(self, path: str, default: str | None = None) -> str:
        """The text at ``path``; ``default`` (or ``ProductError``) where it is absent or empty."""
        found = next((node.own_text() for node in self.all(path) if node.own_text()), None)
        if found is not None:
            return found
        if default is None:
            raise ProductError(f"{self.where} does not say {path}. Get the product again.")
        return default

    def number(self, path: str, default: float | None = None) -> float:
        """The number at ``path``; ``default`` (or ``ProductError``) where it is absent."""
        text = self.text(path, None if default is None else "")
        return default if text == "" and default is not None else self.to_number(text, path)

    def maybe(self, path: str) -> float | None:
        """The number at ``path``, None where it is absent or not known (NaN)."""
        return maybe_real(self.text(path, ""), path, self.where)

    def maybe_own(self) -> float | None:
        """The number that this element holds, None where it is empty or not known (NaN)."""
        return maybe_real(self.own_text(), self.tag, self.where)

    def integer(self, name: str) -> int:
        """The whole number of an attribute; raises ``ProductError`` naming the file."""
        return integer(self.attribute(name), f"{name} of {self.tag}", self.where)

    def to_number(self, text: str, what: str) -> float:
        """``text`` as a finite number; raises ``ProductError`` naming the file."""
        return real(text, what, self.where)


def parse(data: bytes, where: str) -> Xml:
    """Parse a metadata file; ``where`` names it in messages.

    Raises ``ProductError`` where it is not complete, not XML, of an unknown encoding, or declares
    entities (which could blow it up or read other files).
    """
    trees = require("defusedxml.ElementTree")
    common = require("defusedxml.common")
    try:
        return Xml(trees.fromstring(data), where)
    except common.DefusedXmlException as error:
        raise ProductError(
            f"{where} declares XML entities, which no product does; it was refused for safety."
        ) from error
    except (trees.ParseError, ValueError, LookupError) as error:
        raise ProductError(
            f"{where} is not valid XML ({error}): it is damaged or not complete. Get it again."
        ) from error


def _descend(node: Xml, rest: list[str]) -> Iterator[Xml]:
    if not rest:
        yield node
        return
    for child in node._element:
        if _local(child.tag) == rest[0]:
            yield from _descend(Xml(child, node.where), rest[1:])


def _local(tag: Any) -> str:
    return str(tag).rsplit("}", 1)[-1]
