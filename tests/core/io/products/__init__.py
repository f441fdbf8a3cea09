# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the product readers; a package, so that they share their helpers."""
