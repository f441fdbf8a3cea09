# SPDX-License-Identifier: GPL-3.0-or-later
"""Breaks in reflectance time series: monitoring with MOSUM and CUSUM, and a joint test of bands."""
