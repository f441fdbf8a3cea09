# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes build/calval_toolbox.zip with pb_tool: the same bytes for the same content.

pb_tool works on a copy of the files that git knows, so that nothing else that lies around gets in.
Then the archive is written anew: sorted, with plain rights, and with the time of the last commit.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import build_help
import build_translations
from repository import ROOT, commit_time, files

NAME = "calval_toolbox"
WORK = ROOT / "build" / "package"
RESULT = ROOT / "build" / f"{NAME}.zip"


def copy_sources(target: Path) -> None:
    """The files of the repository, with help pages and translations built."""
    built = [*ROOT.glob("help/html/**/*.html"), *ROOT.glob("resources/i18n/*.qm")]
    for name in [*files(), *(path.relative_to(ROOT) for path in built)]:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target / name)


def run_pb_tool(source: Path) -> Path:
    """pb_tool's archive of ``source``."""
    tool = Path(sys.executable).parent / "pb_tool"
    command = [str(tool), "zip", "-q", "-n"]
    command += ["-p", str(WORK / "deployed")]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    archive = source / f"{NAME}.zip"
    if done.returncode or not archive.exists():
        raise SystemExit(f"pb_tool failed:\n{done.stdout}{done.stderr}")
    return archive


def rewrite(archive: Path, result: Path) -> None:
    """Write ``archive`` anew so that only its content decides about its bytes."""
    moment = time.gmtime(commit_time())
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", moment)
    with (
        zipfile.ZipFile(archive) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in sorted(name for name in old.namelist() if not name.endswith("/")):
            data = old.read(name)
            if name == f"{NAME}/metadata.txt":
                text = re.sub(r"(?m)^dateTime\b.*$", f"dateTime={stamp}", data.decode("utf-8"))
                data = text.encode("utf-8")
            entry = zipfile.ZipInfo(name, moment[:6])
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)


def main() -> int:
    """The exit code."""
    build_help.main()
    if build_translations.release():
        return 1
    shutil.rmtree(WORK, ignore_errors=True)
    copy_sources(WORK / "source")
    rewrite(run_pb_tool(WORK / "source"), RESULT)
    shutil.rmtree(WORK)
    print(f"[package] {RESULT.relative_to(ROOT)}, {RESULT.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
