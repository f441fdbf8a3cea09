# SPDX-License-Identifier: GPL-3.0-or-later
"""The demonstration data: simulated products and photometer files with a planted AOT error.

Products carry the names, metadata and masks of THEIA's formats, photometer files the layouts of
AERONET Version 3; what they hold is simulated. The truth that was planted is written beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..io.aeronet_write import write_aeronet
from ..io.products.synthetic import Scene as Image
from ..io.products.synthetic import write_muscate, write_n2a
from ..io.tables import write_table
from ..progress import Progress, Silent, check
from ..simulation.aerosol import EXACT_UM, NOMINAL_NM, observe
from ..simulation.folder import NOTE, claim
from ..simulation.places import corner
from ..simulation.sun import solar_zenith_deg
from ..table import Table, from_rows
from ..types import Flag
from .simulate_plan import (
    CAMPAIGNS,
    SEED,
    DemoCampaign,
    DemoPlan,
    PhotometerRecord,
    PlannedImage,
    plan_demo,
)
from .simulate_scene import EXTENT_M, simulate_scene

PHOTOMETER_NOISE = 0.005
FIRST_LINE = "Simulated data for demonstrations of the CalVal Toolbox. Nothing here was measured.\n"
READ_ME = """
aeronet/      photometer files in the layouts of AERONET Version 3
{folders}
truth.csv     what was planted: per image the true AOT and the error of the delivered AOT

