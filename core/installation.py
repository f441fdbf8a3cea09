# SPDX-License-Identifier: GPL-3.0-or-later
"""What is installed: a table for people who ask why something does not run."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from .dependencies import PACKAGES, available
from .table import Table, from_rows

_FIELDS = {
    "package": "text",
    "version": "text",
    "state": "text",
    "purpose": "text",
    "how_to_get": "text",
}
_STYLE = (
    "body{font-family:sans-serif;margin:2em auto;max-width:60em;color:#222}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.4em .8em;border-bottom:1px solid #ccc;vertical-align:top}"
    ".missing{color:#a03000;font-weight:bold}"
)


def installation_table(versions: Mapping[str, str]) -> Table:
    """One row per piece of software: the ``versions`` that are known to run, then every optional
    package.

    Columns: package, version, state (``present`` or ``missing``), purpose, how_to_get.
    """
    rows = [
        {"package": name, "version": version, "state": "present", "purpose": "always needed"}
        for name, version in versions.items()
    ]
    for package in PACKAGES.values():
        present = available(package.module)
        rows.append(
            {
                "package": package.pip,
                "version": _version(package.pip) if present else "",
                "state": "present" if present else "missing",
                "purpose": package.purpose,
                "how_to_get": "" if present else f"python3 -m pip install {package.pip}",
            }
        )
    return from_rows(rows, _FIELDS, "installation")


def to_lines(table: Table) -> list[str]:
    """The table as aligned lines of text."""
    columns = [[key, *map(str, table[key])] for key in _FIELDS]
    widths = [max(map(len, cells)) for cells in columns]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in zip(*columns, strict=True)
    ]


def to_html(table: Table) -> str:
    """The table as a self-contained page; needs no package, so that it also works where everything
    is missing.
    """
    head = "".join(f"<th>{escape(key.replace('_', ' '))}</th>" for key in _FIELDS)
    body = "".join(
        f'<tr class="{escape(str(table["state"][row]))}">'
        + "".join(f"<td>{escape(str(table[key][row]))}</td>" for key in _FIELDS)
        + "</tr>"
        for row in range(len(table))
    )
    title = "CalVal Toolbox: installation"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></body></html>\n"
    )


def _version(distribution: str) -> str:
    from importlib import metadata  # slow to import, and asked for by this table only

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "unknown"
