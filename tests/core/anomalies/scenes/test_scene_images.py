# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated images hold what was planted, by its amplitude, and noise and masks as stated."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from calval_toolbox.core.anomalies.injections import KINDS, Injection, check_plan
from calval_toolbox.core.anomalies.scenes import plan_four_sites
from calval_toolbox.core.anomalies.scenes.images import Simulated, clean, simulate
from calval_toolbox.core.anomalies.scenes.plan import SitePlan
from calval_toolbox.core.anomalies.scenes.settings import STEP_DAY, STEP_GAIN
from calval_toolbox.core.anomalies.scenes.targets import targets
from calval_toolbox.core.anomalies.scenes.truth import anomalies, at_targets
from calval_toolbox.core.simulation.covers import BANDS

NAMES = list(BANDS)
Planted = Callable[[str, str], tuple[SitePlan, Injection, Simulated, np.ndarray]]


@pytest.fixture(scope="module")
def plans() -> dict[str, SitePlan]:
    return {plan.settings.name: plan for plan in plan_four_sites()}


@pytest.fixture
def planted(plans: dict[str, SitePlan]) -> Planted:
    """The first image of a planted anomaly, and the same image without it."""

    def find(site: str, kind: str) -> tuple[SitePlan, Injection, Simulated, np.ndarray]:
        plan = plans[site]
        injection = next(one for one in plan.injections if one.type == kind)
        image = simulate(plan, injection.date)
        return plan, injection, image, clean(plan, injection.date)

    return find


def test_every_type_is_planted_and_single_events_at_one_site_only(
    plans: dict[str, SitePlan],
) -> None:
    where = {
        kind: [
            name for name, plan in plans.items() if kind in [one.type for one in plan.injections]
        ]
        for kind in KINDS
    }
    for kind in ("wrong_date", "shift", "stripes", "fire", "snow", "harvest"):
        assert len(where[kind]) == 1, kind
    for kind in set(KINDS) - {"wrong_date", "shift", "stripes", "fire", "snow", "harvest"}:
        assert len(where[kind]) == 4, kind
    for plan in plans.values():
        check_plan(plan.injections, len(plan.images), NAMES)


def test_the_processor_changes_at_all_sites_on_the_same_date(plans: dict[str, SitePlan]) -> None:
    for plan in plans.values():
        days = np.array([image.time for image in plan.images]).astype("datetime64[D]")
        after = days >= np.datetime64(STEP_DAY)
        assert [image.version == "3-1" for image in plan.images] == after.tolist()
        step = next(one for one in plan.injections if one.type == "step")
        assert step.date == after.argmax()
        assert 20 <= after.sum() <= 27


def test_series_alternate_satellites_and_orbits_and_have_gaps(plans: dict[str, SitePlan]) -> None:
    for name, plan in plans.items():
        kinds = [(image.platform, image.orbit) for image in plan.images]
        counts = [kinds.count(kind) for kind in set(kinds)]
        assert len(counts) == 4
        assert min(counts) >= 14, name
    wet = [image.time.astype("datetime64[M]") for image in plans["Birdsville"].images]
    months = np.array(wet).astype(int) % 12
    assert np.isin(months, (0, 1)).sum() < 0.75 * np.isin(months, (5, 6)).sum()
    dry = [image.cloud_share > 0.0 for image in plans["Ouarzazate"].images]
    assert np.mean(dry) < np.mean([image.cloud_share > 0.0 for image in plans["Toulouse"].images])


@pytest.mark.parametrize("site", ["Toulouse", "Beijing", "Ouarzazate", "Birdsville"])
def test_gain_and_offset_come_back(planted: Planted, site: str) -> None:
    _, injection, image, without = planted(site, "gain")
    assert abs(injection.amplitude) >= 0.03
    inside = ~(image.cloud | image.shadow | image.outside | image.saturated)
    ratio = image.reflectance[:, inside].mean(axis=1) / without[:, inside].mean(axis=1)
    assert ratio == pytest.approx(1.0 + injection.amplitude, abs=0.002)
    _, injection, image, without = planted(site, "offset")
    added = np.nanmean(image.reflectance - without, axis=(1, 2))
    assert added == pytest.approx(injection.amplitude, abs=1e-3)


def test_the_step_stays(plans: dict[str, SitePlan]) -> None:
    plan = plans["Ouarzazate"]
    step = next(one for one in plan.injections if one.type == "step")
    clear = [image.number for image in plan.images if image.cloud_share == 0.0]
    ratio = {n: np.mean(simulate(plan, n).reflectance) / np.mean(clean(plan, n)) for n in clear}
    after = [value for n, value in ratio.items() if n >= step.date]
    assert len(after) > 12
    assert after == pytest.approx([1.0 + STEP_GAIN] * len(after), abs=1e-6)
    just_before = max(n for n in clear if n < step.date)
    assert ratio[just_before] == pytest.approx(1.0, abs=1e-6)


