# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel "AOT validation": match-ups, statistics, series and site ranking that follow the
filters.
"""
