# SPDX-License-Identifier: GPL-3.0-or-later
"""What an expert says of an anomaly, kept in the table itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..errors import OutputError
from ..io.cells import write_cells
from ..series.long_table import SeriesColumns
from ..types import AnyArray
from .labels import ALL_TYPES
from .tables import CONFIRMED, REJECTED

VERDICTS = ("", CONFIRMED, REJECTED, *ALL_TYPES)
COLUMN = "verdict"


def keep_verdict(
    path: str | Path,
    layer: str,
    rows: AnyArray,
    site: str | AnyArray,
    time: np.datetime64 | AnyArray,
    verdict: str,
    columns: SeriesColumns | None = None,
) -> None:
    """Write ``verdict`` (one of ``VERDICTS``, "" takes it back) into the ``rows`` (r,) (places from
    0 in the order of reading) of the table ``layer`` ("": the first). ``site`` and ``time``: which
    they are, of all of them or of each (r,), in the ``columns`` of the table.

    See ``write_cells`` for what can go wrong; all rows have the verdict afterwards, or none.
    """
    if verdict not in VERDICTS:
        raise OutputError(f"'{verdict}' is no verdict. Use one of: {', '.join(VERDICTS[1:])}.")
    columns = columns or SeriesColumns()
    if columns.time_format:
        raise OutputError(
            "Verdicts can be kept in tables with times in ISO 8601 only, because the rows are "
            "checked by their times. Run 'Detect anomalies in time series' and judge its output."
        )
    same = {columns.time: time, **({columns.site: site} if columns.site else {})}
    write_cells(path, layer, rows, COLUMN, verdict, same)