def test_aot_error_over_sand_is_opposite_to_that_over_dark_ground(planted: Planted) -> None:
    for kind, sign in (("aot_under", 1.0), ("aot_over", -1.0)):
        plan, _, image, without = planted("Ouarzazate", kind)
        assert (image.reflectance - without)[7].mean() * sign < -0.001  # sand, near infrared
        _, _, image, without = planted("Toulouse", kind)
        change = (image.reflectance - without) * sign
        assert change[0].mean() > 0.008
        assert change[0].mean() > change[2].mean() > 0.0
        assert plan.settings.name == "Ouarzazate"


def test_exchanged_images_stand_in_each_others_place(planted: Planted) -> None:
    plan, injection, image, without = planted("Toulouse", "wrong_date")
    other = injection.date + int(injection.amplitude)
    assert np.array_equal(image.reflectance, clean(plan, other))
    assert np.array_equal(simulate(plan, other).reflectance, without)
    ndvi = [(one[6] - one[2]) / (one[6] + one[2]) for one in (image.reflectance, without)]
    wheat = next(one for one in targets(plan) if one.cover == "wheat").square
    assert ndvi[0][wheat].mean() > ndvi[1][wheat].mean() + 0.25  # spring in autumn


def test_stripes_have_their_period_in_their_band_only(planted: Planted) -> None:
    _, injection, image, without = planted("Ouarzazate", "stripes")
    ratio = image.reflectance / without - 1.0
    striped = NAMES.index("B4")
    others = [number for number in range(len(NAMES)) if number != striped]
    assert np.abs(ratio[others]).max() < 1e-9
    assert np.abs(ratio[striped]) == pytest.approx(injection.amplitude)
    power = np.abs(np.fft.rfft(ratio[striped][40]))
    found = np.fft.rfftfreq(ratio.shape[2])[power[1:].argmax() + 1]
    expected = abs(np.cos(np.deg2rad(injection.direction_deg))) / injection.period_px
    assert found == pytest.approx(expected, abs=0.5 / ratio.shape[2])


def test_the_shift_is_found_by_phase_correlation(planted: Planted) -> None:
    _, injection, image, without = planted("Beijing", "shift")
    rows, columns = (np.fft.fftfreq(n)[axis] for n, axis in zip(
        without.shape[1:], (np.s_[:, None], np.s_[None, :]), strict=True
    ))  # fmt: skip
    window = np.outer(np.hanning(without.shape[1]), np.hanning(without.shape[2]))
    pair = [np.fft.fft2((one[2] - one[2].mean()) * window) for one in (image.reflectance, without)]
    cross = pair[0] * np.conj(pair[1])
    low = (np.hypot(rows, columns) < 0.15) & (np.hypot(rows, columns) > 0.01)
    # the phase is -2 pi (rows * down + columns * right): a weighted plane through it
    weight = np.abs(cross[low])
    slopes = np.stack(
        [np.broadcast_to(rows, low.shape)[low], np.broadcast_to(columns, low.shape)[low]], 1
    )
    phase = -np.angle(cross[low]) / (2.0 * np.pi)
    down, right = np.linalg.lstsq(slopes * weight[:, None], phase * weight, rcond=None)[0]
    assert np.hypot(down, right) == pytest.approx(injection.amplitude, abs=0.12)
    assert np.rad2deg(np.arctan2(right, -down)) == pytest.approx(60.0, abs=6.0)


@pytest.mark.parametrize("site", ["Toulouse", "Beijing", "Ouarzazate", "Birdsville"])
def test_planted_clouds_are_absent_from_the_masks(planted: Planted, site: str) -> None:
    plan, injection, image, without = planted(site, "cloud")
    bright = (image.reflectance - without)[0] > 0.2
    assert 0.02 < bright.mean() < 1.2 * injection.extent
    assert not (image.cloud & bright).any()
    darker = (image.reflectance / without)[6] < 0.75
    assert 0.01 < darker.mean()
    # shadows lie away from the sun: moved back by the planned offset they fall on the clouds
    planned = plan.images[injection.date]
    distance = 350.0 * np.tan(np.deg2rad(planned.sun_zenith_deg)) / 10.0
    azimuth = np.deg2rad(planned.sun_azimuth_deg)
    rows, columns = np.nonzero(darker & ~np.isnan(without[0]))
    rows = np.round(rows - distance * np.cos(azimuth)).astype(int)
    columns = np.round(columns + distance * np.sin(azimuth)).astype(int)
    seen = (rows >= 0) & (columns >= 0) & (rows < 92) & (columns < 92)
    clouded = (image.reflectance - without)[0] > 0.05
    assert clouded[rows[seen], columns[seen]].mean() > 0.8


