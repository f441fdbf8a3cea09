# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sensors against each other: a reprocessing known to 0.0001, and planted twins."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import site_series as series

from calval_toolbox.core.calibration.comparison import (
    Comparison,
    compare,
    comparison_table,
    cross,
    double_ratio,
    same_band,
)
from calval_toolbox.core.calibration.desert import Settings
from calval_toolbox.core.calibration.matching import Limits
from calval_toolbox.core.calibration.ratios import Ratio, Way, disagreement
from calval_toolbox.core.calibration.screening import Screening
from calval_toolbox.core.calibration.sensor_tables import SensorTables
from calval_toolbox.core.calibration.simulate import Plan, simulate_desert
from calval_toolbox.core.calibration.transfer import Side
from calval_toolbox.core.calibration.types import Band, Sensor
from calval_toolbox.core.errors import InputError, InsufficientDataError
from calval_toolbox.core.report.comparison import headline

# Third by second reprocessing of MERIS on identical acquisitions.
REPROCESSED = {
    "412": 1.0029, "443": 1.0022, "490": 0.9999, "560": 0.9999, "665": 1.0002, "753": 1.0017,
    "865": 1.0007,
}  # fmt: skip
BANDS = tuple(Band(name, at) for name, at in (
    ("B02", 490.0), ("B03", 560.0), ("B04", 665.0), ("B07", 783.0), ("B8A", 865.0),
))  # fmt: skip
GAINS = {"B03": 0.99, "B8A": 1.011}


@pytest.mark.parametrize("site", ["Libya4", "DomeC"])
def test_a_reprocessing_is_found_to_0_05_percent(shared_data: Path, site: str) -> None:
    third, second = (
        series.side(shared_data, site, "MERIS", f"{number}_Reprocessing")
        for number in ("3rd", "2nd")
    )
    settings = Settings(Limits(1.0, 0.001, reciprocity=False), Screening(max_zenith_deg=88.0))
    found = {one.band: one for one in same_band(third, second, settings)}
    for band, ratio in REPROCESSED.items():
        assert found[band].median == pytest.approx(ratio, abs=0.0005)
        assert found[band].count > 400


def twin(name: str, seed: int, offset: float, **plan: Any) -> Side:
    sensor = Sensor(name, BANDS)
    models = SensorTables().bands(sensor)
    made = Plan(days=2190, revisit_days=10.0, offset_days=offset, **plan)
    return Side(simulate_desert(sensor, models, made, seed=seed), models)


def test_planted_twins() -> None:
    """The bias of the third sensor is large and cancels in the double ratio."""
    second = twin("S2B/MSI", 1, 1.0, gains=GAINS)
    first, third = twin("S2A/MSI", 2, 0.0), twin("S2C/MSI", 3, 2.0, gains={"B04": 1.1})
    found = compare(second, first, Settings(), third)
    assert not found.notes
    for way in Way:
        ratios = {one.band: one for one in found.of(way)}
        assert set(ratios) == {band.name for band in BANDS}
        for band, one in ratios.items():
            planted = GAINS.get(band, 1.0)
            assert one.ratio == pytest.approx(planted, abs=0.005), (way, band)
            assert abs(one.ratio - planted) < 4.0 * one.standard_error
            assert one.count > 40
    table = comparison_table(found)
    assert len(table) == 15
    mine = table["method"] == "cross"
    said = dict(zip(table["band"][mine], table["level"][mine], strict=True))
    assert said == found.levels["cross"]
    skewed = replace(found, ratios=(replace(found.ratios[0], ratio=1.5, median=1.0),))
    assert comparison_table(skewed)["level"][0] == 1.0
    row = np.flatnonzero((table["method"] == "double_ratio") & (table["band"] == "B8A"))[0]
    assert "S2B/MSI measures 1." in table["words"][row]
    assert "% more than S2A/MSI; multiply S2B/MSI by 0.98" in table["words"][row]


def test_the_sign_in_words() -> None:
    more = Ratio(Way.CROSS, "B04", 665.0, 1.02, 0.001, 1.02, 0.01, 50)
    assert more.words("A", "B") == (
        "A measures 2.00 ± 0.20 % more than B; multiply A by 0.9804 to bring it to B."
    )
    less = Ratio(Way.CROSS, "B04", 665.0, 0.98, 0.001, 0.98, 0.01, 50)
    assert "2.00 ± 0.20 % less than B; multiply A by 1.0204" in less.words("A", "B")
    same = Ratio(Way.CROSS, "B04", 665.0, 1.001, 0.001, 1.001, 0.01, 50)
    assert same.words("A", "B") == "A and B agree within the error: +0.10 ± 0.20 %."


def test_versions_of_one_sensor_are_told_apart(shared_data: Path) -> None:
    third, second = (
        series.side(shared_data, "Libya4", "MERIS", f"{number}_Reprocessing")
        for number in ("3rd", "2nd")
    )
    found = compare(third, second, Settings(Limits(1.0, 0.001)))
    assert (found.first, found.second) == ("MERIS 3rd_Reprocessing", "MERIS 2nd_Reprocessing")
    assert {one.way for one in found.ratios} == {Way.SAME_BAND, Way.CROSS}


