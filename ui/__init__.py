# SPDX-License-Identifier: GPL-3.0-or-later
"""Docks and plots: qgis.PyQt, pyqtgraph, numpy and the core only; ``controllers`` alone touches
QGIS's window.
"""
