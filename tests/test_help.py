# SPDX-License-Identifier: GPL-3.0-or-later
"""The help pages: made from their sources, and leading nowhere that is not there."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "help" / "html"
SOURCES = sorted(
    page.relative_to(ROOT / "help")
    for page in (ROOT / "help").rglob("*.md")
    if HTML not in page.parents
)


def test_there_is_an_index() -> None:
    assert (HTML / "index.html").is_file(), "scripts/setup.sh makes the pages"


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_page_is_made_and_its_links_lead_somewhere(source: Path) -> None:
    page = HTML / source.with_suffix(".html")
    text = page.read_text(encoding="utf-8")
    assert "<title>" in text
    assert "<script" not in text
    assert not re.findall(r'src="https?:', text), "a picture from the network"
    for address in re.findall(r'\b(?:href|src)="([^"]+)"', text):
        if re.match(r"[a-z]+:", address):
            continue
        path, _, anchor = address.partition("#")
        target = (page.parent / unquote(path)).resolve() if path else page
        assert target.is_file(), f"{source} leads to {address}"
        if anchor and target.suffix == ".html":
            assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), f"{source}: {address}"
