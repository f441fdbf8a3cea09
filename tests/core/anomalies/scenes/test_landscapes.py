# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated ground keeps the calendars of what grows on it."""

from __future__ import annotations

import numpy as np
import pytest

from calval_toolbox.core.anomalies.scenes.landscapes import LANDSCAPES, landscape
from calval_toolbox.core.simulation.covers import BANDS
from calval_toolbox.core.simulation.landscape import Landscape

NAMES = list(BANDS)


def _ndvi(ground: Landscape, day: str, cover: str) -> float:
    image = ground.reflectance(np.datetime64(day))
    own = np.isin(ground.parcels, [i for i, name in enumerate(ground.covers) if name == cover])
    red, infrared = image[NAMES.index("B4")][own], image[NAMES.index("B8")][own]
    return float(np.mean((infrared - red) / (infrared + red)))


@pytest.mark.parametrize("name", list(LANDSCAPES))
def test_reflectance_is_physical_all_year(name: str) -> None:
    ground = landscape(name, 60, np.random.default_rng(1))
    assert ground.parcels.max() < len(ground.covers)
    for month in range(1, 13):
        image = ground.reflectance(np.datetime64(f"2019-{month:02d}-10"))
        assert image.shape == (10, 60, 60)
        assert image.min() > 0.0
        assert image.max() < 1.0


def test_crops_have_their_seasons() -> None:
    ground = landscape("Toulouse", 100, np.random.default_rng(2))
    season = {
        crop: [_ndvi(ground, f"2019-{day}", crop) for day in ("02-01", "05-05", "08-01", "11-01")]
        for crop in ("wheat", "maize", "meadow")
    }
    assert int(np.argmax(season["wheat"])) == 1
    assert int(np.argmax(season["maize"])) == 2
    assert season["wheat"][1] - season["wheat"][2] > 0.4
    assert season["maize"][2] - season["maize"][1] > 0.4
    assert min(season["meadow"]) > 0.4


def test_the_desert_hardly_changes_and_grass_greens_in_the_wet_season() -> None:
    desert = landscape("Ouarzazate", 60, np.random.default_rng(3))
    days = [np.datetime64(f"2019-{month:02d}-01") for month in range(1, 13)]
    sand = np.array([desert.reflectance(day).mean(axis=(1, 2)) for day in days])
    assert np.ptp(sand, axis=0).max() < 0.01
    assert sand[0, NAMES.index("B4")] > 0.25
    savanna = landscape("Birdsville", 60, np.random.default_rng(3))
    green, dry = (_ndvi(savanna, day, "grassland") for day in ("2019-03-01", "2019-10-01"))
    assert green - dry > 0.08


def test_years_differ_a_little() -> None:
    ground = landscape("Toulouse", 60, np.random.default_rng(4))
    april = [_ndvi(ground, f"{year}-04-05", "wheat") for year in (2018, 2019, 2020)]
    assert 0.005 < np.ptp(april) < 0.4


def test_wet_soil_is_darker_and_water_is_not() -> None:
    ground = landscape("Toulouse", 100, np.random.default_rng(5))
    dry, wet = (ground.reflectance(np.datetime64("2019-11-01"), w)[2] for w in (0.0, 0.1))
    crop = np.isin(ground.parcels, [i for i, c in enumerate(ground.covers) if c == "maize"])
    road = np.isin(ground.parcels, [i for i, c in enumerate(ground.covers) if c == "pond"])
    assert wet[crop].mean() / dry[crop].mean() == pytest.approx(0.91, abs=0.03)
    assert wet[road].mean() / dry[road].mean() == pytest.approx(1.0, abs=0.02)
