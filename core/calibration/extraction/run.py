# SPDX-License-Identifier: GPL-3.0-or-later
"""Many products measured over many sites, into the calibration database.

Products are read by several threads; each is one transaction of the thread that called, so that a
run that is canceled or killed keeps the products that were complete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from ...at_sites import readable_products
from ...database.extracted import extracted
from ...database.names import DatabaseName
from ...database.opening import writing
from ...database.runs import Run, save_run
from ...database.sites import CalibrationSite
from ...errors import InputError, InsufficientDataError, ProductError
from ...io.products import ReaderOptions
from ...io.products.left_out import left_out_notes, listed
from ...progress import Part, Progress, Silent
from ...series.extract_files import catalog_paths
from ...types import Product
from ...version import plugin_version
from .keeping import keep_scene
from .naming import product_name, sensor_name, version_name
from .scene import SceneMeasurements, measure_scene
from .sites import near
from .threads import WORKERS, in_threads

METHOD = "extractcalibrationsites"


@dataclass(frozen=True)
class ExtractionRequest:
    """What to extract: products (folders, archives, catalogs), over which sites, in which bands
    (empty: all), at which resolution; ``sensor``, ``version``: instead of what the metadata say;
    ``parameters`` and ``record`` are kept with the run.
    """

    products: Sequence[str]
    sites: Sequence[CalibrationSite]
    bands: Sequence[str] = ()
    fast: bool = False
    sensor: str = ""
    version: str = ""
    workers: int = WORKERS
    parameters: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ExtractionResult:
    """Measurements added; those that the database had, which were not read again; products that
    could not be used; and sentences for the log.
    """

    added: int
    skipped: int
    failed: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Task:
    """A product, what it is called in the database, and the sites that are still to be read."""

    product: Product
    sensor: str
    version: str
    sites: tuple[CalibrationSite, ...]


def extract_sites(
    name: DatabaseName, request: ExtractionRequest, progress: Progress | None = None
) -> ExtractionResult:
    """Measure all products over all sites and add what is new to the database.

    A product that cannot be used is told and left out; the others count. Raises ``ProductError``
    where nothing can be read, ``InsufficientDataError`` where nothing covers a site.
    """
    progress = progress or Silent()
    products, unreadable = readable_products(
        catalog_paths([str(one) for one in request.products]), ReaderOptions(),
        Part(progress, 0.0, 0.1),
    )  # fmt: skip
    _check_bands(products, request.bands)
    run = _Extraction(name, request, progress)
    tasks = run.plan(products)
    run.failed = [*unreadable, *run.failed]
    run.work(tasks, Part(progress, 0.1, 1.0))
    run.check_any(products)
    return run.result()


def _check_bands(products: Sequence[Product], bands: Sequence[str]) -> None:
    known = dict.fromkeys(name for one in products for name in one.bands)
    unknown = [name for name in bands if name not in known]
    if unknown:
        raise InputError(
            f"No product has a band {', '.join(unknown)}. There are: "
            f"{', '.join(known) or '(none)'}."
        )


class _Extraction:
    """One run, while it goes on."""

    def __init__(self, name: DatabaseName, request: ExtractionRequest, progress: Progress) -> None:
        self._name, self._request, self._progress = name, request, progress
        self._known = extracted(name, progress)
        self._known_products: list[str] = []
        self._run_id: int | None = None
        self.added = self.skipped = self.covered = 0
        self.failed: list[tuple[str, str]] = []
        self.notes: dict[str, None] = {}

    def plan(self, products: Sequence[Product]) -> list[_Task]:
        """What there is to read; products that the database has are not."""
        tasks, seen = [], set(self._known)
        for product in products:
            try:
                sensor = sensor_name(product, self._request.sensor)
            except InputError as error:
                self.failed.append((product.path, str(error)))
                continue
            version = version_name(product, self._request.fast, self._request.version)
            key = (sensor, product_name(product), version)
            covered = [site for site in self._request.sites if near(site, product) is not None]
            left = tuple(site for site in covered if (*key, site.name) not in seen)
            self.covered += len(covered)
            self._note_known(key, len(covered) - len(left))
            if left:
                seen |= {(*key, site.name) for site in left}
                tasks.append(_Task(product, sensor, version, left))
        return tasks

    def _note_known(self, key: tuple[str, str, str], count: int) -> None:
        self.skipped += count
        if count:
            self._known_products.append(f"{key[1]} (version {key[2] or 'without a name'})")

    def work(self, tasks: Sequence[_Task], progress: Progress) -> None:
        """Read in threads, keep in this one."""
        in_threads(tasks, self._measure, self._collect, progress, self._request.workers,
                   "Measuring products over sites")  # fmt: skip

    def _measure(self, task: _Task, stop: Progress) -> SceneMeasurements:
        request = self._request
        return measure_scene(task.product, task.sites, request.bands, request.fast, stop)

    def _collect(self, task: _Task, future: Future[SceneMeasurements]) -> None:
        try:
            scene = future.result()
            self.notes.update(dict.fromkeys(scene.notes))
            if scene.sites:
                self._keep(scene, task)
        except InputError as error:
            self.failed.append((task.product.path, str(error)))

    def _keep(self, scene: SceneMeasurements, task: _Task) -> None:
        run_id = self._run_id
        with writing(self._name, progress=self._progress) as db:
            if run_id is None:
                run = Run(METHOD, self._request.parameters, plugin_version(),
                          record=self._request.record)  # fmt: skip
                run_id = save_run(db, run)
            counts, notes = keep_scene(db, scene, task.sensor, task.version, run_id)
        self._run_id = run_id
        self.added += counts.added
        self.skipped += counts.known
        self.notes.update(dict.fromkeys(notes))
        if not scene.product.level.startswith("L1"):
            self.notes[
                f"{product_name(scene.product)} is of level {scene.product.level}: its values are "
                "not reflectance at the top of the atmosphere, which the calibration methods need."
            ] = None

    def check_any(self, products: Sequence[Product]) -> None:
        """Raise where nothing at all came of the run."""
        if self.added or self.skipped:
            return
        if self.failed:
            path, reason = self.failed[0]
            raise ProductError(
                f"Nothing was measured: {len(self.failed)} product(s) cannot be used. The first, "
                f"{path}: {reason}"
            )
        sites = self._request.sites
        detail = " ".join(self.notes) if self.covered else (
            f"The first product is {products[0].site} ({products[0].path}), the sites are "
            f"{listed([one.name for one in sites])}."
        )  # fmt: skip
        raise InsufficientDataError(
            f"None of the {len(products)} products shows any of the {len(sites)} sites. {detail} "
            "Check that both belong together."
        )

    def result(self) -> ExtractionResult:
        """What came of the run."""
        if self._known_products:
            self._progress.info(
                f"{self.skipped} measurement(s) of {len(self._known_products)} product(s) are in "
                "the database already, and were not read again: "
                f"{listed(self._known_products)}."
            )
        self._progress.report(1.0)
        notes = (*self.notes, *left_out_notes(self.failed))
        return ExtractionResult(self.added, self.skipped, len(self.failed), notes)
