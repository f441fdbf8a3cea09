# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the plugin's zip: what the site of QGIS plugins wants, and that QGIS can load it.

Usage: check_package.py ZIP. The archive is unpacked into an empty QGIS profile, without
the optional packages of this project, and a real qgis_process has to list the algorithms.
"""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

NAME = "calval_toolbox"
LARGEST = 25_000_000
NEEDED = (
    "metadata.txt",
    "__init__.py",
    "LICENSE",
    "README.md",
    "THIRD_PARTY.md",
    "help/html/index.html",
)
KEYS = (
    *("name", "description", "about", "version", "qgisMinimumVersion", "qgisMaximumVersion"),
    *("author", "email", "homepage", "tracker", "repository", "license", "hasProcessingProvider"),
)
ROOMS = {"core", "algorithms", "provider", "ui", "resources", "help"}
SUSPICIOUS = {
    ".sh",
    ".exe",
    ".dll",
    ".so",
    ".bat",
    ".cmd",
    ".pyd",
    ".dylib",
    ".pyc",
    ".pickle",
    ".pkl",
}
HIDDEN = re.compile(r"(^|/)(\.|__pycache__|__MACOSX|\.git)")


def name_problems(names: list[str]) -> list[str]:
    """What is wrong with the names of the files."""
    problems = [f"{name}: outside of {NAME}/" for name in names if not name.startswith(f"{NAME}/")]
    inside = [
        PurePosixPath(name).relative_to(NAME) for name in names if name.startswith(f"{NAME}/")
    ]
    problems += [f"missing: {name}" for name in NEEDED if PurePosixPath(name) not in inside]
    problems += [f"suspicious type: {name}" for name in inside if name.suffix in SUSPICIOUS]
    problems += [f"hidden or cached: {name}" for name in inside if HIDDEN.search(str(name))]
    strays = {name.parts[0] for name in inside if len(name.parts) > 1} - ROOMS
    problems += [f"a folder for developers: {name}/" for name in sorted(strays)]
    problems += [
        f"no help page in HTML: {name}"
        for name in inside
        if name.parts[0] == "help" and name.suffix == ".md"
        if PurePosixPath("help/html", *name.parts[1:]).with_suffix(".html") not in inside
    ]
    return problems


def metadata_problems(text: str) -> list[str]:
    """What is wrong with metadata.txt."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    general = parser["general"]
    problems = [f"metadata.txt: {key} is empty" for key in KEYS if not general.get(key, "").strip()]
    if "plugin" in general.get("name", "").lower():
        problems.append("metadata.txt: the name says 'plugin'")
    if general.get("homepage") == general.get("repository"):
        problems.append("metadata.txt: the homepage is the bare repository")
    if not all(ord(letter) < 128 for letter in general.get("name", "") + general.get("about", "")):
        problems.append("metadata.txt: name or about is not plain English")
    return problems


def content_problems(archive: zipfile.ZipFile) -> list[str]:
    """What is wrong inside the archive."""
    names = [name for name in archive.namelist() if not name.endswith("/")]
    problems = name_problems(names)
    runnable = [i.filename for i in archive.infolist() if (i.external_attr >> 16) & 0o111]
    problems += [f"executable: {name}" for name in runnable]
    if f"{NAME}/metadata.txt" in names:
        problems += metadata_problems(archive.read(f"{NAME}/metadata.txt").decode("utf-8"))
    return problems


def listed(archive: zipfile.ZipFile, folder: Path) -> tuple[int, str]:
    """How many algorithms a real qgis_process lists from the unpacked archive, and its words."""
    profile = folder / "config" / "profiles" / "default"
    archive.extractall(profile / "python" / "plugins")
    (profile / "QGIS").mkdir()
    (profile / "QGIS" / "QGIS3.ini").write_text(f"[PythonPlugins]\n{NAME}=true\n", encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "QGIS_"))}
    environment |= {
        "HOME": str(folder),
        "QGIS_CUSTOM_CONFIG_PATH": str(folder / "config"),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(folder),
        "PATH": "/usr/bin:/bin",
    }
    command = ["qgis_process", "list"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    block = re.search(r"^CalVal Toolbox\n((?:\t.*\n)+)", done.stdout, re.MULTILINE)
    return (block.group(1).count("\n") if block else 0), done.stderr


def expected(archive: zipfile.ZipFile) -> int:
    """Number of algorithms that the registry inside the archive names."""
    source = archive.read(f"{NAME}/algorithms/registry.py").decode("utf-8")
    table = source[source.index("ALGORITHMS") : source.index("def algorithms")]
    return len(re.findall(r"\(\s*\"[\w.]+\",\s*\"\w+\"", table))


def main(path: Path) -> int:
    """Print what is wrong; the exit code says whether anything was."""
    problems = []
    if path.stat().st_size > LARGEST:
        problems.append(f"{path.stat().st_size / 1e6:.1f} MB are too large")
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        problems += content_problems(archive)
        count, words = listed(archive, Path(folder))
        wanted = expected(archive)
        if count != wanted or not wanted:
            problems.append(f"qgis_process lists {count} of {wanted} algorithms.\n{words}")
        total = len(archive.namelist())
    for problem in problems:
        print(f"[package] {problem}")
    if not problems:
        print(
            f"[package] {total} files are good; QGIS lists {count} algorithms from an empty profile"
        )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
