# SPDX-License-Identifier: GPL-3.0-or-later
"""What all tests share: where things are, a QGIS application, and the real ``qgis_process``."""

from __future__ import annotations

import json as jsonlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Time is never a test: on a busy machine one example may take long.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
PLUGINS = BUILD / "plugins"
QGIS_PREFIX = "/usr"
QGIS_PYTHON_PLUGINS = Path(QGIS_PREFIX, "share", "qgis", "python", "plugins")

PATIENCE_S = 600.0  # no program takes that long, however busy the machine: it hangs
MOST_WORKERS = 4  # each holds a QGIS, a PostgreSQL and a Dask cluster of its own
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")

# Set before numpy, Qt or QGIS are imported anywhere: many small matrices, on which the threads of
# BLAS would only wait for each other; no window; and never the user's own profile, nor that of
# another worker, for this process and for each qgis_process and QGIS that it starts.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = str(BUILD / f"profile-tests-{_WORKER}")
os.environ["CALVAL_PROFILE"] = str(BUILD / f"profile-process-{_WORKER}")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PyQt5")
# Kernels that a qgis_process has compiled need not be compiled again here, nor need modules of
# Python in each of the programs that tests start, whatever the environment says.
os.environ["NUMBA_CACHE_DIR"] = str(BUILD / "numba")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
if str(PLUGINS) not in sys.path:
    sys.path.insert(0, str(PLUGINS))

_KEPT: list[Any] = []


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker per core that this process may use (xdist would count those of the machine)."""
    return min(len(os.sched_getaffinity(0)), MOST_WORKERS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whole programs first: they take longest, and no worker shall wait for one at the end.

    Neighbors in the order run at the same time, on different workers. Those of one folder need
    the same kernels, which each worker would compile: neighbors are from places far apart.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    files = list(dict.fromkeys(item.path for item in items))
    rooms = [ROOT / "tests" / name for name in ("process", "desktop")]
    first = [path for path in files if any(room in path.parents for room in rooms)]
    rest = [path for path in files if path not in first]
    dealt = [*_dealt(first, workers), *_dealt(rest, workers)]
    rank = {path: place for place, path in enumerate(dealt)}
    items.sort(key=lambda item: rank[item.path])


def _dealt(files: list[Path], parts: int) -> list[Path]:
    """The files, in turn from each of as many stretches of the list."""
    length = -(-len(files) // parts)
    return [path for place in range(length) for path in files[place::length]]


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The folder of the repository, which is the plugin."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the repository, too large or not ours to ship; its tests skip without it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data sets are not beside this repository (../shared/data)")
    return folder


@pytest.fixture(scope="session")
def land_cover_case(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The simulated land-cover case: two tiles of a year, reference, zones, truth. Only read it."""
    from calval_toolbox.core.classification.simulate import write_case

    return write_case(tmp_path_factory.mktemp("land_cover"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 600 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "calval", str(place)], check=False,
        capture_output=True,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("a small disk can only be mounted by root where mounting is allowed")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A real PostgreSQL with PostGIS on loopback; scripts/setup.sh installs it."""
    from postgres_server import programs, start, stop

    found = programs()
    if found is None:
        pytest.skip("PostgreSQL with PostGIS is not installed: run scripts/setup.sh")
    server = start(found)
    yield server
    stop(server)


@pytest.fixture(params=["geopackage", "postgis"])
def database_name(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The name of a calibration database that does not exist yet, of either kind."""
    if request.param == "geopackage":
        return str(tmp_path / "calibration.gpkg")
    name: str = request.getfixturevalue("postgres_server").new_name()
    return name


@pytest.fixture(scope="session")
def qgis_app() -> Any:
    """One QGIS application for the whole run, without a window, with Processing started.

    It is never closed: objects of QGIS that tests have left to Python would outlive it.
    """
    from qgis.core import QgsApplication

    QgsApplication.setPrefixPath(QGIS_PREFIX, True)
    application = QgsApplication.instance() or QgsApplication([], True)
    application.initQgis()
    sys.path.append(str(QGIS_PYTHON_PLUGINS))
    from processing.core.Processing import Processing

    Processing.initialize()
    _KEPT.append(application)
    return application


@pytest.fixture(scope="session")
def calval_provider(qgis_app: Any) -> Iterator[Any]:
    """The provider ``calval``, registered the way ``qgis_process`` does it: without ``iface``."""
    import calval_toolbox

    plugin = calval_toolbox.classFactory(None)
    plugin.initProcessing()
    assert plugin.provider is not None
    yield plugin.provider
    plugin.unload()


@pytest.fixture
def run_algorithm(calval_provider: Any) -> Callable[..., dict[str, Any]]:
    """Runs one of our algorithms in this process: ``run_algorithm(id, parameters, **kwargs)``."""

    def run(name: str, parameters: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        from qgis import processing

        return processing.run(f"{calval_provider.id()}:{name}", parameters, **kwargs)

    return run


@pytest.fixture(scope="session")
def run_process() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the real ``qgis_process``; ``json`` goes in on stdin, and then JSON comes out."""

    def run(
        args: Sequence[str | Path],
        json: dict[str, Any] | None = None,
        cwd: Path | None = None,
        timeout: float = PATIENCE_S,
        env: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(ROOT / "scripts" / "qgis_process"), *(str(argument) for argument in args)],
            input="" if json is None else jsonlib.dumps(json),
            capture_output=True,
            text=True,
            cwd=cwd,
            timeout=timeout,
            env={**os.environ, **(env or {})},
            check=False,
        )

    return run
