# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the help pages that QGIS opens without a network: help/**/*.md -> help/html/**/*.html."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import markdown

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "help"
TARGET = SOURCE / "html"
EXTENSIONS = ["tables", "fenced_code", "toc", "attr_list", "sane_lists", "def_list"]

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, "Open Sans", sans-serif; max-width: 50rem; margin: 2rem auto;
  padding: 0 1rem; color: #222; background: #fff; }
h1, h2, h3 { line-height: 1.25; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2rem; } h3 { font-size: 1.05rem; }
a { color: #0072b2; }
code, pre { font-family: "DejaVu Sans Mono", monospace; font-size: .88em; background: #f2f4f6; }
code { padding: .1em .25em; border-radius: 3px; }
pre { padding: .8rem; overflow-x: auto; border-radius: 4px; } pre code { padding: 0; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { border: 1px solid #ccd2d8; padding: .35rem .6rem; text-align: left; vertical-align: top; }
th { background: #f2f4f6; }
img { max-width: 100%; }
nav { font-size: .9rem; margin-bottom: 1.5rem; }
blockquote { border-left: 4px solid #e69f00; margin-left: 0; padding-left: 1rem; }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #1d1f21; } a { color: #56b4e9; }
  code, pre, th { background: #2b2e31; } th, td { border-color: #45494d; } }
"""

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - CalVal Toolbox</title><style>{style}</style></head>
<body>{navigation}
{body}
</body></html>
"""


def title_of(text: str, name: str) -> str:
    """The first heading of a page."""
    found = re.search(r"^#\s+(.+)$", text, re.MULTILINE)
    return re.sub(r"[`*_]", "", found.group(1)).strip() if found else name


def relink(body: str, page: Path) -> str:
    """Links between pages lead to HTML; other relative links lead to the sources of ``page``."""
    depth = "../" * len(page.relative_to(SOURCE).parts)
    folder = page.relative_to(SOURCE).parent.as_posix()
    folder = "" if folder == "." else f"{folder}/"

    def change(found: re.Match[str]) -> str:
        attribute, address = found.group(1), found.group(2)
        if re.match(r"[a-z]+:|#|/", address):
            return found.group(0)
        if re.search(r"\.md(#|$)", address) and not address.startswith("../../"):
            return f'{attribute}="{re.sub(r"[.]md(?=#|$)", ".html", address)}"'
        return f'{attribute}="{depth}{folder}{address}"'

    return re.sub(r'\b(href|src)="([^"]+)"', change, body)


def build_page(page: Path) -> None:
    """Make one page."""
    text = page.read_text(encoding="utf-8")
    relative = page.relative_to(SOURCE)
    home = "../" * (len(relative.parts) - 1) + "index.html"
    navigation = (
        "" if relative == Path("index.md") else f'<nav><a href="{home}">All pages</a></nav>'
    )
    body = relink(markdown.markdown(text, extensions=EXTENSIONS), page)
    title = html.escape(title_of(text, page.stem))
    target = TARGET / relative.with_suffix(".html")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        PAGE.format(title=title, style=STYLE, navigation=navigation, body=body), encoding="utf-8"
    )


def build_index(pages: list[Path]) -> None:
    """A list of all pages, where nobody has written an index."""
    lines = []
    for heading, folder in (
        ("First steps", "tutorials"),
        ("Panels", "panels"),
        ("Algorithms", "."),
    ):
        chosen = [p for p in pages if p.relative_to(SOURCE).parent.as_posix() == folder]
        entries = [
            f'<li><a href="{p.relative_to(SOURCE).with_suffix(".html").as_posix()}">'
            f"{html.escape(title_of(p.read_text(encoding='utf-8'), p.stem))}</a></li>"
            for p in chosen
        ]
        if entries:
            lines.append(f"<h2>{heading}</h2><ul>{''.join(entries)}</ul>")
    body = "<h1>CalVal Toolbox</h1>" + "\n".join(lines)
    page = PAGE.format(title="Help", style=STYLE, navigation="", body=body)
    (TARGET / "index.html").write_text(page, encoding="utf-8")


def main() -> None:
    """Make all pages anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    pages = sorted(page for page in SOURCE.rglob("*.md") if TARGET not in page.parents)
    for page in pages:
        build_page(page)
    if SOURCE / "index.md" not in pages:
        build_index(pages)


if __name__ == "__main__":
    main()
