# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider in the real ``qgis_process``, on a bare Python, twice, and without a window."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from calval_toolbox.algorithms.registry import ALGORITHMS

IDS = sorted(module.rsplit(".", 1)[1] for module, _ in ALGORITHMS)
OPTIONAL = (
    *("scipy", "pyqtgraph", "sklearn", "skops", "numba", "cv2", "dask", "distributed"),
    *("matplotlib", "jinja2", "defusedxml", "pandas"),
)
# Put into sitecustomize.py, which Python runs before anything else.
BLOCKER = f"""
import sys

class Blocker:
    blocked = {OPTIONAL!r}

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.blocked:
            raise ModuleNotFoundError(f"No module named {{name!r}} (blocked)", name=name)
        return None

sys.meta_path.insert(0, Blocker())
"""
APPLICATION = """
import sys
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
import calval_toolbox
registry = QgsApplication.processingRegistry()
count = lambda: len(registry.providerById("calval").algorithms())
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def in_python(repo_root: Path, tmp_path: Path) -> Callable[[str], str]:
    """Runs code in a new interpreter with a QGIS application; returns what it printed."""

    def run(code: str, blocked: bool = False) -> str:
        path = [str(repo_root / "build" / "plugins")]
        if blocked:
            (tmp_path / "sitecustomize.py").write_text(BLOCKER)
            path.insert(0, str(tmp_path))
        done = subprocess.run(
            [sys.executable, "-c", APPLICATION + textwrap.dedent(code)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


def listed(stdout: str) -> list[str]:
    return sorted(re.findall(r"^\tcalval:(\w+)\t", stdout, re.MULTILINE))


def test_qgis_process_lists_every_algorithm(run_process: Run) -> None:
    done = run_process(["list"])
    assert done.returncode == 0
    assert listed(done.stdout) == IDS
    assert "Traceback" not in done.stderr
    assert "calval" not in done.stderr.lower()


def test_help_as_json_names_every_parameter(run_process: Run) -> None:
    done = run_process(["--json", "help", "calval:checkinstallation"])
    described = json.loads(done.stdout)
    assert described["provider_details"]["name"] == "CalVal Toolbox"
    assert {"OUTPUT", "REPORT"} <= set(described["parameters"])


def test_paths_are_those_of_the_caller(run_process: Run, tmp_path: Path) -> None:
    done = run_process(["run", "calval:checkinstallation", "--OUTPUT=here.csv"], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "here.csv").is_file()
    assert (tmp_path / "here.csv.provenance.json").is_file()


def test_json_in_and_out(run_process: Run, tmp_path: Path) -> None:
    inputs = {"inputs": {"OUTPUT": str(tmp_path / "packages.csv")}}
    done = run_process(["run", "calval:checkinstallation", "-"], json=inputs)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["results"]["MISSING_COUNT"] >= 0
    assert Path(answer["results"]["OUTPUT"]).is_file()


def test_bad_input_is_an_exit_code_and_a_sentence(run_process: Run, tmp_path: Path) -> None:
    inputs = {"inputs": {"INPUT": [str(tmp_path / "absent")], "OUTPUT": str(tmp_path / "a.gpkg")}}
    done = run_process(["run", "calval:importaeronet", "-"], json=inputs)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "absent" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == []


def test_exit_code_is_that_of_qgis(run_process: Run) -> None:
    assert run_process(["run", "calval:nosuchthing"]).returncode == 1


def test_profile_of_the_user_is_not_touched(run_process: Run, tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""}
    assert run_process(["plugins"], env=environment).returncode == 0
    left = [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if "QGIS" in p.name]
    assert left == []


def test_python_first_on_path_does_not_matter(run_process: Run, tmp_path: Path) -> None:
    """Another python3, another environment and another PYTHONPATH are around, and are not used."""
    other = tmp_path / "bin" / "python3"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\nexit 13\n")
    other.chmod(0o755)
    (tmp_path / "numpy.py").write_text("raise ImportError('the wrong numpy')\n")
    done = run_process(
        ["run", "calval:checkinstallation"],
        env={
            "PATH": f"{other.parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(tmp_path),
            "PYTHONHOME": str(tmp_path),
            "VIRTUAL_ENV": str(tmp_path),
        },
    )
    assert done.returncode == 0, done.stderr


def test_load_unload_load(in_python: Callable[[str], str]) -> None:
    code = """
        plugin = calval_toolbox.classFactory(None)
        plugin.initProcessing()
        print(count())
        plugin.unload()
        print(registry.providerById("calval"))
        plugin.initProcessing()
        print(count())
        plugin.unload()
        plugin.unload()
        print(registry.providerById("calval"))
    """
    assert in_python(code).split() == [str(len(IDS)), "None"] * 2


def test_second_copy_leaves_the_first_alone(in_python: Callable[[str], str]) -> None:
    code = """
        first, second = calval_toolbox.classFactory(None), calval_toolbox.classFactory(None)
        first.initProcessing()
        second.initProcessing()
        second.unload()
        print(count())
        first.unload()
        print(registry.providerById("calval"))
    """
    assert in_python(code).split() == [str(len(IDS)), "None"]


def test_loading_starts_nothing_heavy(in_python: Callable[[str], str]) -> None:
    code = f"""
        import subprocess
        def no(*args, **kwargs):
            raise AssertionError("a process was started while loading")
        subprocess.Popen.__init__ = no
        plugin = calval_toolbox.classFactory(None)
        plugin.initProcessing()
        print(count(), [name for name in {OPTIONAL!r} if name in sys.modules])
    """
    assert in_python(code) == f"{len(IDS)} []"


def test_bare_python_lists_every_algorithm(repo_root: Path, tmp_path: Path) -> None:
    """The real qgis_process with all optional packages blocked."""
    (tmp_path / "sitecustomize.py").write_text(BLOCKER)
    settings = tmp_path / "profile" / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text("[PythonPlugins]\ncalval_toolbox=true\n")
    environment = {
        **os.environ,
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(tmp_path),
        "QGIS_PLUGINPATH": str(repo_root / "build" / "plugins"),
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile"),
    }
    run = {"capture_output": True, "text": True, "check": False, "env": environment}
    done = subprocess.run(["qgis_process", "list"], **run)
    assert listed(done.stdout) == IDS, done.stderr
    arguments = ["run", "calval:checkinstallation"]
    done = subprocess.run(["qgis_process", *arguments], **run)
    assert done.returncode == 0, done.stderr
    assert "scipy" in re.search(r"^MISSING:\t(.*)$", done.stdout, re.MULTILINE).group(1)
    (tmp_path / "sites.csv").write_text("site,longitude,latitude\nA,1.0,43.0\n")
    inputs = [
        f"--PRODUCTS={tmp_path}",
        f"--SITES={tmp_path}/sites.csv",
        f"--OUTPUT={tmp_path}/o.csv",
    ]
    done = subprocess.run(["qgis_process", "run", "calval:extractaot", *inputs], **run)
    assert done.returncode == 1
    assert "Missing Python package: defusedxml" in done.stderr
    assert "Traceback" not in done.stderr


def test_bare_python_says_what_is_missing(in_python: Callable[..., str]) -> None:
    """Without optional packages each algorithm either can run or says what it needs and why."""
    code = """
        from calval_toolbox.core.dependencies import PACKAGES
        plugin = calval_toolbox.classFactory(None)
        plugin.initProcessing()
        provider = registry.providerById("calval")
        for alg in provider.algorithms():
            able, text = alg.canExecute()
            needs = [PACKAGES[module].pip for module in alg.REQUIRES]
            assert able == (not needs), (alg.name(), able, needs)
            assert able or all(name in text for name in needs) and "pip install" in text, text
            if not able:
                try:
                    alg.create().prepare({}, QgsProcessingContext(), QgsProcessingFeedback())
                except Exception as error:
                    assert text in str(error), error
        assert "scipy" in provider.warningMessage()
        print(count())
    """
    assert in_python(code, blocked=True) == str(len(IDS))
