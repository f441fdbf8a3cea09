# SPDX-License-Identifier: GPL-3.0-or-later
"""Algorithms of time-series anomalies."""
