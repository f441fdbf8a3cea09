# SPDX-License-Identifier: GPL-3.0-or-later
"""The algorithm contract, held by machine over every algorithm of the provider."""

from __future__ import annotations

import json
import re
import statistics
import threading
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
    QgsProcessingOutputRasterLayer,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProject,
)
from samples import SAMPLES, World

from calval_toolbox.algorithms.groups import Group
from calval_toolbox.algorithms.parameters import SUFFIXES
from calval_toolbox.algorithms.registry import ALGORITHMS, algorithms
from calval_toolbox.core.errors import InsufficientDataError

pytestmark = pytest.mark.usefixtures("calval_provider")

ROOT = Path(__file__).resolve().parents[2]
IDS = [path.rsplit(".", 1)[1] for path, _ in ALGORITHMS]
Definition = QgsProcessingParameterDefinition
# Keys that stand for an input here and an output there, or for numbers and choices, though each
# says in its algorithm what it is; no new ones.
TWO_KINDS = {
    "BANDS", "CONFUSION", "HARMONICS", "INPUT", "LEVEL", "MATCHUPS", "METHODS", "OUTPUT", "PERIOD",
    "REFERENCE", "RUNS", "SITES", "SITE_FIELD", "STACK", "TABLE", "TIME_FIELD", "VALIDITY",
}  # fmt: skip
EXTENSIONS = {"sink": "gpkg", "vectorDestination": "gpkg", "rasterDestination": "tif"}
BESIDE = (".qml", ".tif.aux.xml")  # styles, and names of the classes of a raster
# Names and units keep their capitals in sentence case.
PROPER = {
    "Antarctic",
    "Monte",
    "Carlo",
    "AERONET",
    "AOT",
    "AOD",
    "THEIA",
    "Deming",
    "Angstrom",
    "CalVal",
    "Python",
    "QGIS",
    "HTML",
}


def algorithm(name: str) -> QgsProcessingAlgorithm:
    found = next((a for a in algorithms() if a.name() == name), None)
    assert found is not None, f"the file {name}.py holds no algorithm with the id {name}"
    return found.create()


def visible(definition: Definition) -> bool:
    hidden = Definition.Flag.FlagAdvanced | Definition.Flag.FlagHidden
    return not definition.flags() & hidden


def optional(definition: Definition) -> bool:
    return bool(definition.flags() & Definition.Flag.FlagOptional)


def in_sentence_case(text: str) -> bool:
    words = re.findall(r"[A-Za-z][\w-]*", text)
    return text[:1].isupper() and not [
        w for w in words[1:] if w[0].isupper() and w not in PROPER and not w.isupper()
    ]


@pytest.fixture(params=IDS)
def alg(request: pytest.FixtureRequest) -> QgsProcessingAlgorithm:
    """Every algorithm in turn."""
    return algorithm(request.param)


def test_provider_registers_the_list_and_nothing_else(calval_provider: Any) -> None:
    assert sorted(a.name() for a in calval_provider.algorithms()) == sorted(IDS)
    assert len(set(IDS)) == len(IDS)
    assert calval_provider.id() == "calval"
    assert calval_provider.versionInfo() in calval_provider.longName()
    assert not calval_provider.icon().isNull()
    assert Path(calval_provider.svgIconPath()).is_file()


def test_name_and_group(alg: QgsProcessingAlgorithm) -> None:
    assert re.fullmatch(r"[a-z0-9]+", alg.name())
    assert in_sentence_case(alg.displayName()), alg.displayName()
    assert alg.groupId() in {group.value for group in Group}
    assert in_sentence_case(alg.group()), alg.group()
    assert not alg.icon().isNull()


def test_found_by_search(alg: QgsProcessingAlgorithm) -> None:
    tags = [tag for tag in alg.tags() if tag != "calval"]
    assert len(set(tags)) == len(tags) >= 4
    assert all(tag.strip() == tag != "" for tag in tags)


def test_help_of_the_algorithm(alg: QgsProcessingAlgorithm) -> None:
    assert len(alg.shortHelpString()) >= 100
    address = urlparse(alg.helpUrl())
    assert address.scheme == "file", "the help page has to open without a network"
    assert Path(unquote(address.path)).is_file()
    page = (ROOT / "help" / f"{alg.name()}.md").read_text(encoding="utf-8")
    assert page.startswith("# ")
    keys = {d.name() for d in alg.parameterDefinitions()} | {
        d.name() for d in alg.outputDefinitions()
    }
    assert not sorted(key for key in keys if f"`{key}`" not in page), "keys without a word in help"


