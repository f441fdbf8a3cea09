# SPDX-License-Identifier: GPL-3.0-or-later
"""Validation of satellite aerosol optical thickness (AOT) against AERONET."""
