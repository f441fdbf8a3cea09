# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "Time series": reflectance series of sites, their seasonal models, and the anomalies of
single dates.
"""