Made with seed {seed}; the same seed gives the same files.
"""
TRUTH_FIELDS = {
    "campaign": "text", "site": "text", "time": "time", "product": "text", "aot_true": "float",
    "aot_error": "float", "water_vapor_true_cm": "float", "cloud_share": "float",
    "gapfilled_share": "float", "clipped": "int", "defect": "text",
}  # fmt: skip

# Defects that real archives have too: the first image of each kind shows that they are survived.
_NO_AOT, _UNLISTED, _TRUNCATED = "product without AOT", "AOT not listed", "truncated metadata"


@dataclass(frozen=True)
class DemoScenario:
    """Where the demonstration data are, and what was planted in them.

    ``products`` maps the name of a campaign to the folder of its products; ``truth`` has one row
    per image with the columns of ``TRUTH_FIELDS``.
    """

    folder: Path
    products: dict[str, Path]
    aeronet: Path
    truth: Table
    plan: DemoPlan


def write_demo(
    folder: Path | str,
    seed: int = SEED,
    campaigns: tuple[DemoCampaign, ...] = CAMPAIGNS,
    progress: Progress | None = None,
    workers: int = 2,
) -> DemoScenario:
    """Write all demonstration data into ``folder`` and return where they are, with the truth.

    The files are the same, byte by byte, for the same ``seed``. Raises ``OutputError`` where
    ``folder`` already holds something that is not demonstration data, or cannot be written.
    """
    progress = progress or Silent()
    folder = Path(folder)
    claim(folder, FIRST_LINE, ("aeronet", *(campaign.folder for campaign in CAMPAIGNS)))
    plan = plan_demo(seed, campaigns)
    for record in plan.photometers:
        check(progress)
        _write_photometer(folder / "aeronet", record)
    names: dict[int, str] = {}
    corners = {record.site.name: corner(record.site, EXTENT_M) for record in plan.photometers}
    with ThreadPoolExecutor(workers) as pool:
        jobs: list[Future[str]] = [
            pool.submit(_write_image, folder, image, corners[image.site.name], _defect(plan, index))
            for index, image in enumerate(plan.images)
        ]
        try:
            for index, job in enumerate(jobs):
                check(progress)
                names[index] = job.result()
                progress.report((index + 1) / len(jobs), "Simulating products")
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    truth = from_rows(_truth(plan, names), TRUTH_FIELDS, "truth.csv")
    (folder / "truth.csv").unlink(missing_ok=True)
    write_table(truth, folder / "truth.csv")
    folders = {campaign.name: folder / campaign.folder for campaign in campaigns}
    listed = "\n".join(f"{path.name + '/':<13} products: {name}" for name, path in folders.items())
    (folder / NOTE).write_text(FIRST_LINE + READ_ME.format(folders=listed, seed=seed), "utf-8")
    return DemoScenario(folder, folders, folder / "aeronet", truth, plan)


def _defect(plan: DemoPlan, index: int) -> str:
    """The defect that the image ``index`` gets, or ""."""
    campaign = plan.images[index].campaign
    first = min(i for i, image in enumerate(plan.images) if image.campaign is campaign)
    defects = {"SPOT4": (_NO_AOT, _UNLISTED), "SENTINEL2A": (_TRUNCATED,)}
    listed = defects.get(campaign.platform, ())
    return listed[index - first] if index - first < len(listed) else ""


def _write_image(
    folder: Path, planned: PlannedImage, corner: tuple[float, float], defect: str
) -> str:
    """Write one product; returns its name."""
    campaign, site = planned.campaign, planned.site
    layers = simulate_scene(planned.settings, campaign.pixel_m, np.random.default_rng(planned.seed))
    zenith = float(solar_zenith_deg(np.array([planned.time]), site.longitude, site.latitude)[0])
    image = Image(
        site=site.tile if campaign.platform.startswith("SENTINEL2") else site.take5,
        time=planned.time,
        epsg=site.epsg,
        left=corner[0],
        top=corner[1],
        pixel_m=campaign.pixel_m,
        aot=layers.aot,
        water_vapor=layers.water_vapor_cm,
        flags={
            Flag.CLOUD: layers.cloud,
            Flag.CLOUD_SHADOW: layers.shadow,
            Flag.AOT_INTERPOLATED: layers.gapfilled,
            Flag.NODATA: layers.border,
        },
        sun_zenith_deg=round(zenith, 3),
    )
    target = folder / campaign.folder
    if campaign.platform.startswith("SENTINEL2"):
        product = write_muscate(target, image, campaign.platform)
    else:
        product = write_n2a(
            target,
            image,
            campaign.platform,
            aot_in_xml=defect != _UNLISTED,
            aot_file=defect != _NO_AOT,
        )
    if defect == _TRUNCATED:
        metadata = next(product.glob("*_MTD_ALL.xml"))
        metadata.write_bytes(metadata.read_bytes()[:2000])
    return product.name


def _write_photometer(folder: Path, record: PhotometerRecord) -> None:
    """The files of one site: a different layout and level per site, as users meet them."""
    site, air = record.site, record.air
    aod = observe(air, PHOTOMETER_NOISE, np.random.default_rng(record.seed))
    zenith = solar_zenith_deg(air.time, site.longitude, site.latitude)
    years = air.time.astype("datetime64[Y]").astype(np.int64) + 1970
    days = air.time.astype("datetime64[D]")
    common: dict[str, Any] = {
        "lon": site.longitude,
        "lat": site.latitude,
        "elevation": site.elevation_m,
    }

    def write(name: str, rows: Any, **options: Any) -> None:
        if rows.any():
            write_aeronet(
                folder / name,
                site.name,
                air.time[rows],
                {nm: aod[rows, i] for i, nm in enumerate(NOMINAL_NM)},
                dict(zip(NOMINAL_NM, EXACT_UM, strict=True)),
                air.water_vapor_cm[rows],
                solar_zenith=zenith[rows],
                **common,
                **options,
            )

    if site.name == "Ouarzazate":
        write(f"{site.name}_AOD20.txt", years > 0, dialect="webservice", instrument=431)
        return
    for year in np.unique(years):
        inside = years == year
        for number, (start, end, instrument, rows) in enumerate(_spells(site.name, year, days)):
            name = f"{start}_{end}_{site.name}.lev20" + (".gz" if number or year < 2018 else "")
            write(name, inside & rows, instrument=instrument)
        if site.name == "Beijing" and year == 2018:
            write(f"{year}0101_{year}1231_{site.name}.lev15.gz", inside, level="1.5", instrument=88)


def _spells(site: str, year: int, days: Any) -> Iterator[tuple[str, str, int, Any]]:
    """Level 2.0 files of a year: (first day, last day, instrument, rows)."""
    change = np.datetime64(f"{year}-07-01")
    if site == "Toulouse" and year == 2018:  # the photometer is exchanged for its calibration
        yield f"{year}0101", f"{year}0630", 312, days < change
        yield f"{year}0701", f"{year}1231", 740, days >= change
    elif site == "Beijing" and year == 2018:  # level 2.0 of the last weeks is not there yet
        yield f"{year}0101", f"{year}1210", 88, days <= np.datetime64(f"{year}-12-10")
    else:
        instrument = {"Toulouse": 312, "Beijing": 88}.get(site, 507)
        yield f"{year}0101", f"{year}1231", instrument, np.ones(len(days), dtype=bool)


def _truth(plan: DemoPlan, names: dict[int, str]) -> Iterator[dict[str, Any]]:
    for index, image in enumerate(plan.images):
        yield {
            "campaign": image.campaign.name,
            "site": image.site.name,
            "time": image.time,
            "product": names[index],
            "aot_true": image.aot_true,
            "aot_error": image.error,
            "water_vapor_true_cm": image.water_vapor_true_cm,
            "cloud_share": image.settings.cloud_share,
            "gapfilled_share": image.settings.gapfilled_share,
            "clipped": int(image.clipped),
            "defect": _defect(plan, index),
        }
