# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies in reflectance time series: models, scores, types, breaks, injection, sensitivity."""