def test_no_help_page_is_orphaned() -> None:
    pages = {page.stem for page in (ROOT / "help").glob("*.md")}
    pages = {page for page in pages if re.fullmatch(r"[a-z0-9]+", page)} - {"index"}
    assert pages <= set(IDS)


def test_parameters(alg: QgsProcessingAlgorithm) -> None:
    for definition in alg.parameterDefinitions():
        key = definition.name()
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", key)
        assert in_sentence_case(definition.description()), (key, definition.description())
        assert len(definition.help()) >= 15, f"{key} has no help"
        assert definition.help() != definition.description()
        advanced = bool(definition.flags() & Definition.Flag.FlagAdvanced)
        if advanced and not optional(definition):
            assert definition.defaultValue() is not None, f"{key} is advanced, without a default"


def test_enums_are_words(alg: QgsProcessingAlgorithm) -> None:
    for definition in alg.parameterDefinitions():
        if isinstance(definition, QgsProcessingParameterEnum):
            assert definition.usesStaticStrings(), definition.name()
            default = definition.defaultValue()
            chosen = default if isinstance(default, list) else [default]
            assert set(chosen) <= set(definition.options()), definition.name()


def test_few_parameters_are_visible() -> None:
    made = [algorithm(name) for name in IDS]
    counts = {alg.name(): sum(map(visible, alg.parameterDefinitions())) for alg in made}
    assert statistics.median(counts.values()) <= 6, counts


def test_outputs_chain(alg: QgsProcessingAlgorithm) -> None:
    kinds = (QgsProcessingOutputNumber, QgsProcessingOutputString, QgsProcessingOutputHtml)
    outputs = alg.outputDefinitions()
    assert any(isinstance(output, kinds) for output in outputs)
    for output in outputs:
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", output.name())
        assert output.description(), output.name()


def test_runs_in_threads_and_can_be_canceled(alg: QgsProcessingAlgorithm) -> None:
    flags = alg.flags()
    assert not flags & QgsProcessingAlgorithm.Flag.FlagNoThreading
    assert flags & QgsProcessingAlgorithm.Flag.FlagCanCancel


def test_empty_input_gets_a_sentence(alg: QgsProcessingAlgorithm) -> None:
    good, text = alg.checkParameterValues({}, QgsProcessingContext())
    needed = [
        d.name() for d in alg.parameterDefinitions() if not optional(d) and d.defaultValue() is None
    ]
    if needed:
        assert not good
        assert len(text) > 15
    else:
        assert good, text


class Watcher(QgsProcessingFeedback):
    """Keeps what is said; cancels once the progress has come to ``stop_at``."""

    def __init__(self, stop_at: float | None = None) -> None:
        super().__init__(False)
        self.stop_at, self.seen, self.errors = stop_at, [], []

    def setProgress(self, progress: float) -> None:
        self.seen.append(progress)
        if self.stop_at is not None and progress >= self.stop_at:
            self.cancel()

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.errors.append(error)


