# SPDX-License-Identifier: GPL-3.0-or-later
"""From products, dated rasters, radar and other rasters to a stack of features."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from ...errors import InputError, ProductError
from ...execution.runner import TileRun
from ...execution.settings import ExecutionSettings
from ...io.dates import listed_dates
from ...io.exogenous_files import AUTO, exogenous_layers
from ...io.products.masks import unmasked_note
from ...io.radar_files import radar_stacks
from ...io.stacks import ImageStack, stack_of
from ...progress import Part, Progress, Silent
from ...series.extract_files import Source, find_source
from ...series.indices import EXPRESSIONS
from ...series.reflectance import check_one_scale, check_reflectance, infinite_note
from ...series.regular_files import RegularGrid
from ...series.regularize import MOST_DATES, GapFilling
from ...series.wavelengths import by_color, check_one_meaning, plain_bands, wavelength_in
from ...types import Product, TimeArray
from ...wording import listed, plural
from .hooks import Hook, hook_name
from .plan import PrimitivePlan, user_features, wanted_indices
from .rasters import PrimitiveRun, PrimitiveTargets, write_primitives

LAND_COVER = "land_cover"
# Up to here no filled date is further from an image than the first and last values are held by
# default (30 days); a straight line over more may pass by a whole crop.
LONGEST_GAP_DAYS = 60


@dataclass(frozen=True)
class PrimitiveRequest:
    """What is wanted, as users say it.

    ``optical``: products or a stack, None for radar alone; ``bands`` of it (empty: all that every
    date has; names of colors are found by wavelength), masked by ``policy``. ``grid`` or ``dates``
    (ISO, separated by commas): the dates of the features. ``indices``: see
    ``primitive_plan.wanted_indices``; ``user``: see ``user_features``. ``radar``: files and folders
    in ``radar_unit`` of ``radar_files.UNITS``. ``exogenous``: rasters, resampled as ``resampling``
    of ``exogenous_files.CHOICES`` says.
    """

    optical: Source | None = None
    bands: tuple[str, ...] = ()
    policy: str = LAND_COVER
    grid: RegularGrid = RegularGrid()
    dates: str = ""
    settings: GapFilling = GapFilling()
    indices: str = ""
    radar: tuple[str, ...] = ()
    radar_unit: str = "linear"
    ratio: bool = False
    exogenous: tuple[str, ...] = ()
    resampling: str = AUTO
    user: str = ""


@dataclass(frozen=True)
class PrimitiveReport:
    """``names``: of the features, in the order of the layers; ``date_count``: dates they have;
    ``input_count``: dates of the images; ``never_share`` (0 to 1) of the pixels that are never
    clear; ``notes``: sentences worth reading. ``run``: the tiles, to be discarded in the end.
    """

    names: tuple[str, ...]
    date_count: int
    input_count: int
    never_share: float
    notes: tuple[str, ...] = ()
    run: TileRun | None = field(default=None, repr=False)


def compute_primitives(
    request: PrimitiveRequest,
    targets: PrimitiveTargets,
    folder: Path | str,
    execution: ExecutionSettings | None = None,
    progress: Progress | None = None,
    hook: Hook | None = None,
) -> PrimitiveReport:
    """Write the features of ``request`` (see ``write_primitives``), with tiles in ``folder``.

    ``hook``: a function for further features, see ``primitive_hooks``. Raises ``InputError`` for
    what does not fit together, ``ProductError`` naming the file that cannot be used, and what
    ``write_primitives`` raises.
    """
    progress = progress or Silent()
    plan, notes = open_primitives(request, Part(progress, 0.0, 0.2))
    if hook is not None:
        plan = replace(plan, hook=hook_name(hook))
    made = write_primitives(plan, targets, folder, execution, Part(progress, 0.2, 1.0))
    return PrimitiveReport(
        names=made.names,
        date_count=len(plan.times),
        input_count=sum(len(stack) for stack in plan.stacks),
        never_share=made.never / made.pixels,
        notes=(*notes, *_remarks(made, len(plan.times))),
        run=made.tiles,
    )


def open_primitives(
    request: PrimitiveRequest, progress: Progress | None = None
) -> tuple[PrimitivePlan, tuple[str, ...]]:
    """Find all that ``request`` names and settle what is computed; also notes on what was left out.
    Raises as ``compute_primitives``.
    """
    progress = progress or Silent()
    if request.optical is None and not request.radar:
        raise InputError(
            "Give images: products, a stack of dated rasters, or radar images. Exogenous rasters "
            "alone have no dates."
        )
    optical, notes = _optical(request, Part(progress, 0.0, 0.7))
    radar, more = (
        radar_stacks(
            request.radar,
            request.radar_unit,
            None if optical is None else optical.grid,
            Part(progress, 0.7, 1.0),
        )
        if request.radar
        else ({}, ())
    )
    first = optical or next(iter(radar.values()))
    times = _times(request, [optical] if optical else list(radar.values()))
    plan = PrimitivePlan(
        first.grid, times, request.settings, optical, radar, request.radar_unit, request.ratio,
        exogenous_layers(request.exogenous, request.resampling, first.grid)
        if request.exogenous
        else (),
    )  # fmt: skip
    plan = _with_indices(plan, request)
    plan = replace(plan, user=user_features(request.user, plan.layout(), times))
    return plan, (*notes, *more, *_gaps(plan), *_resampled(plan))


def _optical(
    request: PrimitiveRequest, progress: Progress
) -> tuple[ImageStack | None, tuple[str, ...]]:
    if request.optical is None:
        return None, ()
    products, unreadable = find_source(request.optical, Part(progress, 0.0, 0.5))
    products = by_color(products, request.bands)
    bands = request.bands or plain_bands(products)
    try:
        stack = stack_of(products, bands, request.policy, Part(progress, 0.5, 1.0))
    except ProductError as error:
        raise _of_tiles(error, products) from error
    check_one_meaning(stack.products, stack.bands)
    return stack, (
        *filter(None, [unmasked_note(products, request.policy)]),
        *(f"Left out: {path}: {reason}" for path, reason in unreadable),
    )


def _of_tiles(error: ProductError, products: list[Product]) -> ProductError:
    """``error`` with the advice to take tiles apart, where several are given."""
    sites = sorted({one.site for one in products if one.site})
    if len(sites) < 2:
        return error
    return ProductError(
        f"{error} The products are of {len(sites)} tiles ({listed(sites, 5)}): features are "
        "computed tile by tile, so give those of one tile."
    )


def _times(request: PrimitiveRequest, stacks: list[ImageStack]) -> TimeArray:
    wanted = listed_dates(request.dates, repeated=True, key="DATES")
    if not wanted:
        first = min(stack.times[0] for stack in stacks)
        last = max(stack.times[-1] for stack in stacks)
        return request.grid.times(first, last)
    if request.grid.start.strip() or request.grid.end.strip():
        raise InputError("Give either DATES, or START and END, not both.")
    days = np.unique(np.array(wanted, dtype="datetime64[D]"))
    if len(days) > MOST_DATES:
        raise InputError(f"{len(days)} dates are more than {MOST_DATES}. Give fewer.")
    times: TimeArray = days.astype("datetime64[ms]")
    return times


def _with_indices(plan: PrimitivePlan, request: PrimitiveRequest) -> PrimitivePlan:
    stack = plan.optical
    if stack is None:
        wanted = request.indices.strip().lower()
        if wanted and wanted != "none":
            raise InputError(
                f"The indices {request.indices} need optical images: give products or a stack, or "
                "leave INDICES empty."
            )
        return plan
    waves = np.array([wavelength_in(stack.products, name) for name in stack.bands])
    indices = wanted_indices(request.indices, stack.bands, waves)
    if any(one.name in EXPRESSIONS for one in indices):
        check_reflectance(stack)
    else:
        check_one_scale(stack)
    return replace(plan, indices=indices)


def _gaps(plan: PrimitivePlan) -> Iterator[str]:
    """On the longest time between two images that dates of features lie in."""
    days = plan.times.astype("datetime64[D]")
    kinds = {"optical image": plan.optical} | {
        f"radar image ({direction})": stack for direction, stack in plan.radar.items()
    }
    for kind, stack in kinds.items():
        known = np.unique(stack.times.astype("datetime64[D]")) if stack else days[:0]
        lengths = np.diff(known).astype(int)
        filled = np.searchsorted(days, known[1:]) - np.searchsorted(days, known[:-1], "right")
        lengths[filled == 0] = 0
        if not len(lengths) or lengths.max() <= LONGEST_GAP_DAYS:
            continue
        at = int(lengths.argmax())
        yield (
            f"No {kind} between {known[at]} and {known[at + 1]} ({lengths[at]} days, more than "
            f"{LONGEST_GAP_DAYS}): {plural(int(filled[at]), 'date')} of the features there "
            "are a straight line between the two, whatever grew meanwhile. Give images of that "
            "time, leave these dates out (DATES), or look at the days to the nearest clear date."
        )


def _resampled(plan: PrimitivePlan) -> Iterator[str]:
    finer = [one.name for one in plan.exogenous if one.finer >= 2.0]
    if finer:
        yield (
            f"Pixels of {listed(finer, 5)} are smaller than those of the images: the values at "
            "their centers are taken, not means. Average them first where that matters."
        )


def _remarks(made: PrimitiveRun, dates: int) -> Iterator[str]:
    if made.infinite:
        yield infinite_note(made.infinite)
    if made.never:
        yield (
            f"{100.0 * made.never / made.pixels:.2g} % of the pixels are never clear: they have no "
            "data in any dated feature."
        )
    if made.empty:
        yield (
            f"{len(made.empty)} of {dates} dates have no data anywhere ({listed(made.empty, 5)}): "
            "they lie further than MAX_GAP_DAYS before the first or after the last clear image."
        )
    if made.partial:
        yield (
            f"{100.0 * made.partial / made.pixels:.3g} % of the pixels lack some feature: "
            "dates too far before the first or after the last clear one (MAX_GAP_DAYS), values "
            "that do not exist, or rasters that do not reach there."
        )
    for name, count in made.undefined.items():
        share = 100.0 * count / (made.pixels * dates)
        yield (
            f"{name} does not exist for {share:.2g} % of the values that it is made of (a division "
            "by 0, or a function without a value there): no data."
        )
