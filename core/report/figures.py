# SPDX-License-Identifier: GPL-3.0-or-later
"""Where all figures of reports come from: one look, drawn by matplotlib without its global
``pyplot`` state.

A drawing function opens ``canvas(...)``, draws on the axes it gets, and turns the result into a
``Figure`` value with ``finish(...)``. Few points become SVG (sharp in print), many become PNG
(small file).
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..dependencies import available, missing_sentence, require
from . import palette
from .document import Figure

SVG_LIMIT = 2000  # points; above, a PNG is smaller and quicker to show
DENSITY_LIMIT = 20_000  # points; above, single points hide each other and density is drawn
PNG_DPI = 160
PNG_ALWAYS = SVG_LIMIT + 1  # "points" of a drawing that is no good as SVG
WIDTH = 9.0  # inches: the text width of the page
_LABEL_LENGTH = 30
_LOCK = threading.Lock()  # the style is process-wide while a figure is drawn

STYLE: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": palette.INK,
    "axes.facecolor": palette.PAPER,
    "axes.grid": True,
    "axes.labelcolor": palette.INK,
    "axes.labelsize": 10,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "figure.facecolor": palette.PAPER,
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "grid.color": palette.GRID,
    "grid.linewidth": 0.6,
    "legend.fontsize": 9,
    "legend.framealpha": 0.9,
    "legend.frameon": True,
    "legend.edgecolor": palette.GRID,
    "lines.linewidth": 1.5,
    "savefig.facecolor": palette.PAPER,
    "svg.fonttype": "path",  # looks the same wherever it is opened
    "svg.hashsalt": "calval",  # the same figure gives the same file
    "text.color": palette.INK,
    "text.usetex": False,
    "xtick.color": palette.INK,
    "ytick.color": palette.INK,
}


@contextmanager
def canvas(
    width: float = WIDTH, height: float = 4.0, rows: int = 1, columns: int = 1, **layout: Any
) -> Iterator[tuple[Any, Any]]:
    """Give (figure, axes) in the reports' look; ``axes`` is one Axes, or an array (rows, columns)
    of them.

    ``width`` and ``height`` in inches; ``layout`` goes to ``Figure.subplots``. The look holds
    inside the ``with`` block only, so call ``finish`` within it. Raises ``MissingPackageError``
    where matplotlib is absent.
    """
    matplotlib = require("matplotlib")
    agg = require("matplotlib.backends.backend_agg")
    figure_module = require("matplotlib.figure")
    with _LOCK, matplotlib.rc_context(STYLE):
        figure = figure_module.Figure(figsize=(width, height), layout="constrained")
        agg.FigureCanvasAgg(figure)
        yield figure, figure.subplots(rows, columns, **layout)


def finish(figure: Any, points: int, alt: str, caption: str = "") -> Figure:
    """The drawn matplotlib figure as SVG (up to ``SVG_LIMIT`` points) or PNG.

    The canvas is printed directly: ``savefig`` draws and lays out everything a first time for
    crops and papers that are not used here, which is a quarter of its time.
    """
    stream = io.BytesIO()
    if points <= SVG_LIMIT:
        svg = require("matplotlib.backends.backend_svg")
        svg.FigureCanvasSVG(figure).print_svg(stream, metadata={"Date": None, "Creator": None})
        return Figure("svg", stream.getvalue(), alt, caption)
    figure.set_dpi(PNG_DPI)
    figure.canvas.print_png(stream, metadata={"Software": None})
    return Figure("png", stream.getvalue(), alt, caption)


def drawn(*makers: Callable[[], Figure | Sequence[Figure] | None]) -> tuple[Figure, ...]:
    """What the functions draw, without those that had nothing to draw (None); () where matplotlib
    is absent.
    """
    if not available("matplotlib"):
        return ()
    figures: list[Figure] = []
    for maker in makers:
        made = maker()
        if made is not None:
            figures.extend([made] if isinstance(made, Figure) else made)
    return tuple(figures)


def absence_notes() -> tuple[str, ...]:
    """A sentence saying that the report has no figures, and how to get them; () where they can be
    drawn.
    """
    if available("matplotlib"):
        return ()
    return (
        f"This report has no figures; its tables are complete. {missing_sentence(['matplotlib'])}",
    )


def plain(text: str, length: int = _LABEL_LENGTH) -> str:
    """Text safe as a label: no formula, no control characters, at most ``length`` long."""
    clean = "".join(character if character.isprintable() else " " for character in str(text))
    short = clean if len(clean) <= length else clean[: length - 1] + "\u2026"
    return short.replace("$", r"\$")
