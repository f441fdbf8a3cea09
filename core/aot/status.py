# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ``status`` of a satellite row may say: why there is no AOT, or what is odd about it.

Written by the extraction, read by the comparison; free of imports so that both can.
"""

from __future__ import annotations

NO_AOT = "product without AOT"
NO_PIXEL = "no pixel with AOT is left by the masks"
DEFAULT_AOT = "default AOT: constant over the largest window"
CLOUDS_UNKNOWN = "no cloud mask: clouds unknown"
TIME_UNKNOWN = "time of day unknown"
SEPARATOR = "; "


def joined(*remarks: str) -> str:
    """One status out of several remarks; empty ones are left out."""
    return SEPARATOR.join(remark for remark in remarks if remark)


def remarks(status: str) -> tuple[str, ...]:
    """The single remarks of a status, none where it is empty."""
    return tuple(part.strip() for part in status.split(SEPARATOR.strip()) if part.strip())
