# SPDX-License-Identifier: GPL-3.0-or-later
"""Measurements over calibration sites out of satellite products."""
