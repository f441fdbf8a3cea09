# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as value types, and its rendering to one self-contained HTML file.

Every domain fills the same ``Report``; nothing here knows what it is about. The text of the page
comes from ``resources/templates``; figures are embedded as data, styles and all; nothing is fetched
from a network.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..dependencies import require
from . import numbers, palette

_JOINS, _LONG_NAME = re.compile(r"(?<=[_/\\.])(?=\w)"), 24
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)")
TEMPLATES = Path(__file__).resolve().parents[2] / "resources" / "templates"


def now() -> str:
    """The present moment as ISO 8601 UTC text."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Headline:
    """One line of the answer: what, the number with its interval, how many, and what that means.

    ``state``: "" (no verdict), ``good``, ``caution`` or ``bad``.
    """

    label: str
    value: str
    count: str = ""
    verdict: str = ""
    state: str = ""


@dataclass(frozen=True)
class Figure:
    """A drawn figure: ``kind`` is ``svg`` or ``png``, ``content`` the bytes; ``alt`` tells it to
    who cannot see it.
    """

    kind: str
    content: bytes
    alt: str
    caption: str = ""

    @property
    def uri(self) -> str:
        """The figure as data URI: no script runs in it, and its ids meet no others of the page."""
        mime = {"svg": "image/svg+xml", "png": "image/png"}[self.kind]
        return f"data:{mime};base64,{base64.b64encode(self.content).decode('ascii')}"


@dataclass(frozen=True)
class Cell:
    """A table cell with a second, smaller line (an interval, a remark) and a verdict (see
    ``Headline.state``).
    """

    text: str
    detail: str = ""
    state: str = ""


@dataclass(frozen=True)
class Column:
    """A table column: its title, its unit, whether it holds numbers (aligned to the right),
    whether its cells are ``fixed``: never broken into lines, as dates, and whether they are
    ``long`` names, which need width.
    """

    title: str
    unit: str = ""
    numeric: bool = True
    fixed: bool = False
    long: bool = False


@dataclass(frozen=True)
class ReportTable:
    """A table: rows of text or ``Cell``, one entry per column."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str | Cell]]
    note: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(
                f"a row of table '{self.title}' does not have {len(self.columns)} cells"
            )


@dataclass(frozen=True)
class Section:
    """A chapter: paragraphs, then figures, then tables."""

    title: str
    text: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[ReportTable] = ()


@dataclass(frozen=True)
class InputFile:
    """A file that went into the result: path or name, SHA-256 in hexadecimal, size in bytes."""

    name: str
    sha256: str = ""
    size: int = -1


@dataclass(frozen=True)
class ReportContext:
    """What the calling algorithm knows of the run; ``created`` is ISO 8601 UTC text."""

    title: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: Sequence[InputFile] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    created: str = field(default_factory=now)


@dataclass(frozen=True)
class Report:
    """A whole report. ``notes`` stand right below the headline; ``sources`` are references with
    their DOI.
    """

    title: str
    subtitle: str = ""
    headline: Sequence[Headline] = ()
    sections: Sequence[Section] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: Sequence[InputFile] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    limits: Sequence[str] = ()
    sources: Sequence[str] = ()
    notes: Sequence[str] = ()
    created: str = field(default_factory=now)


def render(report: Report) -> str:
    """The report as HTML text (UTF-8, light theme, printable on A4); all text is escaped.

    Raises ``MissingPackageError`` where jinja2 is absent.
    """
    jinja2 = require("jinja2")
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.FileSystemLoader(str(TEMPLATES)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["setting"] = numbers.format_setting
    environment.filters["size"] = _size
    environment.filters["moment"] = _moment
    environment.filters["whole_dates"] = _whole_dates
    environment.filters["breakable"] = _breakable
    return str(environment.get_template("report.html").render(report=report, palette=palette))


def _breakable(text: str) -> Any:
    """``text`` (escaped) that may be broken after what joins the parts of a long name: the names of
    products have no spaces.
    """
    markup = require("markupsafe")
    parts = _JOINS.split(text) if len(text) > _LONG_NAME else [text]
    return markup.Markup("<wbr>").join(parts)


def _whole_dates(text: str) -> Any:
    """``text`` (escaped) whose dates are not broken at the end of a line."""
    markup = require("markupsafe")
    parts = _DATE.split(text)
    dates = [markup.Markup('<span class="whole">{}</span>').format(one) for one in parts[1::2]]
    pairs = zip(parts[::2], [*dates, ""], strict=True)
    return markup.Markup("").join(one for pair in pairs for one in pair)


def _moment(created: str) -> str:
    """``2026-01-31T08:05:09Z`` as ``2026-01-31 08:05 UTC``; other text as it is."""
    try:
        return datetime.fromisoformat(created.replace("Z", "+00:00")).strftime("%Y-%m-%d %H:%M UTC")
    except ValueError:
        return created


def _size(size: int) -> str:
    return numbers.format_size(size) if size >= 0 else numbers.NOT_AVAILABLE
