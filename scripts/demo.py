# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job on simulated example data, through the real ``qgis_process``.

Satellite products and photometer files with a known AOT error are made, validated with the shipped
model and algorithms, and what was found is printed beside what was planted. ``make demo`` runs it.

    build/venv/bin/python scripts/demo.py [JOB] [--data] [FOLDER]

``FOLDER`` takes the place of ``build/demo``; with ``--data`` only the data are made, in FOLDER;
with ``--anomalies`` the job is the detection of anomalies in time series (``demo_anomalies.py``),
with ``--calibration`` the calibration of twin sensors (``demo_calibration.py``), with ``--sites``
the search for new calibration sites (``demo_stability.py``), with ``--elevation`` surface models
from stereo images (``demo_elevation.py``), with ``--land-cover`` a land-cover map of two tiles
(``demo_land_cover.py``).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import demo_anomalies
import demo_calibration
import demo_elevation
import demo_land_cover
import demo_stability
import numpy as np
from demo_run import ROOT, Demo, from_here, pictures, read

if TYPE_CHECKING:
    from calval_toolbox.core.aot.simulate import DemoScenario
    from calval_toolbox.core.table import Table

MODEL = ROOT / "resources" / "models" / "aot_validation.model3"
STEPS = 8
INTERRUPTED = 130
HEADLINE_M = 5000.0
CAMPAIGNS = {"Sentinel-2": "sentinel2", "SPOT4-Take5": "spot4", "SPOT5-Take5": "spot5"}


def make_data(folder: Path) -> DemoScenario:
    """Write the simulated data."""
    from calval_toolbox.core.aot.simulate import write_demo

    return write_demo(folder)


def simulate(demo: Demo) -> DemoScenario:
    """Make the data."""
    begin = demo.say("Simulating products and photometer files")
    scenario = make_data(demo.folder / "data")
    print(f" {time.perf_counter() - begin:.1f} s")
    return scenario


def validate(demo: Demo, scenario: DemoScenario) -> dict[str, Any]:
    """Run the whole job; returns the numbers of the campaign comparison."""
    products = {name: [str(path)] for name, path in scenario.products.items()}
    everything = [path for paths in products.values() for path in paths]
    listed = demo.run(
        "Listing the products",
        "calval:catalogproducts",
        {"FOLDERS": everything, "OUTPUT": demo.out("products.gpkg")},
    )
    print(
        f"      {listed['COUNT']} products; {listed['UNREADABLE_COUNT']} cannot be read "
        "(damaged on purpose): listed with the reason"
    )
    demo.run(
        "Sentinel-2: import, extraction, comparison, site ranking (the shipped model)",
        str(MODEL),
        {
            "AERONET_FILES": [str(scenario.aeronet)],
            "PRODUCTS": products["Sentinel-2"],
            "aeronet_observations": demo.out("aeronet.gpkg"),
            "satellite_aot": demo.out("sentinel2_aot.gpkg"),
            "matchups": demo.out("sentinel2_matchups.gpkg"),
            "statistics": demo.out("sentinel2_statistics.csv"),
            "validation_report": demo.out("sentinel2_validation.html"),
            "site_ranking": demo.out("site_ranking.gpkg"),
            "ranking_report": demo.out("site_ranking.html"),
        },
    )
    for name in ("SPOT4-Take5", "SPOT5-Take5"):
        short = CAMPAIGNS[name]
        demo.run(
            f"{name}: extraction",
            "calval:extractaot",
            {
                "PRODUCTS": products[name],
                "SITES": demo.out("aeronet.gpkg"),
                "OUTPUT": demo.out(f"{short}_aot.gpkg"),
            },
        )
        demo.run(
            f"{name}: comparison",
            "calval:compareaot",
            {
                "SATELLITE": demo.out(f"{short}_aot.gpkg"),
                "AERONET": demo.out("aeronet.gpkg"),
                "MATCHUPS": demo.out(f"{short}_matchups.gpkg"),
                "STATISTICS": demo.out(f"{short}_statistics.csv"),
                "REPORT": demo.out(f"{short}_validation.html"),
            },
        )
    return demo.run(
        "SPOT4 against SPOT5",
        "calval:compareaotcampaigns",
        {
            "MATCHUPS_A": demo.out("spot4_matchups.gpkg"),
            "MATCHUPS_B": demo.out("spot5_matchups.gpkg"),
            "OUTPUT": demo.out("spot4_spot5.csv"),
            "REPORT": demo.out("spot4_spot5.html"),
        },
    )


