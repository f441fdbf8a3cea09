# SPDX-License-Identifier: GPL-3.0-or-later
"""Anomalies of whole images: pixels scored, dates voted on, types decided by space."""
