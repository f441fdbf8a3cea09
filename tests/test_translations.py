# SPDX-License-Identifier: GPL-3.0-or-later
"""The French texts: complete, in step with the code, and shown when the interface is French."""

from __future__ import annotations

import ast
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from defusedxml import ElementTree

ROOT = Path(__file__).resolve().parent.parent
COMMITTED = ROOT / "resources" / "i18n" / "calval_fr.ts"
# {}, {count:.1f}; %1, %Y; what QGIS and the field call by these words in every language
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\w")
KEY = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|\b[A-Z]+_[A-Z0-9]+\b")
QUOTED = re.compile(r"(?<![\w’'])['“](?P<text>[^'”]+)['”](?!\w)")
# An ordinary blank where French sets one that does not break, or none at all before the sign.
LOOSE = re.compile(r"(?: [:;?!%»]|« )|[a-zà-ÿ\d][;?!](?:\s|$)|[a-zà-ÿ\d]:\s|\w'\w")


@pytest.fixture(scope="module")
def builder() -> Iterator[ModuleType]:
    """The script behind ``make translations``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "scripts"))
        import build_translations

        yield build_translations


@pytest.fixture(scope="module")
def folder(builder: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the translations, brought up to date with the code and built."""
    if builder.program("pylupdate5") is None:
        pytest.skip("pylupdate5 is not installed (scripts/setup.sh installs it)")
    if builder.program("lrelease", "/usr/lib/qt5/bin/lrelease") is None:
        pytest.skip("lrelease is not installed (scripts/setup.sh installs it)")
    made = tmp_path_factory.mktemp("i18n")
    shutil.copy(COMMITTED, made)
    assert builder.collect(made / COMMITTED.name) == 0
    assert builder.release(made) == 0
    return made


@pytest.fixture(scope="module")
def messages(folder: Path) -> list[Any]:
    """All texts of the code with what the translations say."""
    found = list(ElementTree.parse(folder / COMMITTED.name).getroot().iter("message"))
    assert len(found) > 300
    return found


@pytest.fixture(scope="module")
def french_of(messages: list[Any]) -> dict[str, str]:
    """English to French."""
    return {one.findtext("source", ""): one.findtext("translation", "") for one in messages}


@pytest.fixture
def french(folder: Path, qgis_app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The interface in French; ``qgis_app`` is what carries the translator."""
    from calval_toolbox import i18n

    monkeypatch.setattr(i18n, "FOLDER", folder)
    translator = i18n.install_translator("fr_FR")
    assert translator is not None
    yield translator
    qgis_app.removeTranslator(translator)


def tr_calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of ``tr`` in the code, with its place."""
    rooms = [sorted((ROOT / room).rglob("*.py")) for room in ("algorithms", "provider", "ui")]
    for path in [ROOT / "connections.py", *(path for room in rooms for path in room)]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr":
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_tr_takes_literals_only() -> None:
    for place, call in tr_calls():
        assert len(call.args) == 1, place
        assert isinstance(call.args[0], ast.Constant), f"{place}: nobody can collect this text"
        assert call.args[0].value.strip(), f"{place}: an empty text asks for the file's header"


def test_collector_finds_every_text(french_of: dict[str, str]) -> None:
    said = {ast.literal_eval(call.args[0]): place for place, call in tr_calls()}
    lost = {text: place for text, place in said.items() if text not in french_of}
    assert not lost, "the collector does not look into f-strings"
    assert set(french_of) == set(said)


def test_every_text_has_a_finished_translation(messages: list[Any]) -> None:
    missing = [
        one.findtext("source")
        for one in messages
        if one.find("translation").get("type") is not None or not one.findtext("translation")
    ]
    assert not missing, "run 'make translations' and translate these texts"


def test_placeholders_and_keys_are_kept(french_of: dict[str, str]) -> None:
    for english, french in french_of.items():
        for pattern in (PLACEHOLDER, KEY):
            assert Counter(pattern.findall(english)) == Counter(pattern.findall(french)), english
        assert english.count("\n") == french.count("\n"), english
        assert (english[0].isspace(), english[-1].isspace()) == (
            french[0].isspace(),
            french[-1].isspace(),
        )


def test_quoted_names_are_those_that_are_shown(french_of: dict[str, str]) -> None:
    seen = set()
    for english, french in french_of.items():
        for found in QUOTED.finditer(english):
            name = found["text"]
            # Names of algorithms begin with a capital, words that parameters take do not.
            shown = french_of.get(name, name) if name[0].isupper() else name
            assert shown in french, f"{name} in: {english}"
            seen.add(name)
    assert {"Import AERONET observations", "Compare satellite AOT with AERONET", "none"} <= seen


def test_typography(french_of: dict[str, str]) -> None:
    for french in french_of.values():
        text = PLACEHOLDER.sub("", french)
        loose = LOOSE.search(text)
        assert loose is None, f"{loose and loose.group()!r} in: {french}"


def test_french_is_shown(french: Any, french_of: dict[str, str]) -> None:
    from calval_toolbox.i18n import tr

    assert tr("Number of observations") == "Nombre d’observations"
    assert tr("± {} min") == "±\u00a0{}\u00a0min"
    assert {english: tr(english) for english in french_of} == french_of


def test_other_languages_stay_english(
    folder: Path, qgis_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from calval_toolbox import i18n

    monkeypatch.setattr(i18n, "FOLDER", folder)
    assert i18n.install_translator("xx_XX") is None
    assert i18n.tr("Number of observations") == "Number of observations"


def facts(algorithm: Any) -> dict[str, Any]:
    """What scripts and models rely on, and must not change with the language."""
    fresh = algorithm.create()
    return {
        "id": fresh.id(),
        "group": fresh.groupId(),
        "tags": fresh.tags(),
        "parameters": {
            one.name(): (one.type(), one.defaultValue(), getattr(one, "options", list)())
            for one in fresh.parameterDefinitions()
        },
        "outputs": [(one.name(), one.type()) for one in fresh.outputDefinitions()],
    }


def test_algorithms_change_their_names_only(calval_provider: Any, request: Any) -> None:
    algorithms = calval_provider.algorithms()
    english = {one.name(): (one.displayName(), one.group(), facts(one)) for one in algorithms}
    assert len(english) >= 8
    request.getfixturevalue("french")
    for one in algorithms:
        title, group, fixed = english[one.name()]
        assert one.displayName() != title
        assert one.group() != group
        assert facts(one) == fixed


def test_help_of_parameters_is_french(
    calval_provider: Any, french: Any, french_of: dict[str, str]
) -> None:
    translations = set(french_of.values())
    for one in calval_provider.algorithms():
        fresh = one.create()
        assert fresh.shortHelpString() in translations
        for parameter in fresh.parameterDefinitions():
            assert parameter.description() in translations, parameter.name()
            assert parameter.help() in translations, parameter.name()


def test_reasons_of_rejection_are_those_of_core(french: Any) -> None:
    from calval_toolbox.core.aot.filters import REASONS
    from calval_toolbox.ui.aot.reasons import reason_text

    for key, sentence in REASONS.items():
        assert reason_text(key) not in (key, sentence), "not translated"
    assert reason_text("unheard_of") == "unheard_of"


def test_english_reasons_are_those_of_core() -> None:
    from calval_toolbox.core.aot.filters import REASONS
    from calval_toolbox.ui.aot.reasons import reason_text

    assert {key: reason_text(key) for key in REASONS} == REASONS
