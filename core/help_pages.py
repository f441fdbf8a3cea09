# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the help pages of algorithms and panels are: beside the code, so that they open without a
network.
"""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).parent.parent / "help" / "html"
ONLINE = "https://calval-toolbox.example/help"


def help_address(page: str) -> str:
    """The address of a page, such as ``compareaot`` or ``panels/aot``: that of the file where the
    pages have been built, else that of the site.
    """
    file = PAGES / f"{page}.html"
    return file.as_uri() if file.is_file() else f"{ONLINE}/{page}.html"
