# SPDX-License-Identifier: GPL-3.0-or-later
"""The QGIS face of the science: one file per algorithm, no formula in it."""
