# SPDX-License-Identifier: GPL-3.0-or-later
"""The features of each tile, at dates that all tiles share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ....io.dates import listed_dates
from ....names import split_names
from ....series.extract_files import Source
from ....series.regular_files import RegularGrid
from ....series.regularize import GapFilling
from ...primitives.files import PrimitiveRequest, compute_primitives
from ...primitives.rasters import PrimitiveTargets
from ..blueprint import Blueprint, primitives_of
from ..keys import PRIMITIVES
from ..tiles import ChainTile, common_span, stack_options
from ..units import Cost, Facts, Unit, Work

# Measured on Sentinel-2 products: pixels read (JPEG 2000), and layers filled and written.
_READ_PER_S, _WRITTEN_PER_S = 8e6, 25e6
_OPENED_S = 0.15  # of the files of one image, however small they are
_BANDS, _INDICES = 10, 4
_FLOAT = 4.0  # bytes


def primitive_units(plan: Blueprint) -> Iterator[Unit]:
    """A unit for each tile."""
    settings = plan.step(PRIMITIVES)
    # As dates, so that another content of a file that lists them shows; not at all without them.
    dates = listed_dates(settings.pop("BAND_DATES"))
    if dates:
        settings["BAND_DATES"] = ", ".join(str(one) for one in dates)
    wanted = listed_dates(settings["DATES"], repeated=True, key="DATES")
    settings["DATES"] = ", ".join(str(one) for one in wanted)
    if not settings["DATES"] and not (settings["START"] and settings["END"]):
        start, end = common_span(plan.tiles, settings["MAX_GAP_DAYS"])
        settings |= {"START": settings["START"] or start, "END": settings["END"] or end}
    for tile in plan.tiles:
        yield _unit(plan, tile, settings)


def _unit(plan: Blueprint, tile: ChainTile, settings: Mapping[str, Any]) -> Unit:
    exogenous = plan.configuration.exogenous

    def work(given: Work) -> Facts:
        features, days, clear = (given.output(key) for key in ("features", "days", "clear"))
        shown = [given.final(key).name for key in ("features", "days", "clear")]
        targets = PrimitiveTargets(features, days, clear, *shown)
        request = request_of(settings, tile, exogenous)
        folder = given.final("features").with_suffix(".tiles")
        made = compute_primitives(request, targets, folder, given.settings, given.progress)
        if made.run is not None:
            given.afterward.append(made.run.discard)
        for note in made.notes:
            given.progress.warn(f"{tile.name}: {note}")
        return {
            "features": len(made.names), "dates": made.date_count,
            "never_clear_percent": 100.0 * made.never_share, "notes": list(made.notes),
        }  # fmt: skip

    inputs, layers = len(tile.times) * _BANDS + len(tile.radar), plan.dates * (_BANDS + _INDICES)
    seconds = tile.pixels * (inputs / _READ_PER_S + layers / _WRITTEN_PER_S)
    seconds += _OPENED_S * (len(tile.times) + len(tile.radar))
    memory = plan.megabytes(tile, _FLOAT * 3.0 * (inputs + layers))
    place = f"tiles/{tile.folder}"
    return Unit(
        primitives_of(tile), PRIMITIVES, {**settings, "PRODUCTS": [*tile.products, *tile.stack]},
        {
            "features": f"{place}/features.tif", "days": f"{place}/days_to_clear.tif",
            "clear": f"{place}/clear_dates.tif",
        },
        work, (*tile.files, *exogenous), cost=Cost(seconds, memory),
    )  # fmt: skip


def request_of(
    values: Mapping[str, Any], tile: ChainTile, exogenous: tuple[str, ...]
) -> PrimitiveRequest:
    """What the parameters of the step say for one tile."""
    optical = None
    if tile.products or tile.stack:
        optical = Source(tile.products, tile.stack, stack_options(values))
    return PrimitiveRequest(
        optical=optical,
        bands=split_names(values["BANDS"]),
        policy=values["MASK_POLICY"],
        grid=RegularGrid(values["START"], values["END"], values["STEP_DAYS"]),
        dates=values["DATES"],
        settings=GapFilling("linear", values["MAX_GAP_DAYS"]),
        indices=values["INDICES"],
        radar=tile.radar,
        radar_unit=values["RADAR_UNIT"],
        ratio=values["RADAR_RATIO"],
        exogenous=exogenous,
        resampling=values["EXOGENOUS_RESAMPLING"],
        user=values["USER_FEATURES"],
    )
