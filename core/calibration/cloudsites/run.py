# SPDX-License-Identifier: GPL-3.0-or-later
"""Many products searched for deep convective clouds, which are measured into the calibration
database.

Metadata first, then previews, then bands, and only where the step before lets a product pass. What
came of a product whose bands were read is kept with it, in one transaction of the thread that
called: a run that is canceled or killed goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from ...at_sites import readable_products
from ...database.extracted import product_metadata
from ...database.names import DatabaseName
from ...database.opening import writing
from ...database.runs import Run, save_run
from ...errors import CalValError, InputError, InsufficientDataError, ProductError
from ...io.products import ReaderOptions
from ...io.products.left_out import left_out_notes, listed
from ...io.rasters import short
from ...progress import Part, Progress, Silent
from ...series.extract_files import catalog_paths
from ...types import Product
from ...version import plugin_version
from ..extraction.keeping import keep_product, keep_scene
from ..extraction.naming import product_name, sensor_name, version_name
from ..extraction.threads import WORKERS, in_threads
from .cells import covered
from .limits import CloudLimits, SceneLimits, check_limits, deciding
from .outcome import KEY, SceneOutcome, Stage, overpass_of, restored
from .overlaps import MARK
from .scene import Searched, search
from .screening import metadata_stage

METHOD = "findcloudsites"


@dataclass(frozen=True)
class SearchRequest:
    """What to search: products (folders, archives, catalogs); ``sensor``, ``version``: instead of
    what the metadata say; ``parameters`` and ``record`` are kept with the run.
    """

    products: Sequence[str]
    scenes: SceneLimits = field(default_factory=SceneLimits)
    clouds: CloudLimits = field(default_factory=CloudLimits)
    sensor: str = ""
    version: str = ""
    workers: int = WORKERS
    parameters: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SearchResult:
    """What came of every product that could be used, in their order; measurements added;
    products whose result the database had; those that could not be used; sentences for the log.
    """

    outcomes: tuple[SceneOutcome, ...]
    added: int
    known: int
    failed: int
    notes: tuple[str, ...]

    @property
    def candidates(self) -> int:
        """Products that metadata and preview let pass."""
        return sum(1 for one in self.outcomes if one.stage is Stage.BANDS)


class OtherLimitsError(CalValError):
    """Limits have changed since the database was filled: nothing is mixed."""


@dataclass(frozen=True)
class _Task:
    product: Product
    version: str
    outcome: SceneOutcome


def search_products(
    name: DatabaseName, request: SearchRequest, progress: Progress | None = None
) -> SearchResult:
    """Search all products and add the measurements over clouds that are new to the database.

    A product that cannot be used is told and left out; the others count. Raises ``InputError`` for
    limits that exclude everything, or other ones than those under which the database keeps what
    came of a product; ``ProductError`` where nothing can be read; ``InsufficientDataError`` where
    no product is in range.
    """
    progress = progress or Silent()
    check_limits(request.scenes, request.clouds)
    stored = product_metadata(name, progress)
    products, unreadable = readable_products(
        catalog_paths([str(one) for one in request.products]), ReaderOptions(),
        Part(progress, 0.0, 0.1),
    )  # fmt: skip
    run = _Search(name, request, stored, progress)
    tasks = run.plan(products)
    run.failed = [*unreadable, *run.failed]
    in_threads(tasks, run.work, run.collect, Part(progress, 0.1, 0.9), request.workers,
               "Searching products for clouds")  # fmt: skip
    run.check_any(products)
    return run.result()


class _Search:
    """One run, while it goes on."""

    def __init__(
        self, name: DatabaseName, request: SearchRequest,
        stored: Mapping[tuple[str, str, str], str], progress: Progress,
    ) -> None:  # fmt: skip
        self._name, self._request, self._progress = name, request, progress
        self._stored = stored
        self._checked: set[str] = set()
        self._run_id: int | None = None
        self._outcomes: dict[str, SceneOutcome] = {}
        self.added = 0
        self.failed: list[tuple[str, str]] = []
        self.notes: dict[str, None] = {}
        self._shared: dict[str, list[str]] = {}

    def plan(self, products: Sequence[Product]) -> list[_Task]:
        """What the metadata let pass and the database does not know."""
        tasks = []
        for product in products:
            try:
                task = self._planned(product)
            except InputError as error:
                self.failed.append((product.path, str(error)))
                continue
            if task is not None:
                tasks.append(task)
        return tasks

    def _planned(self, product: Product) -> _Task | None:
        request = self._request
        stage, reason = metadata_stage(product, request.scenes)
        sensor = sensor_name(product, request.sensor)
        name = product_name(product)
        outcome = SceneOutcome(
            name, sensor, product.time, overpass_of(product),
            covered(product, request.clouds.cell_deg), stage or Stage.BANDS, reason,
            bands=len(product.bands),
        )  # fmt: skip
        if name in self._outcomes:
            return None
        self._outcomes[name] = outcome
        if stage is Stage.RANGE:
            return None
        version = " ".join(
            one for one in (version_name(product, False, request.version), MARK) if one
        )
        self._check_version(version)
        kept = json.loads(self._stored.get((sensor, name, version), "") or "{}").get(KEY)
        if stage is not None:
            return None
        if kept is None:
            return _Task(product, version, outcome)
        self._outcomes[name] = restored(kept, outcome)
        return None

    def _check_version(self, version: str) -> None:
        """Raise where any product of a version was searched under other limits: what is measured
        in one version is compared and summed up, whatever products it comes from.
        """
        if version in self._checked:
            return
        self._checked.add(version)
        now = deciding(self._request.scenes, self._request.clouds)
        for (_, name, other), text in self._stored.items():
            kept = json.loads(text or "{}").get(KEY) if other == version else None
            if kept is None:
                continue
            changed = [f"{key} {kept['limits'].get(key)} instead of {now[key]}" for key in now
                       if kept["limits"].get(key) != now[key]]  # fmt: skip
            if changed:
                raise OtherLimitsError(
                    f"The database {self._name} keeps version '{version}' (such as {name}) under "
                    f"other limits ({', '.join(changed)}). Give another VERSION to search under "
                    "the new limits beside the old ones, or the limits of then."
                )

    def work(self, task: _Task, stop: Progress) -> Searched:
        """Search one product, in a thread."""
        limits = (self._request.scenes, self._request.clouds)
        return search(task.product, task.outcome, limits, stop)

    def collect(self, task: _Task, future: Future[Searched]) -> None:
        """Keep what came of one product."""
        name = task.outcome.product
        try:
            found = future.result()
            self.notes.update(dict.fromkeys(found.notes))
            if found.scene is not None:
                self._keep(found, task)
        except InputError as error:
            self.failed.append((task.product.path, str(error)))
            del self._outcomes[name]
            return
        self._outcomes[name] = found.outcome

    def _keep(self, found: Searched, task: _Task) -> None:
        scene, sensor = found.scene, task.outcome.sensor
        if scene is None:
            return
        run_id = self._run_id
        with writing(self._name, progress=self._progress) as db:
            if not scene.sites:
                keep_product(db, scene, sensor, task.version)
                return
            if run_id is None:
                run = Run(METHOD, self._request.parameters, plugin_version(),
                          record=self._request.record)  # fmt: skip
                run_id = save_run(db, run)
            counts, notes = keep_scene(db, scene, sensor, task.version, run_id)
        self._run_id = run_id
        self.added += counts.added
        self._note(short(scene.product.path), (*scene.notes, *notes))

    def _note(self, name: str, notes: Sequence[str]) -> None:
        """Notes that many products share become one."""
        for note in notes:
            self._shared.setdefault(note.removeprefix(f"{name} "), []).append(name)

    def check_any(self, products: Sequence[Product]) -> None:
        """Raise where nothing at all came of the run."""
        outcomes = list(self._outcomes.values())
        if any(one.stage is not Stage.RANGE for one in outcomes):
            return
        if self.failed and not outcomes:
            path, reason = self.failed[0]
            raise ProductError(
                f"No product could be searched: {len(self.failed)} cannot be used. The first, "
                f"{path}: {reason}"
            )
        why: dict[str, int] = {}
        for one in outcomes:
            why[one.reason] = why.get(one.reason, 0) + 1
        told = ", ".join(f"{count} {reason}" for reason, count in why.items())
        raise InsufficientDataError(
            f"None of the {len(products)} products is in range: {told}. Widen the period "
            "(FIRST_DAY, LAST_DAY), the latitudes (MIN_LATITUDE, MAX_LATITUDE) or the sun zenith "
            "angle (MAX_SUN_ZENITH_DEG), or give other products."
        )

    def result(self) -> SearchResult:
        """What came of the run."""
        self._progress.report(1.0)
        outcomes = tuple(self._outcomes.values())
        known = [one.product for one in outcomes if one.known]
        if known:
            self._progress.info(
                f"{len(known)} product(s) were searched before and not read again: {listed(known)}."
            )
        # Products end in any order: what is said must not depend on it.
        shared = [
            f"{min(names)}{f' and {len(names) - 1} more' if len(names) > 1 else ''}: {note}"
            for note, names in sorted(self._shared.items())
        ]
        notes = (*sorted(self.notes), *shared, *left_out_notes(sorted(self.failed)))
        return SearchResult(outcomes, self.added, len(known), len(self.failed), notes)
