# SPDX-License-Identifier: GPL-3.0-or-later
"""The four-site example: simulated Sentinel-2 series in the format of THEIA with planted anomalies.

Products carry the names, metadata and masks of MUSCATE; what they hold is simulated. The truth
that was planted is written beside them.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...io.products.synthetic import Scene, write_muscate
from ...io.tables import write_table
from ...progress import Progress, Silent, check
from ...simulation.covers import BANDS
from ...simulation.folder import NOTE, claim, clear
from ...simulation.places import corner
from ...table import Table, from_rows
from ...types import Flag
from .images import PIXEL_M, Simulated, simulate
from .landscapes import landscape
from .plan import VIEWS, PlannedImage, SitePlan, plan_site
from .settings import LAST_DAY, SITES, SiteSettings
from .targets import Target, layers, targets
from .truth import SITE_FIELDS, TRUTH_FIELDS, anomalies, at_targets

SEED = 20180103
SIZE = 92  # pixels of 10 m
FIRST_LINE = "Simulated image series with planted anomalies for the CalVal Toolbox. None is real.\n"
TABLES = ("sites.geojson", "polygons.geojson", "steady.geojson", "truth.csv", "truth_sites.csv")
READ_ME = """
{folders}
sites.geojson     points to extract series at
polygons.geojson  squares around them, and the whole images
steady.geojson    of these squares the steadiest one of each site
truth.csv         what is wrong with which product: type, amplitude, share of the image.
                  planted = 1: planted anomalies; 0: clouds and shadows that the masks miss, and
                  bright ground that they take for cloud
truth_sites.csv   the same for every point and polygon that is concerned

Sentinel-2B is darker than Sentinel-2A by 0.4 %, and the two orbits of a site differ by 1.5 to 3 %.
Made with seed {seed}; the same seed gives the same files.
"""


@dataclass(frozen=True)
class FourSites:
    """Where the example is, and what was planted in it.

    ``products`` maps the name of a site to the folder of its products. ``sites``, ``polygons``
    and ``steady`` (one polygon for each site) are layers to extract series at. ``truth`` has the
    columns of ``TRUTH_FIELDS``, ``site_truth`` those of ``SITE_FIELDS``.
    """

    folder: Path
    products: dict[str, Path]
    sites: Path
    polygons: Path
    steady: Path
    truth: Table
    site_truth: Table
    plans: tuple[SitePlan, ...]


def plan_four_sites(
    seed: int = SEED,
    settings: tuple[SiteSettings, ...] = SITES,
    last_day: str = LAST_DAY,
    size: int = SIZE,
) -> tuple[SitePlan, ...]:
    """Draw ground and series of all sites; the same seed gives the same plan.

    ``last_day`` (ISO) ends the series earlier; ``size``: even number of 10 m pixels.
    """
    plans = []
    for one in settings:
        # Each site has its own generator: leaving one out changes no other.
        rng = np.random.default_rng([seed, [site.name for site in SITES].index(one.name)])
        plans.append(plan_site(one, landscape(one.name, size, rng), last_day, rng))
    return tuple(plans)


def write_four_sites(
    folder: Path | str,
    seed: int = SEED,
    settings: tuple[SiteSettings, ...] = SITES,
    last_day: str = LAST_DAY,
    progress: Progress | None = None,
    workers: int = 2,
) -> FourSites:
    """Write the whole example into ``folder`` and return where it is, with the truth.

    The files are the same, byte by byte, for the same ``seed``. Raises ``OutputError`` where
    ``folder`` already holds something else or cannot be written; a run that is canceled or fails
    leaves nothing behind.
    """
    progress = progress or Silent()
    folder = Path(folder)
    owned = (*(_folder_name(site) for site in SITES), *TABLES)
    claim(folder, FIRST_LINE, owned)
    try:
        return _write(folder, seed, plan_four_sites(seed, settings, last_day), progress, workers)
    except BaseException:
        clear(folder, (*owned, NOTE))
        raise


def _write(
    folder: Path, seed: int, plans: tuple[SitePlan, ...], progress: Progress, workers: int
) -> FourSites:
    rows: list[dict[str, Any]] = []
    site_rows: list[dict[str, Any]] = []
    with ThreadPoolExecutor(workers) as pool:
        jobs: list[Future[tuple[list[dict[str, Any]], list[dict[str, Any]]]]] = []
        for plan in plans:
            places = targets(plan)
            target = folder / _folder_name(plan.settings)
            jobs += [
                pool.submit(write_image, target, plan, number, places)
                for number in range(len(plan.images))
            ]
        try:
            for index, job in enumerate(jobs):
                check(progress)
                made, at_sites = job.result()
                rows += made
                site_rows += at_sites
                progress.report((index + 1) / len(jobs), "Simulating products")
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    truth = from_rows(rows, TRUTH_FIELDS, "truth.csv")
    site_truth = from_rows(site_rows, SITE_FIELDS, "truth_sites.csv")
    for table, name in zip((*layers(plans), truth, site_truth), TABLES, strict=True):
        write_table(table, folder / name)
    products = {plan.settings.name: folder / _folder_name(plan.settings) for plan in plans}
    listed = "\n".join(f"{path.name + '/':<18}products: {name}" for name, path in products.items())
    text = FIRST_LINE + READ_ME.format(folders=listed, seed=seed)
    (folder / NOTE).write_text(text, "utf-8")
    sites, polygons, areas = (folder / name for name in TABLES[:3])
    return FourSites(folder, products, sites, polygons, areas, truth, site_truth, plans)


def _folder_name(site: SiteSettings) -> str:
    return site.name.lower()


def write_image(
    folder: Path, plan: SitePlan, number: int, places: tuple[Target, ...]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Write one image as a product into ``folder``; returns its rows of the truth: of the image
    (``TRUTH_FIELDS``) and of the ``places`` that are concerned (``SITE_FIELDS``).
    """
    planned, image = plan.images[number], simulate(plan, number)
    product = write_muscate(
        folder,
        _scene(plan, planned, image),
        planned.platform,
        version=planned.version,
        kinds=("FRE",),
    )
    found = anomalies(plan, number, image, product.name)
    return [row for row, _ in found], list(at_targets(found, places))


def _scene(plan: SitePlan, planned: PlannedImage, image: Simulated) -> Scene:
    size = image.aot.shape[0]
    left, top = corner(plan.place, size * PIXEL_M)
    view_zenith, view_azimuth = VIEWS[planned.orbit]
    return Scene(
        site=plan.place.tile,
        time=planned.time,
        epsg=plan.place.epsg,
        left=left,
        top=top,
        pixel_m=PIXEL_M,
        aot=image.aot,
        water_vapor=image.water_vapor_cm,
        reflectance=dict(zip(BANDS, image.reflectance, strict=True)),
        flags={
            Flag.CLOUD: image.cloud,
            Flag.CLOUD_SHADOW: image.shadow,
            Flag.NODATA: image.outside,
            Flag.SATURATED: image.saturated,
        },
        sun_zenith_deg=planned.sun_zenith_deg,
        sun_azimuth_deg=planned.sun_azimuth_deg,
        view_zenith_deg=view_zenith,
        view_azimuth_deg=view_azimuth,
        orbit=plan.settings.orbits[planned.orbit],
    )