def start(
    alg: QgsProcessingAlgorithm, parameters: dict[str, Any], feedback: QgsProcessingFeedback
) -> dict[str, Any]:
    """Run as the desktop does: prepared and finished here, the work in another thread."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    good, text = alg.checkParameterValues(parameters, context)
    assert good, text
    outcome: dict[str, Any] = {}

    def work() -> None:
        try:
            outcome["results"] = alg.runPrepared(parameters, context, feedback)
        except Exception as error:
            outcome["error"] = error

    if not alg.prepare(parameters, context, feedback):
        raise QgsProcessingException("; ".join(getattr(feedback, "errors", [])) or "not prepared")
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if "error" in outcome:
        raise outcome["error"]
    return outcome["results"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, calval_provider: Any) -> World:
    """Data for the sample runs."""

    def run(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
        return start(algorithm(name), parameters, Watcher())

    return World(tmp_path_factory.mktemp("samples"), run)


@pytest.fixture(params=IDS)
def sample(
    request: pytest.FixtureRequest, world: World, tmp_path: Path
) -> tuple[QgsProcessingAlgorithm, dict[str, Any], Path]:
    """An algorithm, its parameters with all outputs asked for, and the folder of the outputs."""
    name = request.param
    assert name in SAMPLES, f"declare a sample run of {name} in samples.py"
    alg = algorithm(name)
    folder = tmp_path / "out"
    parameters = SAMPLES[name](world)
    for definition in alg.parameterDefinitions():
        if definition.isDestination() and definition.name() not in parameters:
            others = definition.metadata().get(SUFFIXES)
            extension = others[0] if others else EXTENSIONS.get(definition.type(), "html")
            parameters[definition.name()] = str(folder / f"{definition.name()}.{extension}")
    return alg, parameters, folder


def files(folder: Path) -> list[str]:
    """Names of what is in the folder; finished tiles, kept for the next run, do not count."""
    if not folder.exists():
        return []
    return sorted(
        path.name
        for path in folder.rglob("*")
        if not any(part.endswith(".tiles") for part in path.relative_to(folder).parts)
    )


def test_sample_run_keeps_the_contract(
    sample: tuple[QgsProcessingAlgorithm, dict[str, Any], Path],
) -> None:
    alg, parameters, folder = sample
    feedback = Watcher()
    results = start(alg, parameters, feedback)
    outputs = {output.name(): output for output in alg.outputDefinitions()}
    assert set(outputs) <= set(results), "a declared output is not returned"
    assert set(results) <= set(outputs), "an output is returned and not declared"
    expected = []
    for key, output in outputs.items():
        if isinstance(output, QgsProcessingOutputNumber):
            assert results[key] is None or isinstance(results[key], int | float), key
        elif alg.parameterDefinition(key) is not None:
            path = Path(results[key])
            assert path.stat().st_size > 0, key
            expected += [path.name, f"{path.name}.provenance.json"]
            check_provenance(Path(f"{path}.provenance.json"), alg, parameters)
            if isinstance(output, QgsProcessingOutputRasterLayer):
                expected.append(f"{path.stem}.qml")
    assert not list(folder.glob("*.tiles")), "the tiles of a finished run are left"
    left = [name for name in files(folder) if name not in expected and not name.endswith(BESIDE)]
    assert not left, "files that nobody asked for"
    assert not set(expected) - set(files(folder))
    assert feedback.seen == sorted(feedback.seen), "the progress went back"
    assert all(0 <= progress <= 100 for progress in feedback.seen)


def check_provenance(path: Path, alg: QgsProcessingAlgorithm, parameters: dict[str, Any]) -> None:
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["algorithm"] == f"calval:{alg.name()}"
    assert record["started"] <= record["finished"]
    assert {"QGIS", "GDAL", "Python"} <= {key.split()[0] for key in record["versions"]} or {
        "qgis", "gdal", "python",
    } <= {key.lower() for key in record["versions"]}  # fmt: skip
    inputs = [d.name() for d in alg.parameterDefinitions() if not d.isDestination()]
    given = [key for key in parameters if key in inputs]
    if given:
        assert record["inputs"], "inputs are not described"
        hashes = [entry.get("sha256") or entry.get("listing_sha256") for entry in record["inputs"]]
        assert all(re.fullmatch(r"[0-9a-f]{64}", str(text)) for text in hashes)


def test_run_canceled_before_raises_and_leaves_nothing(
    sample: tuple[QgsProcessingAlgorithm, dict[str, Any], Path],
) -> None:
    alg, parameters, folder = sample
    feedback = Watcher()
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match="(?i)cancel"):
        start(alg, parameters, feedback)
    assert files(folder) == []


def test_run_canceled_underway_raises_and_leaves_nothing(
    sample: tuple[QgsProcessingAlgorithm, dict[str, Any], Path],
) -> None:
    alg, parameters, folder = sample
    feedback = Watcher(stop_at=0.001)
    said = ""
    try:
        start(alg, parameters, feedback)
    except QgsProcessingException as error:
        said = str(error).lower()
    if any(0.001 <= value < 100 for value in feedback.seen):
        assert "cancel" in said, "the wish to stop was not heard"
        assert files(folder) == []


def test_failed_run_leaves_nothing(
    sample: tuple[QgsProcessingAlgorithm, dict[str, Any], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    alg, parameters, folder = sample
    compute = type(alg).compute

    def fails_at_the_end(self: Any, job: Any) -> None:
        compute(self, job)
        raise InsufficientDataError("Too little in x.csv: give more.")

    monkeypatch.setattr(type(alg), "compute", fails_at_the_end)
    with pytest.raises(QgsProcessingException, match=r"Too little in x\.csv: give more\."):
        start(alg, parameters, Watcher())
    assert files(folder) == []


def test_a_key_is_of_one_kind_in_all_algorithms() -> None:
    kinds: dict[str, set[str]] = {}
    for one in algorithms():
        algorithm = one.create()
        for definition in algorithm.parameterDefinitions():
            kinds.setdefault(definition.name(), set()).add(definition.type())
    assert {key for key, found in kinds.items() if len(found) > 1} <= TWO_KINDS
    # One key, one unit: that in its name, or none anywhere.
    suffixes = ("_M", "_DEG", "_PERCENT", "_DAYS", "_KM")
    bare = {key.removesuffix(end) for key in kinds for end in suffixes if key.endswith(end)}
    assert not {key for key in bare & kinds.keys() if kinds[key] == {"number"}}
