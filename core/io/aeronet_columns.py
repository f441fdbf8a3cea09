# SPDX-License-Identifier: GPL-3.0-or-later
"""The columns of AERONET Version 3 direct-sun files, in their order, as the writer needs them."""

from __future__ import annotations

CHANNELS_NM = (
    1640, 1020, 870, 865, 779, 675, 667, 620, 560, 555, 551, 532, 531, 510, 500, 490, 443, 440,
    412, 400, 380, 340,
)  # fmt: skip
ANGSTROM_PAIRS = ((440, 870), (380, 500), (440, 675), (500, 870), (340, 440))
EMPTY = 5  # columns kept free for further channels; they all have the same name


def _measured(prefix: str, suffix: str, water: str) -> list[str]:
    """The names of one block of quantities, in the order of the layout."""
    channels = [f"{prefix}{channel}{suffix}" for channel in CHANNELS_NM]
    empty = "AOD_Empty" if prefix == "AOD_" else f"{prefix}AOD_Empty"
    return [*channels, water, f"{prefix}681{suffix}", f"{prefix}709{suffix}", *[empty] * EMPTY]


def _exponent_names() -> list[str]:
    names = [f"{short}-{long}_Angstrom_Exponent" for short, long in ANGSTROM_PAIRS]
    return [*names, "440-675_Angstrom_Exponent[Polar]"]


def _site_names() -> list[str]:
    return [
        "Data_Quality_Level", "AERONET_Instrument_Number", "AERONET_Site_Name",
        "Site_Latitude(Degrees)", "Site_Longitude(Degrees)", "Site_Elevation(m)",
    ]  # fmt: skip


def point_names() -> list[str]:
    """The 113 columns of all points, without the site column of the web service."""
    exact = "Exact_Wavelengths_of_AOD(um)_"
    channels = [f"{exact}{channel}nm" for channel in CHANNELS_NM]
    return [
        "Date(dd:mm:yyyy)", "Time(hh:mm:ss)", "Day_of_Year", "Day_of_Year(Fraction)",
        *_measured("AOD_", "nm", "Precipitable_Water(cm)"),
        *_measured("Triplet_Variability_", "", "Triplet_Variability_Precipitable_Water(cm)"),
        *_exponent_names(), *_site_names(),
        "Solar_Zenith_Angle(Degrees)", "Optical_Air_Mass", "Sensor_Temperature(Degrees_C)",
        "Ozone(Dobson)", "NO2(Dobson)", "Last_Date_Processed", "Number_of_Wavelengths",
        *channels, "Exact_Wavelengths_of_PW(um)_935nm", f"{exact}681nm", f"{exact}709nm",
        *[f"{exact}Empty"] * EMPTY,
    ]  # fmt: skip


def daily_names() -> list[str]:
    """The columns of daily averages, without the site column: values, then their counts."""
    values = [*_measured("AOD_", "nm", "Precipitable_Water(cm)"), *_exponent_names()]
    counts = [f"N[{name}]" for name in values]
    return ["Date(dd:mm:yyyy)", "Time(hh:mm:ss)", "Day_of_Year", *values, *counts, *_site_names()]
