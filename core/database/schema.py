# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of the calibration database, in one place; ``ddl`` renders it for each kind.

Times are ISO 8601 UTC text with milliseconds (they sort as they follow each other); numbers that
are not known are NULL; reflectances have no unit, angles are degrees. Every change here needs a new
``SCHEMA_VERSION`` and a step in ``migrations``.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..calibration.types import BAND_NUMBERS, ROW_NUMBERS, ROW_TEXTS

SCHEMA_VERSION = 1

INTEGER, REAL, TEXT, POLYGON = "integer", "real", "text", "polygon"
KEY = "key"  # a number that the caller gives
SERIAL = "serial"  # a number that the database gives


@dataclass(frozen=True)
class Column:
    """A column: its kind, whether it may be empty, and the table whose ``id`` it names."""

    name: str
    kind: str
    required: bool = False
    references: str = ""


@dataclass(frozen=True)
class TableDefinition:
    """A table with the column ``id`` as its key; ``unique``: columns that together occur once;
    ``indexes``: columns that are looked up.
    """

    name: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def geometry(self) -> str:
        """The name of the column of polygons, "" where there is none."""
        return next((column.name for column in self.columns if column.kind == POLYGON), "")


@dataclass(frozen=True)
class ViewDefinition:
    """A view for the map: its geometry comes from ``sites``; ``style``: of ``resources/styles``."""

    name: str
    text: str
    description: str
    style: str
    geometry: str = "geom"


def _id(kind: str = KEY) -> Column:
    return Column("id", kind, required=True)


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, TEXT) for name in names)


def _numbers(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, REAL) for name in names)


def _to(table: str, name: str = "", required: bool = True) -> Column:
    return Column(name or f"{table.removesuffix('s')}_id", INTEGER, required, table)


def _needed(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, TEXT, required=True) for name in names)


# The columns of a measurement that tell it from all others, besides its sensor and its site.
KEY_TEXTS = ("version", "product")
OTHER_TEXTS = tuple(name for name in ROW_TEXTS if name not in (*KEY_TEXTS, "site"))

TABLES: tuple[TableDefinition, ...] = (
    TableDefinition(
        "sites",
        (
            _id(), *_needed("name"), *_texts("type"),
            *_numbers("longitude", "latitude", "altitude_m"),
            *_texts("reference", "valid_from", "valid_to"), Column("geom", POLYGON),
        ),
        unique=("name",),
    ),
    TableDefinition(
        "sensors", (_id(), *_needed("name"), *_texts("platform", "instrument")), unique=("name",)
    ),
    TableDefinition(
        "bands",
        (
            _id(), _to("sensors"), *_needed("name"), Column("position", INTEGER, required=True),
            *_numbers("wavelength_nm", "fwhm_nm", "gsd_m"),
        ),
        unique=("sensor_id", "name"),
    ),
    TableDefinition(
        "responses",  # wavelengths and responses: JSON lists of equal length
        (
            _id(), _to("bands"), *_needed("source", "version"),
            *_texts("license", "wavelengths_nm", "response", "sha256"),
        ),
        unique=("band_id", "source", "version"),
    ),
    TableDefinition(
        "runs",  # what was computed, extracted or imported, with what; parameters, record: JSON
        (
            _id(), *_needed("method", "time"), *_texts("parameters", "code_version", "record"),
            _to("sensors", "target_sensor_id", required=False),
            _to("sensors", "reference_sensor_id", required=False),
        ),
        indexes=("method",),
    ),
    TableDefinition(
        "products",
        (
            _id(), _to("sensors"), *_needed("name", "version"),
            *_texts("uri", "level", "processing_baseline", "time", "orbit", "tile"),
            *_numbers("u_earth_sun", "quantification"),
            *_texts("offsets_json", "meta_json", "sha256"),
        ),
        unique=("sensor_id", "name", "version"),
    ),
    TableDefinition(
        "measurements",
        (
            _id(), _to("runs", required=False), _to("sensors"), _to("sites"),
            _to("products", required=False), *_needed(*KEY_TEXTS, "time"),
            *_numbers(*ROW_NUMBERS), *_texts(*OTHER_TEXTS),
        ),
        unique=("sensor_id", "site_id", "time", *KEY_TEXTS),
    ),
    TableDefinition(
        "measurement_bands",
        (_id(SERIAL), _to("measurements"), _to("bands"), *_numbers(*BAND_NUMBERS)),
        unique=("measurement_id", "band_id"),
    ),
    TableDefinition(
        "pairs",  # observations of two sensors that were compared, or why they were not
        (
            _id(), _to("runs"), _to("measurements", "target_id"),
            _to("measurements", "reference_id"),
            *_numbers(
                "sun_zenith_difference_deg", "view_zenith_difference_deg",
                "relative_azimuth_difference_deg", "angular_distance_deg", "time_difference_days",
            ),
            Column("reciprocal", INTEGER), Column("accepted", INTEGER), *_texts("reason"),
        ),
        indexes=("run_id",),
    ),
    TableDefinition(
        "results",  # a_k = measured / simulated
        (
            _id(), _to("runs"), _to("pairs", required=False), _to("bands"),
            _to("measurements", "target_id", required=False),
            _to("measurements", "reference_id", required=False),
            *_numbers("a_k", "simulated", "uncertainty"), *_texts("method", "flag", "reason"),
        ),
        indexes=("run_id",),
    ),
    TableDefinition(
        "summaries",  # of all sites where site_id is NULL
        (
            _id(), _to("runs"), _to("bands"), _to("sites", required=False),
            *_texts("method", "period_start", "period_end"), Column("count", INTEGER),
            *_numbers(
                "mean", "median", "robust_sd", "standard_error", "slope_percent_per_year",
                "slope_standard_error", "uncertainty",
            ),
        ),
        indexes=("run_id",),
    ),
    TableDefinition(
        "contributions",  # of the uncertainty of a run; kind: random or systematic
        (
            _id(), _to("runs"), _to("bands"), *_needed("contributor"), *_texts("kind"),
            *_numbers("value_percent"), *_texts("distribution"),
            *_numbers("degrees_of_freedom"),
        ),
        indexes=("run_id",),
    ),
    TableDefinition(
        "calibration_parameters",  # valid_to NULL: until further notice
        (
            _id(), _to("bands"), *_needed("name", "version", "valid_from"), *_texts("valid_to"),
            *_numbers("value", "uncertainty"), *_texts("created", "comment"),
            _to("runs", required=False),
        ),
        unique=("band_id", "name", "version", "valid_from"),
    ),
)  # fmt: skip