def test_masks_miss_a_few_percent_of_clouds_and_shadows(plans: dict[str, SitePlan]) -> None:
    missed = flagged = 0
    for plan in (plans["Toulouse"], plans["Beijing"]):
        for planned in plan.images:
            image = simulate(plan, planned.number)
            missed += int((image.missed_cloud | image.missed_shadow).sum())
            flagged += int((image.cloud | image.shadow).sum())
            assert not (image.missed_cloud & image.cloud).any()
            assert not (image.missed_shadow & image.shadow).any()
    assert 0.02 < missed / (missed + flagged) < 0.045


def test_bright_desert_is_taken_for_cloud_too_often(plans: dict[str, SitePlan]) -> None:
    plan = plans["Ouarzazate"]
    over = [simulate(plan, image.number).over_masked for image in plan.images]
    shown = [one for one in over if one.any()]
    assert 0.15 < len(shown) / len(over) < 0.5
    ground = clean(plan, 0)[0]
    assert ground[shown[0]].mean() > np.quantile(ground, 0.8)


@pytest.mark.parametrize(
    ("site", "cover", "blue", "infrared"),
    [("Ouarzazate", "dunes", (0.004, 0.010), (0.006, 0.016)),
     ("Toulouse", "maize", (0.007, 0.014), (0.014, 0.030))],
)  # fmt: skip
def test_noise_is_as_large_as_stated(
    plans: dict[str, SitePlan],
    site: str,
    cover: str,
    blue: tuple[float, float],
    infrared: tuple[float, float],
) -> None:
    plan = plans[site]
    spot = next(one for one in targets(plan) if one.cover == cover)
    calm = [
        clean(plan, one.number)[:, spot.row, spot.column]
        - plan.landscape.reflectance(one.time, one.wetness)[:, spot.row, spot.column]
        for one in plan.images
    ]
    noise = np.std(calm, axis=0)
    assert blue[0] < noise[0] < blue[1]
    assert infrared[0] < noise[6] < infrared[1]
    close, far = np.corrcoef(np.transpose(calm))[6, [7, 0]]
    assert close > 0.8
    assert 0.15 < far < close


def test_clouds_hide_the_burnt_ground(plans: dict[str, SitePlan]) -> None:
    plan = plans["Birdsville"]
    fire = next(one for one in plan.injections if one.type == "fire")
    cloudy = [one.number for one in plan.images[fire.date :] if 0.1 < one.cloud_share < 1.0]
    compared = 0
    for number in cloudy[:6]:
        image = simulate(plan, number)
        burnt = next(one for one in image.effects if one.injection.type == "fire").touched
        core = image.cloud & (image.reflectance[9] > 0.45)
        if not (core & burnt).any() or not (core & ~burnt).any():
            continue
        compared += 1
        blue = image.reflectance[0]
        assert np.median(blue[core & burnt]) == pytest.approx(
            np.median(blue[core & ~burnt]), abs=0.06
        )
        assert (core & burnt).sum() > 0.3 * burnt.mean() * core.sum()
    assert compared >= 2


def test_truth_of_a_place_is_what_covers_it(plans: dict[str, SitePlan], planted: Planted) -> None:
    plan, injection, image, without = planted("Toulouse", "harvest")
    found = anomalies(plan, injection.date, image, "product")
    rows = list(at_targets([one for one in found if one[0]["type"] == "harvest"], targets(plan)))
    concerned = {row["site"]: row for row in rows}
    assert concerned["Toulouse wheat 1"]["share"] == 1.0
    assert concerned["Toulouse wheat 1"]["point"] == 1
    assert "Toulouse maize" not in concerned
    mown = (np.abs(image.reflectance - without) > 1e-6).any(axis=0)
    whole = found[0][0]
    assert whole["extent_share"] == pytest.approx(mown.mean(), abs=0.01)
    burnt = next(one for one in plans["Birdsville"].injections if one.type == "fire")
    late = anomalies(
        plans["Birdsville"], burnt.date + 3, simulate(plans["Birdsville"], burnt.date + 3), "p"
    )
    fire = next(row for row, _ in late if row["type"] == "fire")
    assert fire["since"] == plans["Birdsville"].images[burnt.date].time
    assert 0.6 < fire["amplitude"] < 0.9
    assert fire["extent_share"] == pytest.approx(0.28, abs=0.03)
