# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for what must not be written in the repository, and for SPDX lines that are missing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from repository import ROOT, files

BINARY = {".png", ".qm", ".gpkg", ".tif", ".zip", ".gz", ".tar", ".npz", ".ico", ".jpg", ".jp2"}
WITH_SPDX = {".py", ".sh"}

# Written so that this file does not contain what it looks for.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.}>])/(?:work|root|home|tmp|var/tmp)/[\w.]",
    "a host of packages": r"https?://[^/\s]*(?:pypi|pythonhosted|artifactory|debian\.org|registry)",
    "a number of an issue": r"\bissue" r"s? #?\d",
    "a suppressed finding": r"#\s*(?:no" r"qa|no" r"sec|type:\s*ignore|pragma:\s*allow)",
    "a note to oneself": r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b",
    "British spelling": r"(?i)\b(?:colour|normalis|initialis|behaviour|licence\b|analysed?\b)",
}


def findings(name: Path) -> Iterator[str]:
    """Sentences about one file."""
    text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
    lines = text.splitlines()
    shell = bool(lines) and lines[0].startswith("#!")
    if (name.suffix in WITH_SPDX or shell) and not any("SPDX-License" in x for x in lines[:2]):
        yield f"{name}:1: no SPDX line"
    if name == Path("LICENSE"):
        return
    for number, line in enumerate(lines, 1):
        for what, pattern in FORBIDDEN.items():
            if re.search(pattern, line):
                yield f"{name}:{number}: {what}: {line.strip()[:100]}"


def main() -> int:
    """Print all findings; the exit code says whether there were any."""
    here = Path(__file__).resolve().relative_to(ROOT)
    names = [name for name in files() if name.suffix.lower() not in BINARY and name != here]
    found = [sentence for name in names for sentence in findings(name)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
