# SPDX-License-Identifier: GPL-3.0-or-later
"""The search for new calibration sites: pixels that are stable in time, in space and in color."""