# The words of the column ``flag`` of results.
ACCEPTED = "accepted"
REJECTED = "rejected"

# The first part of each view gives no rows: it tells SQLite the types of the columns.

VIEWS: tuple[ViewDefinition, ...] = (
    ViewDefinition(
        "map_sites",
        """
        SELECT s.id AS fid, s.name AS site, s.type AS type, m.id AS measurements,
            m.time AS first_time, m.time AS last_time, s.geom AS geom
        FROM sites s, measurements m WHERE 1 = 0
        UNION ALL
        SELECT s.id, s.name, s.type, COUNT(m.id), MIN(m.time), MAX(m.time), s.geom
        FROM sites s LEFT JOIN measurements m ON m.site_id = s.id
        GROUP BY s.id, s.name, s.type, s.geom
        """,
        "Sites with the number and the dates of their measurements",
        "calibration_sites",
    ),
    ViewDefinition(
        "map_results",
        """
        SELECT r.id AS fid, s.name AS site, s.type AS type, u.method AS method, u.id AS run_id,
            u.time AS run_time, n.name AS sensor, b.name AS band,
            b.wavelength_nm AS wavelength_nm, r.id AS count, r.a_k AS a_k, m.time AS first_time,
            m.time AS last_time, s.geom AS geom
        FROM results r, sites s, runs u, sensors n, bands b, measurements m WHERE 1 = 0
        UNION ALL
        SELECT MIN(r.id), s.name, s.type, u.method, u.id, u.time, n.name, b.name, b.wavelength_nm,
            COUNT(r.a_k), AVG(r.a_k), MIN(m.time), MAX(m.time), s.geom
        FROM results r
            JOIN runs u ON u.id = r.run_id JOIN bands b ON b.id = r.band_id
            JOIN sensors n ON n.id = b.sensor_id JOIN measurements m ON m.id = r.target_id
            JOIN sites s ON s.id = m.site_id
        WHERE r.flag = 'accepted'
        GROUP BY s.id, s.name, s.type, s.geom, u.method, u.id, u.time, n.name, b.name,
            b.wavelength_nm
        """,
        "Mean coefficients A_k (measured / simulated) of accepted results by site, band and run",
        "calibration_results",
    ),
)

# Holds one row: the version that the tables have.
VERSION_TABLE = TableDefinition(
    "calval_schema",
    (_id(), Column("version", INTEGER, required=True), *_texts("changed", "code_version")),
)


def table(name: str) -> TableDefinition:
    """The table of that name."""
    return next(one for one in TABLES if one.name == name)
