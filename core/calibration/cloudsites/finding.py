# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole search: products into the database, and what all of them say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...database.names import DatabaseName
from ...database.opening import writing
from ...database.runs import Run, save_run
from ...database.sites import shipped_sites
from ...progress import Progress, Silent
from ...table import Table, from_rows
from ...times import iso_texts
from ...version import plugin_version
from ...wording import plural
from ..pdf_statistics import Statistic
from .cells import Cell
from .distributions import BandDistribution, distributions
from .frequency import Area, Tally, area_table, find_areas, frequency_table, tallies
from .limits import AreaLimits
from .outcome import SceneOutcome, Stage
from .overlaps import once
from .run import METHOD, SearchRequest, SearchResult, search_products
from .selection import COMPLETE, RULES, SEEN

REPLICATES = 200
_SUMMARIES = {
    "band": "text", "site": "text", "method": "text", "period_start": "text", "period_end": "text",
    "count": "int", "mean": "float", "standard_error": "float",
}  # fmt: skip


@dataclass(frozen=True)
class CloudSites:
    """What came of a search; ``tallies`` by cell and month; these, areas and distributions count
    what several products of an overpass show once (``overlaps``).
    """

    request: SearchRequest
    limits: AreaLimits
    result: SearchResult
    tallies: Mapping[tuple[Cell, str], Tally]
    areas: Sequence[Area]
    distributions: Sequence[BandDistribution]
    notes: tuple[str, ...] = field(default=())

    @property
    def size(self) -> float:
        """The side of the cells (degrees)."""
        return self.request.clouds.cell_deg

    def frequency_table(self) -> Table:
        """See ``frequency.frequency_table``."""
        return frequency_table(self.tallies, self.size, self.limits)

    def area_table(self) -> Table:
        """See ``frequency.area_table``."""
        return area_table(self.areas, self.size)

    def stages(self) -> dict[str, int]:
        """How many products stopped where (reasons of those out of range apart), in order."""
        found: dict[str, int] = {}
        outcomes = self.result.outcomes
        for one in outcomes:
            if one.stage is Stage.RANGE:
                found[one.reason] = found.get(one.reason, 0) + 1
        for stage in (Stage.METADATA, Stage.PREVIEW):
            found[stage.value] = sum(1 for one in outcomes if one.stage is stage)
        read = [one for one in outcomes if one.stage is Stage.BANDS]
        found["bands read, no deep convective cloud"] = sum(1 for one in read if not one.clouds)
        found["deep convective clouds measured"] = sum(1 for one in read if one.clouds)
        return found

    def pixels(self) -> dict[str, int]:
        """How many pixels of all products read each rule leaves; ``spoiled`` at the end."""
        read = self._read()
        found = {
            step: sum(one.left.get(step, 0) for one in read) for step in (SEEN, *RULES, COMPLETE)
        }
        return {**found, "spoiled": sum(one.spoiled for one in read)}

    def moved(self) -> dict[str, tuple[int, int]]:
        """How many cloud pixels there would be with each rule looser and stricter."""
        read = self._read()
        return {
            rule: (sum(one.moved.get(rule, (0, 0))[0] for one in read),
                   sum(one.moved.get(rule, (0, 0))[1] for one in read))
            for rule in RULES
        }  # fmt: skip

    def bands(self) -> tuple[int, int]:
        """How many bands of the products in range were opened, and how many there are."""
        ranged = [one for one in self.result.outcomes if one.stage is not Stage.RANGE]
        opened = sum(one.bands_read for one in ranged if not one.known)
        return opened, sum(one.bands for one in ranged)

    def _read(self) -> list[SceneOutcome]:
        return [one for one in self.result.outcomes if one.stage is Stage.BANDS]


