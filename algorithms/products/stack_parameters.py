# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters by which products or dated rasters are given, for all that take both."""

from __future__ import annotations

from typing import Any

from ...core.errors import CalValError
from ...core.io.dated_rasters import StackOptions
from ...core.io.dates import check_pattern, listed_dates
from ...core.series.extract_files import Source
from ..base import CalValAlgorithm, Job, make, tr

PRODUCTS, STACK, BANDS, DATE_PATTERN = "PRODUCTS", "STACK", "BANDS", "DATE_PATTERN"
BAND_DATES = "BAND_DATES"
MASK, MASK_BAND, MASK_CLEAR = "MASK", "MASK_BAND", "MASK_CLEAR"
SCALE, OFFSET, NODATA = "SCALE", "OFFSET", "NODATA"


def add_sources(algorithm: CalValAlgorithm) -> None:
    """Add PRODUCTS, STACK and BANDS."""
    algorithm.add(
        make.files(
            PRODUCTS, tr("Products"),
            tr(
                "Product folders or archives (zip, tar, tgz), folders that hold them, or the file "
                "of a catalog made by 'Catalog products' (or the name or id of its layer in the "
                "project). Give these or a stack."
            ),
            optional=True,
        ),
        make.files(
            STACK, tr("Stack of dated rasters"),
            tr(
                "Rasters (GeoTIFF, JPEG 2000, netCDF ...) or folders of them: one file per date, "
                "per date and band, or with dates as bands. Give these or products."
            ),
            optional=True,
        ),
        make.string(
            BANDS, tr("Bands"),
            tr(
                "Names separated by commas, such as B2,B3,B4,B8. Empty: all reflectances of "
                "products, all bands of a stack."
            ),
            optional=True, several=True,
        ),
    )  # fmt: skip


def add_stack_details(algorithm: CalValAlgorithm) -> None:
    """Add what the files of a stack may not say of themselves, as advanced parameters."""
    algorithm.add(
        make.string(
            DATE_PATTERN, tr("Date pattern"),
            tr(
                "Stack: format of the dates in the file names, such as %Y%m%d, %d-%m-%y or %Y%j. "
                "Empty: dates are taken from the bands, the metadata, or found in the names."
            ),
            optional=True, advanced=True,
        ),
        make.string(
            BAND_DATES, tr("Dates of the bands"),
            tr(
                "Stack: where the bands of each file are dates and do not say so, the date of each "
                "band, separated by commas, or a text file with a date in each line. Bands are "
                "then called by the names of the files."
            ),
            optional=True, advanced=True, several=True,
        ),
        make.files(
            MASK, tr("Masks"),
            tr("Stack: mask rasters (or folders of them) with the same dates."),
            optional=True, advanced=True,
        ),
        make.string(
            MASK_BAND, tr("Mask band"),
            tr(
                "Stack: name of the band that is the mask, in the mask rasters or among the bands "
                "of the stack itself. Empty: the first band of the mask rasters, or the band "
                "called mask of the stack."
            ),
            optional=True, advanced=True,
        ),
        make.string(
            MASK_CLEAR, tr("Clear values of the mask"),
            tr(
                "Stack: the values that mean clear, separated by commas, or a coding whose classes "
                "are known: SCL (Sentinel-2), QA_PIXEL (Landsat) or CFMASK."
            ),
            "0", advanced=True, several=True,
        ),
        make.number(
            SCALE, tr("Scale"),
            tr("Stack: factor from stored numbers to reflectance. Empty: that of the file."),
            None, optional=True, advanced=True,
        ),
        make.number(
            OFFSET, tr("Offset"),
            tr("Stack: added after scaling, in reflectance. Empty: that of the file."),
            None, optional=True, advanced=True,
        ),
        make.number(
            NODATA, tr("No data"),
            tr("Stack: stored number that means no data. Empty: as the files say."),
            None, optional=True, advanced=True,
        ),
    )  # fmt: skip


def source_of(job: Job) -> Source:
    """The products or rasters that were given."""
    options = StackOptions(
        date_pattern=job[DATE_PATTERN].strip(),
        scale=job[SCALE],
        offset=job[OFFSET],
        nodata=job[NODATA],
        masks=tuple(job[MASK]),
        mask_band=job[MASK_BAND].strip(),
        mask_clear=job[MASK_CLEAR],
        band_dates=listed_dates(job[BAND_DATES]),
    )
    return Source(tuple(job[PRODUCTS]), tuple(job[STACK]), options)


def stack_problem(values: dict[str, Any]) -> str:
    """A sentence about PRODUCTS, STACK and DATE_PATTERN, "" where they go together."""
    if values[PRODUCTS] and values[STACK]:
        return tr("Give either products or a stack of dated rasters, not both.")
    if values[PRODUCTS] and (values[MASK] or values[MASK_BAND]):
        return tr("Products bring masks of their own: leave the masks of stacks empty.")
    if values[DATE_PATTERN].strip() and values[BAND_DATES].strip():
        return tr("Give either the pattern of the dates in file names or the dates of the bands.")
    try:
        listed_dates(values[BAND_DATES])
        if values[DATE_PATTERN].strip():
            check_pattern(values[DATE_PATTERN].strip())
    except CalValError as error:
        return str(error)
    return ""
