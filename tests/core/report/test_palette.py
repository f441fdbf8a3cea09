# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
import subprocess
import sys

from calval_toolbox.core.report import palette

ROLES = ("ACCEPTED", "REFERENCE", "REJECTED", "MASKED", "GOOD", "CAUTION", "BAD", "INK")


def test_no_color_has_two_meanings() -> None:
    roles = [getattr(palette, role) for role in ROLES]
    assert len(set(roles)) == len(roles)
    families = {mark.color for name, mark in palette.ANOMALIES.items() if name != "unknown"}
    assert not families & set(roles)


def test_marks_of_anomalies_are_unique() -> None:
    marks = list(palette.ANOMALIES.values())
    assert len(set(marks)) == len(marks)


def test_all_colors_are_hexadecimal() -> None:
    colors = [getattr(palette, name) for name in dir(palette) if name.isupper()]
    texts = [color for color in colors if isinstance(color, str)]
    texts += [*palette.TIERS, *palette.DENSITY, *palette.HAZE, *palette.WORSE_TO_BETTER]
    assert len(texts) > 20
    assert all(re.fullmatch("#[0-9A-F]{6}", color) for color in texts)


def test_tiers_and_verdicts() -> None:
    assert palette.tier_color(1) == palette.GOOD
    assert palette.tier_color(99) == palette.TIERS[-1]
    assert palette.tier_color(0) == palette.REJECTED
    assert palette.status_color("amber") == palette.status_color("caution") == palette.CAUTION
    assert palette.status_color("?") == palette.MASKED


def test_import_is_light() -> None:
    code = (
        "import sys, calval_toolbox.core.report.palette;"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'matplotlib', 'jinja2')))"
    )
    path = next(entry for entry in sys.path if entry.endswith("plugins"))
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": path}, check=False)
    assert done.returncode == 0
