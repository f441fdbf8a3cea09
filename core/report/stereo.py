# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a stereo run: may this surface model be believed, and what did it cost."""

from __future__ import annotations

from math import isfinite

from ..dem.chain.request import PlannedPair
from ..dem.chain.run import StereoResult, pair_name
from ..dem.chain.thumbnail import Thumbnail, read_thumbnail
from ..execution.state import EMPTY_KEY
from ..wording import plural
from . import stereo_figures as draw
from .assemble import assemble
from .document import Column, Headline, ReportContext, ReportTable, Section
from .figures import drawn
from .map_frame import map_frame
from .numbers import DASH, format_count, format_number, format_value

GOOD_COVERAGE, GOOD_POINTING_PX = 95.0, 0.5
_MOST_TILES = 200  # rows of the table
LIMITS = (
    "Images tell heights only together with their models. An error of the models along the "
    "epipolar lines cannot be seen in a pair and moves the whole result up or down, and sideways "
    "with it; only a reference elevation model shows and removes it.",
    "One shift per image is found. Distortions inside an image (jitter, thermal drift) stay.",
    "Where the first image does not see the ground, there are no points. The model shows roofs and "
    "the tops of trees, not the ground below.",
    "Confidence orders errors, it does not measure them: it says how many disparities fit about as "
    "well as the best one.",
)
SOURCES = (
    "de Franchis et al. 2014, chain and pointing: DOI 10.5194/isprsannals-II-3-49-2014, "
    "10.1109/IGARSS.2014.6947154",
    "Zabih & Woodfill 1994, census: DOI 10.1007/BFb0028345",
    "Hirschmüller 2008, semi-global matching: DOI 10.1109/TPAMI.2007.1166",
    "Sarrazin et al. 2021, confidence: DOI 10.5194/isprs-annals-V-2-2021-383-2021",
    "Nuth & Kääb 2011, tie to a reference: DOI 10.5194/tc-5-271-2011",
)


def stereo_report(result: StereoResult, dsm: str, context: ReportContext) -> str:
    """The report (HTML text) on ``result``, whose surface model was written to ``dsm``; without
    matplotlib it has no figures.
    """
    look, frame = read_thumbnail(dsm), map_frame(result.grid)
    sections = [
        Section("Surface model", [_where(result)], drawn(
            lambda: draw.relief(look.height, look.cell_m, frame),
            lambda: draw.confidence_map(look.confidence, look.std, frame),
        )),
        Section("Pairs before matching", (), (), [_pairs(result), _images(result)]),
        *_tie_section(result),
        Section("Tiles", _tile_text(result), drawn(lambda: draw.tile_ranges(result)),
                [_tiles(result)]),
        Section("Seams", [_seam_text(result)]),
        Section("Time and memory", [_cost_text(result, look)],
                drawn(lambda: draw.step_times(result.usage)), [_steps(result)]),
    ]  # fmt: skip
    count = plural(len(result.plan.images), "image")
    subtitle = f"{count}, {result.plan.megapixels:.2f} Mpx of the first one"
    return assemble(context, subtitle, headline(result), sections, LIMITS, SOURCES, result.notes)


def headline(result: StereoResult) -> list[Headline]:
    """Coverage, pointing, and whether heights are controlled."""
    coverage, pointing = result.coverage_percent, result.pointing_px
    cells = sum(int(one["cells"]) for one in result.ground.summaries)
    lines = [
        Headline(
            "Coverage", f"{coverage:.1f} %", plural(cells, "cell"),
            "of the ground that two images show has a height.",
            "good" if coverage >= GOOD_COVERAGE else "caution",
        ),
        Headline(
            "Residual of the pointing", f"{pointing:.2f} px",
            plural(min(pair.quality.pointing.used for pair in result.plan.pairs), "match",
                   "matches"),
            "Median distance of matches from their epipolar lines after the correction.",
            "good" if pointing <= GOOD_POINTING_PX else "caution",
        ),
    ]  # fmt: skip
    if result.tie is None:
        lines.append(Headline(
            "Absolute height", "not controlled", "",
            "No reference was given: all heights may be off by several meters together.",
            "caution",
        ))  # fmt: skip
    else:
        tie = result.tie
        lines.append(Headline(
            "Absolute height", f"moved by {format_value(tie.up)} m", plural(tie.count, "cell"),
            f"Tied to the reference; NMAD to it {format_value(tie.after)} m, of means over cells "
            f"of {format_value(tie.cell_m)} m.", "good",
        ))  # fmt: skip
    return lines


def _where(result: StereoResult) -> str:
    grid, request = result.grid, result.plan.request
    filled = f" {format_count(result.filled)} cells of small voids were filled." * (
        result.filled > 0
    )
    return (
        f"{grid.width} x {grid.height} cells of {result.plan.resolution:g} m, "
        f"{grid.reference().GetName()}. Heights are counted from: {request.vertical}."
        f"{filled}"
    )


def _pairs(result: StereoResult) -> ReportTable:
    columns = [
        Column("Pair", numeric=False, long=True), Column("Base to height"),
        Column("Convergence", "degrees"), Column("Overlap", "%"), Column("Matches"),
        Column("Shift across", "px"), Column("Residual before", "px"),
        Column("Residual after", "px"), Column("Scatter", "px"), Column("Heights searched", "m"),
    ]  # fmt: skip
    rows = [_pair_row(result, pair) for pair in result.plan.pairs]
    return ReportTable(
        "", columns, rows,
        "Matches: those that agree, of all. Residuals: median distance from the epipolar lines "
        "without and with the shift of the second image's model.",
    )  # fmt: skip


