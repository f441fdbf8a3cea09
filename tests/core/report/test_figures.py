# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from defusedxml import ElementTree

from calval_toolbox.core.report import charts, figures
from calval_toolbox.core.report.document import Figure

PNG = b"\x89PNG\r\n\x1a\n"


def draw(points: int, title: str = "title") -> Figure:
    with figures.canvas(height=2.0) as (figure, axes):
        axes.plot(np.arange(points), np.arange(points), "o")
        axes.set_title(title)
        return figures.finish(figure, points, "alt", "caption")


def test_few_points_are_sharp_and_many_are_small() -> None:
    few, many = draw(figures.SVG_LIMIT), draw(figures.SVG_LIMIT + 1)
    assert few.kind == "svg"
    assert ElementTree.fromstring(few.content).tag.endswith("svg")
    assert many.kind == "png"
    assert many.content.startswith(PNG)


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert draw(20).content == draw(20).content
    assert draw(3000).content == draw(3000).content


@pytest.mark.parametrize(("kind", "points"), [("svg", 20), ("png", 3000)])
def test_bytes_are_those_of_savefig(kind: str, points: int) -> None:
    found = []
    for direct in (True, False):
        with figures.canvas(height=3.0, rows=2) as (figure, axes):
            for one in axes:
                one.plot(np.arange(points), np.arange(points), "o", label="points")
            axes[0].legend(loc="lower left", bbox_to_anchor=(0.0, 1.2))
            if direct:
                found.append(figures.finish(figure, points, "alt").content)
                continue
            stream = io.BytesIO()
            nothing = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
            figure.savefig(stream, format=kind, dpi=figures.PNG_DPI, metadata=nothing)
            found.append(stream.getvalue())
    assert found[0] == found[1]


def test_the_global_style_and_pyplot_are_left_alone() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    draw(3)
    assert dict(matplotlib.rcParams) == before
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()


@pytest.mark.parametrize(
    "name", ["$\\frac{a}$", "$$", "a\x00b\x07", "<&>", "x_1^2", "50 $ or 60 $"]
)
def test_any_label_can_be_drawn(name: str) -> None:
    content = draw(3, figures.plain(name)).content
    ElementTree.fromstring(content)


def test_labels_are_cut_and_never_a_formula() -> None:
    assert figures.plain("a" * 40) == "a" * 29 + "\u2026"
    assert figures.plain("$x$") == r"\$x\$"
    assert figures.plain("a\nb") == "a b"


def test_without_matplotlib_nothing_is_drawn_and_a_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert figures.absence_notes() == ()
    assert len(figures.drawn(lambda: draw(3), lambda: None, lambda: [draw(4), draw(5)])) == 3
    monkeypatch.setattr(figures, "available", lambda module: module != "matplotlib")
    assert figures.drawn(lambda: draw(3)) == ()
    (note,) = figures.absence_notes()
    assert "no figures" in note
    assert "pip install matplotlib" in note


def test_histogram_counts_every_value() -> None:
    rng = np.random.default_rng(0)
    values = np.append(rng.normal(0.0, 1.0, 5000), [50.0])
    edges, counts = charts.bars(values)
    assert edges[-1] < 5.0  # one outlier does not squeeze the rest
    assert counts.sum() == len(values)
    assert counts[len(counts) // 2] == pytest.approx(counts.max(), rel=0.15)
    assert len(charts.bars(np.full(10, 0.3))[1]) == 5
    assert charts.histogram_chart(np.full(10, 0.3), "x", "alt").kind == "svg"


def test_charts_take_rows_without_interval() -> None:
    rows = [charts.IntervalRow("a", 1.0, 0.5, 1.5), charts.IntervalRow("b", np.nan, hollow=True)]
    legend = [("tier 1", "#009E73")]
    figure = charts.interval_chart(rows, "x", "alt", zero=0.0, legend=legend)
    assert figure.kind == "svg"


def test_matrix_of_many_sites_drops_its_labels() -> None:
    few = charts.matrix_chart(np.full((3, 3), 0.7), ["a", "b", "c"], "P", "alt")
    labels = [str(number) for number in range(60)]
    many = charts.matrix_chart(np.full((60, 60), 0.7), labels, "P", "alt")
    assert b"<!-- .70 -->" in few.content
    assert b"<!-- .70 -->" not in many.content
    assert b"<!-- rank -->" in many.content
