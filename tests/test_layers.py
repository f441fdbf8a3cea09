# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer law: which room may import what, read from the source of every file."""

from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "calval_toolbox"
ROOMS = ("core", "algorithms", "provider", "ui")

QT = {"qgis", "PyQt5", "PyQt6", "pyqtgraph", "processing"}
QGIS_MODULES = {"qgis.utils", "qgis.core", "qgis.gui"}
GIS_IO = {"osgeo", "rasterio", "fiona", "pyogrio"}
OPTIONAL = {
    *("scipy", "matplotlib", "jinja2", "numba", "defusedxml", "sklearn", "skops", "cv2", "dask"),
    *("distributed", "pandas", "xarray", "joblib", "psycopg2"),
}

# What each room must not import at all.
FORBIDDEN = {
    "core": {*QT, "algorithms", "provider", "ui"},
    "algorithms": {"provider", "ui", "pyqtgraph", "PyQt5", "PyQt6"},
    "provider": {*OPTIONAL, "PyQt5", "PyQt6"},
    "ui": {*GIS_IO, *OPTIONAL, "algorithms", "provider", "PyQt5", "PyQt6"},
}
# What a room may import inside functions only, so that looking at the plugin loads nothing heavy.
LAZY = {
    "core": {*OPTIONAL, "multiprocessing"},
    "algorithms": {*OPTIONAL, "multiprocessing"},
    "provider": {*OPTIONAL, "algorithms", "ui", "pyqtgraph", "subprocess", "multiprocessing"},
    "ui": {"subprocess", "multiprocessing"},
}
# The plots draw with pyqtgraph; what shows the way to get it must load without.
WITHOUT_PLOTS = ("ui/__init__.py", "ui/controllers")
WINDOW = Path("ui", "controllers")


def sources(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imports(source: str, module: tuple[str, ...]) -> Iterator[tuple[str, bool, int]]:
    """Top names imported by the file ``module`` (its parts): name, whether lazily, line.

    Imports of our own package, relative or by its name, are given by the name of the room.
    """
    tree = ast.parse(source)
    lazy = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(module[: len(module) - node.level]) if node.level else []
            base += node.module.split(".") if node.module else []
            targets = [[*base, alias.name] for alias in node.names]
        else:
            continue
        for target in targets:
            own = target[1:] if target[0] == PACKAGE else target
            if own:
                yield own[0], id(node) in lazy, node.lineno


def found(path: Path) -> list[tuple[str, bool, int]]:
    module = (PACKAGE, *path.relative_to(ROOT).with_suffix("").parts)
    return list(imports(path.read_text(encoding="utf-8"), module))


@pytest.mark.parametrize("room", ROOMS)
def test_room_imports_only_what_it_may(room: str) -> None:
    files = sources(room)
    assert files, f"{room} is empty: the law would hold for nothing"
    broken = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in files
        for name, _, line in found(path)
        if name in FORBIDDEN[room]
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("room", ROOMS)
def test_heavy_imports_are_inside_functions(room: str) -> None:
    broken = [
        f"{path.relative_to(ROOT)}:{line} imports {name} at the top of the file"
        for path in sources(room)
        for name, lazy, line in found(path)
        if name in LAZY[room] and not lazy
    ]
    assert not broken, "\n".join(broken)


def test_menu_loads_without_pyqtgraph() -> None:
    places = [ROOT / name for name in WITHOUT_PLOTS]
    files = [
        file for place in places for file in (place.glob("*.py") if place.is_dir() else [place])
    ]
    assert len(files) > 2
    broken = [
        f"{file.relative_to(ROOT)}:{line} imports {imported}"
        for file in files
        for imported, lazy, line in found(file)
        if imported == "pyqtgraph" and not lazy
    ]
    assert not broken, "\n".join(broken)


def test_only_core_io_opens_files() -> None:
    broken = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sources("core")
        for name, _, line in found(path)
        if name in GIS_IO and path.relative_to(ROOT).parts[:2] != ("core", "io")
    ]
    assert not broken, "\n".join(broken)


def test_only_controllers_touch_iface() -> None:
    touching = {
        path.relative_to(ROOT)
        for path in sources("ui")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.ImportFrom) and node.module in QGIS_MODULES)
        or (isinstance(node, ast.Name) and node.id == "iface")
    }
    assert WINDOW / "map.py" in touching
    assert not sorted(str(path) for path in touching if path.parent != WINDOW)


@pytest.mark.parametrize(
    ("line", "where", "name", "lazy"),
    [
        ("from ..ui import dock", ("core", "x"), "ui", False),
        ("from ...algorithms.base import A", ("core", "aot", "x"), "algorithms", False),
        ("from . import tables", ("core", "io", "x"), "core", False),
        ("from calval_toolbox.ui.dock import D", ("core", "x"), "ui", False),
        ("import qgis.core as q", ("core", "x"), "qgis", False),
        ("def f():\n    from scipy import stats", ("core", "x"), "scipy", True),
        ("class A:\n    import scipy.stats", ("core", "x"), "scipy", False),
    ],
)
def test_the_law_sees_every_way_to_import(
    line: str, where: tuple[str, ...], name: str, lazy: bool
) -> None:
    assert [(n, z) for n, z, _ in imports(line, (PACKAGE, *where))] == [(name, lazy)]


def in_clean_python(code: str, repo_root: Path) -> str:
    """What ``code`` prints in a new interpreter that knows the plugin."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(repo_root / "build" / "plugins"), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_package_and_core_load_without_qgis(repo_root: Path) -> None:
    """The package and all of core, in an interpreter of their own, bring in neither QGIS nor Qt."""
    code = f"""
        import importlib, pkgutil, sys
        import {PACKAGE}
        import {PACKAGE}.core as core
        names = [m.name for m in pkgutil.walk_packages(core.__path__, core.__name__ + ".")]
        for name in names:
            importlib.import_module(name)
        unwanted = {sorted(QT | OPTIONAL)!r}
        print(len(names), [name for name in unwanted if name in sys.modules])
    """
    count, _, loaded = in_clean_python(code, repo_root).partition(" ")
    assert int(count) > 10
    assert loaded == "[]"
