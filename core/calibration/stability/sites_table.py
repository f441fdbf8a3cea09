# SPDX-License-Identifier: GPL-3.0-or-later
"""The candidates as a table of polygons, the best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ...io.outlines import Outline, outline_of
from ...io.rasters import Rasters
from ...io.stacks import Block, ImageStack
from ...progress import Part, Progress, each
from ...table import Table
from ...types import AnyArray, FloatArray
from .candidates import Sites
from .components import Labels
from .criteria import CRITERIA
from .design import Design
from .layers import BAND_LAYERS, NO_DATA, layer_names
from .settings import BandRule, StabilitySettings
from .site_series import Levels, site_stability

_ROWS = 256  # that are read at a time
_LAYER_OF_LIMIT = "limiting_criterion"


def candidates_table(
    sites: Sites,
    raster: Path | str,
    stack: ImageStack,
    design: Design,
    settings: StabilitySettings,
    window_pixels: int,
    progress: Progress,
) -> tuple[Table, Labels]:
    """A row per site of ``sites`` with its outline and the means of the layers of ``raster`` in
    it, ordered by the score; see the help of ``findstablesites`` for the columns. Also the rank by
    number (s + 1,), 0 for 0.

    Standard errors are those of a typical pixel: the pixels of a site share their dates, so they
    are not divided by the number of pixels. Those of the series of the whole site are its own.
    """
    bands = stack.bands
    names = layer_names(bands, settings.trend)
    means, apart = _means(sites, raster, names, bands, Part(progress, 0.0, 0.35))
    count = sites.count
    shapes = [
        outline_of(sites.inside(at + 1), place, stack.grid)
        for at, place in each(
            list(enumerate(sites.places)), Part(progress, 0.35, 0.4), "Outlines of candidates"
        )
    ]
    order = np.argsort(means["score"], kind="stable") if count else np.zeros(0, dtype=np.int64)
    whole = site_stability(
        sites, [int(at) + 1 for at in order], stack, _levels_of(raster, names, bands), design,
        settings.least_dates, Part(progress, 0.4, 1.0),
    )  # fmt: skip
    columns: dict[str, AnyArray] = {
        "site": np.array([f"candidate_{rank:02d}" for rank in range(1, count + 1)], dtype=object),
        "rank": np.arange(1, count + 1),
    }
    columns |= _summary(means, shapes, bands, settings, window_pixels, order)
    columns["site_dates"] = whole.dates
    ends = column_ends(bands)
    for at, (band, end) in enumerate(zip(bands, ends, strict=True)):
        for field, name in BAND_LAYERS.items():
            if settings.trend or not field.startswith("trend"):
                columns[f"{name}_{end}"] = means[f"{name} {band}"][order]
        columns[f"site_spatial_cv_percent_{end}"] = apart[band][order]
        for field in ("temporal", "temporal_se", "trend", "trend_se"):
            if settings.trend or not field.startswith("trend"):
                name = f"site_{BAND_LAYERS[field]}_{end}"
                columns[name] = getattr(whole, field)[:, at]
    geometry = np.empty(count, dtype=object)
    geometry[:] = [shapes[at].shape for at in order]
    ranks = np.zeros(count + 1, dtype=np.int32)
    ranks[order + 1] = np.arange(1, count + 1)
    return Table(columns, "candidates", geometry, "Polygon"), ranks


def _levels_of(raster: Path | str, names: Sequence[str], bands: Sequence[str]) -> Levels:
    """What gives the levels of a block out of the raster."""
    numbers = [names.index(f"{BAND_LAYERS['level']} {band}") + 1 for band in bands]

    def read(block: Block) -> AnyArray:
        with Rasters() as rasters:
            values = np.stack([rasters.read(str(raster), one, *block) for one in numbers])
        return np.where(values > 0.0, values, np.nan)

    return read


def _summary(
    means: Mapping[str, FloatArray],
    shapes: Sequence[Outline],
    bands: Sequence[str],
    settings: StabilitySettings,
    window_pixels: int,
    order: AnyArray,
) -> dict[str, AnyArray]:
    """What is said once of each site, in ``order``."""
    limiting = [CRITERIA.get(int(code), "") for code in means[_LAYER_OF_LIMIT][order]]
    columns: dict[str, AnyArray] = {
        "score": means["score"][order],
        "limited_by": np.array(limiting, dtype=object),
        "area_km2": np.array([shapes[at].area_km2 for at in order]),
        "longitude": np.array([shapes[at].longitude for at in order]),
        "latitude": np.array([shapes[at].latitude for at in order]),
        "pixels": means["pixels"][order].astype(np.int64),
        "pass_percent": means["pass_percent"][order],
        "clear_dates": means["clear_dates"][order],
        "clear_percent": means["clear_percent"][order],
        "brdf": np.array([str(settings.removal)] * len(order), dtype=object),
    }
    temporal, error = _of_rule(means, "temporal", "temporal_se", bands, settings.rule)
    spatial, _ = _of_rule(means, "spatial", "spatial", bands, settings.rule)
    columns |= {
        "temporal_cv_percent": temporal[order],
        "temporal_cv_se_percent": error[order],
        "spatial_cv_percent": spatial[order],
        "spatial_cv_se_percent": spatial[order] / np.sqrt(2.0 * max(window_pixels - 1, 1)),
        "spectral_cv_percent": means["spectral_cv_percent"][order],
    }
    if settings.trend:
        trend, error = _of_rule(means, "trend", "trend_se", bands, settings.rule)
        columns["trend_percent_year"] = trend[order]
        columns["trend_se_percent_year"] = error[order]
    return columns


def _of_rule(
    means: Mapping[str, FloatArray], field: str, error: str, bands: Sequence[str], rule: BandRule
) -> tuple[FloatArray, FloatArray]:
    """A figure over the bands (the one farthest from 0, or the mean) and its error."""
    values, errors = (
        np.stack([means[f"{BAND_LAYERS[name]} {band}"] for band in bands])
        for name in (field, error)
    )
    if rule is BandRule.MEAN:
        return values.mean(axis=0), errors.mean(axis=0)
    worst = np.abs(values).argmax(axis=0)
    place = np.arange(values.shape[1])
    return values[worst, place], errors[worst, place]


def _means(
    sites: Sites, raster: Path | str, names: Sequence[str], bands: Sequence[str],
    progress: Progress,
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:  # fmt: skip
    """The mean of each layer over each site (s,), its pixels and the share that passes; and by band
    the standard deviation of the means of the pixels by the mean of the site, in percent.
    """
    count = sites.count
    sums = {name: np.zeros((3, count)) for name in names}
    pixels, passed = np.zeros(count), np.zeros(count)
    votes = np.zeros((len(CRITERIA) + 1, count))
    height, width = sites.shape
    with Rasters() as rasters:
        for row in each(range(0, height, _ROWS), progress, "Measuring candidates"):
            part = sites.read(row, _ROWS)
            inside = part > 0
            if not inside.any():
                continue
            place = part[inside] - 1
            pixels += np.bincount(place, minlength=count)
            for number, name in enumerate(names, start=1):
                read = rasters.read(str(raster), number, 0, row, width, len(part))[inside]
                _add(sums[name], place, read.astype(np.float64))
                if name == "score":
                    met = (read != NO_DATA) & (read <= 1.0)
                    passed += np.bincount(place, weights=met, minlength=count)
                elif name == _LAYER_OF_LIMIT:
                    np.add.at(votes, (np.maximum(read, 0.0).astype(np.int64), place), 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = {name: total[1] / total[0] for name, total in sums.items()}
        means |= {"pixels": pixels, "pass_percent": 100.0 * passed / pixels}
        means[_LAYER_OF_LIMIT] = votes.argmax(axis=0).astype(np.float64)
        apart = {}
        for band in bands:
            number, first, second = sums[f"{BAND_LAYERS['level']} {band}"]
            mean = first / number
            apart[band] = 100.0 * np.sqrt(np.maximum(second / number - mean**2, 0.0)) / mean
    return means, apart


def _add(sums: FloatArray, place: AnyArray, values: FloatArray) -> None:
    known = values != NO_DATA
    place, values = place[known], values[known]
    for power, total in enumerate(sums):
        total += np.bincount(place, weights=values**power, minlength=len(total))


def column_ends(bands: Sequence[str]) -> tuple[str, ...]:
    """Each band as the end of a column's name: "B-1" as "B_1", a second one that would be the same
    as "B_1_2". Columns of GeoPackages do not tell capitals from small letters: neither do these.
    """
    plain = ["".join(one if one.isalnum() else "_" for one in band) for band in bands]
    # Names that need no change keep their own.
    taken = {one.casefold() for one, band in zip(plain, bands, strict=True) if one == band}
    ends, used = [], set[str]()
    for band, name in zip(bands, plain, strict=True):
        end, number = name, 2
        while end.casefold() in used or (end != band and end.casefold() in taken):
            end, number = f"{name}_{number}", number + 1
        used.add(end.casefold())
        ends.append(end)
    return tuple(ends)
