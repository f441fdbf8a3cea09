# SPDX-License-Identifier: GPL-3.0-or-later
"""``landcoverchain``: the keys of its configuration are those of the algorithms, and its outputs
are layers with names, colors and styles.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")
pytest.importorskip("sklearn")

from qgis.core import QgsProcessingContext, QgsProcessingException, QgsRasterLayer
from qgis.gui import QgsGui, QgsProcessingGui
from samples import World, landcoverchain

from calval_toolbox.algorithms.registry import algorithms
from calval_toolbox.core.classification.chain.keys import (
    ASSESSMENT,
    FUSION,
    MAPS,
    PARAMETERS,
    PRIMITIVES,
    REGULARIZATION,
    SAID_ONCE,
    SAMPLES,
    STEPS,
    TRAINING,
)
from calval_toolbox.core.classification.chain.origin import splits_of
from calval_toolbox.core.classification.limits import ALLOWED, Range
from calval_toolbox.core.classification.simulate import LandCoverCase

Run = Callable[[str, dict[str, Any]], dict[str, Any]]
# What the chain's help says of defaults that are its own.
OTHER = {(PRIMITIVES, "MAX_GAP_DAYS"), (FUSION, "METHOD")}
# Parameters that the chain decides by itself, or that make no sense in it: a new one has to be
# given a place, in the chain or here.
LEFT_OUT: dict[str, set[str]] = {
    PRIMITIVES: {"MASK"},  # files of each tile: a mask among the bands serves
    SAMPLES: {"VALIDITY", "NODATA", "CHECK_ONLY", "DATE_MATCHING"},  # stacks and counts are its own
    TRAINING: {"SAMPLES", "SPLIT_FIELD"},
    MAPS: {"MODELS", "MAP_AREA", "DATE_MATCHING"},  # models are of the stack's own dates
    FUSION: {"MAPS", "CONFUSIONS", "CONFIDENCES"},
    REGULARIZATION: {"MAP", "CONFIDENCE", "VALIDITY"},
    ASSESSMENT: {
        "MAP", "MAP_FIELD", "SPLIT_FIELD", "POLYGON_FIELD", "CONFUSIONS", "STRATA",
        "STRATA_CLASS_FIELD", "STRATA_AREA_FIELD", "TARGET_SE", "EXPECTED_USERS", "LEAST_IN_CLASS",
    },
}  # fmt: skip


@pytest.mark.usefixtures("calval_provider")
@pytest.mark.parametrize("step", STEPS)
def test_steps_have_the_parameters_and_defaults_of_the_algorithms(step: str) -> None:
    algorithm = next(one for one in algorithms() if one.name() == step).create()
    definitions = {each.name(): each for each in algorithm.parameterDefinitions()}
    for key, usual in PARAMETERS[step].items():
        assert key in definitions, f"{step} has no parameter {key}"
        assert _allowed(definitions[key]) == ALLOWED[step].get(key), (step, key)
        if (step, key) not in OTHER:
            assert (definitions[key].defaultValue() or type(usual)()) == usual, (step, key)
    # Every parameter is in the chain, said once for all of it, or left out on purpose.
    execution = {"EXECUTOR", "TILE_SIZE", "MEMORY_CAP_MB", "RESUME"}
    told = {name for name, one in definitions.items() if not one.isDestination()}
    here = PARAMETERS[step].keys() | SAID_ONCE.keys() | execution
    assert told - here == LEFT_OUT[step]
    assert not here & LEFT_OUT[step]
    page = Path(__file__).parents[3] / "help" / "landcoverchain.md"
    for _, key in OTHER:
        assert f"`{key}`" in page.read_text("utf-8")


def _allowed(definition: Any) -> tuple[str, ...] | Range | None:
    """What a parameter takes, as the table has it; None for what has no limits."""
    if definition.type() == "enum":
        return tuple(definition.options())
    if definition.type() != "number" or definition.minimum() < -1e300:
        return None
    whole = definition.dataType() == definition.Type.Integer
    unlimited = definition.maximum() >= (2**31 - 1 if whole else 1e300)
    return Range(definition.minimum(), None if unlimited else definition.maximum())


@pytest.mark.usefixtures("calval_provider")
def test_the_dialog_takes_a_file_and_json_itself() -> None:
    algorithm = next(one for one in algorithms() if one.name() == "landcoverchain").create()
    definition = algorithm.parameterDefinition("CONFIGURATION")
    assert definition.type() == "file"  # its widget has a button
    registry = QgsGui.processingGuiRegistry()
    wrapper = registry.createParameterWidgetWrapper(definition, QgsProcessingGui.Standard)
    context = QgsProcessingContext()
    widget = wrapper.createWrappedWidget(context)
    text = '{"products": ["a b", "c"], "steps": {"assessmap": {"DESIGN": "none"}}}'
    for given in (text, "/data/land_cover.json"):
        wrapper.setParameterValue(given, context)
        assert wrapper.parameterValue() == given
        assert definition.checkValueIsAcceptable(given, context)
    widget.deleteLater()


@pytest.fixture
def inputs(land_cover_case: LandCoverCase, run_algorithm: Run, tmp_path: Path) -> dict[str, Any]:
    """The sample run of the contract test."""
    world = World(tmp_path, run_algorithm)
    world.land_cover = land_cover_case
    return landcoverchain(world) | {"OUTPUT_FOLDER": str(tmp_path / "out")}


def test_outputs_are_layers_with_classes_and_a_manifest(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path
) -> None:
    made = run_algorithm("landcoverchain", inputs)
    assert 0.6 < made["OA"] <= 1.0
    assert (made["STEPS_RUN"], made["STEPS_SKIPPED"]) == (5, 0)
    layer = QgsRasterLayer(made["MAP"], "map")
    labels = {one.label for one in layer.renderer().classes()}
    assert {"maize", "wheat", "water"} <= labels
    assert Path(made["CONFIDENCE"]).with_suffix(".qml").is_file()
    assert json.loads(Path(made["MANIFEST"]).read_text("utf-8"))["units"]
    assert Path(f"{tmp_path / 'out'}.provenance.json").is_file()
    record = json.loads(Path(made["MAP"] + ".provenance.json").read_text("utf-8"))
    assert record["parameters"]["CONFIGURATION"] == inputs["CONFIGURATION"]
    assert splits_of(made["MAP"]) == ("split",)
    again = run_algorithm("landcoverchain", inputs)
    assert (again["STEPS_RUN"], again["STEPS_SKIPPED"]) == (0, 5)
    assert again["OA"] == made["OA"]
    # A style of the user's own is left alone.
    style = Path(made["MAP"]).with_suffix(".qml")
    style.write_text("<qgis/>", "utf-8")
    run_algorithm("landcoverchain", inputs)
    assert style.read_text("utf-8") == "<qgis/>"
    # What is of an earlier map is neither told as that of this run, nor left as if it were.
    accuracy = Path(made["REPORT"])
    assert Path(f"{accuracy}.provenance.json").is_file()
    told = json.loads(inputs["CONFIGURATION"])
    told["steps"]["preparesamples"]["TRAIN_RATIO"] = 1
    other = {"CONFIGURATION": json.dumps(told), "LAST_STEP": "preparesamples"}
    changed = run_algorithm("landcoverchain", inputs | other)
    assert changed["STEPS_RUN"] == 1
    assert changed["OA"] is None
    assert not {"MAP", "CONFIDENCE", "REPORT"} & set(changed)
    assert list(accuracy.parent.iterdir()) == []
    assert (tmp_path / "out" / "stale" / "accuracy" / accuracy.name).is_file()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"CONFIGURATION": '{"refrence": 1}'}, "Is 'reference' meant"),
        ({"CONFIGURATION": "nowhere.json"}, "cannot be read"),
        ({"FIRST_STEP": "assessmap", "LAST_STEP": "preparesamples"}, "after the last"),
        ({"EXECUTOR": "magic"}, "magic"),
        (
            {
                "PLAN_ONLY": True,
                "CONFIGURATION": '{"products": ".", "reference": ".", "class_field": '
                '"c", "steps": {"trainclassifier": {"TREES": 0}}}',
            },
            "TREES .* cannot be 0",
        ),
    ],
)
def test_what_is_wrong_is_said_before_the_run(
    inputs: dict[str, Any], run_algorithm: Run, tmp_path: Path, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(QgsProcessingException, match=said):
        run_algorithm("landcoverchain", inputs | more)
    assert not (tmp_path / "out").exists()
