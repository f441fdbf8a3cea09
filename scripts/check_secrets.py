# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for keys, tokens and passwords that would block an upload to the site of QGIS plugins."""

from __future__ import annotations

import sys
import tomllib

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings
from repository import ROOT, files


def main() -> int:
    """Print all findings; the exit code says whether there were any."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    detectors = settings["tool"]["calval"]["secret-detectors"]
    found = []
    with transient_settings({"plugins_used": [{"name": name} for name in detectors]}):
        for name in files():
            found += [(name, secret) for secret in scan_file(str(ROOT / name))]
    for name, secret in found:
        print(f"{name}:{secret.line_number}: {secret.type}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
