# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration is understood as a whole, or refused by the name of what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calval_toolbox.core.classification.chain.configuration import (
    Configuration,
    configuration_of,
    read_configuration,
)
from calval_toolbox.core.classification.chain.keys import PARAMETERS, STEPS
from calval_toolbox.core.classification.chain.tiles import ChainTile, common_span, find_tiles
from calval_toolbox.core.classification.simulate import LandCoverCase
from calval_toolbox.core.errors import InputError

LEAST: dict[str, Any] = {
    "products": "optical", "reference": "reference.gpkg", "class_field": "class",
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("optical", "radar"):
        (tmp_path / name).mkdir()
    for name in ("reference.gpkg", "zones.gpkg", "of_2018.tif"):
        (tmp_path / name).write_text("x")
    return tmp_path


def read(place: Path, **more: Any) -> Configuration:
    return configuration_of({**LEAST, **more}, place)


def test_the_least_is_enough(place: Path) -> None:
    found = read(place)
    assert found.products == {"": (str(place / "optical"),)}
    assert found.reference == str(place / "reference.gpkg")
    assert (found.runs, found.seed, found.sensors) == (1, 0, "together")
    assert set(found.steps) == set(STEPS)
    assert found.steps["preparesamples"]["TRAIN_RATIO"] == 0.5


def test_a_file_and_a_text_say_the_same(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {"preparesamples": {"train_ratio": 1}}
    text = json.dumps({**LEAST, "other_years": ["of_2018.tif"], "steps": steps})
    (place / "chain.json").write_text(text)
    of_file = read_configuration(str(place / "chain.json"))
    monkeypatch.chdir(place)
    assert of_file == read_configuration(text)
    assert of_file.steps["preparesamples"]["TRAIN_RATIO"] == 1.0
    # What the manifest keeps is the same from any folder.
    assert of_file.given["products"] == [str(place / "optical")]
    assert of_file.given["reference"] == str(place / "reference.gpkg")
    assert of_file.given["other_years"] == [str(place / "of_2018.tif")]
    assert configuration_of(of_file.given, place / "elsewhere").products == of_file.products


def test_lists_are_texts_where_texts_are_asked_for(place: Path) -> None:
    found = read(
        place, steps={"computeprimitives": {"INDICES": ["NDVI", "NBR"], "STEP_DAYS": 15.0}}
    )
    assert found.steps["computeprimitives"]["INDICES"] == "NDVI,NBR"
    assert found.steps["computeprimitives"]["STEP_DAYS"] == 15


def steps(step: str, **parameters: Any) -> dict[str, Any]:
    return {"steps": {step: parameters}}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"refrence": "x"}, "no key 'refrence' in the configuration. Is 'reference' meant"),
        ({"zzz": 1}, "Known are products"),
        ({"steps": {"preparesample": {}}}, "Is 'preparesamples' meant"),
        ({"steps": {"preparesamples": {"TRAIN_RATO": 1}}}, "Is 'TRAIN_RATIO' meant"),
        ({"steps": {"preparesamples": {"SEED": 1}}}, "give it as 'seed' beside"),
        ({"steps": {"preparesamples": {"RUNS": 1}}}, "give it as 'runs' beside"),
        ({"steps": {"computeprimitives": {"STEP_DAYS": 1.5}}}, "STEP_DAYS of computeprimitives is"),
        ({"steps": {"computeprimitives": {"RADAR_RATIO": "yes"}}}, "give a value such as false"),
        ({"steps": []}, "steps is an object"),
        ({"reference": "nowhere.gpkg"}, "reference: .*nowhere.gpkg does not exist"),
        ({"products": 3}, "products is 3: give a path"),
        ({"class_field": ""}, "lacks class_field"),
        ({"runs": 0}, "runs is 0: give a whole number, 1 to 100"),
        ({"runs": True}, "runs is true"),
        ({"sensors": "apart"}, "needs products and radar"),
        ({"sensors": "both"}, "give together or apart"),
        ({"stack": "radar"}, "either products or a stack"),
        ({"steps": {"computeprimitives": {"SCALE": "x"}}}, "SCALE of computeprimitives is"),
        ({"polygons": "yes"}, 'polygons is "yes": give true or false'),
        ({"zones": "zones.gpkg"}, "zones and zone_field go together"),
        (
            steps("fuseclassifications", METHOD="majorty"),
            "METHOD of fuseclassifications cannot be 'majorty': .*Is 'majority' meant",
        ),
        (steps("assessmap", DESIGN="stratifed"), "give one of stratified, .*'stratified' meant"),
        (steps("preparesamples", AUGMENTATION="smot"), "AUGMENTATION of preparesamples .*'smote'"),
        (steps("preparesamples", STRATEGY="equl"), "STRATEGY of preparesamples .*'equal' meant"),
        (steps("regularizemap", SHAPE="octagon"), "'octagon': give one of circle, square.$"),
        (steps("preparesamples", TRAIN_RATIO=5), "cannot be 5: give a number, 0.001 to 1.$"),
        (steps("preparesamples", TRAIN_RATIO=float("nan")), "TRAIN_RATIO .* cannot be nan"),
        (steps("computeprimitives", STEP_DAYS=0), "STEP_DAYS of computeprimitives cannot be 0"),
        (steps("trainclassifier", METHOD="rf"), "METHOD of trainclassifier .*extra_trees, random"),
        (steps("trainclassifier", TREES=0), "cannot be 0: give a whole number, 1 to 5000.$"),
        (steps("regularizemap", MAJORITY_RADIUS=-1), "MAJORITY_RADIUS .* cannot be -1"),
        (steps("preparesamples", STRATEGY="percent", AMOUNT="200"), "^preparesamples: AMOUNT"),
        (steps("computeprimitives", START="spring"), "^computeprimitives: START .*is no date"),
        (steps("computeprimitives", INDICES="NDVY"), "^computeprimitives: There is no index NDVY"),
        ({"runs": 2, **steps("fuseclassifications", METHOD="dempster_shafer")}, "of equal rank"),
    ],
)
def test_what_is_wrong_is_named(place: Path, more: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(place, **more)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"products": ', "is no JSON: .* in line 1"),
        ('{"runs": 1, "runs": 2}', "'runs' twice"),
        ("nowhere.json", "nowhere.json cannot be read"),
    ],
)
def test_what_is_no_configuration(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_configuration(text)


def test_every_default_is_of_a_kind_that_is_checked() -> None:
    kinds = {type(value) for keys in PARAMETERS.values() for value in keys.values()}
    assert kinds <= {str, int, float, bool, type(None)}


def test_tiles_are_told_apart(land_cover_case: LandCoverCase) -> None:
    case = land_cover_case
    given = {
        "products": "optical", "radar": "radar", "reference": "reference.gpkg",
        "class_field": "class",
    }  # fmt: skip
    tiles, notes = find_tiles(configuration_of(given, case.folder))
    assert not notes
    assert [(one.name, len(one.products), len(one.radar)) for one in tiles] == [
        ("T31TCJ", 18, 26), ("T31TDJ", 17, 26),
    ]  # fmt: skip
    assert all("31TDJ" in path for path in tiles[1].radar)
    by_name = {**given, "products": {"west": "optical/T31TCJ"}, "radar": {"west": "radar/T31TCJ"}}
    (west,), _ = find_tiles(configuration_of(by_name, case.folder))
    assert (west.name, west.files) == ("west", tiles[0].files)


def _tile(*days: str, radar: tuple[str, ...] = ()) -> ChainTile:
    optical, seen = (np.array(one, dtype="datetime64[ms]") for one in (days, radar))
    return ChainTile("t", (), (), optical, (), 0, (seen,))


def test_features_of_all_tiles_have_the_same_dates() -> None:
    early, late = _tile("2022-01-05", "2022-10-01"), _tile("2022-02-01", "2022-11-20")
    assert common_span([early, late]) == ("2022-02-01", "2022-10-01")
    assert common_span([_tile()]) == ("", "")
    radar = _tile(radar=("2022-03-10", "2022-09-20"))
    assert common_span([early, radar], 10.0) == ("2022-02-28", "2022-09-30")
    assert common_span([radar], 10.0) == ("2022-03-10", "2022-09-20")
    with pytest.raises(InputError, match="no common season"):
        common_span([early, _tile("2022-10-02", "2022-12-01")])
