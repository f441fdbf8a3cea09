# SPDX-License-Identifier: GPL-3.0-or-later
"""Words, numbers and names that parameters do not take are answered with what they take."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingContext

from calval_toolbox.algorithms.base import CalValAlgorithm, Group, make
from calval_toolbox.algorithms.inputs import resolve
from calval_toolbox.algorithms.values import with_words

pytestmark = pytest.mark.usefixtures("qgis_app")


class Chooser(CalValAlgorithm):
    """Has values with limits; never run."""

    ID = "chooser"
    GROUP = Group.PRODUCTS
    TAGS = ("test",)

    def title(self) -> str:
        return "Choose"

    def summary(self) -> str:
        return "Chooses."

    def define(self) -> None:
        self.add(
            make.choice("POLICY", "Policy", "One.", ("none", "clouds"), "clouds"),
            make.choice("METHODS", "Methods", "Several.", ("a", "b"), "a", several=True),
            make.choice("SHARE", "Share", "Numbers.", ("0.5", "1"), "1"),
            make.number("WAVELENGTH_NM", "Wavelength", "Number.", 550.0, 300.0, 2500.0),
            make.number("STEP", "Step", "Whole.", 1, 1, integer=True),
            make.string("SITES", "Sites", "Separated by commas.", optional=True, several=True),
            make.string("SENSOR", "Sensor", "One.", optional=True),
            make.path("TABLES", "Tables", "A folder.", folder=True, optional=True),
        )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"POLICY": "cloudy"}, "POLICY cannot be 'cloudy'. Choose from: none, clouds."),
        ({"METHODS": ["a", "c"]}, "METHODS cannot be 'c'. Choose from: a, b."),
        ({"WAVELENGTH_NM": 5000}, "'5000'. Give a number from 300 to 2500."),
        ({"WAVELENGTH_NM": "0.55um"}, "WAVELENGTH_NM cannot be '0.55um'. Give a number from"),
        ({"STEP": 0}, "STEP cannot be '0'. Give a whole number of 1 or more."),
        ({"WAVELENGHT_NM": 600}, "no parameter WAVELENGHT_NM. Is WAVELENGTH_NM meant?"),
        ({"SENSOR": ["A", "B"]}, "takes one value and was given a list (A, B): give it once."),
        ({"TABLES": ["a", "b"]}, "TABLES takes one value and was given a list (a, b)"),
        ({"STEP": [1, 2]}, "STEP takes one value and was given a list (1, 2)"),
        ({"POLICY": ["none", "none"]}, "POLICY takes one value and was given a list (none, none)"),
        ({"policy": "none"}, "There is no parameter policy. Is POLICY meant?"),
    ],
)
def test_what_a_parameter_takes_is_said(given: dict[str, Any], words: str) -> None:
    good, text = Chooser().create().checkParameterValues(given, QgsProcessingContext())
    assert not good
    assert words in text


def test_good_values_and_names_of_nothing_pass() -> None:
    given = {
        "POLICY": "none",
        "METHODS": ["a", "b"],
        "WAVELENGTH_NM": 300,
        "ELLIPSOID": "EPSG:7030",
    }
    assert Chooser().create().checkParameterValues(given, QgsProcessingContext()) == (True, "")


@pytest.mark.parametrize(
    ("key", "given", "taken"),
    [
        ("POLICY", "0", "none"), ("POLICY", 1, "clouds"), ("METHODS", "1,0", ["b", "a"]),
        ("METHODS", "0, 1", ["a", "b"]), ("METHODS", ["1", "0"], ["b", "a"]),
        ("METHODS", "b,a", ["b", "a"]), ("METHODS", [1], ["b"]),
        ("SHARE", "1", "1"), ("SHARE", "0.5", "0.5"),
    ],
)  # fmt: skip
def test_choices_by_number_as_the_help_of_qgis_promises(key: str, given: Any, taken: Any) -> None:
    """Words stay what they are, also where they look like numbers."""
    context = QgsProcessingContext()
    algorithm = Chooser().create()
    assert algorithm.checkParameterValues({key: given}, context) == (True, "")
    assert resolve(algorithm, with_words(algorithm, {key: given}), context)[key] == taken


@pytest.mark.parametrize("given", ["2", "0,2", "-1", "0,a"])
def test_numbers_of_no_option_are_refused(given: str) -> None:
    good, text = Chooser().create().checkParameterValues({"METHODS": given}, QgsProcessingContext())
    assert not good
    assert "METHODS cannot be" in text


@pytest.mark.parametrize(
    ("given", "text"),
    [(["Libya4", "Niger1"], "Libya4,Niger1"), ("Libya4, Niger1", "Libya4, Niger1"), ([], "")],
)
def test_a_key_given_again_adds_to_its_list(given: Any, text: str) -> None:
    algorithm, context = Chooser().create(), QgsProcessingContext()
    assert algorithm.checkParameterValues({"SITES": given}, context) == (True, "")
    assert resolve(algorithm, {"SITES": given}, context)["SITES"] == text
