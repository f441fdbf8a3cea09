# SPDX-License-Identifier: GPL-3.0-or-later
"""Optional Python packages in one place: what each is for, and how to get it."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from types import ModuleType

from .errors import MissingPackageError


@dataclass(frozen=True)
class Package:
    """An optional package: its import name, its name for pip, and what it is needed for."""

    module: str
    pip: str
    purpose: str


PACKAGES: dict[str, Package] = {
    package.module: package
    for package in (
        Package("scipy", "scipy", "statistics, filters, splines"),
        Package("pyqtgraph", "pyqtgraph", "interactive panels"),
        Package("matplotlib", "matplotlib", "figures of the reports"),
        Package("jinja2", "jinja2", "HTML reports"),
        Package("defusedxml", "defusedxml", "metadata of products"),
        Package("numba", "numba", "speed of some kernels"),
        Package("threadpoolctl", "threadpoolctl", "equal last digits on any number of threads"),
        Package("sklearn", "scikit-learn", "classification"),
        Package("skops", "skops", "storage of classification models"),
        Package("cv2", "opencv-python-headless", "dense matching and features"),
        Package("laspy", "laspy[lazrs]", "point clouds as LAS or LAZ"),
        Package("dask", "dask", "execution on a cluster"),
        Package("distributed", "distributed", "execution on a cluster"),
        Package("psycopg2", "psycopg2-binary", "databases in PostgreSQL"),
    )
}


def available(module: str) -> bool:
    """Whether the package can be imported, found out without importing it."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def missing_sentence(modules: list[str]) -> str:
    """One sentence that names the missing packages, their purpose, and the way to get them."""
    packages = [PACKAGES.get(name, Package(name, name, "this algorithm")) for name in modules]
    named = ", ".join(f"{package.pip} ({package.purpose})" for package in packages)
    line = " ".join(package.pip for package in packages)
    return (
        f"Missing Python package: {named}. Install it into the Python that QGIS uses, for "
        f"example with 'python3 -m pip install {line}' in the OSGeo4W shell or a terminal; "
        "then restart QGIS."
    )


def require(module: str) -> ModuleType:
    """Import an optional package (``module`` may be dotted).

    Raises ``MissingPackageError`` with the way to get it where it is absent.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingPackageError(missing_sentence([module.split(".")[0]])) from error