def planted_errors(scenario: DemoScenario, matchups: Table) -> np.ndarray:
    """The planted errors of the images that were matched, in the window of the figures."""
    known = dict(zip(scenario.truth["product"], scenario.truth["aot_error"], strict=True))
    rows = (matchups.floats("accepted") == 1) & (matchups.floats("window_m") == HEADLINE_M)
    return np.array([known[name] for name in matchups["product"][rows]])


def campaign_lines(demo: Demo, scenario: DemoScenario) -> list[str]:
    """Bias and RMSE per campaign, planted and found."""
    lines = [f"{'AOT error':<22}{'images':>7}{'planted':>10}{'found':>10}   95 % interval"]
    for name, short in CAMPAIGNS.items():
        planted = planted_errors(scenario, read(demo.out(f"{short}_matchups.gpkg")))
        table = read(demo.out(f"{short}_statistics.csv"))
        first = {key: float(table[key][0]) for key in ("bias", "bias_low", "bias_high", "rmse")}
        inside = first["bias_low"] <= planted.mean() <= first["bias_high"]
        lines += [
            f"{name + ' bias':<22}{len(planted):>7}{planted.mean():>+10.4f}{first['bias']:>+10.4f}"
            f"   [{first['bias_low']:+.4f}, {first['bias_high']:+.4f}]"
            f" {'holds it' if inside else 'misses it'}",
            f"{name + ' RMSE':<22}{'':>7}{np.sqrt(np.mean(planted**2)):>10.4f}"
            f"{first['rmse']:>10.4f}",
        ]
    return lines


def difference_line(demo: Demo, scenario: DemoScenario, found: dict[str, Any]) -> str:
    """SPOT4 minus SPOT5: the planted laws of both at the AOT and sites that were matched."""
    plans = {campaign.name: campaign.error for campaign in scenario.plan.campaigns}
    truth = scenario.truth
    matched = set()
    for short in ("spot4", "spot5"):
        table = read(demo.out(f"{short}_matchups.gpkg"))
        matched |= set(table["product"][table.floats("accepted") == 1])
    rows = np.isin(truth["product"].astype(str), list(matched))
    common = rows & (truth["site"] != "Birdsville")
    aot = truth["aot_true"][common]
    laws = [plans[name].offset + plans[name].slope * aot for name in ("SPOT4-Take5", "SPOT5-Take5")]
    planted = float(np.mean(laws[0] - laws[1]))
    low, high = found["BIAS_DIFFERENCE_LOW"], found["BIAS_DIFFERENCE_HIGH"]
    verdict = "holds it" if low <= planted <= high else "misses it"
    return (
        f"{'SPOT4 - SPOT5 bias':<22}{found['COUNT_A'] + found['COUNT_B']:>7}{planted:>+10.4f}"
        f"{found['BIAS_DIFFERENCE']:>+10.4f}   [{low:+.4f}, {high:+.4f}] {verdict}"
    )


