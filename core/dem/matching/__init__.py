# SPDX-License-Identifier: GPL-3.0-or-later
"""Dense matching of a rectified pair: census costs, semi-global matching, checks, confidence."""