def test_a_way_that_cannot_be_gone_leaves_a_note(shared_data: Path) -> None:
    aatsr = series.side(shared_data, "Libya4", "AATSR", "2nd_Reprocessing")
    meris = series.side(shared_data, "Libya4", *series.MERIS)
    found = compare(aatsr, meris, Settings(bands=("555", "660")))
    assert {one.way for one in found.ratios} == {Way.CROSS}
    assert found.notes[0] == "same_band: The two sensors have no band of the same name."
    assert found.notes[1].startswith("cross: AATSR states no ozone, 300 DU is taken; MERIS states")
    assert len(found.notes) == 2
    with pytest.raises(InsufficientDataError, match="cross: No observation"):
        compare(aatsr, meris, Settings(Limits(0.001, 0.001)))


def test_words_follow_the_median_where_few_pairs_pull_the_mean() -> None:
    pulled = Ratio(Way.SAME_BAND, "490", 490.0, 1.001, 0.0001, 0.99996, 0.002, 500)
    words = pulled.words("A", "B")
    assert words.startswith("A and B agree within the error by the median: 0.00 ± 0.03 %.")
    assert "The mean (+0.10 ± 0.02 %) differs from the median" in words
    assert "multiply" not in words


def test_a_clear_trend_is_in_the_words() -> None:
    drifting, flat = (
        Ratio(Way.CROSS, "B04", 665.0, 1.02, 0.001, 1.02, 0.01, 50, 0.07, error)
        for error in (0.007, 0.03)
    )
    assert "The ratio changes by +0.070 ± 0.014 % per year" in drifting.words("A", "B")
    assert "per year" not in flat.words("A", "B")


def test_the_headline_is_a_range_over_bands() -> None:
    ratios = tuple(
        Ratio(Way.CROSS, band, at, ratio, 0.001, ratio, 0.01, 50)
        for band, at, ratio in (("B02", 490.0, 0.986), ("B03", 560.0, 1.0025), ("B04", 665.0, 1.02))
    )
    line = headline(Comparison("A", "B", "", ratios, ()))[0]
    assert (line.value, line.count) == (
        "0.9860 to 1.0200", "range over 3 bands, up to 50 pairs in a band",
    )  # fmt: skip
    assert "measures 1.40 % less (" in line.verdict
    assert "to 2.00 % more (" in line.verdict


def test_bands_of_one_name_elsewhere_in_the_spectrum_are_not_compared() -> None:
    first = twin("S2A/MSI", 2, 0.0)
    moved = tuple(replace(band, wavelength_nm=705.0) if band.name == "B04" else band
                  for band in BANDS)  # fmt: skip
    second = twin("S2B/MSI", 1, 1.0)
    second = replace(second, measurements=replace(second.measurements, sensor=Sensor("OLI", moved)))
    notes: list[str] = []
    found = {one.band for one in same_band(first, second, Settings(), notes)}
    assert found == {"B02", "B03", "B07", "B8A"}
    assert notes == [
        "same_band: bands of one name whose wavelengths differ by more than 1 % are not compared "
        "as they are: B04 (665 nm and 705 nm)."
    ]
    with pytest.raises(InputError, match=r"^Bands of one name .*: B04 \(665 nm and 705 nm\)\."):
        same_band(first, second, Settings(bands=("B04",)))


def test_a_double_ratio_pairs_bands_by_wavelength(shared_data: Path) -> None:
    """AATSR by MODISA through MERIS: 660 and 646 nm; what the coefficients themselves give."""
    aatsr, modis, meris = (
        series.side(shared_data, "Libya4", *of)
        for of in (("AATSR", "2nd_Reprocessing"), ("MODISA", "Collection_5"), series.MERIS)
    )
    notes: list[str] = []
    found = {one.band: one for one in double_ratio(aatsr, modis, meris, Settings(), notes=notes)}
    own, other = ({one.band: one.ratio for one in cross(side, meris, Settings())}
                  for side in (aatsr, modis))  # fmt: skip
    assert found["660"].ratio == pytest.approx(own["660"] / other["646"])
    assert found["660"].ratio == pytest.approx(1.036, abs=0.005)
    assert "660 (660 nm) by 646 (646 nm)" in notes[0]
    # Bands that are named are those of the first sensor: the other one's are found by wavelength.
    named = double_ratio(aatsr, modis, meris, Settings(bands=("660",)))
    assert [one.band for one in named] == ["660"]
    assert named[0].ratio == pytest.approx(found["660"].ratio, rel=2e-3)