def find_cloud_sites(
    name: DatabaseName,
    request: SearchRequest,
    limits: AreaLimits,
    replicates: int = REPLICATES,
    seed: int = 0,
    progress: Progress | None = None,
) -> CloudSites:
    """Search products (``search_products``, whose errors these are), then count and compare.

    ``replicates``, ``seed``: of the bootstrap of the statistics.
    """
    progress = progress or Silent()
    result = search_products(name, request, progress)
    counted, twice = once(result.outcomes)
    found = tallies(counted)
    zones = [one for one in shipped_sites().values() if one.type == "cloud"]
    size = request.clouds.cell_deg
    areas = find_areas(counted, found, size, limits, zones)
    made = distributions(counted, replicates, seed)
    notes = _notes(result, found, limits)
    if twice:
        notes.append(
            f"{plural(twice, 'square')} of cloud in cells that several products of an overpass "
            "show are counted in one of them only."
        )
    sites = CloudSites(request, limits, result, found, areas, made, tuple(notes))
    if result.added:
        _keep(name, sites, progress)
    return sites


def why_none(result: SearchResult) -> str:
    """A sentence on why no cloud was found: what dropped the products before their bands were read,
    with the metadata that did where it is one, and whether the rules had anything to judge.
    """
    if not result.outcomes:
        return "No deep convective cloud was found: no product could be used."
    dropped = [one for one in result.outcomes if one.stage is not Stage.BANDS]
    names = [one.reason if one.stage is Stage.RANGE else one.stage.value for one in dropped]
    told = []
    for name in dict.fromkeys(names):
        own = {one.reason for one, of in zip(dropped, names, strict=True) if of == name}
        detail = f" ({own.pop()})" if len(own) == 1 and own != {name} and own != {""} else ""
        told.append(f"{plural(names.count(name), 'product')}: {name}{detail}")
    before = f"{'; '.join(told)}."
    if not result.candidates:
        return (
            "No deep convective cloud was found: no bands were read, since all products were left "
            f"out before. {before} Where they are wanted, widen the limits of products, such as "
            "MIN_CLOUD_PERCENT."
        )
    read = plural(result.candidates, "product whose bands were", "products whose bands were")
    rest = f" Left out before that: {before}" if told else ""
    return (
        f"No deep convective cloud was found in {read} read: they show none, or the limits are too "
        f"strict for them (the report says what each rule removes).{rest}"
    )


def _notes(
    result: SearchResult, found: Mapping[tuple[Cell, str], Tally], limits: AreaLimits
) -> list[str]:
    """What a reader has to know before trusting the numbers."""
    notes = []
    if not any(one.clouds for one in result.outcomes):
        notes.append(why_none(result))
    whole = [one for (_, month), one in found.items() if month == "all"]
    few = sum(1 for one in whole if one.scenes < limits.min_scenes)
    if few:
        notes.append(
            f"{few} of {len(whole)} cells were seen in fewer than {limits.min_scenes} scenes: "
            "their frequencies are hardly known, and they make no areas. Give more products."
        )
    if not all(one.cells for one in result.outcomes):
        notes.append("A product without a footprint counts in no cell.")
    landsat = sorted({one.sensor for one in result.outcomes if "LANDSAT" in one.sensor})
    if landsat:
        notes.append(
            f"The thermal bands of {', '.join(landsat)} are not read: clouds are selected by "
            "reflectance alone, as those of Sentinel-2, without a brightness temperature."
        )
    return notes


def _keep(name: DatabaseName, found: CloudSites, progress: Progress) -> None:
    """Keep the statistics as a run by sensor: ``mean`` of a summary is the value of the statistic
    that its method names (reflectance), not a coefficient.
    """
    with writing(name, progress=progress) as db:
        for sensor in dict.fromkeys(one.sensor for one in found.distributions):
            own = [one for one in found.distributions if one.sensor == sensor]
            times = np.array([
                one.time for one in found.result.outcomes if one.sensor == sensor and one.clouds
            ])  # fmt: skip
            first, last = iso_texts(np.array([times.min(), times.max()]))
            rows = [
                {"band": one.band, "site": "", "method": f"reflectance, {which.value}",
                 "period_start": first, "period_end": last, "count": one.pixels,
                 "mean": one.value[which], "standard_error": one.error[which]}
                for one in own for which in Statistic
            ]  # fmt: skip
            request = found.request
            save_run(db, Run(
                METHOD, request.parameters, plugin_version(), sensor, record=request.record,
                summaries=from_rows(rows, _SUMMARIES, "summaries"),
            ))  # fmt: skip