def ranking_lines(demo: Demo, scenario: DemoScenario) -> list[str]:
    """Sites from the best to the least, with what was planted there: own bias and scatter."""
    table = read(demo.out("site_ranking.gpkg"))
    rows = scenario.truth["campaign"] == "Sentinel-2"
    law = next(c.error for c in scenario.plan.campaigns if c.name == "Sentinel-2")
    lines = [f"{'Site (best first)':<22}{'images':>7}{'planted':>10}{'score':>10}   90 % interval"]
    for i, site in enumerate(table["site"]):
        aot = np.median(scenario.truth["aot_true"][rows & (scenario.truth["site"] == site)])
        planted = np.hypot(law.site_bias.get(site, 0.0), law.scatter(site, aot))
        score, low, high = (float(table[key][i]) for key in ("score", "ci_low", "ci_high"))
        lines.append(
            f"{site:<22}{table['n'][i]:>7}{planted:>10.3f}{score:>10.3f}"
            f"   [{low:.3f}, {high:.3f}]  tier {table['tier'][i]}"
        )
    return lines


def main(arguments: list[str]) -> int:
    """Make, validate, print; an interrupt ends it with a sentence and the exit code of shells."""
    try:
        return run_demo(arguments)
    except KeyboardInterrupt:
        print("\nInterrupted: what was finished before is kept; run it again for the rest.")
        return INTERRUPTED


def run_demo(arguments: list[str]) -> int:
    """Make, validate, print."""
    jobs = {
        "--anomalies": demo_anomalies, "--calibration": demo_calibration,
        "--sites": demo_stability, "--elevation": demo_elevation,
        "--land-cover": demo_land_cover,
    }  # fmt: skip
    for option, job in jobs.items():
        if option in arguments:
            return job.main([one for one in arguments if one != option])
    begin = time.perf_counter()
    unknown = [one for one in arguments if one.startswith("-") and one != "--data"]
    if unknown:
        print(f"unknown: {', '.join(unknown)}. Usage: demo.py [--data] [FOLDER]")
        return 2
    given = [argument for argument in arguments if argument != "--data"]
    folder = Path(given[0]) if given else ROOT / "build" / "demo"
    if "--data" in arguments:
        scenario = make_data(folder)
        print(
            f"{len(scenario.truth)} simulated products and their photometers: {from_here(folder)}"
        )
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    demo = Demo(folder.resolve(), STEPS)
    print("CalVal Toolbox: AOT validation on simulated data with a known error\n")
    scenario = simulate(demo)
    difference = validate(demo, scenario)
    made = pictures(demo.folder)
    print("\nWhat was planted, and what the toolbox found\n")
    for line in [*campaign_lines(demo, scenario), difference_line(demo, scenario, difference)]:
        print("  " + line)
    print(
        "  SPOT4 - SPOT5 is told at the sites that both were matched at; planted is the mean "
        "difference of\n  the two laws over the AOT there. Each bias above is over its own images, "
        "of other sites and\n  AOT: they need not differ by as much."
    )
    print()
    for line in ranking_lines(demo, scenario):
        print("  " + line)
    print(f"\nDone in {time.perf_counter() - begin:.0f} s. Look at:\n")
    shown = from_here(demo.folder)
    print(f"  reports   {shown}/sentinel2_validation.html, site_ranking.html, spot4_spot5.html")
    print(f"  tables    {shown}/*.gpkg and *.csv (drag them into QGIS: styles come along)")
    print(f"  pictures  {shown}/pictures/*.svg ({len(made)})")
    print(f"  data      {shown}/data, with the planted truth in truth.csv")
    print("\nIn the desktop (scripts/qgis): Plugins > CalVal Toolbox > Load example data.")
    print("Anomalies in time series: build/venv/bin/python scripts/demo.py --anomalies")
    print("Radiometric calibration: build/venv/bin/python scripts/demo.py --calibration")
    print("New calibration sites: build/venv/bin/python scripts/demo.py --sites")
    print("Elevation models: build/venv/bin/python scripts/demo.py --elevation")
    print("Land cover: build/venv/bin/python scripts/demo.py --land-cover")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "build" / "plugins"))
    sys.exit(main(sys.argv[1:]))