def test_what_few_bands_of_the_reference_leave_open_is_told(shared_data: Path) -> None:
    """Five bands of MODIS leave the ground at 560 and 660 nm to the spline; MERIS does not."""
    aatsr, modis, meris = (
        series.side(shared_data, "Libya4", *of)
        for of in (("AATSR", "2nd_Reprocessing"), ("MODISA", "Collection_5"), series.MERIS)
    )
    few = Settings(bands=("660",), reference_bands=("412", "466", "554", "646", "857"))
    told: list[str] = []
    found = cross(aatsr, modis, few, notes=told)
    [note] = [one for one in told if "another spline" in one]
    match = re.search(r"bands of MODISA .* up to ([+-][\d.]+) % \(660\)", note)
    assert match
    assert abs(float(match[1])) > 100.0 * found[0].standard_error
    told.clear()
    cross(aatsr, meris, Settings(bands=("660",)), notes=told)
    assert not [one for one in told if "another spline" in one]


def test_ways_that_disagree_are_told() -> None:
    def ratio(way: Way, band: str, value: float, error: float = 0.002) -> Ratio:
        return Ratio(way, band, 560.0, value, error, value, 0.01, 100)

    cross_way, double = Way.CROSS, Way.DOUBLE_RATIO
    found = [
        ratio(cross_way, "555", 1.059), ratio(double, "555", 1.046),
        ratio(cross_way, "660", 1.032), ratio(double, "660", 1.036),
        ratio(cross_way, "865", 1.056), ratio(Way.SAME_BAND, "555", 1.2),
    ]  # fmt: skip
    [note] = disagreement(found)
    assert note.startswith("cross and double_ratio differ by more than three")
    assert "errors: 555 (+1.30 %). The" in note
    assert disagreement(found[2:]) == ()
    assert disagreement([ratio(cross_way, "1", 1.1, math.nan), ratio(double, "1", 1.0)]) == ()


def test_one_pair_says_nothing_yet() -> None:
    one = Ratio(Way.SAME_BAND, "B3", 560.0, 0.951, math.nan, 0.951, math.nan, 1)
    assert one.words("A", "B") == (
        "A measures 4.90 % less than B in 1 pair: too few for an error, so this says nothing yet."
    )


def test_saturated_bands_of_the_reference_are_named(shared_data: Path) -> None:
    """MODIS at 487 nm saturates over Libya-4: with it the spectrum of the reference is wrong by
    1 % at 660 nm, without it both ways agree there.
    """
    aatsr, modis, meris = (
        series.side(shared_data, "Libya4", *of)
        for of in (("AATSR", "2nd_Reprocessing"), ("MODISA", "Collection_5"), series.MERIS)
    )
    found = compare(aatsr, modis, Settings(), meris)
    [note] = [note for note in found.notes if "may saturate" in note]
    assert note.startswith("cross: Bands of MODISA that do not go with their neighbors")
    assert re.search(r": 487 \(1\d %\)\. They may saturate", note)
    [named] = re.findall(r"REFERENCE_BANDS=([^)]*)", note)
    better = compare(aatsr, modis, Settings(reference_bands=tuple(named.split(","))), meris)
    assert not [note for note in better.notes if "may saturate" in note]
    ways = [
        {one.band: one.ratio for one in of.of(way)}
        for of, way in ((found, Way.CROSS), (better, Way.CROSS), (better, Way.DOUBLE_RATIO))
    ]
    assert abs(ways[0]["660"] - ways[2]["660"]) > 0.005
    assert abs(ways[1]["660"] - ways[2]["660"]) < 0.003
    with pytest.raises(InsufficientDataError, match=r"no band 999 \(REFERENCE_BANDS\)"):
        compare(aatsr, modis, Settings(reference_bands=("999",)))


def test_saturated_bands_of_the_third_sensor_can_be_left_out(shared_data: Path) -> None:
    """MODIS at 487 nm as before: the page names the bands to take instead by the parameter of the
    third sensor, and without it single coefficients scatter less.
    """
    aatsr, modis, meris = (
        series.side(shared_data, "Libya4", *of)
        for of in (("AATSR", "2nd_Reprocessing"), ("MODISA", "Collection_5"), series.MERIS)
    )
    settings = Settings(bands=("660",))
    found = compare(aatsr, meris, settings, modis)
    [note] = [note for note in found.notes if "may saturate" in note]
    assert note.startswith("double_ratio: Bands of MODISA")
    assert "REFERENCE_BANDS" not in note
    [named] = re.findall(r"THIRD_BANDS=([^)]*)", note)
    better = compare(aatsr, meris, settings, modis, third_bands=named.split(","))
    assert not [note for note in better.notes if "may saturate" in note]
    whole, part = (of.of(Way.DOUBLE_RATIO)[0] for of in (found, better))
    assert part.ratio == pytest.approx(whole.ratio, abs=0.003), "its spectrum is common to both"
    assert part.pair_sd < 0.9 * whole.pair_sd
    [note] = [note for note in compare(aatsr, meris, settings, modis, third_bands=("999",)).notes
              if "999" in note]  # fmt: skip
    assert note.startswith("double_ratio: MODISA has no band 999 (THIRD_BANDS).")
