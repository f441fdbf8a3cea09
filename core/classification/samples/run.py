# SPDX-License-Identifier: GPL-3.0-or-later
"""From reference polygons and a feature stack to samples, and to what there is to say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ...errors import InputError, InsufficientDataError
from ...io.grids import pixel_sides_m
from ...io.polygon_pixels import PixelPlaces
from ...io.rasters import Rasters
from ...io.reference_shapes import centroids, near_pairs
from ...progress import Part, Progress, Silent
from ...table import Table
from ...types import FloatArray
from .augment import Extra, augmented, moved, together
from .checks import advice, check_settings, on_both_sides, one_polygon
from .draw import draw
from .pixels import Reading, find, of_stack_years, usable_pixels, with_pixels
from .reference import Reference, ReferenceFields, in_zones, read_reference
from .settings import SampleSettings
from .split import TRAIN, block_folds, split_polygons, with_buffer
from .stack import FeatureStack, open_stack
from .tables import Samples, sample_table, summary_table

NOT_DRAWN = "not drawn, or too near a test polygon"


@dataclass(frozen=True)
class SampleTask:
    """``uris``: the stack, one raster or tiles; ``reference``: polygons with the columns
    ``fields``; ``zones`` with their names in ``zone_field``; ``validity``: rasters of the number
    of clear dates; ``nodata``: a further code of no data; ``check_only``: read no feature;
    ``by_order``: rasters of other years, whose dates stand for those of the first in their order.
    Each pixel then gives a sample for each year, or, where ``fields`` have a year, for that of its
    polygon.
    """

    uris: tuple[str, ...]
    reference: Table
    fields: ReferenceFields
    settings: SampleSettings = SampleSettings()
    zones: Table | None = None
    zone_field: str = ""
    validity: tuple[str, ...] = ()
    nodata: float | None = None
    check_only: bool = False
    by_order: bool = False


@dataclass(frozen=True)
class SampleReport:
    """``table`` of the samples (None of a check only); ``summary`` by run, zone
    and class; ``reference``: the polygons that are used (n,) and those left out; ``sides``
    (n, runs) and ``folds`` (n,) of them, their centers ``x`` and ``y`` (n,) in the CRS of the
    stack (in its ``unit``), the ``pixels`` (n,) in each; ``left_out``: pixels by reason; ``notes``
    for the user.
    """

    table: Table | None
    summary: Table
    reference: Reference
    sides: npt.NDArray[np.int8]
    folds: npt.NDArray[np.int64]
    x: FloatArray
    y: FloatArray
    pixels: npt.NDArray[np.int64]
    left_out: dict[str, int]
    features: tuple[str, ...]
    unit: str = "m"
    notes: tuple[str, ...] = field(default=())

    def count(self, column: str) -> int:
        """The sum of a column of the summary over the first run."""
        first = self.summary["run"] == 0
        return int(self.summary[column][first].sum())

    @property
    def train_count(self) -> int:
        """Training samples of the first run, those moved or made included."""
        return sum(map(self.count, ("train", "moved", "augmented")))


def prepare_samples(task: SampleTask, progress: Progress | None = None) -> SampleReport:
    """Samples of all usable polygons. Raises ``InputError`` for inputs that do not fit together,
    ``InsufficientDataError`` where nothing is left.
    """
    progress = progress or Silent()
    if not task.uris:
        raise InputError("No feature stack is given: name a raster (STACK).")
    if task.zones is not None and not task.zone_field:
        raise InputError("Zones are given: say which column holds their names (ZONE_FIELD).")
    with Rasters() as rasters:
        stack = open_stack(task.uris, rasters, task.fields.label, task.by_order)
        by_year = len(stack.seasons) > 1 and bool(task.fields.year)
        reference = read_reference(task.reference, task.fields, stack.grids, by_year)
        if by_year:
            reference = of_stack_years(reference, stack)
        if task.zones is not None:
            reference = in_zones(reference, task.zones, task.zone_field, stack.grids)
        check_settings(task.settings, reference)
        progress.report(0.05, "Finding pixels")
        part = Part(progress, 0.05, 0.2)
        found = find(stack, reference, by_year, task.settings, rasters, part)
        reference, pixels, left_out = usable_pixels(reference, found, len(task.reference))
        if not task.check_only:
            _require_classes(reference)
        features = np.zeros((len(pixels), 0), dtype=np.float32)
        if not task.check_only:
            progress.report(0.2, "Reading features")
            part = Part(progress, 0.2, 0.9)
            reading = Reading(task.settings, task.validity, task.nodata)
            pixels, features = reading.features(stack, pixels, left_out, rasters, part)
            reference, pixels = with_pixels(reference, pixels)
            _require_classes(reference)
    return _finished(task, stack, reference, pixels, features, left_out)


def _require_classes(reference: Reference) -> None:
    labels = sorted(set(reference.labels.tolist()))
    if len(labels) < 2:
        raise InsufficientDataError(
            f"The usable reference polygons are of one class ({', '.join(labels) or 'none'}): a "
            "classifier needs two at least. Add polygons of other classes; CHECK_ONLY tells what "
            "became of each polygon."
        )


def _finished(
    task: SampleTask, stack: FeatureStack, reference: Reference, pixels: PixelPlaces,
    features: npt.NDArray[np.float32], left_out: dict[str, int],
) -> SampleReport:  # fmt: skip
    settings, grid = task.settings, stack.grids[0]
    shapes = reference.shapes.tolist()
    sides = split_polygons(
        reference.zones, reference.labels, settings.train_ratio, settings.runs, settings.seed
    )
    if settings.distance_m > 0.0:
        sides = with_buffer(sides, near_pairs(shapes, settings.distance_m, grid))
    meters = pixel_sides_m(grid)
    block = (
        settings.block_m / meters[0] * grid.pixel_width,
        settings.block_m / meters[1] * grid.pixel_height,
    )
    weights = np.bincount(pixels.polygon, minlength=len(reference))
    x, y = centroids(shapes)
    folds, _ = block_folds(x, y, reference.labels, weights, block, settings.folds, settings.seed)
    drawn = draw(
        reference.zones[pixels.polygon], reference.labels[pixels.polygon],
        sides[pixels.polygon], settings,
    )  # fmt: skip
    samples = Samples(reference, pixels, features, drawn, folds)
    extras, notes = ([], []) if task.check_only else _extras(samples, settings)
    summary = summary_table(samples, sides, extras)
    left_out[NOT_DRAWN] = int((drawn == 0).all(axis=1).sum())
    table = None if task.check_only else sample_table(samples, extras, stack, grid.wkt)
    report = SampleReport(
        table, summary, reference, sides, folds, x, y, weights, left_out, stack.features,
        grid.unit,
    )  # fmt: skip
    said = (*stack.notes, *reference.notes, *advice(report, settings), *on_both_sides(report))
    return replace(report, notes=(*said, *one_polygon(samples), *notes))


def _extras(samples: Samples, settings: SampleSettings) -> tuple[list[Extra], list[str]]:
    """Moved and augmented samples of each run."""
    extras, notes = [], []
    owner = samples.pixels.polygon
    zones, labels = samples.reference.zones[owner], samples.reference.labels[owner]
    for run in range(settings.runs):
        training = np.flatnonzero(samples.drawn[:, run] == TRAIN)
        copies, said = moved(
            settings.moves, zones, labels, training, samples.features, settings.seed, run
        )
        places = np.concatenate([training, copies.base])
        trained = np.concatenate([zones[training], copies.zone])
        made, more = augmented(
            trained, labels, samples.folds[owner], places, samples.features, settings, run
        )
        extras.append(together([copies, made], samples.features.shape[1]))
        notes += [f"{note}." if not note.endswith(".") else note for note in (*said, *more)]
    return extras, _once_each(notes)


def _once_each(notes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(notes))
