# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters that say which columns a table of time series has, its own or a foreign one."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterDefinition

from ...core.errors import InputError
from ...core.progress import Progress
from ...core.series.column_advice import check_columns
from ...core.series.long_table import SeriesColumns, rows_left_out
from ...core.table import Table
from ..base import CalValAlgorithm, Job, make, tr
from .stack_parameters import PRODUCTS, STACK

SITE_FIELD, TIME_FIELD, TIME_FORMAT = "SITE_FIELD", "TIME_FIELD", "TIME_FORMAT"
BAND_FIELD, VALUE_FIELD, VALUE_SCALE = "BAND_FIELD", "VALUE_FIELD", "VALUE_SCALE"
MASK_FIELD, CLEAR_VALUES, TABLE = "MASK_FIELD", "CLEAR_VALUES", "TABLE"


def table_instead() -> QgsProcessingParameterDefinition:
    """TABLE, for algorithms that take products and stacks as well."""
    return make.table(
        TABLE, tr("Table of time series"),
        tr(
            "The output of 'Extract time series', or another table with a row per date and band. "
            "Instead of products and stacks."
        ),
        optional=True,
    )  # fmt: skip


def require_table_alone(job: Job) -> None:
    """Raise ``InputError`` where products or a stack are given beside TABLE."""
    if job[PRODUCTS] or job[STACK]:
        raise InputError(tr("Give a table, or products, or a stack: only one of them."))


def add_columns(algorithm: CalValAlgorithm) -> None:
    """Add which columns a table of time series has, and its scale, as advanced parameters."""
    algorithm.add(
        make.string(
            SITE_FIELD, tr("Column of the sites"),
            tr("Table: column of the site names; empty where the table has one site only."),
            "site", optional=True, advanced=True,
        ),
        make.string(
            TIME_FIELD, tr("Column of the times"),
            tr("Table: the times, in UTC."), "time", advanced=True,
        ),
        make.string(
            TIME_FORMAT, tr("Time format"),
            tr(
                "Table: empty for ISO 8601, a format such as %d/%m/%Y, or the word ordinal for "
                "days since the year 1."
            ),
            optional=True, advanced=True,
        ),
        make.string(
            BAND_FIELD, tr("Column of the bands"),
            tr("Table: names of the bands; empty where each band has a column of its own."),
            "band", optional=True, advanced=True,
        ),
        make.string(
            VALUE_FIELD, tr("Column of the values"),
            tr("Table: reflectance; several columns, separated by commas, are one band each."),
            "value", advanced=True, several=True,
        ),
        make.string(
            MASK_FIELD, tr("Column of the mask"),
            tr("Table: says which observations are clear; empty where there is none."),
            "mask_state", optional=True, advanced=True,
        ),
        make.string(
            CLEAR_VALUES, tr("Clear values of the mask column"),
            tr("Table: words or numbers that mean clear, separated by commas."),
            "clear,0,false", advanced=True, several=True,
        ),
        make.number(
            VALUE_SCALE, tr("Scale of the values"),
            tr("Table: factor to reflectance (0 to 1), such as 0.0001 for integers."),
            1.0, minimum=1e-9, advanced=True,
        ),
    )  # fmt: skip


def columns_of(job: Job) -> SeriesColumns:
    """The columns that were named."""
    return SeriesColumns(
        site=job[SITE_FIELD].strip(),
        time=job[TIME_FIELD].strip(),
        band=job[BAND_FIELD].strip(),
        value=job[VALUE_FIELD],
        mask=job[MASK_FIELD].strip(),
        mask_clear=job[CLEAR_VALUES],
        time_format=job[TIME_FORMAT].strip(),
    )


def read_series(
    job: Job, key: str, progress: Progress | None = None, fate: str = "left out"
) -> Table:
    """The table of parameter ``key``, read in the course of ``progress`` (None: of the job's); says
    which of its rows have no time or no site, and what becomes of them. Raises ``TableError`` for
    columns that it has not.
    """
    table: Table = job[key].read(progress or job.progress)
    check_columns(table, columns_of(job), job[VALUE_SCALE])
    for note in rows_left_out(table, columns_of(job), fate):
        job.progress.warn(note)
    return table
