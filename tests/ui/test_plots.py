# SPDX-License-Identifier: GPL-3.0-or-later
"""Plots: clicks, hover, density, exports, themes and sizes."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from defusedxml import ElementTree
from qgis.PyQt.QtCore import QPointF
from qgis.PyQt.QtGui import QColor, QImage, QPalette


def scene_of(plot: Any, x: float, y: float) -> QPointF:
    """Where the data point ``x``, ``y`` is in the scene."""
    return plot.getViewBox().mapViewToScene(QPointF(x, y))


def a_row(panel: Any, site: str) -> int:
    """An accepted match-up of a site that no other point lies on: the one of largest AOT."""
    rows = np.flatnonzero((panel.model.matchups.site == site) & panel.model.matchups.accepted)
    return int(rows[np.argmax(panel.model.matchups.reference[rows])])


def test_click_picks_site_and_tells_the_match_up(panel: Any, app: Any) -> None:
    told = []
    panel.matchup_picked.connect(told.append)
    matchups, row = panel.model.matchups, a_row(panel, "Ouarzazate")
    app.processEvents()
    where = scene_of(panel.scatter.plot, matchups.reference[row], matchups.satellite[row])
    panel.scatter.mouse.press(where)
    assert panel.model.site == "Ouarzazate"
    assert panel.filters.site.currentText() == "Ouarzazate"
    assert told[0].site == "Ouarzazate"
    assert told[0].time == matchups.time[row]
    assert (told[0].longitude, told[0].latitude) == (-6.91, 30.93)
    assert told[0].product == matchups.extra["product"][row]


def test_click_beside_all_points_does_nothing(panel: Any, app: Any) -> None:
    told = []
    panel.matchup_picked.connect(told.append)
    app.processEvents()
    top = float(np.nanmax(panel.model.matchups.satellite))
    panel.scatter.mouse.press(scene_of(panel.scatter.plot, 0.02, top))
    assert told == []


def test_hover_shows_value_and_product(panel: Any, app: Any) -> None:
    matchups, row = panel.model.matchups, a_row(panel, "Beijing")
    app.processEvents()
    panel.scatter.mouse.move(
        scene_of(panel.scatter.plot, matchups.reference[row], matchups.satellite[row])
    )
    text = panel.scatter.readout.text()
    assert "Beijing" in text
    assert f"AERONET {matchups.reference[row]:.3f}" in text
    assert f"satellite {matchups.satellite[row]:.3f}" in text
    assert matchups.extra["product"][row] in text
    panel.scatter.mouse.move(scene_of(panel.scatter.plot, -9.0, -9.0))
    assert panel.scatter.readout.text().strip() == ""


def test_rejected_points_say_why_and_can_be_hidden(panel: Any, app: Any) -> None:
    panel.filters.gapfilled.slider.setValue(4)
    panel.flush()
    app.processEvents()
    matchups = panel.model.matchups
    row = int(np.flatnonzero(~matchups.accepted)[np.argmax(matchups.reference[~matchups.accepted])])
    assert "rejected: Too large a share of the window is gap-filled" in panel.model.describe(row)
    assert len(panel.scatter.rejected.getData()[0]) == int((~matchups.accepted).sum())
    panel.scatter.rejected_box.setChecked(False)
    assert len(panel.scatter.rejected.getData()[0]) == 0
    assert len(panel.scatter.accepted.getData()[0]) == int(matchups.accepted.sum())


def test_click_in_the_ranking_picks_the_site(panel: Any) -> None:
    panel.body.show_page(panel.ranking)
    panel.ranking.picked.emit(0)
    assert panel.model.site == panel.ranking.columns()["site"][0]


def test_series_shows_all_photometer_values(panel: Any, made: Any) -> None:
    panel.pick_site("Toulouse")
    panel.body.show_page(panel.series)
    _, reference = made.observations()
    assert len(panel.series.reference.getData()[0]) == int((reference.site == "Toulouse").sum())
    x, y = panel.series.accepted[0].getData()
    rows = panel.model.site_rows("Toulouse") & panel.model.matchups.accepted
    np.testing.assert_allclose(y, panel.model.matchups.satellite[rows])
    first = np.datetime64(int(x[0]), "s")
    assert first == panel.model.matchups.time[rows][0].astype("datetime64[s]")


def test_many_points_become_a_density_image(make_panel: Any, made: Any) -> None:
    from calval_toolbox.ui.aot.inputs import Inputs

    panel = make_panel()
    panel.show_inputs(Inputs("few", made.matchups(60)))
    assert not panel.scatter.dense
    many = made.matchups(7000)
    panel.show_inputs(Inputs("many", many))
    assert int(many.accepted.sum()) > 20_000
    assert panel.scatter.dense
    assert len(panel.scatter.accepted.getData()[0]) == 0
    image = panel.scatter.density.image
    assert 0 < int((image[..., 3] > 0).sum()) < image[..., 3].size


@pytest.mark.parametrize("index", range(4))
def test_exports_are_real_files(panel: Any, app: Any, tmp_path: Path, index: int) -> None:
    plot = panel.plots[index]
    panel.body.show_page(plot)
    app.processEvents()
    told = []
    plot.failed.connect(told.append)
    for suffix in ("png", "svg", "csv"):
        plot.export(tmp_path / f"plot.{suffix}")
    assert told == []
    picture = QImage(str(tmp_path / "plot.png"))
    assert picture.width() == 2 * plot.view.viewport().width()
    assert colors_of(picture) > 20
    root = ElementTree.parse(tmp_path / "plot.svg").getroot()
    assert root.tag.endswith("svg")
    assert len(list(root.iter())) > 50
    with open(tmp_path / "plot.csv", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = plot.columns()
    assert len(rows) == len(next(iter(columns.values())))
    key = {0: "satellite", 1: "difference", 2: "accuracy", 3: "score"}[index]
    written = [float(row[key]) for row in rows if row[key]]
    np.testing.assert_allclose(written, columns[key][np.isfinite(columns[key])], rtol=1e-8)


def test_export_into_nowhere_is_told(panel: Any, tmp_path: Path) -> None:
    told = []
    panel.told.connect(told.append)
    for suffix in ("png", "svg", "csv"):
        panel.scatter.export(tmp_path / "absent" / f"plot.{suffix}")
    assert len(told) == 3
    assert all("could not be written" in text for text in told)


def test_times_in_csv_are_utc(panel: Any, tmp_path: Path) -> None:
    panel.scatter.export(tmp_path / "plot.csv")
    first = next(csv.DictReader(io.StringIO((tmp_path / "plot.csv").read_text(encoding="utf-8"))))
    assert first["time"] == "2016-01-03T10:50:00Z"


def dark_palette() -> QPalette:
    palette = QPalette()
    for role, tone in (
        ("Window", "#323232"),
        ("Base", "#232323"),
        ("Text", "#e6e6e6"),
        ("WindowText", "#e6e6e6"),
    ):
        palette.setColor(getattr(QPalette.ColorRole, role), QColor(tone))
    return palette


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio of two colors (WCAG 2.1)."""

    def luminance(color: QColor) -> float:
        parts = [part / 255 for part in color.getRgb()[:3]]
        linear = [
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_theme_follows_the_palette(panel: Any, app: Any) -> None:
    assert not panel.scatter.theme.dark
    panel.setPalette(dark_palette())
    app.processEvents()
    theme = panel.scatter.theme
    assert theme.dark
    assert theme.background == QColor("#232323")
    grabbed = panel.scatter.view.grab().toImage()
    assert grabbed.pixelColor(5, 5) == QColor("#232323")
    for color in (
        theme.foreground,
        theme.muted,
        theme.accepted,
        theme.reference,
        theme.picked,
        theme.rejected,
    ):
        assert contrast(color, theme.background) >= 3.0


def colors_of(image: QImage) -> int:
    """How many different colors a picture holds on a coarse grid."""
    steps = [(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)]
    return len({image.pixel(x, y) for x, y in steps})


@pytest.mark.parametrize("scale", [1.0, 1.25])
@pytest.mark.parametrize("width", [420, 600, 1000, 1500])
def test_nothing_is_cut_off_or_overlaps(
    make_panel: Any, app: Any, case: Path, width: int, scale: float
) -> None:
    panel = make_panel(width)
    font = app.font()
    font.setPointSizeF(9.5 * scale)
    panel.setFont(font)
    panel.open(str(case))
    panel.pick_site("Ouarzazate")
    panel.flush()
    for _ in range(4):
        app.processEvents()
    assert panel.width() == width
    side = panel.body.side
    assert side.widget().width() <= side.viewport().width()
    visible = [one for one in panel.statistics.values.values() if one.isVisible()]
    rects = [one.geometry() for one in visible]
    assert all(not a.intersects(b) for i, a in enumerate(rects) for b in rects[i + 1 :])
    assert all(one.heightForWidth(one.width()) <= one.height() for one in visible)
    assert colors_of(panel.grab().toImage()) > 40


def test_text_stays_legible_where_a_style_sheet_darkens_the_background_alone() -> None:
    from qgis.PyQt.QtGui import QColor

    from calval_toolbox.ui.theme import theme_of

    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor("#323232"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#000000"))
    assert theme_of(palette).foreground.lightness() > 180
    palette.setColor(QPalette.ColorRole.Base, QColor("#ffffff"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#eeeeee"))
    assert theme_of(palette).foreground.lightness() < 60


def entries(panel: Any) -> list[str]:
    return panel.scatter.legend.names()


def test_legend_of_the_scatter_names_what_is_drawn(panel: Any) -> None:
    always = ["Accepted", "1:1 line", "Expected error ± 0.05 + 15 %", "Deming line"]
    assert entries(panel) == always
    panel.filters.gapfilled.slider.setValue(8)
    panel.flush()
    assert entries(panel) == ["Rejected", *always]
    panel.scatter.rejected_box.setChecked(False)
    assert entries(panel) == always
    panel.pick_site("Beijing")
    assert entries(panel) == ["Accepted", "Beijing", *always[1:]]
    panel.filters.cloud.slider.setValue(0)
    panel.flush()
    assert "Deming line" not in entries(panel)
    assert "Beijing" not in entries(panel)


def test_fitted_line_is_that_of_the_statistics(panel: Any) -> None:
    fitted = panel.model.figures().overall.regressions["deming"]
    x, y = panel.scatter.fitted.getData()
    np.testing.assert_allclose(y, fitted.intercept.value + fitted.slope.value * x)
    assert len(x) > 2


def test_legend_tells_density_from_points(make_panel: Any, made: Any) -> None:
    from calval_toolbox.ui.aot.inputs import Inputs

    panel = make_panel()
    panel.show_inputs(Inputs("many", made.matchups(7000)))
    assert entries(panel)[0] == "Accepted, few to many"
    assert "Accepted" not in entries(panel)
    panel.show_inputs(Inputs("few", made.matchups(60)))
    assert entries(panel)[0] == "Accepted"


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.6])
@pytest.mark.parametrize("width", [300, 420, 600, 1000, 1500])
def test_legends_overlap_nothing(
    make_panel: Any, app: Any, case: Path, width: int, scale: float
) -> None:
    panel = make_panel(width, 900)
    font = app.font()
    font.setPointSizeF(9.5 * scale)
    panel.setFont(font)
    panel.open(str(case))
    panel.filters.gapfilled.slider.setValue(14)
    panel.pick_site("Ouarzazate")
    panel.flush()
    for plot in (panel.scatter, panel.series, panel.bins):
        panel.body.show_page(plot)
        for _ in range(4):
            app.processEvents()
        legend = plot._legend
        rects = [legend.mapRectToScene(one) for one in legend.rects()]
        assert len(rects) >= 6
        bad = [(a, b) for i, a in enumerate(rects) for b in rects[i + 1 :] if a.intersects(b)]
        assert bad == [], (plot, width)
        axes = plot.plots[0]
        top = axes.mapRectToScene(axes.boundingRect()).top()
        assert all(one.bottom() <= top + 1 for one in rects)
        title = axes.getAxis("left").label
        name = title.mapRectToScene(title.boundingRect())
        assert all(not one.intersects(name) for one in rects)
        assert all(one.right() <= plot.view.viewport().width() for one in rects if width >= 420)


def ink(image: QImage, top: int, bottom: int) -> int:
    """How many pixels of a band differ from the background."""
    ground = image.pixel(image.width() - 2, 2)
    return sum(
        image.pixel(x, y) != ground for y in range(top, bottom) for x in range(0, image.width(), 2)
    )


@pytest.mark.parametrize("index", range(4))
def test_exported_pictures_hold_title_and_legend(
    panel: Any, app: Any, tmp_path: Path, index: int
) -> None:
    plot = panel.plots[index]
    panel.pick_site("Beijing")
    panel.body.show_page(plot)
    app.processEvents()
    before = plot.view.grab().toImage()
    for suffix in ("png", "svg"):
        plot.export(tmp_path / f"plot.{suffix}")
    app.processEvents()
    assert plot.view.grab().toImage() == before, "the export changed the screen"
    texts = " ".join(
        "".join(node.itertext())
        for node in ElementTree.parse(tmp_path / "plot.svg").iter()
        if node.tag.endswith("}text")
    )
    assert plot.title.text() in texts
    legend = plot._legend
    assert (legend is None) is (plot is panel.ranking)
    assert legend is None or all(name in texts for name in legend.names())
    picture = QImage(str(tmp_path / "plot.png"))
    line = 2 * plot.fontMetrics().height()
    assert ink(picture, 8, line) > 100, "no title"
    assert legend is None or ink(picture, round(1.4 * line), round(2.6 * line)) > 100, "no legend"


def test_titles_of_low_axes_are_not_cut(app: Any) -> None:
    from calval_toolbox.ui.plots.frame import PlotFrame

    frame = PlotFrame("low")
    plot = frame.add_plot("A_k (measured / simulated)", "Date")
    frame.ready()
    axis = plot.getAxis("left")
    for height, title in ((600, "A_k (measured / simulated)"), (210, "A_k")) * 2:
        frame.resize(500, height)
        frame.show()
        app.processEvents()
        assert axis.labelText == title
    frame.name_axis(plot, "left", "Reflectance (at the top of the atmosphere)")
    assert axis.labelText.startswith("Ref")
    assert "(" not in axis.labelText
