# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

from calval_toolbox.core.errors import MissingPackageError
from calval_toolbox.core.report.document import (
    Cell,
    Column,
    Figure,
    Headline,
    InputFile,
    Report,
    ReportTable,
    Section,
    render,
)

EVIL = "<script>alert('x')</script>"


def full_report(text: str) -> Report:
    """A report with ``text`` at every place that takes text."""
    table = ReportTable(text, [Column(text, text), Column(text)], [[text, Cell(text, text)]], text)
    figure = Figure("svg", f"<svg><!--{text}--></svg>".encode(), text, text)
    return Report(
        text,
        text,
        [Headline(text, text, text, text, "good")],
        [Section(text, [text], [figure], [table])],
        {text: text},
        [InputFile(text, text, 5)],
        {text: text},
        [text],
        [text],
        [text],
        text,
    )


def test_hostile_text_stays_text(page: Callable[[str], Any]) -> None:
    html = render(full_report(EVIL))
    found = page(html)
    assert "script" not in {tag for tag, _ in found.tags}
    assert found.text.count(EVIL) >= 20
    attack = render(full_report('" onerror="alert(1)'))
    assert not any("onerror" in attributes for _, attributes in page(attack).tags)


def test_page_asks_nothing_of_the_network(page: Callable[[str], Any]) -> None:
    found = page(render(full_report("text")))
    for tag, attributes in found.tags:
        assert tag not in ("script", "link", "iframe", "object", "base")
        assert "href" not in attributes
        assert (attributes.get("src") or "data:").startswith("data:")
    policies = [one.get("content") for tag, one in found.tags if "http-equiv" in one]
    assert policies == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]
    assert not re.search(r"url\(|@import", render(full_report("text")))


def test_figures_are_embedded_with_their_words(page: Callable[[str], Any]) -> None:
    content = b"\x89PNG\r\n"
    report = Report("t", sections=[Section("s", figures=[Figure("png", content, "alt", "cap")])])
    found = page(render(report))
    (image,) = found.images()
    assert image["alt"] == "alt"
    head, _, data = str(image["src"]).partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(data) == content
    assert "cap" in found.text


def test_the_answer_comes_before_everything_else() -> None:
    report = Report(
        "Title",
        headline=[Headline("Bias", "-0.042 [-0.053, -0.031]", "n = 396", "Lower.", "caution")],
        sections=[Section("Agreement", ["words"])],
        parameters={"A": 1},
        inputs=[InputFile("f.csv", "ab", 1)],
        versions={"QGIS": "3.40"},
        limits=["limit"],
        sources=["source"],
        notes=["note"],
        created="2026-01-31T08:05:09Z",
    )
    html = render(report)
    order = [
        "Title</h1>",
        "2026-01-31 08:05 UTC",
        'class="caution"',
        "-0.042 [-0.053, -0.031]",
        "note",
        "Agreement</h2>",
        "Parameters</h2>",
        "Inputs</h2>",
        "Versions</h2>",
        "Limits of the method</h2>",
        "Sources</h2>",
    ]
    places = [html.index(text, html.index("<body>")) for text in order]
    assert places == sorted(places)


def test_empty_parts_leave_no_headings(page: Callable[[str], Any]) -> None:
    tags = [tag for tag, _ in page(render(Report("Only a title"))).tags]
    assert "h2" not in tags
    assert "table" not in tags


def test_long_names_break_where_their_parts_join() -> None:
    name = "S2A_MSIL2A_20190206T105431_N0400.SAFE"
    table = ReportTable("T", [Column("Name", numeric=False, long=True)], [[name], ["a_<b>"]])
    html = render(Report("Title", sections=[Section("S", tables=[table])]))
    assert name.replace("_", "_<wbr>").replace(".", ".<wbr>") in html
    assert "a_&lt;b&gt;" in html, "short ones stay whole, and all of them text"


def test_rows_must_fit_the_columns() -> None:
    with pytest.raises(ValueError, match="table 'T' does not have 2 cells"):
        ReportTable("T", [Column("a"), Column("b")], [["1"]])


def test_page_is_valid_utf8_with_its_own_style() -> None:
    html = render(Report("São Paulo ± τ"))
    assert "São Paulo ± τ" in html.encode("utf-8").decode("utf-8")
    assert "@media print" in html
    assert "size: A4" in html
    assert "{{" not in html
    assert "{%" not in html


def test_without_jinja2_the_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingPackageError, match=r"jinja2 \(HTML reports\).*pip install jinja2"):
        render(Report("t"))