def _pair_row(result: StereoResult, pair: PlannedPair) -> list[str]:
    quality, pointing = pair.quality, pair.quality.pointing
    return [
        pair_name(result.plan, pair), f"{quality.base_to_height:.3f}",
        f"{quality.convergence_deg:.1f}", f"{100.0 * quality.overlap:.0f}",
        f"{pointing.used} of {pointing.count}", f"{pointing.across:+.2f}",
        f"{pointing.before_px:.2f}", f"{pointing.after_px:.3f}", f"{pointing.scatter_px:.2f}",
        f"{pair.heights[0]:.0f} to {pair.heights[1]:.0f}",
    ]  # fmt: skip


def _images(result: StereoResult) -> ReportTable:
    columns = [
        Column("Image", numeric=False, long=True), Column("Pixels"),
        Column("Numbers", numeric=False), Column("RPC", numeric=False),
        Column("No data", numeric=False),
    ]  # fmt: skip
    rows = [
        [image.name, f"{image.size[1]} x {image.size[0]}", image.kind, image.convention,
         ", ".join(f"{code:g}" for code in image.missing) or DASH]
        for image in result.plan.images
    ]  # fmt: skip
    return ReportTable("Images", columns, rows)


def _tie_section(result: StereoResult) -> list[Section]:
    tie = result.tie
    if tie is None:
        return []
    columns = [
        Column("Added to the model", numeric=False), Column("Value", "m"),
        Column("Standard error", "m"),
    ]  # fmt: skip
    rows = [
        [name, format_number(value, 4), format_number(error, 4) if isfinite(error) else DASH]
        for name, value, error in (
            ("to the east", tie.east, tie.east_error),
            ("to the north", tie.north, tie.north_error), ("upward", tie.up, tie.up_error),
        )
    ]  # fmt: skip
    text = (
        f"NMAD of the differences from the reference fell from {format_value(tie.before)} to "
        f"{format_value(tie.after)} m, both of means over cells of {format_value(tie.cell_m)} m, "
        "on which the shift was found. The points were moved, no height was interpolated."
    )
    return [Section("Tie to the reference", [text], (), [ReportTable("", columns, rows)])]


def _tile_text(result: StereoResult) -> list[str]:
    empty = sum(not one["count"] for run in result.pairs for one in run.summaries)
    total = sum(len(run.tiles) for run in result.pairs)
    if not empty:
        return ["The tile has points." if total == 1 else f"All {total} tiles have points."]
    return [f"{empty} of {total} tiles have no points; the table says why."]


def _tiles(result: StereoResult) -> ReportTable:
    columns = [
        Column("Pair"), Column("Tile", numeric=False, fixed=True), Column("Points"),
        Column("Disparities", "px"), Column("Matched", "%"), Column("Median confidence"),
        Column("Heights", "m"), Column("Status", numeric=False),
    ]  # fmt: skip
    rows = []
    for number, run in enumerate(result.pairs, start=1):
        for tile, one in zip(run.tiles, run.summaries, strict=True):
            if not one["count"]:
                rows.append([str(number), tile.name, "0", *[DASH] * 4, one[EMPTY_KEY]])
                continue
            low, high = one["disparities"]
            rows.append([
                str(number), tile.name, format_count(one["count"]), f"{low} to {high}",
                f"{100.0 * one['matched_share']:.1f}", f"{one['confidence']:.2f}",
                f"{one['heights'][0]:.0f} to {one['heights'][2]:.0f}", "matched",
            ])  # fmt: skip
    left = len(rows) - _MOST_TILES
    note = f"{left} more tiles are left out." if left > 0 else ""
    return ReportTable("", columns, rows[:_MOST_TILES], note)


def _seam_text(result: StereoResult) -> str:
    seams = result.seams
    if not isfinite(seams.ratio):
        return "There are too few seams between the tiles to be tested."
    verdict = "they show" if seams.visible else "they do not show"
    return (
        f"The surface bends by {seams.seam_m:.3f} m (median) across {format_count(seams.count)} "
        f"seams of the matched tiles, and by {seams.inner_m:.3f} m between cells of one tile: "
        f"{verdict}. The tiles of the ground have no seams: each takes all points near it."
    )


def _cost_text(result: StereoResult, look: Thumbnail) -> str:
    cpu, computed = result.usage.cpu_s, result.computed_megapixels
    if computed <= 0.0 or cpu <= 0.0:
        return "All tiles were kept from an earlier run."
    cells = sum(int(one["cells"]) for one in result.ground.summaries)
    area = cells * result.plan.resolution**2 / 1e6
    share = computed / result.plan.megapixels
    return (
        f"{cpu:.1f} s of processors and {result.usage.wall_s:.1f} s on the clock: "
        f"{cpu / computed:.1f} s of processors per Mpx, {3600.0 * computed / cpu:,.0f} Mpx and "
        f"{3600.0 * area * share / cpu:,.1f} km² per core and hour. Workers on other computers are "
        "not counted."
    )


def _steps(result: StereoResult) -> ReportTable:
    columns = [
        Column("Step", numeric=False), Column("Clock", "s"), Column("Processors", "s"),
        Column("Largest memory until then", "MB"),
    ]  # fmt: skip
    rows = [
        [one.name, f"{one.wall_s:.2f}", f"{one.cpu_s:.2f}",
         f"{one.peak_mb:.0f}" if isfinite(one.peak_mb) else DASH]
        for one in result.usage.steps
    ]  # fmt: skip
    return ReportTable("", columns, rows, "Memory is that of the largest single process.")
